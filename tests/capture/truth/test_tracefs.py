"""What the kernel says: its lines are read, its clock is the packets', and nothing of it stays behind."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from finrst.capture import facts
from finrst.capture.lab import Lab
from finrst.capture.truth import tracefs

from ...laboratory import Laboratory

AT = "          python-1   [000] ..s2. 12.345678: "
ADDRESSES = "saddr=10.9.0.1 daddr=10.9.0.2 saddrv6=::ffff:10.9.0.1 daddrv6=::ffff:10.9.0.2"
SIX = "saddr=0.0.0.0 daddr=0.0.0.0 saddrv6=fd00:9::1 daddrv6=fd00:9::2"
ENDS = {"local": "10.9.0.1:40000", "remote": "10.9.0.2:9000"}
T = 12_345_678_000 + 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "tcp_send_reset: skbaddr=00 skaddr=00 src=10.9.0.1:40000 dest=10.9.0.2:9000 state=TCP_TIME_WAIT "
            "reason=TCP_TIMEWAIT_SOCKET",
            facts.ResetSent(t_ns=T, reason="TCP_TIMEWAIT_SOCKET", state="TIME_WAIT", **ENDS),
        ),
        (
            "tcp_send_reset: skbaddr=00 skaddr=00 src=[fd00:9::1]:1 dest=[fd00:9::2]:2 state=UNKNOWN reason=NO_SOCKET",
            facts.ResetSent(t_ns=T, reason="NO_SOCKET", state="UNKNOWN", local="[fd00:9::1]:1", remote="[fd00:9::2]:2"),
        ),
        (
            f"tcp_receive_reset: family=AF_INET sport=40000 dport=9000 {ADDRESSES} sock_cookie=1",
            facts.ResetReceived(t_ns=T, state="UNKNOWN", **ENDS),
        ),
        (
            f"inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport=40000 dport=9000 {ADDRESSES} "
            "oldstate=TCP_FIN_WAIT1 newstate=TCP_CLOSE",
            facts.StateChange(t_ns=T, old="FIN_WAIT_1", new="CLOSED", **ENDS),
        ),
        (
            f"inet_sk_error_report: family=AF_INET6 protocol=IPPROTO_TCP sport=1 dport=2 {SIX} error=32",
            facts.SocketError(t_ns=T, errno="EPIPE", local="[fd00:9::1]:1", remote="[fd00:9::2]:2"),
        ),
        (f"inet_sk_error_report: family=AF_INET protocol=IPPROTO_SCTP sport=1 dport=2 {ADDRESSES} error=32", None),
        ("tcp_send_reset: nonsense", None),
        ("sched_switch: prev_comm=x", None),
    ],
)
def test_a_line_of_the_trace_is_a_fact(text: str, expected: facts.Fact | None) -> None:
    assert tracefs.fact(AT + text, 7) == expected


def test_every_state_has_its_rfc_name() -> None:
    assert [tracefs.state(name) for name in ("TCP_SYN_RECV", "TCP_NEW_SYN_RECV", "TCP_ESTABLISHED", "UNKNOWN")] == [
        "SYN_RCVD", "SYN_RCVD", "ESTABLISHED", "UNKNOWN",
    ]  # fmt: skip


def test_the_offset_between_the_clocks_is_measured() -> None:
    offset, uncertainty = tracefs.offset()
    assert abs(time.monotonic_ns() + offset - time.time_ns()) < 1_000_000
    assert 0 < uncertainty < 1_000_000


def test_where_the_kernel_cannot_be_asked_it_is_said_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    there, why = tracefs.available()
    assert not there
    assert "needs root" in why


def test_a_trace_that_nobody_reads_is_swept_away(tmp_path: Path) -> None:
    for name in ("finrst-1-a", "other"):
        (tmp_path / "instances" / name).mkdir(parents=True)
    assert tracefs.sweep(tmp_path) == ["finrst-1-a"]
    assert [path.name for path in (tmp_path / "instances").iterdir()] == ["other"]


class Told:
    """A trace that says what it is given."""

    uncertainty_ns = 1_000

    def __init__(self, *said: Any) -> None:
        self._said = list(said)

    def facts(self) -> list[Any]:
        """What is new."""
        said, self._said = self._said, []
        return said

    def rest(self) -> list[Any]:
        """Nothing waits."""
        return []


def test_a_listening_sockets_rst_belongs_to_the_connection_that_it_is_captured_in() -> None:
    server = "10.9.0.2:9000"
    said = facts.ResetSent(t_ns=10_000, reason="TCP_FLAGS", state="LISTEN", local=server, remote="0.0.0.0:0")
    placing = tracefs.Placing(Told(said, said))  # type: ignore[arg-type]
    placing.seen(server, "10.9.0.1:1", reset_ns=1_000)  # an earlier one
    placing.seen("10.9.0.3:9000", "10.9.0.1:2", reset_ns=11_000)  # another's
    assert list(placing.facts()) == [], "its packet is not captured yet"
    placing.seen(server, "10.9.0.1:3", reset_ns=11_000)
    assert [getattr(fact, "remote", "") for fact in placing.facts()] == ["10.9.0.1:3"], "once"
    placing.seen(server, "10.9.0.1:4", reset_ns=10_000 + tracefs.SENT_WITHIN)
    assert list(placing.facts(last=True)) == [], "that came much later"


def test_a_listening_sockets_rst_is_none_that_its_own_socket_sent() -> None:
    """Another laboratory's listener may have the same address and port, at the same time."""
    server = "10.9.0.2:9000"
    elsewhere = facts.ResetSent(t_ns=10_000, reason="TCP_FLAGS", state="LISTEN", local=server, remote="0.0.0.0:0")
    own = facts.ResetSent(t_ns=30_000, reason="TCP_ABORT_ON_DATA", state="CLOSED", local=server, remote="10.9.0.1:1")
    placing = tracefs.Placing(Told(elsewhere, own))  # type: ignore[arg-type]
    placing.seen(server, "10.9.0.1:1", reset_ns=31_000)
    assert list(placing.facts()) == [own]
    placing.seen(server, "10.9.0.1:1", reset_ns=32_000)  # a second one has no event of its own
    assert [getattr(fact, "reason", "") for fact in placing.facts()] == ["TCP_FLAGS"]


