"""What the listing says: tcpdump's lines, each thing explained where it first occurs."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.plots.figures.listing import scene as listing_scene
from finrst.plots.figures.listing.scene import ListingScene, Printed
from finrst.plots.of_connection import as_captured
from finrst.plots.scene import Break, Fold, Scene
from finrst.plots.tcpdump import lines as tcpdump_lines

from ... import conversations as talk


def scene(path: Path, lang: str = "en") -> ListingScene:
    told = finrst.read(path).connection(0)
    return listing_scene.compose(told.story, told.capture, lang)


def remarks(figure: ListingScene) -> list[tuple[int, str]]:
    lines = [item for item in figure.items if isinstance(item, Printed)]
    return [(line.arrow.frame, remark.text) for line in lines for remark in line.remarks]


def test_each_letter_is_explained_once_where_it_first_stands(sample: Callable[[str], Path]) -> None:
    said = [(frame, text[0]) for frame, text in remarks(scene(sample("write-twice"))) if text[1:4] == " = "]
    assert said == [(1, "S"), (2, "."), (4, "P"), (6, "F"), (9, "R")]


def test_it_says_from_where_numbers_count_and_where_they_do_not(sample: Callable[[str], Path]) -> None:
    said = dict(remarks(scene(sample("write-twice"))))
    assert said[9] == "Without ACK tcpdump prints the number whole: it is J+8."
    assert any(frame == 3 and "ack 1 stands for K+1" in text for frame, text in remarks(scene(sample("write-twice"))))


@pytest.mark.parametrize("name", ["write-twice", "lost-data-one-of-many", "lost-data-reordered", "forged-rst"])
def test_the_command_prints_these_lines(sample: Callable[[str], Path], tcpdump: str, name: str) -> None:
    path = sample(name).parent if (sample(name).parent / "server.pcapng").is_file() else sample(name)
    figure = scene(path)
    words = shlex.split(figure.command)
    assert words[0] == "tcpdump"
    words = [tcpdump, *(str(sample(name)) if word.endswith("packets.pcapng") else word for word in words[1:])]
    real = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.strip() for line in real] == [
        f"{item.stamp} {item.line}" for item in figure.items if isinstance(item, Printed)
    ]


def test_of_two_captures_it_prints_the_one_that_the_command_reads(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("lost-data-one-of-many").parent).connection(0).story
    printed = as_captured(told)
    assert told.other_end is not None and printed.other_end is None
    frames = [segment.frame for segment in printed.segments]
    assert frames == sorted(frames) and len(frames) == sum(s.seen in ("both", "client") for s in told.segments)
    assert [s.frame for s in told.segments] != sorted(s.frame for s in told.segments), "their own order is another"
    assert as_captured(printed) is printed


def test_a_file_name_cannot_leave_the_command() -> None:
    told = talk.write_after_close()
    hostile = replace(talk.capture(), files=("x'; rm -rf \x1b[2J.pcap",))
    assert shlex.split(listing_scene.command(told, hostile))[4] == "x'; rm -rf \\x1b[2J.pcap"


def test_of_a_recording_the_command_reads_its_packets(sample: Callable[[str], Path]) -> None:
    assert " -r write-twice/packets.pcapng" in scene(sample("write-twice").parent).command


def test_a_compressed_capture_comes_through_a_pipe() -> None:
    packed = replace(talk.capture(), format="pcap, zstd")
    assert "-r - " in listing_scene.command(talk.write_after_close(), packed)


def test_every_packet_is_printed_folded_or_captured_twice(shared_captures: Path) -> None:
    told = finrst.read(shared_captures / "zeek__pppoe-over-qinq.pcap").connection(0)
    figure = listing_scene.compose(told.story, told.capture)
    shown = [item.arrow.frame for item in figure.items if isinstance(item, Printed)]
    folded = [frame for item in figure.items if isinstance(item, Fold) for frame in item.frames]
    copies = [segment.frame for segment in told.story.segments if segment.duplicate_of is not None]
    assert sorted(shown + folded + copies) == [segment.frame for segment in told.story.segments]
    assert any(isinstance(item, Break) for item in figure.items)


def test_a_line_is_the_one_of_its_frame(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("retransmissions")).connection(0)
    lines = tcpdump_lines(told.story)
    figure = listing_scene.compose(told.story, told.capture, "zh")
    assert all(item.line == lines[item.arrow.frame] for item in figure.items if isinstance(item, Printed))


def test_no_remark_points_at_a_frame_that_the_file_does_not_hold(sample: Callable[[str], Path]) -> None:
    again = [(frame, text) for frame, text in remarks(scene(sample("lost-handshake").parent)) if "sent again" in text]
    assert again == [
        (2, "sent again: first in frame 1"),
        (3, "sent again; the first is not in this file"),
        (5, "sent again: first in frame 3"),
    ]


def printed(figure: ListingScene) -> list[str]:
    return [f"{item.stamp} {item.line}" for item in figure.items if isinstance(item, Printed)]


@pytest.mark.parametrize("name", ["time-wait-at-server", "time-wait-reused"])
@pytest.mark.parametrize("number", [0, 1])
def test_of_two_connections_with_the_same_ports_the_command_prints_one(
    sample: Callable[[str], Path], tshark: str, tcpdump: str, name: str, number: int
) -> None:
    told = finrst.read(sample(name).parent).connection(number)
    figure = listing_scene.compose(told.story, told.capture)
    pick, shown = (shlex.split(part) for part in figure.command.split(" | "))
    assert (pick[0], shown[0]) == ("editcap", "tcpdump")
    pick[0] = str(Path(tshark).with_name("editcap"))
    picked = subprocess.run(
        [word.replace(f"{name}/", f"{sample(name).parent}/") for word in pick], capture_output=True, check=True
    )
    real = subprocess.run([tcpdump, *shown[1:]], input=picked.stdout, capture_output=True, check=True).stdout
    assert [line.strip() for line in real.decode().splitlines()] == printed(figure)


@pytest.mark.parametrize("name", ["time-wait-assassinated", "time-wait-protected"])
def test_a_copy_made_on_the_way_has_a_line_of_its_own(sample: Callable[[str], Path], tcpdump: str, name: str) -> None:
    figure = scene(sample(name).parent)
    words = [str(sample(name)) if word.endswith("packets.pcapng") else word for word in shlex.split(figure.command)]
    real = subprocess.run([tcpdump, *words[1:]], capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.strip() for line in real] == printed(figure)
    assert (10, "a copy made on the way") in remarks(figure)
    assert "captured twice" not in figure.subtitle


def test_a_rst_that_time_wait_ignores_is_drawn_as_ignored_and_its_letter_says_so(
    sample: Callable[[str], Path],
) -> None:
    figure = scene(sample("time-wait-protected").parent)
    last = [item for item in figure.items if isinstance(item, Printed)][-1]
    assert last.arrow.frame == 12 and last.arrow.ignored == "ignored"
    said = [remark.text for remark in last.remarks]
    assert said[0] == "R = RST, would end the connection at once; ignored here"
    assert "ignored" not in said, "said with the letter"


def test_where_no_number_is_relative_nothing_says_from_where_they_count(sample: Callable[[str], Path]) -> None:
    assert "Numbers count" not in scene(sample("stray-segment").parent).subtitle
    assert "Numbers count from J" in scene(sample("write-twice")).subtitle


def test_behind_tags_the_command_finds_the_packets(shared_captures: Path, tcpdump: str) -> None:
    path = shared_captures / "zeek__pppoe-over-qinq.pcap"
    figure = scene(path)
    words = [tcpdump, *(str(path) if word == path.name else word for word in shlex.split(figure.command)[1:])]
    real = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    # Frame 81's IP header counts six bytes more than its PPPoE header holds: tcpdump prints them as data.
    drawn = [item for item in figure.items if isinstance(item, Printed) and item.arrow.frame != 81]
    assert len(real) == 86
    assert all(any(item.stamp in line and line.endswith(item.line) for line in real) for item in drawn)


def test_a_gap_has_the_ladders_reason(sample: Callable[[str], Path]) -> None:
    for name in ("wire-cut", "zero-window-user-timeout", "half-open-by-keepalive"):
        told = finrst.read(sample(name).parent).connection(0)
        whole = told.scene()
        assert isinstance(whole, Scene)
        reasons = [item.detail for item in whole.items if isinstance(item, Break)]
        gaps = [item.detail for item in scene(sample(name).parent).items if isinstance(item, Break)]
        assert gaps and set(gaps) <= set(reasons), name
        assert "no packet in either direction" not in gaps, name
