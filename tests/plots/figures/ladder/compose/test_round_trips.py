"""What the way there and back explains."""

from __future__ import annotations

from finrst.plots.figures.ladder.compose.round_trips import RoundTrips

from .... import conversations as talk

MS = 1_000_000


def far() -> talk.Talk:
    """Captured at the client: the server is 30 ms away, and answers data after 70 ms."""
    one = talk.Talk()
    one.add(0, "client", "S", mss=1460, states="SYN_SENT SYN_RCVD")
    one.add(0.030, "server", "S.", 0, 1, mss=1460)
    one.add(0.03002, "client", ".", 1, 1, states="ESTABLISHED ESTABLISHED")
    one.add(0.04, "client", "P.", 1, 1, 6)
    one.add(0.11, "server", ".", 1, 7)
    return one


def test_the_shortest_answer_tells_how_far_an_end_is() -> None:
    trips = RoundTrips(far().segments)
    assert trips.explain(30 * MS, "server") and trips.explain(45 * MS, "server")
    assert not trips.explain(46 * MS, "server")


def test_what_is_near_explains_nothing() -> None:
    assert not RoundTrips(far().segments).explain(10_000, "client")


def test_an_answer_does_not_explain_itself_unless_it_was_sent_at_once() -> None:
    late = RoundTrips(far().segments[2:])  # the handshake is not in it: one answer, 70 ms
    assert late.explain(70 * MS, "server") and not late.explain(70 * MS, "server", but=5)
    assert RoundTrips(far().segments[:2]).explain(30 * MS, "server", but=2), "a SYN-ACK is"