def test_a_listening_sockets_rst_has_the_event_right_before_it() -> None:
    server = "10.9.0.2:9000"
    elsewhere, own = (
        facts.ResetSent(t_ns=t_ns, reason="TCP_FLAGS", state="LISTEN", local=server, remote="0.0.0.0:0")
        for t_ns in (10_000, 5_000_000)
    )
    placing = tracefs.Placing(Told(elsewhere, own))  # type: ignore[arg-type]
    placing.seen(server, "10.9.0.1:1", reset_ns=5_010_000)
    assert [getattr(fact, "t_ns", 0) for fact in placing.facts(last=True)] == [own.t_ns]


needs_kernel = pytest.mark.skipif(
    not tracefs.available()[0], reason=f"the kernel's facts: {tracefs.available()[1] or 'there'}"
)


@needs_kernel
def test_the_kernel_tells_its_reason_between_the_packets_it_belongs_to(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        client.write(b"hello\n")
        one.until_received(server, 6)
        server.close()
        rst = one.until_segment("RST", source=server)
        one.until_state(client, "CLOSED")
        return rst.t_ns, rst.src, rst.dst

    (t_ns, src, dst), found = laboratory(work, kernel=True)
    (sent,) = (fact for fact in found if isinstance(fact, facts.ResetSent))
    (received,) = (fact for fact in found if isinstance(fact, facts.ResetReceived))
    (error,) = (fact for fact in found if isinstance(fact, facts.SocketError))
    assert (sent.reason, sent.local, sent.remote) == ("TCP_ABORT_ON_CLOSE", src, dst)
    assert (received.state, received.local, error.errno) == ("ESTABLISHED", dst, "ECONNRESET")
    assert abs(sent.t_ns - t_ns) < 1_000_000, "one clock"
    (source,) = (fact for fact in found if isinstance(fact, facts.Source) and fact.name == "tracefs")
    assert source.available and source.uncertainty_ns > 0


@needs_kernel
def test_two_labs_at_once_do_not_hear_each_other(laboratory: Laboratory, tmp_path: Path) -> None:
    def work(one: Lab) -> Any:
        client, _server = one.pair()
        client.linger(0)
        client.close()
        one.until_segment("RST")
        return client.local

    other = tracefs.Tracefs()
    try:
        local, found = laboratory(work, kernel=True)
        assert {fact.local for fact in found if isinstance(fact, facts.ResetSent)} == {local}
    finally:
        other.close()


@needs_kernel
def test_a_closed_trace_is_gone() -> None:
    before = set(tracefs.TRACING.glob("instances/finrst-*"))
    one = tracefs.Tracefs()
    one.close()
    deadline = time.monotonic() + 5
    while set(tracefs.TRACING.glob("instances/finrst-*")) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(tracefs.TRACING.glob("instances/finrst-*")) <= before
