"""The lab: its wires, its waits, and what it keeps, on real sockets."""

from __future__ import annotations

import time
from typing import Any

import pytest

from finrst.capture import lab
from finrst.capture.lab import Lab, LabError

from ..laboratory import Laboratory

# --- waits ---------------------------------------------------------------------------------------


def test_a_wait_that_is_not_fulfilled_says_what_for_and_what_was_seen_last(laboratory: Laboratory) -> None:
    def work(one: Lab) -> None:
        client, _server = one.pair()
        one.until_segment("RST", source=client, timeout=0.1)

    with pytest.raises(LabError, match=r"waited 0.1 s for RST from client's socket 3. The last packets: 10.9"):
        laboratory(work)


def test_the_states_of_both_ends_can_be_waited_for(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        states = [one.state(client), one.state(server)]
        client.close()
        one.until_state(client, "FIN_WAIT_2")
        one.until_state(server, "CLOSE_WAIT")
        server.close()
        one.until_state(client, "TIME_WAIT")
        one.until_state(server, "CLOSED")
        return states

    assert laboratory(work)[0] == ["ESTABLISHED", "ESTABLISHED"]


# --- wires ---------------------------------------------------------------------------------------


def test_the_wire_drops_what_a_rule_says_and_as_often(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        rule = one.drop(one.is_from("client", "PSH"), "the first data is lost", count=1)
        client.write(b"hello\n")
        server.read()
        one.until(lambda _: any(segment.length for segment in one.packets_at("server")), "the data at the server")
        one.catch_up()
        data = [segment for segment in one.packets_at("client") if segment.length]
        arrived = [segment for segment in one.packets_at("server") if segment.length]
        return rule.matched, len(data), len(arrived)

    assert laboratory(work, "tun")[0] == [1, 2, 1]


def test_the_wire_doubles_delays_and_holds(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        client.option("TCP_NODELAY", 1)
        doubled = one.duplicate(one.is_from(client, "PSH"), "the data comes twice", count=1)
        client.write(b"1")
        one.until(lambda _: sum(s.payload == b"1" for s in one.packets_at("server")) == 2, "both copies")
        held = one.hold(one.is_from(client, "PSH"), "the data is held", count=1)
        client.write(b"2")
        client.write(b"3")
        one.until(lambda _: any(s.payload == b"3" for s in one.packets_at("server")), "the later data")
        one.release(held, "the data goes on")
        one.until_received(server, 3)
        one.catch_up()
        order = [s.payload.decode() for s in one.packets_at("server") if s.length]
        one.wire.delay = 0.05
        started = time.monotonic()
        client.write(b"4")
        one.until_received(server, 4)
        return doubled.matched, order[:4], server.read().data.decode(), time.monotonic() - started >= 0.05

    matched, order, data, late = laboratory(work, "tun")[0]
    assert matched == 1
    assert order == ["1", "1", "3", "2"]
    assert data == "1234"
    assert late


def test_the_wire_keeps_a_copy_of_what_it_delivers(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        copy = one.copy(lambda segment: segment.length > 0, "a copy is kept", count=1)
        client.write(b"1")
        server.read()
        client.write(b"2")
        server.read()
        one.release(copy, "the copy arrives")
        one.until(lambda _: sum(s.length for s in one.packets_at("server")) == 3, "the copy")
        return [s.payload.decode() for s in one.packets_at("server") if s.length]

    assert laboratory(work, wire="tun")[0] == ["1", "2", "1"]


def test_a_cut_wire_passes_nothing_until_it_is_mended(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        cut = one.cut()
        client.write(b"hello\n")
        one.until_segment("PSH", source=client)
        one.catch_up()
        before = one.state(server), sum(s.length for s in one.packets_at("server"))
        one.release(cut, "the wire is mended")
        return *before, server.read().value

    assert laboratory(work, "tun")[0] == ["ESTABLISHED", 0, 6]


@pytest.mark.parametrize(("bad", "state"), [(False, "CLOSED"), (True, "ESTABLISHED")])
def test_a_forged_rst_ends_a_connection_unless_its_checksum_is_wrong(
    laboratory: Laboratory, bad: bool, state: str
) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        one.forge(
            "client", "RST", src=server.local or "", dst=client.local or "", seq=one.next_seq(server), bad_checksum=bad
        )
        one.until_quiet(0.02)
        return one.state(client)

    assert laboratory(work, "tun")[0] == state


def test_a_raw_socket_sends_a_forged_segment_on_any_wire(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        ports = [one.port(), one.port()]
        src, dst = one.endpoint("client", ports[0]), one.endpoint("server", ports[1])
        one.forge("server", "ACK", src=src, dst=dst, seq=1, ack=7, through="client")
        answer = one.until_segment("RST", source="server")
        return ports[0] != ports[1], (answer.src, answer.dst) == (dst, src), answer.seq

    for wire in ("loopback", "veth"):
        assert laboratory(work, wire)[0] == [True, True, 7]


def test_a_connection_that_vanishes_sends_nothing(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        client.vanish()
        one.until_quiet()
        states = [one.state(client), one.state(server)]
        silent = not any(packet.has("FIN") or packet.has("RST") for packet in one.packets)
        server.write(b"x")
        one.until_segment("RST", source=client)
        return silent, states, server.read().errno

    assert laboratory(work)[0] == [True, ["CLOSED", "ESTABLISHED"], "ECONNRESET"]


def test_a_wire_without_rules_says_so(laboratory: Laboratory) -> None:
    with pytest.raises(LabError, match='needs wire = "tun"'):
        laboratory(lambda one: one.cut())


def test_errors_are_kept_and_what_neighbours_say_is_not() -> None:
    v4, v6 = bytes([0x45, *[0] * 8, 1, *[0] * 10]), bytes([0x60, *[0] * 5, 58, *[0] * 33])
    assert lab.is_error(v4) and not lab.is_error(v4.replace(b"\x01", b"\x11"))
    unreachable, solicitation = bytes([1]), bytes([135])
    assert lab.is_error(v6 + unreachable) and not lab.is_error(v6 + solicitation)
    assert not lab.is_error(b"")
