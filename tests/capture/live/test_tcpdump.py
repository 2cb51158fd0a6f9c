"""tcpdump as a source: the same packets at the same times as from the packet socket."""

from __future__ import annotations

import time
from typing import Any

import pytest

from finrst.capture import lab
from finrst.capture.lab import Lab
from finrst.capture.live import tcpdump as source
from finrst.capture.live.tcpdump import Tcpdump

from ...laboratory import Laboratory


def test_it_sees_what_the_packet_socket_sees(laboratory: Laboratory, tcpdump: str) -> None:
    def work(one: Lab) -> Any:
        dump = Tcpdump("lo", "tcp")
        client, server = one.pair()
        client.write(b"hello\n")
        server.read()
        one.until_quiet()
        found = dump.read()
        found += dump.stop()
        assert dump.link == 1
        assert dump.counts() == (len(found), 0) or dump.counts()[1] == 0
        dump.close()
        ours = [(segment.t_ns, segment.raw) for segment in one.packets]
        theirs = [(packet.t_ns, packet.data[14:]) for packet in found]
        near = all(abs(a - b) < 1_000_000 for (a, _), (b, _) in zip(ours, theirs, strict=True))
        return [raw for _, raw in ours] == [raw for _, raw in theirs], near, len(found)

    same, near, count = laboratory(work)[0]
    assert same and near
    assert count == 5


def test_what_it_complains_about_is_an_oserror(tcpdump: str) -> None:
    def work() -> Any:
        try:
            Tcpdump("nowhere0")
        except OSError as error:
            return str(error)

    assert "nowhere0" in lab.inside(work)


def test_a_filter_that_is_none_is_an_oserror(laboratory: Laboratory, tcpdump: str) -> None:
    def work(_one: Lab) -> Any:
        try:
            Tcpdump("lo", "no such thing")
        except OSError as error:
            return str(error)

    assert "syntax error" in laboratory(work)[0]


def test_closing_ends_it(laboratory: Laboratory, tcpdump: str) -> None:
    def work(_one: Lab) -> Any:
        dump = Tcpdump("lo")
        started = time.monotonic()
        dump.close()
        return time.monotonic() - started

    assert laboratory(work)[0] < 2


def test_whether_it_is_there_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert source.available() == (False, "apt install tcpdump")
