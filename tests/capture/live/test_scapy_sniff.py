"""Scapy as a source: the same packets as from the packet socket."""

from __future__ import annotations

from typing import Any

from finrst.capture import lab
from finrst.capture.lab import Lab
from finrst.capture.live import scapy_sniff
from finrst.capture.live.scapy_sniff import ScapySniff

from ...laboratory import Laboratory


def test_it_sees_what_the_packet_socket_sees(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        sniffer = ScapySniff("lo")
        one.pair()
        one.until_quiet()
        found = [packet for packet in sniffer.read() if packet.data[14] >> 4 == 4]
        assert sniffer.link == 1
        assert sniffer.counts()[1] == 0
        sniffer.close()
        near = all(abs(a.t_ns - b.t_ns) < 1_000_000 for a, b in zip(one.packets, found, strict=True))
        return [segment.raw for segment in one.packets] == [packet.data[14:] for packet in found], near

    assert laboratory(work)[0] == [True, True]


def test_an_interface_that_is_not_there_is_an_oserror() -> None:
    def work() -> Any:
        try:
            ScapySniff("nowhere0")
        except OSError as error:
            return bool(str(error))

    assert lab.inside(work) is True


def test_whether_it_is_there_is_known() -> None:
    assert scapy_sniff.available() == (True, "")
