"""What others recorded beside a capture: joined by addresses and ports, and by a clock that both sides' RSTs set."""

from __future__ import annotations

from pathlib import Path

import pytest

from finrst.analyze import evidence
from finrst.analyze.joining import Beside
from finrst.analyze.record import connection_record
from finrst.analyze.scan import Scan, scan
from finrst.analyze.story import Connection
from finrst.analyze.tell import join, tell
from finrst.capture import facts
from finrst.capture.table import CaptureError

from .conversation import Talk

CLIENT, SERVER = "10.0.0.1:40136", "10.0.0.2:80"
MS = 1_000_000
BOOT = 25_000 * 1_000_000_000  # how long ago the machine was started


def late_data() -> tuple[Talk, list[int]]:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.fin(), s.ack(), s.data(18), c.rst()
    return talk, [ns for ns, _ in talk.wire.packets]


def seconds(t_ns: int) -> str:
    return f"{t_ns // 10**9}.{t_ns % 10**9 // 1000:06}"


def only(path: Path, beside: Beside, found: Scan) -> Connection:
    join(found, beside)
    (connection,) = tell(found, [0]).connections
    return connection


def test_a_log_of_strace_gives_calls_with_their_predictions(tmp_path: Path) -> None:
    talk, times = late_data()
    fd = f"4<TCP:[{SERVER}->{CLIENT}]>"
    later = times[-1] + 40 * MS
    (tmp_path / "LOG").write_text(
        f'9 {seconds(later)} write({fd}, "b", 1) = -1 EPIPE (Broken pipe)\n'
        f"9 {seconds(later + MS)} --- SIGPIPE {{si_signo=SIGPIPE}} ---\n"
        f'9 {seconds(later + 2 * MS)} read({fd}, "hello\\n", 100) = 6\n'
        f"9 {seconds(later + 3 * MS)} +++ exited with 0 +++\n"
    )
    found = scan(str(talk.wire.write(tmp_path / "c.pcap")))
    beside = evidence.opened(None, [str(tmp_path / "LOG")])
    record = connection_record(only(tmp_path, beside, found))
    assert [(c["side"], c["predicted"], c["observed"]) for c in record["calls"]] == [
        ("server", "EPIPE", "EPIPE"),
        ("server", "ok", "ok"),
    ]
    assert record["calls"][1]["predicted_bytes"] == 6


def test_a_log_that_is_none_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "LOG").write_text("nothing\n")
    with pytest.raises(CaptureError, match="no log of strace"):
        evidence.opened(None, [str(tmp_path / "LOG")])
    with pytest.raises(CaptureError, match="no event of tcp:tcp_send_reset"):
        evidence.add_kernel(Beside(), [str(tmp_path / "LOG")], scan(str(late_data()[0].wire.write(tmp_path / "c"))))
    with pytest.raises(OSError):
        evidence.readable([str(tmp_path / "nowhere")])


def trace(tmp_path: Path, events: list[tuple[int, str]]) -> str:
    path = tmp_path / "TRACE"
    path.write_text("".join(f" p-1 [000] ..... {seconds(t_ns)}: {text}\n" for t_ns, text in events))
    return str(path)


def test_a_trace_by_another_clock_proves_why_a_rst_was_sent(tmp_path: Path) -> None:
    talk, times = late_data()
    found = scan(str(talk.wire.write(tmp_path / "c.pcap")))
    ends = "sport=80 dport=40136 saddr=10.0.0.2 daddr=10.0.0.1 saddrv6=::ffff:10.0.0.2 daddrv6=::ffff:10.0.0.1"
    path = trace(tmp_path, [
        (times[-1] - times[0] + BOOT, f"tcp_send_reset: src={CLIENT} dest={SERVER} state=TCP_TIME_WAIT "
         "reason=TCP_TIMEWAIT_SOCKET"),
        (times[-1] - times[0] + BOOT + 20_000, f"tcp_receive_reset: family=AF_INET {ends} sock_cookie=1"),
    ])  # fmt: skip
    beside = Beside()
    evidence.add_kernel(beside, [path], found)
    assert "its clock was set by 1 RSTs that are in both, too few to be sure of" in beside.notes[0]
    record = connection_record(only(tmp_path, beside, found))
    (reset,) = record["resets"]
    assert (reset["reasons"], reset["certainty"], reset["accepted_proved"]) == (["TCP_TIMEWAIT_SOCKET"], "proved", True)


def test_without_rsts_the_clock_is_set_by_how_connections_began(tmp_path: Path) -> None:
    talk = Talk()
    talk.open()
    found = scan(str(talk.wire.write(tmp_path / "c.pcap")))
    ends = "sport=40136 dport=80 saddr=10.0.0.1 daddr=10.0.0.2 saddrv6=::ffff:10.0.0.1 daddrv6=::ffff:10.0.0.2"
    change = f"inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP {ends} oldstate=TCP_SYN_SENT newstate="
    beside = Beside()
    evidence.add_kernel(beside, [trace(tmp_path, [(BOOT, change + "TCP_ESTABLISHED")])], found)
    assert "by 1 beginnings of connections" in beside.notes[0]
    assert beside.facts[0].t_ns == found.connections[0].first_ts


def test_a_trace_of_other_connections_is_not_used_and_that_is_said(tmp_path: Path) -> None:
    found = scan(str(late_data()[0].wire.write(tmp_path / "c.pcap")))
    beside = Beside()
    path = trace(tmp_path, [(BOOT, "tcp_send_reset: src=10.0.0.9:1 dest=10.0.0.8:2 state=UNKNOWN reason=NO_SOCKET")])
    evidence.add_kernel(beside, [path], found)
    assert beside.facts == [] and "it was not used" in beside.notes[0]


def test_a_connect_that_knows_only_where_to_is_bound_by_its_syn(tmp_path: Path) -> None:
    talk, times = late_data()
    found = scan(str(talk.wire.write(tmp_path / "c.pcap")))

    def call(t_ns: int, name: str, until_ns: int) -> facts.Call:
        return facts.Call(t_ns=t_ns, until_ns=until_ns, process="p", pid=9, call=name, text=name, fd=3, remote=SERVER)

    said: list[facts.Fact] = [
        call(times[0] - MS, "connect", times[1]),
        call(times[2] + MS, "write", times[2] + 2 * MS),
        call(times[-1] + MS, "close", times[-1] + MS),
        call(times[-1] + 9 * MS, "write", times[-1] + 9 * MS),
    ]
    beside = Beside(facts=said)
    evidence.bind(beside, found)
    assert [getattr(one, "local", None) for one in beside.facts] == [CLIENT, CLIENT, CLIENT, None]
