"""Programs of the lab: real sockets, and what is recorded of their calls."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from finrst.capture import facts
from finrst.capture.lab import Lab, LabError
from finrst.laboratory import ending_of

from ...laboratory import Laboratory


def calls_of(found: list[facts.Fact], process: str, call: str) -> list[facts.Call]:
    return [fact for fact in found if isinstance(fact, facts.Call) and (fact.process, fact.call) == (process, call)]


def test_a_call_is_recorded_with_its_times_result_and_both_ends(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        client.write(b"hello\n")
        read = server.read(100)
        one.catch_up()
        return read.data.decode(), client.local, client.remote, [segment.t_ns for segment in one.packets]

    (data, local, remote, times), found = laboratory(work)
    assert data == "hello\n"
    (write,) = calls_of(found, "client", "write")
    assert (write.text, write.arguments, write.result, write.errno) == ("write(3, 6 bytes)", (3, None, 6), 6, None)
    assert (write.local, write.remote) == (local, remote)
    assert write.until_ns is not None
    assert any(write.t_ns < t_ns < write.until_ns for t_ns in times), "its segment leaves while it is called"
    (read,) = calls_of(found, "server", "read")
    assert (read.local, read.remote) == (remote, local)


def test_a_refused_connect_is_recorded_with_the_port_that_it_had(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        one.process("client").connect(one.endpoint("server", 9))
        return one.until_segment("SYN").src

    source, found = laboratory(work)
    (connect,) = calls_of(found, "client", "connect")
    assert (connect.errno, connect.local, connect.remote) == ("ECONNREFUSED", source, "10.9.0.2:9")


@pytest.mark.parametrize(("ignored", "signals"), [(False, ("SIGPIPE",)), (True, ())])
def test_a_write_after_shutdown_fails_with_epipe(
    laboratory: Laboratory, ignored: bool, signals: tuple[str, ...]
) -> None:
    def work(one: Lab) -> Any:
        client, _server = one.pair()
        if ignored:
            assert client.process.ignore("SIGPIPE").fact.text == "signal(SIGPIPE, SIG_IGN)"
        client.shutdown("WR")
        return client.write(b"late").errno

    came, found = laboratory(work)
    assert came == "EPIPE"
    assert calls_of(found, "client", "write")[0].signals == signals


def test_a_program_that_does_not_handle_sigpipe_dies_in_its_write(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, _server = one.pair(sigpipe="default")
        client.shutdown("WR")
        return client.write(b"late").died

    came, found = laboratory(work)
    assert came == "SIGPIPE"
    (write,) = calls_of(found, "client", "write")
    assert (write.until_ns, write.result, write.signals) == (None, None, ("SIGPIPE",))
    assert [(fact.process, fact.signal) for fact in found if isinstance(fact, facts.Exit)] == [("client", "SIGPIPE")]


def test_the_c_librarys_sentences_can_be_asked_for(laboratory: Laboratory) -> None:
    said, found = laboratory(lambda one: one.process("client").strerror("EPIPE").says)
    assert said == "Broken pipe"
    (asked,) = calls_of(found, "client", "strerror")
    assert (asked.text, asked.fd, asked.remote) == ("strerror(EPIPE)", None, None)


def test_a_call_that_blocks_can_be_awaited_later(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        pending = server.begin_read(100)
        one.pass_time(0.05)
        assert pending.done is None
        client.write(b"now")
        return pending.result().value

    came, found = laboratory(work)
    assert came == 3
    (read,) = calls_of(found, "server", "read")
    assert read.until_ns is not None and read.until_ns - read.t_ns > 40_000_000


def test_what_still_runs_at_the_end_leaves_no_trace_of_its_death(laboratory: Laboratory, tmp_path: Path) -> None:
    def work(one: Lab) -> None:
        _client, server = one.pair()
        server.write(b"never read")
        one.until_acked(server)

    laboratory(work)
    assert ending_of(tmp_path / "packets.pcapng")[:2] == ("open", "nobody")


def test_a_call_is_known_to_block(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        reading = server.begin_read()
        one.until_blocked(reading)
        blocked = reading.done is None
        client.write(b"x")
        value = reading.result().value
        client.write(b"y")
        one.until_received(server, 1)
        with pytest.raises(LabError, match=r"server's read\(4, 4096\) did not wait"):
            one.until_blocked(server.begin_read())
        return blocked, value

    assert laboratory(work)[0] == [True, 1]


def test_a_call_that_still_blocks_at_the_end_is_recorded_as_such(laboratory: Laboratory) -> None:
    def work(one: Lab) -> None:
        one.pair()[1].begin_read(100)

    _, found = laboratory(work)
    (read,) = calls_of(found, "server", "read")
    assert (read.until_ns, read.result, read.text) == (None, None, "read(4, 100)")


def test_poll_so_error_options_and_flags_say_what_came(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        client.option("TCP_NODELAY", 1)
        client.send(b"x", "MSG_NOSIGNAL")
        one.until_received(server, 1)
        said = [server.poll().says, server.recv(9, "MSG_PEEK|MSG_DONTWAIT").value, server.so_error().says]
        client.linger(0)
        client.close()
        one.until_segment("RST")
        return [*said, server.poll().says, server.so_error().says, server.nonblocking().value, server.read().value]

    came, _ = laboratory(work)
    assert came == ["IN OUT", 1, "SO_ERROR = 0", "IN OUT ERR HUP RDHUP", "SO_ERROR = ECONNRESET", 0, 1]


def test_large_writes_fill_the_buffers_of_both_ends(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, _server = one.pair()
        client.nonblocking()
        total, last = 0, client.write(1_000_000)
        while last.errno is None:
            total += last.value or 0
            last = client.write(1_000_000)
        one.until_quiet()
        return total, last.errno, max(segment.length for segment in one.packets)

    (total, why, largest), _ = laboratory(work)
    assert total > 50_000
    assert why == "EAGAIN"
    assert largest == 1448, "one segment a packet: the MSS of 1460 less the timestamps"


def test_a_foreign_program_tells_its_own_calls(laboratory: Laboratory) -> None:
    program = (
        "import json, sys\n"
        "print('ready', flush=True)\n"
        "print(json.dumps({'call': 'read', 'text': 'read()', 't_ns': 5, 'until_ns': 6, 'result': len(input())}))\n"
        "sys.exit(3)"
    )

    def work(one: Lab) -> Any:
        foreign = one.program("server", sys.executable, "-c", program)
        assert foreign.line() == "ready"
        foreign.tell("four")
        return foreign.end().status

    came, found = laboratory(work)
    assert came == 3
    (read,) = calls_of(found, "server", "read")
    assert (read.result, read.t_ns) == (4, 5)
