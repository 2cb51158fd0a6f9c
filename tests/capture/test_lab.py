"""The lab: private, whole, and gone afterwards; its programs, wires and waits, on real sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from finrst.capture import facts, lab, recording
from finrst.capture.lab import Lab, LabError
from finrst.capture.truth import tracefs
from finrst.laboratory import ending_of

from ..laboratory import Laboratory

ROOT = Path(__file__).parent.parent.parent
NOBODY = 65534


def calls_of(found: list[facts.Fact], process: str, call: str) -> list[facts.Call]:
    return [fact for fact in found if isinstance(fact, facts.Call) and (fact.process, fact.call) == (process, call)]


def record_command(into: Path, *names: str) -> list[str]:
    return [sys.executable, "-m", "finrst", "record", *names, "-o", str(into), "-q"]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}


# --- the walls -----------------------------------------------------------------------------------


def test_a_lab_has_a_network_and_processes_of_its_own() -> None:
    def work() -> Any:
        return os.getpid(), sorted(name for _, name in socket.if_nameindex()), str(Path("/proc/self/ns/net").readlink())

    pid, interfaces, network = lab.inside(work)
    assert pid == 1
    assert interfaces == ["lo"]
    assert network != str(Path("/proc/self/ns/net").readlink())


def test_the_machines_own_network_is_not_touched(laboratory: Laboratory) -> None:
    def state() -> list[str]:
        paths = ["/proc/net/dev_mcast", "/proc/net/route", "/proc/net/if_inet6", "/proc/sys/net/ipv4/tcp_fin_timeout"]
        return [Path(path).read_text() for path in paths if Path(path).exists()]

    before = state()

    def work(one: Lab) -> None:
        one.sysctl("client", "net.ipv4.tcp_fin_timeout", 3)
        one.pair()

    for wire in lab.WIRES:
        laboratory(work, wire)
    assert state() == before


def test_an_error_in_a_lab_says_what_and_where() -> None:
    with pytest.raises(LabError, match=r"ZeroDivisionError: .*by zero \(test_lab.py:\d+\)"):
        lab.inside(lambda: 1 // 0)


def test_a_lab_that_hangs_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(LabError, match=r"ended after 0.2 s"):
        lab.inside(lambda: time.sleep(60), timeout=0.2)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("path", "value", "user", "says"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1", True, "sysctl kernel.apparmor_restrict_unprivileged_us"),
        ("user/max_user_namespaces", "0", True, "sysctl user.max_user_namespaces"),
        ("kernel/unprivileged_userns_clone", "0", True, "sysctl kernel.unprivileged_userns_clone=1"),
        ("", "", True, "run it as root"),
        ("", "", False, "--cap-add SYS_ADMIN"),
    ],
)
def test_where_no_lab_is_allowed_one_line_has_the_remedy(
    monkeypatch: pytest.MonkeyPatch, path: str, value: str, user: bool, says: str
) -> None:
    def read(self: Path, **_: Any) -> str:
        if path and str(self) == f"/proc/sys/{path}":
            return value + "\n"
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", read)
    told = lab.remedy(OSError(1, "Operation not permitted"), user)
    assert says in told
    assert "\n" not in told


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
@pytest.mark.parametrize("name", ["write-twice", "refused"])
def test_an_ordinary_user_gets_the_same_without_the_kernels_reasons(tmp_path: Path, name: str) -> None:
    where = Path("/var/tmp") / f"finrst-test-{os.getpid()}-{name}"  # tmp_path's parents are closed to others
    where.mkdir()
    os.chown(where, NOBODY, NOBODY)
    try:
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        done = subprocess.run(
            [*user, *record_command(where, name)], env=environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found = recording.read(where / name)
        assert found.description.ended == "complete"
        assert found.description.differences == []
        sources = {fact.name: fact for fact in found.truth.facts if isinstance(fact, facts.Source)}
        assert sources["calls"].available
        assert not sources["tracefs"].available
        assert "needs root" in sources["tracefs"].why
    finally:
        subprocess.run(["rm", "-r", str(where)], check=True)


def left(into: Path) -> list[str]:
    """Processes of a recorder, and traces."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes()
        except OSError:
            continue
        if str(into).encode() in words:
            found.append(words.decode())
    return found


