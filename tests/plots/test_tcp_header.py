"""The bytes of a header, read as scapy reads them; and headers that are cut or lie about their length."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import finrst
from finrst.plots import tcp_header as read

from . import headers


def test_every_field_is_scapys(sample: Callable[[str], Path]) -> None:
    from scapy.layers.inet import TCP

    names = {
        "source-port": "sport", "destination-port": "dport", "seq": "seq", "ack": "ack", "offset": "dataofs",
        "window": "window", "checksum": "chksum", "urgent": "urgptr",
    }  # fmt: skip
    seen = 0
    for name in ("write-twice", "urgent-byte", "accurate-ecn", "zero-window"):
        for segment in finrst.read(sample(name)).connection(0).story.segments:
            theirs = TCP(segment.header)
            ours = {field.name: field.value for field in read.fields(segment.header)}
            assert {ours_: ours[ours_] for ours_ in names} == {
                ours_: getattr(theirs, their) for ours_, their in names.items()
            }
            flags = sum((ours[flag] or 0) << bit for bit, flag in enumerate(read.FLAGS))
            assert flags == int(theirs.flags) == segment.flags
            kinds = [option.kind for option in read.options(segment.header) if not option.fault]
            known = {"NOP": 1, "EOL": 0, "MSS": 2, "WScale": 3, "SAckOK": 4, "SAck": 5, "Timestamp": 8}
            assert kinds == [known.get(option, option) for option, _ in theirs.options]
            seen += 1
    assert seen > 30


def test_fields_and_options_take_every_bit_once_whatever_the_bytes() -> None:
    rng = random.Random(9)
    for _ in range(2_000):
        whole = headers.header(rng.getrandbits(9), headers.hostile_options(rng), size=rng.choice((None, 0, 5, 9, 15)))
        cut = whole[: rng.randrange(len(whole) + 1)]
        fields = read.fields(cut)
        assert [field.bit for field in fields[1:]] == [field.bit + field.bits for field in fields[:-1]]
        assert fields[-1].bit + fields[-1].bits == 160
        at = 20
        for option in read.options(cut):
            assert option.at == at and option.size > 0
            at += option.size
        assert at == max(20, read.size(cut))


def test_a_field_that_is_cut_has_no_value() -> None:
    cut = headers.header("R")[:14]
    values = {field.name: field.value for field in read.fields(cut)}
    assert values["RST"] == 1 and values["window"] is None and values["checksum"] is None


def test_a_length_that_cannot_be_ends_the_options() -> None:
    for length in (0, 1, 30, 255):
        found = read.options(headers.header(".", bytes([1, 8, length, 0])))
        assert [(option.kind, option.fault) for option in found] == [(1, ""), (8, "length")]
