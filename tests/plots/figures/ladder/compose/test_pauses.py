"""What pauses were for, by the packets alone."""

from __future__ import annotations

import finrst
from finrst.analyze.story import Call
from finrst.plots.figures.ladder.compose.facts import Facts
from finrst.plots.figures.ladder.compose.pauses import Pauses
from finrst.plots.scene import Scene

from .... import conversations as talk
from ..scenes import SAMPLES, scene


def found(one: talk.Talk, ending: str = "open", calls: tuple[Call, ...] = ()) -> dict[int, str]:
    connection = one.connection(ending, "", None, calls=calls)
    told = Pauses(Facts(connection, talk.capture(), "en", timed=True))
    return {one.frame: said for one in connection.segments if (said := told.before(one.frame)) is not None}


def asked() -> talk.Talk:
    """A handshake, and a request that was acknowledged."""
    one = talk.Talk().handshake()
    one.add(0.001, "client", "P.", 1, 1, 6)
    one.add(0.00102, "server", ".", 1, 7)
    return one


def test_data_after_the_others_data_took_its_program_so_long() -> None:
    one = asked()
    one.add(0.064, "server", "P.", 1, 7, 18)
    assert found(one)[6] == "think time"


def test_data_or_a_fin_after_its_own_data_or_none_means_that_the_program_was_idle() -> None:
    one = asked()
    one.add(0.064, "client", "P.", 7, 1, 6)
    one.add(0.06402, "server", ".", 1, 13)
    one.add(0.9, "server", "F.", 1, 13)
    assert found(one) == {4: "idle", 6: "idle", 8: "idle"}, "a FIN is no answer, and before the first data none asked"


def test_an_ack_of_a_part_may_have_let_it_go() -> None:
    one = talk.Talk().handshake()
    one.add(0.001, "client", "P.", 1, 1, 600)
    one.add(0.064, "client", "P.", 601, 1, 600)
    assert found(one)[5] == "idle", "no packet came that could have let it go: its program wrote then"
    one.add(0.065, "server", ".", 1, 601)
    one.add(0.164, "client", "P.", 1201, 1, 600)
    assert 7 not in found(one)


def copies(*seconds: float, flags: str = "P.") -> talk.Talk:
    """Data that is sent again after each of these times."""
    one, now = talk.Talk().handshake(), 0.001
    first = one.add(now, "client", flags, 1, 1, 6)
    for time in seconds:
        now += time
        one.add(now, "client", flags, 1, 1, 6, retransmission_of=first.frame)
    return one


def test_one_copy_of_the_last_data_may_be_a_loss_probes_or_a_timeouts() -> None:
    assert found(copies(0.21))[5] == "timer"
    assert found(copies(0.02))[5] == "loss probe", "sooner than any timeout"


def test_a_timeout_doubles_and_a_loss_probe_before_it_does_not() -> None:
    assert [found(copies(0.205, 0.208, 0.416)).get(n) for n in (5, 6, 7)] == ["loss probe", "RTO", "RTO"]
    assert [found(copies(0.205, 0.41, 0.82)).get(n) for n in (5, 6, 7)] == ["timer", "RTO", "RTO"]


def test_a_syn_has_no_loss_probe() -> None:
    one = talk.Talk()
    first = one.add(0, "client", "S", mss=1460, states="SYN_SENT LISTEN")
    one.add(1.01, "client", "S", mss=1460, retransmission_of=first.frame)
    assert found(one, "unanswered") == {2: "RTO"}


def test_the_timeout_counts_from_the_copy_before() -> None:
    assert 6 not in found(copies(0.02, 0.14)), "160 ms after the first, but 140 ms after the second"


def test_a_rst_behind_probes_that_had_no_answer_was_a_timers() -> None:
    one = asked()
    one.add(1.001, "client", ".", 6, 1, keepalive=True)
    one.add(2.001, "client", "R.", 7, 1, reset={"shape": "active"})
    assert found(one)[7] == "timer"


def test_who_waits_for_room_is_not_idle_and_no_window_holds_back_a_rst() -> None:
    for flags, payload, reason in (("P.", 24, "window 24"), ("F.", 0, None), ("R.", 0, None)):
        one = talk.Talk().handshake()
        one.add(0.001, "server", ".", 1, 1, 1448)
        one.add(0.00102, "client", ".", 1, 1449, window=24)
        one.add(0.2, "server", flags, 1449, 1, payload, reset={"shape": "active"} if "R" in flags else None)
        assert found(one).get(6) == reason


