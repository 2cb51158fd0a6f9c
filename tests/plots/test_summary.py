"""The first screen fits, cuts nothing that one could type, and lets no capture string through raw."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from finrst.analyze.story import (
    BothEnds,
    Burst,
    Capture,
    Clock,
    Cluster,
    Clustering,
    DamageReport,
    EndingCount,
    Evidence,
    Summary,
    Timer,
    Verdict,
)
from finrst.analyze.vocabulary import ENDINGS
from finrst.plots.summary import STYLE, both_ends_lines, print_summary
from finrst.plots.words import LANGUAGES, say


def capture(**changes: object) -> Capture:
    facts: dict[str, object] = {
        "files": ("prod.pcap",),
        "format": "pcap",
        "link_types": ("EN10MB",),
        "packets": 1_204_331,
        "tcp_packets": 1_200_012,
        "first_ns": 1795303432835108000,
        "last_ns": 1795303776835108000,
        "damage": (),
        "one_sided": False,
        "dropped": None,
        "notes": (),
    }
    return Capture(**{**facts, **changes})  # type: ignore[arg-type]


RACE = Verdict("idle-timeout-race", "implied", {"side": "server", "peer": "client"}, (Evidence("silence", {}),))


def cluster(place: int, network: str = "198.51.100.", **changes: object) -> Cluster:
    facts: dict[str, object] = {
        "verdict": RACE, "benign": False, "ending": "reset", "ended_by": "server", "address": f"{network}{place}",
        "port": 65535, "servers": 1, "ports": 1, "count": 1_000_000 - place, "of": 2_000_000, "clients": 123_456,
        "first_ns": 0, "last_ns": 1, "timer": Timer(5_000_000_000, 0, ("Node.js server.keepAliveTimeout",)),
        "burst": Burst(10**18, 10**18 + 10**9, 600_000), "example": 4_000_000 + place,
    }  # fmt: skip
    return Cluster(**{**facts, **changes})  # type: ignore[arg-type]


def summary(network: str = "2001:db8:ffff:ffff:ffff:ffff:ffff:", **changes: object) -> Summary:
    endings = tuple(EndingCount(ending, 10**7 // (i + 1) ** 6 + 1) for i, ending in enumerate(ENDINGS))
    total = sum(e.count for e in endings)
    told = Clustering(tuple(cluster(i, network) for i in range(8)), 3, 77)
    return Summary(capture(**changes), total, total, endings, told)


def printed(told: Summary, width: int, lang: str = "en") -> str:
    stream = io.StringIO()
    print_summary(told, Console(file=stream, width=width, highlight=False, markup=False), lang)
    return stream.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_number_address_or_ending_is_cut(width: int, lang: str) -> None:
    told = summary()
    text = printed(told, width, lang)
    for ending in told.endings:
        assert ending.ending in text
        assert f"{ending.count:,}" in text
    first = told.clustering.clusters[0]
    assert first.place in text and f"{first.count:,}" in text
    assert f"--connection {first.example}" in text
    assert "…" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100])
def test_it_fits_a_screen(width: int, lang: str) -> None:
    lines = printed(summary("198.51.100."), width, lang).splitlines()
    assert len(lines) <= 34
    assert all(
        cell_len(line.rstrip()) <= width
        for line in lines
        if not line.startswith(("  in Wireshark", "  在 Wireshark", "  finrst"))
    )


def test_clusters_that_have_no_room_are_counted() -> None:
    text = printed(summary("198.51.100."), 100)
    shown = text.count("198.51.100.") - 1  # once more in the display filter
    assert 2 <= shown < 8
    assert f"and {8 - shown + 3} more, with " in text


def test_what_hurt_nobody_is_one_line() -> None:
    probe = cluster(1, benign=True, count=230, verdict=Verdict("health-check", "implied", {}, RACE.evidence))
    told = replace(summary(), clustering=Clustering((cluster(0), probe), 0, 0))
    assert "harmless: 230 health-check" in printed(told, 100)
    assert "198.51.100.1:" not in printed(told, 100)


def test_damage_is_told_with_its_offset() -> None:
    text = printed(summary(damage=(DamageReport(98123, "record length 4026531840", "everything before it"),)), 100)
    assert "damaged at byte 98,123: record length 4026531840" in text


def test_a_file_name_cannot_drive_the_terminal() -> None:
    text = printed(summary(files=("\x1b]0;owned\x07.pcap",)), 100)
    assert "\x1b" not in text
    assert "\x07" not in text


def test_every_ending_has_a_meaning_and_a_colour() -> None:
    assert set(STYLE) == set(ENDINGS)
    assert all(say(f"ending-{ending}", lang) for ending in ENDINGS for lang in LANGUAGES)


@pytest.mark.parametrize(("lang", "narrow"), [("en", False), ("zh", True)])
def test_what_an_ending_is_stands_beside_it_where_there_is_room(lang: str, narrow: bool) -> None:
    meanings = [say(f"ending-{ending}", lang) for ending in ENDINGS]
    small = replace(summary(), endings=tuple(EndingCount(ending, 10_000) for ending in ENDINGS))
    assert all((meaning in printed(small, 80, lang)) == narrow for meaning in meanings)
    assert all(meaning in printed(small, 100, lang) for meaning in meanings)


TROUBLE: dict[str, object] = {
    "damage": (
        DamageReport(98123, "record of 1,510 bytes cut after 767 bytes", "everything before it: 5,267 packets"),
    ),
    "dropped": 1_234_567, "one_sided": True,
    "notes": ("checksums are offloaded", "some IP datagrams are incomplete: fragments are missing"),
}  # fmt: skip


@pytest.mark.parametrize("width", [40, 80, 100])
def test_in_chinese_lines_break_before_no_comma_and_nothing_is_left_in_english(width: int) -> None:
    told = replace(summary("198.51.100.", **TROUBLE), connections=77)
    text = printed(told, width, "zh")
    assert not any(line.lstrip()[:1] in "，。；：）" for line in text.splitlines() if line.strip())
    for english in ("packet", "damaged", "note", "connection ", "match", "Next", "story", "harmless", "What went"):
        assert english not in text.replace("--connection ", "")
    unbroken = re.sub(r"\s+", "", text)
    for said in (
        "第98,123字节处损坏：1,510字节的记录在767字节后被截断；已读取：此前的全部内容，5,267个报文",
        "注：校验和由网卡计算（offload）；部分IP数据报不完整：缺少分片；每个连接都只抓到了一个方向；"
        "抓包时丢失了1,234,567个报文",
        f"{told.total:,}个连接中符合过滤条件的77个",
    ):
        assert said in unbroken


def ends(**changes: object) -> BothEnds:
    facts: dict[str, object] = {
        "server_files": ("server.pcap",), "connections": 12, "there": 11, "ambiguous": 1,
        "clock": Clock(-1_500_000, 0, 20_000), "lost_packets": 3, "lost": tuple(range(3)), "unsent_packets": 1,
        "unsent": (7,), "corrected": tuple(range(20)),
    }  # fmt: skip
    return BothEnds(**{**facts, **changes})  # type: ignore[arg-type]


def test_what_both_ends_prove_is_told_in_both_languages() -> None:
    assert both_ends_lines(ends(), "en") == [
        "11 of 12 connections in server.pcap too; 1 fit several there, and are told from one capture",
        "the server's clock: 1.5 ms behind, ± 20 µs",
        "lost on the way, proved: 3 packets (connection 0, 1, 2)",
        "sent by neither end, proved: 1 packet (connection 7)",
        "ended otherwise than one capture alone tells: connection 0, 1, 2, 3, 4, 5, 6, 7 and 12 more",
    ]
    assert both_ends_lines(ends(), "zh") == [
        "12 个连接中有 11 个也在 server.pcap 中；1 个在那里有多个候选，只按一份抓包讲述",
        "服务器的时钟：慢 1.5 ms，± 20 µs",
        "已证实在途中丢失：3 个报文（连接 0, 1, 2）",
        "已证实两端都没有发送：1 个报文（连接 7）",
        "结局与单看一份抓包不同：连接 0, 1, 2, 3, 4, 5, 6, 7 等，另有 12 个",
    ]


def test_a_capture_without_connections_says_so() -> None:
    none = Summary(capture(), 0, 0, (), Clustering((), 0, 0))
    assert "no TCP connection" in printed(none, 100) and "没有 TCP 连接" in printed(none, 100, "zh")


def test_of_many_files_the_first_are_named_and_the_others_counted() -> None:
    text = " ".join(printed(summary(files=tuple(f"{n}.pcap" for n in range(129))), 100).split())
    assert "0.pcap, 1.pcap, 2.pcap and 126 more" in text and "3.pcap, " not in text
    assert "finrst explain 0.pcap … --connection" in text


def test_a_capture_of_one_day_has_its_date_once() -> None:
    times: dict[str, object] = {"first_ns": 1_795_303_432 * 10**9, "last_ns": 1_795_303_776 * 10**9}
    assert "2026-11-21 23:23:52 to 23:29:36 UTC" in printed(summary(**times), 100)  # type: ignore[arg-type]
    times["last_ns"] = times["first_ns"]
    assert "2026-11-21 23:23:52 UTC (0 s)" in printed(summary(**times), 100)  # type: ignore[arg-type]
