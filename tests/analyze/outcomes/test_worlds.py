"""Claims about what the packets let happen to each end."""

from __future__ import annotations

from typing import Any

from finrst.analyze.outcomes.worlds import Left, gave_up

from ..conversation import Talk, explained

SECOND = 1_000_000_000


def ends(talk: Talk) -> tuple[Any, Any]:
    told = explained(talk)["outcomes"]
    return told["client"], told["server"]


def why(end: dict[str, Any]) -> str:
    assert end["next"] is None
    return str(end["why"])


def test_a_fin_and_then_a_rst_for_data_prove_that_the_application_has_closed() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.fin(), s.ack(), s.data(18), c.rst()
    client, server = ends(talk)
    assert client == {"next": None, "why": "its application has closed the socket"}
    assert (server["next"]["read"], server["next"]["write"], server["sigpipe"]) == ("EOF", "EPIPE", True)


def test_a_fin_alone_may_be_a_shutdown_so_its_next_calls_are_told() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack()
    client, server = ends(talk)
    assert client["why"].startswith("if its FIN was a shutdown")
    assert (client["next"]["read"], client["next"]["write"]) == ("blocks", "EPIPE")
    assert (server["next"]["read"], server["next"]["write"]) == ("EOF", "ok")
    assert server["next"]["poll"] == ["IN", "OUT", "RDHUP"]


def test_a_rst_that_a_socket_decided_on_may_also_be_anothers_doing() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    s.send("R.", seq=s.next)
    client, server = ends(talk)
    assert "ss -K" in why(server)
    assert client["next"]["write"] == "ECONNRESET" and client["sigpipe"] is False
    assert client["after"]["write"] == {"read": "EOF", "write": "EPIPE"}


def test_a_rst_after_unanswered_probes_is_keepalive_giving_up() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    for _ in range(3):
        c.send(".", seq=c.next - 1, gap=1)
    c.send("R.", seq=c.next, gap=1)
    assert ends(talk)[0]["next"]["read"] == "ETIMEDOUT"


def test_a_refused_connect_and_what_follows_it() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.send("S")
    s.send("R.", seq=0, ack=1, win=0)
    client, server = ends(talk)
    assert client["next"]["connect"] == "ECONNREFUSED"
    assert client["after"]["connect"] == {"read": "ENOTCONN", "write": "EPIPE"}
    assert "nobody listened there" in why(server)


def test_an_unanswered_connect_may_have_timed_out() -> None:
    talk = Talk()
    talk.client.send("S")
    client, server = ends(talk)
    assert (client["next"]["connect"], client["may_be"]["connect"]) == ("blocks", ["ETIMEDOUT"])
    assert why(server) == "nothing was heard from it"


def test_retransmissions_without_an_answer_may_have_reached_their_limit() -> None:
    talk = Talk()
    c, _ = talk.open()
    first = c.next
    for gap in (0.1, 0.2, 0.4, 0.8):
        c.send("P.", 100, seq=first, gap=gap)
    client, server = ends(talk)
    assert (client["next"]["read"], client["may_be"]["read"]) == ("blocks", ["ETIMEDOUT"])
    assert server["may_be"] == {}


def test_a_silence_longer_than_the_next_retransmission_could_be_says_that_it_gave_up() -> None:
    assert gave_up(Left(tries=5, waited_ns=2 * SECOND, silent_ns=5 * SECOND))
    assert not gave_up(Left(tries=5, waited_ns=2 * SECOND, silent_ns=4 * SECOND))
    assert gave_up(Left(tries=15, waited_ns=900 * SECOND, silent_ns=122 * SECOND))


def test_a_rst_of_which_nobody_knows_may_or_may_not_have_come() -> None:
    talk = Talk()
    _, s = talk.open()
    for _ in range(3):
        s.send("P.", 50, seq=1, gap=0.3, lost=True)
    s.send("R.", seq=51)
    client, _ = ends(talk)
    assert {client["next"]["read"], *client["may_be"]["read"]} == {"ECONNRESET", "blocks"}


def test_a_closed_window_may_block_the_writer() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(100), s.ack(win=0)
    client, server = ends(talk)
    assert (client["next"]["write"], client["may_be"]["write"]) == ("ok", ["blocks", "ETIMEDOUT"])
    assert server["may_be"] == {}


def test_a_handshake_that_was_not_completed_reached_no_application() -> None:
    talk = Talk()
    talk.client.send("S")
    talk.server.send("S.")
    assert "never had the connection" in why(ends(talk)[1])


def test_one_direction_alone_does_not_tell_the_other_ends_state() -> None:
    talk = Talk()
    c, s = talk.open()
    for end in (c, s):
        end.ack()
    talk.wire.packets = [packet for packet in talk.wire.packets if packet[1][26:30] == c.address.packed]
    assert why(ends(talk)[1]) == "nothing was heard from it"
