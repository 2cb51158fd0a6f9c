"""Segments are read as they were forged; what is none is passed over."""

from __future__ import annotations

import pytest

from finrst.capture.segments import acknowledges, forge, parse, split

FOUR = ("10.9.0.1:40000", "10.9.0.2:9000")
SIX = ("[fd00:9::1]:40000", "[fd00:9::2]:9000")


@pytest.mark.parametrize("ends", [FOUR, SIX], ids=["IPv4", "IPv6"])
def test_a_forged_segment_reads_back(ends: tuple[str, str]) -> None:
    raw = forge(*ends, "PSH ACK FIN", 2**32 - 3, 77, payload=b"hello", window=500)
    segment = parse(raw, 5)
    assert segment is not None
    assert (segment.src, segment.dst) == ends
    assert (segment.t_ns, segment.seq, segment.ack, segment.window, segment.length) == (5, 2**32 - 3, 77, 500, 5)
    assert segment.has("PSH", "FIN") and not segment.has("RST")
    assert segment.payload == b"hello"
    assert segment.end == 3, "five bytes and the FIN, and the number wraps"
    assert str(segment) == f"{ends[0]} > {ends[1]} FIN PSH ACK seq 4294967293 ack 77 len 5"


def test_a_bad_checksum_is_the_only_difference() -> None:
    good, bad = forge(*FOUR, "RST", 1), forge(*FOUR, "RST", 1, bad_checksum=True)
    assert [at for at in range(len(good)) if good[at] != bad[at]] == [36, 37]


@pytest.mark.parametrize("size", range(40))
def test_a_cut_packet_is_none(size: int) -> None:
    assert parse(forge(*FOUR, "SYN", 1)[:size]) is None


def test_other_protocols_and_later_fragments_are_none() -> None:
    raw = bytearray(forge(*FOUR, "SYN", 1))
    assert parse(bytes(raw[:9]) + b"\x11" + bytes(raw[10:])) is None
    raw[7] = 1
    assert parse(bytes(raw)) is None


def test_acknowledgements_are_compared_modulo_two_to_the_32() -> None:
    assert acknowledges(5, 2**32 - 5)
    assert acknowledges(7, 7)
    assert not acknowledges(6, 7)


def test_an_endpoint_splits() -> None:
    assert split(FOUR[0]) == ("10.9.0.1", 40000)
    assert split(SIX[1]) == ("fd00:9::2", 9000)


@pytest.mark.parametrize("ends", [FOUR, SIX], ids=["IPv4", "IPv6"])
def test_timestamps_are_there_when_they_were_asked_for(ends: tuple[str, str]) -> None:
    with_them, without = parse(forge(*ends, "RST", 1, timestamps=(7, 2**32 - 1))), parse(forge(*ends, "RST", 1))
    assert with_them and with_them.timestamps == (7, 2**32 - 1)
    assert without and without.timestamps is None
