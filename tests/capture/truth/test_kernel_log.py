"""Traces that others recorded: the lines of tracefs, trace-cmd and perf; the clock is left to the analysis."""

from __future__ import annotations

from pathlib import Path

import pytest

from finrst.capture import facts
from finrst.capture.truth import kernel_log

SENT = "skbaddr=00 skaddr=00 src=10.9.0.1:40000 dest=10.9.0.2:9000 state=TCP_TIME_WAIT reason=TCP_TIMEWAIT_SOCKET"
ENDS = "sport=40000 dport=9000 saddr=10.9.0.1 daddr=10.9.0.2 saddrv6=::ffff:10.9.0.1 daddrv6=::ffff:10.9.0.2"


@pytest.mark.parametrize(
    ("line", "t_ns"),
    [
        (f"          python-1   [000] ..s2. 12.345678: tcp_send_reset: {SENT}", 12_345_678_000),
        (f"  python-1     [000]    12.345678: tcp_send_reset:       {SENT}", 12_345_678_000),
        (f"  python-1     [000]    12.345678901: tcp_send_reset:    {SENT}", 12_345_678_901),
        (f"python     1 [000]    12.345678: tcp:tcp_send_reset: {SENT}", 12_345_678_000),
    ],
    ids=["tracefs", "trace-cmd", "trace-cmd -t", "perf"],
)
def test_the_same_event_in_the_words_of_each_tool(tmp_path: Path, line: str, t_ns: int) -> None:
    (tmp_path / "TRACE").write_text("# tracer: nop\n#\n" + line + "\n")
    (one,), wall = kernel_log.read(tmp_path / "TRACE")
    assert isinstance(one, facts.ResetSent) and not wall
    assert (one.t_ns, one.reason, one.state, one.local) == (t_ns, "TCP_TIMEWAIT_SOCKET", "TIME_WAIT", "10.9.0.1:40000")


def test_seconds_since_1970_are_the_packets_clock(tmp_path: Path) -> None:
    (tmp_path / "TRACE").write_text(f" python-1 [000] 1795331617.345678: tcp_send_reset: {SENT}\n")
    assert kernel_log.read(tmp_path / "TRACE")[1] is True


def test_an_accepted_rst_has_the_state_of_the_last_change(tmp_path: Path) -> None:
    change = f"family=AF_INET protocol=IPPROTO_TCP {ENDS} oldstate=TCP_ESTABLISHED newstate=TCP_CLOSE_WAIT"
    (tmp_path / "TRACE").write_text(
        f" p-1 [0] ..... 1.000001: inet_sock_set_state: {change}\n"
        f" p-1 [0] ..... 1.000002: tcp_receive_reset: family=AF_INET {ENDS} sock_cookie=1\n"
    )
    assert [getattr(one, "state", None) for one in kernel_log.read(tmp_path / "TRACE")[0]] == [None, "CLOSE_WAIT"]


def test_a_time_of_many_digits_is_no_event(tmp_path: Path) -> None:
    (tmp_path / "TRACE").write_text(f" p-1 [0] {'9' * 6000}.345678: tcp_send_reset: {SENT}\n p 1.000001: x: {SENT}\n")
    with pytest.raises(kernel_log.KernelLogError):
        kernel_log.read(tmp_path / "TRACE")


def test_a_file_without_such_events_is_refused_and_says_which_are_meant(tmp_path: Path) -> None:
    (tmp_path / "TRACE").write_bytes(bytes(range(256)) * 1000)
    with pytest.raises(kernel_log.KernelLogError, match="no event of tcp:tcp_send_reset"):
        kernel_log.read(tmp_path / "TRACE")