def test_a_window_that_opens_was_what_the_other_end_waited_for() -> None:
    one = talk.Talk().handshake()
    one.add(0.001, "server", ".", 1, 1, 1448)
    one.add(0.00102, "client", ".", 1, 1449, window=0)
    one.add(0.2, "client", ".", 1, 1449, window=2896)
    assert found(one)[6] == "window 0"


def test_the_pause_behind_a_rst_that_changed_nothing_is_not_the_time_to_think() -> None:
    one = asked()
    one.add(0.03, "server", "R", 1_000_001, 0, reset={"shape": "reply", "accepted": False})
    one.add(0.09, "server", "P.", 1, 7, 18)
    assert found(one)[7] == "idle"


def test_a_program_thought_only_as_long_as_nothing_else_was_said_between() -> None:
    one = asked()
    one.add(0.03, "client", ".", 7, 1)
    one.add(0.09, "server", "P.", 1, 7, 18)
    assert found(one)[7] == "idle", "89 ms of thinking, of which 60 are the pause"


def test_an_answer_no_later_than_the_way_explains_is_a_round_trip() -> None:
    one = talk.Talk()
    one.add(0, "client", "S", mss=1460, states="SYN_SENT SYN_RCVD")
    one.add(0.030, "server", "S.", 0, 1, mss=1460)
    one.add(0.03002, "client", ".", 1, 1, states="ESTABLISHED ESTABLISHED")
    one.add(0.03003, "client", "P.", 1, 1, 6)
    one.add(0.061, "server", "P.", 1, 7, 18)
    one.add(0.06102, "client", ".", 7, 19)
    one.add(0.06103, "client", "P.", 7, 19, 6)
    one.add(0.161, "server", "P.", 19, 13, 18)
    said = found(one)
    assert (said[2], said[5], said[8]) == ("round trip", "round trip", "think time")


def test_where_its_calls_are_recorded_they_tell_it() -> None:
    one = asked()
    one.add(0.064, "server", "P.", 1, 7, 18)
    call = Call(
        side="server", t_ns=talk.START, until_ns=None, process="server", pid=1, call="write", text="write(4, 18)"
    )
    assert 6 not in found(one, calls=(call,))


def test_a_kernels_own_answer_that_comes_late_is_not_explained() -> None:
    one = talk.Talk().handshake()
    one.add(0.001, "client", "P.", 1, 1, 6)
    one.add(0.02, "server", ".", 1, 7)
    assert 5 not in found(one)
    one.add(0.09, "server", "R", 1, 0, reset={"shape": "reply", "answers": 4})
    assert 6 not in found(one)


def test_it_stands_with_the_length_of_the_gap_only() -> None:
    one = asked()
    one.add(0.064, "server", "P.", 1, 7, 18)
    figure: Scene = scene(one.connection("open", "", None))
    assert {a.frame: (a.wait, a.paused) for a in figure.arrows if a.wait} == {6: ("+63 ms", "think time")}


def test_only_a_pause_that_is_most_of_a_round_trip_is_called_one() -> None:
    """An ACK that comes a round trip after its data, and half of that after the last packet, ends no round trip."""
    one = talk.Talk()
    one.add(0, "client", "S", mss=1460, states="SYN_SENT SYN_RCVD")
    one.add(0.300, "server", "S.", 0, 1, mss=1460)
    one.add(0.3001, "client", ".", 1, 1, states="ESTABLISHED ESTABLISHED")
    one.add(0.4, "client", "P.", 1, 1, 100)
    one.add(0.55, "client", "P.", 101, 1, 100)
    one.add(0.7, "server", ".", 1, 101)
    assert found(one) == {2: "round trip", 4: "idle", 5: "idle"}


def test_what_is_most_likely_in_anothers_name_has_no_time_to_think() -> None:
    told = finrst.read(SAMPLES / "forged-data" / "packets.pcapng").connection(0)
    facts = Facts(told.story, told.capture, "en", timed=True)
    (frame,) = facts.foreign
    assert Pauses(facts).before(frame) is None
