"""Claims about connections that go on under another number, because a SYN came in their middle."""

from __future__ import annotations

from pathlib import Path

from finrst.analyze.continued import continued, replaced
from finrst.analyze.scan import scan

from .conversation import Talk, Wire, explained_all


def interrupted(by_client: bool) -> Talk:
    """A conversation in whose middle a SYN comes in the name of one end."""
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), s.data(18), c.ack()
    one, other = (c, s) if by_client else (s, c)
    one.syn(seq=70_000, lost=True)
    other.ack()
    return talk


def test_what_follows_a_forged_syn_is_told_of_the_number_under_which_it_goes_on() -> None:
    for by_client in (True, False):
        talk = interrupted(by_client)
        c, s = talk.client, talk.server
        c.next = 7 if by_client else c.next
        s.next = s.next if by_client else 19
        c.fin(), s.ack(), s.fin(), c.ack()
        first, second = explained_all(talk)
        named = "client" if by_client else "server"  # the SYN names the ends of the second
        assert (first["continued_by"], second["ending"], second["ended_by"]) == (1, "closed", named)
        assert [verdict["code"] for verdict in first["verdicts"]] == ["syn-in-the-middle", "still-open"]
        assert "continued_by" not in second


def test_a_new_connection_between_the_same_ports_continues_nothing(tmp_path: Path) -> None:
    wire = Wire()
    for isn in ((100, 900), (5_000_000, 90_000)):  # the first is never closed
        talk = Talk(isn=isn, wire=wire)
        c, s = talk.open()
        c.data(6), s.ack()
    found = scan(str(wire.write(tmp_path / "talk.pcap")))
    assert len(found.connections) == 2 and continued(found.tracker) == {}


def test_a_syn_whose_answer_was_not_captured_continues_nothing() -> None:
    """The other end's numbers are new ones."""
    wire = Wire()
    Talk(isn=(100, 900), wire=wire).open()
    talk = Talk(isn=(5_000_000, 3_000_000_000), wire=wire)
    c, s = talk.client, talk.server
    c.syn(), s.synack(hidden=True), c.ack(), c.data(6), s.ack()
    first, _second = explained_all(wire)
    assert "continued_by" not in first


def test_a_syn_that_nobody_answers_continues_nothing() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    c.syn(seq=70_000), c.syn(seq=70_000, gap=1.0)
    first, second = explained_all(talk)
    assert "continued_by" not in first and second["ending"] == "unanswered"


def test_after_its_end_a_connection_does_not_go_on(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.fin(), s.fin(), c.ack()
    c.syn(seq=70_000, lost=True), s.ack()  # TIME_WAIT answers with what it expects
    found = scan(str(talk.wire.write(tmp_path / "talk.pcap")))
    assert len(found.connections) == 2 and continued(found.tracker) == {} and replaced(found.tracker) == {}


def test_a_connection_that_begins_in_anothers_time_wait_names_it_and_the_end_that_waited() -> None:
    for by_client in (True, False):
        wire = Wire()
        talk = Talk(isn=(100, 900), wire=wire)
        first, other = talk.open() if by_client else reversed(talk.open())
        first.fin(), other.fin(), first.ack()
        Talk(isn=(5_000_000, 90_000), wire=wire).open()
        old, new = explained_all(wire)
        assert old["replaced_by"] == 1 and "replaced_by" not in new
        assert new["replaces"] == {"connection": 0, "time_wait": "client" if by_client else "server"}


def test_after_a_reset_or_long_after_a_close_nothing_is_replaced() -> None:
    for reset, pause in ((True, 0.0), (False, 61.0)):
        wire = Wire()
        c, s = Talk(isn=(100, 900), wire=wire).open()
        c.rst() if reset else (c.fin(), s.fin(), c.ack())
        wire.ns += round(pause * 1e9)
        Talk(isn=(5_000_000, 90_000), wire=wire).open()
        assert not any("replaces" in one or "replaced_by" in one for one in explained_all(wire))
