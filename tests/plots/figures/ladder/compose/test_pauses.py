"""What pauses were for, by the packets alone."""

from __future__ import annotations

from finrst.analyze.story import Call
from finrst.plots.figures.ladder.compose.facts import Facts
from finrst.plots.figures.ladder.compose.pauses import Pauses
from finrst.plots.scene import Scene

from .... import conversations as talk
from ..scenes import scene


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


def test_what_was_not_acknowledged_may_have_held_it_back() -> None:
    one = talk.Talk().handshake()
    one.add(0.001, "client", "P.", 1, 1, 6)
    one.add(0.064, "client", "P.", 7, 1, 6)
    assert 5 not in found(one)


def test_a_copy_after_a_timeout_was_sent_by_it_and_a_sooner_one_was_not() -> None:
    for seconds, reason in ((0.21, "RTO"), (0.02, None)):
        one = talk.Talk().handshake()
        first = one.add(0.001, "client", "P.", 1, 1, 6)
        one.add(0.001 + seconds, "client", "P.", 1, 1, 6, retransmission_of=first.frame)
        assert found(one).get(5) == reason


def test_the_timeout_counts_from_the_copy_before() -> None:
    one = talk.Talk().handshake()
    first = one.add(0.001, "client", "P.", 1, 1, 6)
    one.add(0.021, "client", "P.", 1, 1, 6, retransmission_of=first.frame)
    one.add(0.161, "client", "P.", 1, 1, 6, retransmission_of=first.frame)
    assert 6 not in found(one), "160 ms after the first, but 140 ms after the second"


def test_who_waits_for_room_is_not_idle() -> None:
    one = talk.Talk().handshake()
    one.add(0.001, "server", ".", 1, 1, 1448)
    one.add(0.00102, "client", ".", 1, 1449, window=24)
    one.add(0.2, "server", "P.", 1449, 1, 24)
    one.add(0.20002, "client", ".", 1, 1473, window=100)
    one.add(0.3, "server", "R.", 1473, 1, reset={"shape": "active"})
    assert found(one) == {4: "idle", 6: "window 24"}, "after PSH it may have had more to send, or not"


def test_data_without_psh_was_not_all_so_a_small_window_held_the_rest_and_none_lets_nothing_pass() -> None:
    for flags, window, reason in ((".", 100, "window 100"), ("P.", 100, None), ("P.", 0, "window 0")):
        one = talk.Talk().handshake()
        one.add(0.001, "server", flags, 1, 1, 1448)
        one.add(0.00102, "client", ".", 1, 1449, window=window)
        one.add(0.3, "client", "R.", 1, 1449, reset={"shape": "active"})
        assert found(one).get(6) == reason


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
