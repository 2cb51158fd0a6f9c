"""Several files are one capture: merged by time, frames counted through them in the order given."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from finrst.analyze.scan import scan
from finrst.analyze.tell import tell
from finrst.capture.formats import open_capture
from finrst.capture.merge import Merged
from finrst.capture.table import CaptureError, Records


def rows(source: Merged) -> list[tuple[int, int, bytes]]:
    records, found = Records(), []
    while source.fill(records):
        for i in range(records.count):
            at = records.at[i]
            found.append((records.frame[i], records.ts[i], bytes(records.data[at : at + records.captured[i]])))
    return found


def written(path: Path, packets: list[tuple[int, bytes]]) -> str:
    """A pcap file with nanoseconds, Ethernet."""
    data = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1)
    for ts, packet in packets:
        data += struct.pack("<IIII", ts // 10**9, ts % 10**9, len(packet), len(packet)) + packet
    path.write_bytes(data)
    return str(path)


@pytest.fixture(scope="module")
def conversation(sample: Callable[[str], Path]) -> list[tuple[int, bytes]]:
    records, packets = Records(), []
    source = open_capture(str(sample("write-twice")))
    while source.fill(records):
        for i in range(records.count):
            at = records.at[i]
            packets.append((records.ts[i], bytes(records.data[at : at + records.captured[i]])))
    source.close()
    return packets


def test_a_rotated_capture_is_read_as_one(conversation: list[tuple[int, bytes]], tmp_path: Path) -> None:
    for cut in range(1, len(conversation)):
        parts = [written(tmp_path / "a", conversation[:cut]), written(tmp_path / "b", conversation[cut:])]
        found = scan(parts)
        (connection,) = found.connections
        assert (connection.first_frame, connection.last_frame) == (1, 9)
        (told,) = tell(found, [0]).connections
        assert (told.ending, told.zeek_history) == ("reset", "ShADaFdR")
        assert [segment.frame for segment in told.segments] == list(range(1, 10))


def test_files_split_by_interface_are_merged_by_time(conversation: list[tuple[int, bytes]], tmp_path: Path) -> None:
    """Every way to deal nine packets out to two files gives the same story."""
    for choice in itertools.product((0, 1), repeat=len(conversation)):
        if len(set(choice)) < 2:
            continue
        dealt = [[p for p, which in zip(conversation, choice, strict=True) if which == part] for part in (0, 1)]
        merged = Merged([written(tmp_path / f"{part}", packets) for part, packets in enumerate(dealt)])
        read = rows(merged)
        merged.close()
        assert [(ts, packet) for _, ts, packet in read] == conversation
        before = len(dealt[0])
        expected = {ts: i + 1 for i, (ts, _) in enumerate(dealt[0])}
        expected |= {ts: before + i + 1 for i, (ts, _) in enumerate(dealt[1])}
        assert [frame for frame, _, _ in read] == [expected[ts] for ts, _ in conversation]


def test_damage_names_the_part(conversation: list[tuple[int, bytes]], tmp_path: Path) -> None:
    whole = written(tmp_path / "whole", conversation)
    cut = tmp_path / "cut"
    cut.write_bytes(Path(whole).read_bytes()[:-5])
    found = scan([str(cut), whole])
    (damage,) = found.source.damage
    assert str(cut) in damage.what
    assert found.packets == 17


def test_standard_input_cannot_be_a_part(sample: Callable[[str], Path]) -> None:
    with pytest.raises(CaptureError, match="standard input cannot be merged"):
        Merged([str(sample("write-twice")), "-"])
