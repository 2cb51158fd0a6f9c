"""A pcapng file that grows: readable at every byte, by finrst and by tshark."""

from __future__ import annotations

import subprocess
from pathlib import Path

from finrst.capture.formats import open_capture
from finrst.capture.pcapng_file import PcapngFile
from finrst.capture.table import Records

PACKETS = [(1_700_000_000_123_456_789 + n, bytes([n]) * (60 + n), 60 + n) for n in range(5)]


def read(path: Path) -> tuple[list[tuple[int, bytes]], int | None]:
    reader = open_capture(str(path))
    records, found = Records(), []
    while reader.fill(records):
        found += [
            (records.ts[row], bytes(records.data[records.at[row] : records.at[row] + records.captured[row]]))
            for row in range(records.count)
        ]
    reader.close()
    return found, reader.dropped


def test_packets_read_back_with_their_nanoseconds_and_what_was_dropped(tmp_path: Path) -> None:
    path = tmp_path / "packets.pcapng"
    with PcapngFile(path, 1, "lo", "finrst 1", "captured at the client") as file:
        file.packets(PACKETS[:2])
        assert read(path)[0] == [(t_ns, data) for t_ns, data, _ in PACKETS[:2]], "while it is being written"
        file.packets(PACKETS[2:])
        file.statistics(1, 12, 7)
        assert file.written == 5
    assert read(path) == ([(t_ns, data) for t_ns, data, _ in PACKETS], 7)


def test_tshark_reads_it(tmp_path: Path, tshark: str) -> None:
    path = tmp_path / "packets.pcapng"
    with PcapngFile(path, 1, "lo") as file:
        file.packets(PACKETS)
        file.statistics(1, 5, 0)
    wanted = ["-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.interface_name"]
    command = [tshark, "-nr", str(path), "-T", "fields", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0].split() == ["1700000000.123456789", "60", "lo"]
    assert len(done.stdout.splitlines()) == 5


def test_a_new_file_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "packets.pcapng"
    for count in (5, 1):
        with PcapngFile(path, 1, "lo") as file:
            file.packets(PACKETS[:count])
    assert len(read(path)[0]) == 1