@pytest.mark.parametrize("milliseconds", [120, 200, 240, 280, 320, 360, 400])
def test_a_killed_recorder_leaves_nothing_but_a_readable_recording(tmp_path: Path, milliseconds: int) -> None:
    before = set(tracefs.TRACING.glob("instances/finrst-*"))
    process = subprocess.Popen(
        record_command(tmp_path, "write-twice"), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(milliseconds / 1000)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while left(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left(tmp_path) == []
    while time.monotonic() < deadline and set(tracefs.TRACING.glob("instances/finrst-*")) - before:
        time.sleep(0.01)
    assert set(tracefs.TRACING.glob("instances/finrst-*")) <= before
    folder = tmp_path / "write-twice"
    assert {path.name for path in folder.glob("*")} <= {
        "packets.pcapng", "truth.jsonl", "scenario.toml", ".scenario.toml", "diagram.svg"
    }  # fmt: skip
    if (folder / "packets.pcapng").exists() and (folder / "packets.pcapng").stat().st_size:
        found = recording.read(folder)
        assert found.truth.notes == []
        explained = subprocess.run(
            [sys.executable, "-m", "finrst", "explain", str(found.packets), "--format", "json"],
            env=environment(), capture_output=True, check=False,
        )  # fmt: skip
        assert explained.returncode == 0, explained.stderr


# --- programs ------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("sigpipe", "signals"), [("record", ("SIGPIPE",)), ("ignore", ())], ids=lambda value: str(value)
)
def test_a_write_after_shutdown_fails_with_epipe(
    laboratory: Laboratory, sigpipe: lab.Sigpipe, signals: tuple[str, ...]
) -> None:
    def work(one: Lab) -> Any:
        client, _server = one.pair(sigpipe=sigpipe)
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


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("wire", lab.WIRES)
def test_a_connection_passes_every_wire_and_is_recorded_once_at_each_end(
    laboratory: Laboratory, tmp_path: Path, wire: lab.Wired, family: Any
) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        client.write(b"hello\n")
        server.read()
        client.close()
        one.until_fin_acked(client)
        server.close()
        one.until_fin_acked(server)
        one.until_quiet()
        assert (client.local or "").startswith(("10.9.0.1:", "[fd00:9::1]:"))
        return [[str(segment) for segment in one.packets_at(host)] for host in ("client", "server")]

    (client, server), _ = laboratory(work, wire, family)
    assert client == server
    assert len(client) in (9, 8)  # the ACK of the data may ride on that of the FIN
    assert (tmp_path / "server.pcapng").exists() == (wire != "loopback")


def test_a_setting_is_one_hosts_only(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        one.sysctl("server", "net.ipv4.tcp_fin_timeout", 7)
        came = []
        for host in ("client", "server"):
            with one.at(host):
                came.append(int(Path("/proc/sys/net/ipv4/tcp_fin_timeout").read_text()))
        return came

    came, found = laboratory(work, "veth")
    assert came == [60, 7]
    assert "server: sysctl net.ipv4.tcp_fin_timeout = 7" in [
        fact.text for fact in found if isinstance(fact, facts.Step)
    ]


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


def test_a_third_host_stands_between(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        server, proxy, client = one.process("server"), one.process("proxy"), one.process("client")
        inner, outer = server.listen(9000), proxy.listen(8000)
        near = client.connect(outer)
        proxy.accept(outer)
        far = proxy.connect(inner)
        server.accept(inner)
        return (near.local or "").rpartition(":")[0], near.remote, (far.local or "").rpartition(":")[0], far.remote

    assert laboratory(work)[0] == ["10.9.0.1", "10.9.0.3:8000", "10.9.0.3", "10.9.0.2:9000"]
    assert laboratory(work, family=6)[0] == ["[fd00:9::1]", "[fd00:9::3]:8000", "[fd00:9::3]", "[fd00:9::2]:9000"]


def test_errors_are_kept_and_what_neighbours_say_is_not() -> None:
    v4, v6 = bytes([0x45, *[0] * 8, 1, *[0] * 10]), bytes([0x60, *[0] * 5, 58, *[0] * 33])
    assert lab.is_error(v4) and not lab.is_error(v4.replace(b"\x01", b"\x11"))
    unreachable, solicitation = bytes([1]), bytes([135])
    assert lab.is_error(v6 + unreachable) and not lab.is_error(v6 + solicitation)
    assert not lab.is_error(b"")
