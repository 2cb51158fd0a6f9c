"""What readers of captures say is said in Chinese, too."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from finrst.analyze.scan import scan
from finrst.analyze.tell import capture_story
from finrst.capture.table import CaptureError
from finrst.plots.words.notes import in_chinese

ROOT = Path(__file__).parents[3]
SAMPLE = (ROOT / "samples" / "write-twice" / "packets.pcapng").read_bytes()
SHARED = "zeek__almost-resp.pcap"


def said(path: Path) -> list[str]:
    """Of what is wrong with a capture, all that is said."""
    try:
        capture = capture_story(scan(str(path)))
    except CaptureError:
        return []
    return [text for damage in capture.damage for text in (damage.what, damage.read)]


@pytest.mark.parametrize("suffix", ["pcap", "pcapng", "pcapng.gz"])
def test_wherever_a_capture_is_cut_it_is_said_in_chinese(suffix: str, shared_captures: Path, tmp_path: Path) -> None:
    whole = (shared_captures / SHARED).read_bytes() if suffix == "pcap" else SAMPLE
    if suffix.endswith("gz"):
        whole = gzip.compress(whole)
    found: set[str] = set()
    for length in range(24, min(len(whole), 1200), 7):
        path = tmp_path / f"cut.{suffix}"
        path.write_bytes(whole[:length])
        found.update(said(path))
    assert len(found) > 9
    assert [text for text in found if in_chinese(text).startswith("“")] == []


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("4,294,967,295 TCP checksums are wrong", "4,294,967,295 个 TCP 校验和错误"),
        ("7 packets of link type USB_LINUX cannot be read", "7 个链路类型为 USB_LINUX 的报文无法读取"),
        ("strace.log: no call on a TCP socket", "strace.log：没有对 TCP 套接字的调用"),
        (
            "a: b.txt: its clock was set by 1 RSTs that are in both, too few to be sure of; they differ by 0 µs",
            "a：b.txt：其时钟由两边都有的 1 个 RST 校准，数量太少，不能确定；相差 0 µs",
        ),
        (
            "12 connections fit several of the server's capture: told from the client's alone",
            "12 个连接在服务器端的抓包里有多个候选：只按客户端的抓包讲述",
        ),
        (
            "one.pcap: record length 4,026,531,840 (over 262,144; on the wire 60)",
            "one.pcap：记录长度为 4,026,531,840（超过 262,144；线上长度 60）",
        ),
        ("gzip: Error -3 while decompressing data: invalid code lengths set", None),
        ("tracefs: {0}", None),
    ],
)
def test_what_is_not_known_stands_as_it_was_said(text: str, chinese: str | None) -> None:
    assert in_chinese(text) == (chinese or f"“{text}”")
