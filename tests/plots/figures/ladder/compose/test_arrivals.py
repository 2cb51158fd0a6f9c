"""What never arrived, by one capture alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

import finrst
from finrst.plots.figures.ladder.compose.arrivals import unarrived
from finrst.plots.figures.ladder.compose.facts import Facts
from finrst.plots.scene import Scene

from .... import conversations as talk
from ..scenes import SAMPLES


def found(one: talk.Talk) -> dict[int, str]:
    facts = Facts(one.connection("closed", "", None), talk.capture(), "en", timed=True)
    return {frame: gone.key for frame, gone in unarrived(facts, set(facts.by_frame)).items()}


def by_packets(name: str) -> Scene:
    told = finrst.read(SAMPLES / name / "packets.pcapng").connection(0).scene("en")
    assert isinstance(told, Scene)
    return told


def closing(again: float) -> talk.Talk:
    """A FIN, its ACK, and the FIN again so long after that ACK."""
    one = talk.Talk().handshake()
    fin = one.add(1, "server", "F.", 1, 1)
    one.add(1.001, "client", ".", 1, 2)
    one.add(1.001 + again, "server", "F.", 1, 1, retransmission_of=fin.frame)
    return one


def test_the_ack_of_what_comes_again_after_a_timeout_came_to_nothing() -> None:
    assert found(closing(0.2)) == {5: "came-again"}
    assert found(closing(0.02)) == {}, "the copy may have been on its way when the ACK came"


def test_an_ack_may_have_been_on_its_way_as_long_as_any_answer_takes() -> None:
    one = talk.Talk()
    one.add(0, "client", "S", mss=1460, states="SYN_SENT SYN_RCVD")
    one.add(0.35, "server", "S.", 0, 1, mss=1460)
    one.add(0.3501, "client", ".", 1, 1, states="ESTABLISHED ESTABLISHED")
    first = one.add(0.4, "server", "P.", 1, 1, 100)
    one.add(0.4001, "client", ".", 1, 101)
    one.add(0.61, "server", "P.", 1, 1, 100, retransmission_of=first.frame)
    assert found(one) == {}, "209 ms, where the way there and back takes 350"


def test_a_keepalive_probe_is_no_copy_for_want_of_an_ack() -> None:
    one = talk.Talk().handshake()
    first = one.add(1, "client", "P.", 1, 1, 1)
    one.add(1.001, "server", ".", 1, 2)
    one.add(9, "client", ".", 1, 1, 1, retransmission_of=first.frame, keepalive=True)
    assert found(one) == {}


@pytest.mark.parametrize(("name", "words"), [
    ("lost-fin-ack", "no effect: the FIN (N) comes again"),
    ("lost-rst", "no effect: the server goes on"),
    ("lost-data-one-of-many", "missing there, again after 23.9 ms"),
])  # fmt: skip
def test_what_both_captures_prove_lost_one_alone_does_not_show_as_arrived(name: str, words: str) -> None:
    both = finrst.read(SAMPLES / name).connection(0)
    lost = [segment.frame for segment in both.story.segments if segment.fate == "lost"]
    alone = by_packets(name)
    gone = {arrow.frame: arrow for arrow in alone.arrows if arrow.unanswered is not None}
    assert set(gone) == set(lost) and {arrow.unanswered for arrow in gone.values()} == {words}
    assert all(not arrow.lost and arrow.ignored is None and arrow.receiver_state is None for arrow in gone.values())


def test_what_came_twice_was_not_missing() -> None:
    """Reordered data has SACK blocks before it, too, but no copy; a needless copy is reported by a D-SACK."""
    assert not any(arrow.unanswered for arrow in by_packets("lost-data-reordered").arrows)
    assert not any(arrow.unanswered for arrow in by_packets("zero-window-read-on").arrows)


def test_the_title_tells_what_one_capture_shows_of_a_loss() -> None:
    assert by_packets("lost-data-one-of-many").title.startswith("Fast retransmit: 3 duplicate ACKs with SACK bring")
    assert by_packets("lost-fin-ack").title.endswith("TIME_WAIT acknowledges it once more")


def test_where_both_ends_were_captured_nothing_is_inferred() -> None:
    one = finrst.read(SAMPLES / "lost-fin-ack").connection(0)
    facts = Facts(one.story, one.capture, "en", timed=True)
    assert unarrived(facts, set(facts.by_frame)) == {}


def test_data_that_its_receiver_went_on_without_was_never_acknowledged() -> None:
    """The last copy before a cut wire was mended: the server's next data still acknowledges only what came before."""
    gone = [arrow for arrow in by_packets("wire-cut").arrows if arrow.unanswered == "never acknowledged"]
    assert [arrow.label for arrow in gone] == ["same 6 bytes, 4th try"]


def test_what_an_icmp_error_of_its_receiver_quotes_has_arrived() -> None:
    for name in ("firewall-rejects-host-unreachable", "firewall-rejects-port-unreachable"):
        assert by_packets(name).arrows[0].unanswered is None


def test_data_that_came_late_is_not_missing_though_it_was_sent_again_for_nothing() -> None:
    told = finrst.read(SAMPLES / "lost-data-reordered" / "packets.pcapng").connection(0)
    segments = list(told.story.segments)
    late, holed, filled = segments[3], segments[5], segments[6]
    needless = replace(late, frame=1000, ts_ns=filled.ts_ns + 1, retransmission_of=late.frame)
    place = segments.index(filled) + 1
    one = replace(told.story, segments=(*segments[:place], needless, *segments[place:]))
    facts = Facts(one, told.capture, "en", timed=True)
    assert holed.options.sack and late.frame in facts.overtaken
    assert late.frame not in unarrived(facts, set(facts.by_frame))
    lost = Facts(
        replace(one, segments=tuple(s for s in one.segments if s is not filled)), told.capture, "en", timed=True
    )
    assert unarrived(lost, set(lost.by_frame))[late.frame].key == "missing-there"
