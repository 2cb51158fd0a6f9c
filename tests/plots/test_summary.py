"""The first screen fits, cuts nothing that one could type, and lets no capture string through raw."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from finrst.analyze.story import (
    Burst,
    Capture,
    Cluster,
    Clustering,
    DamageReport,
    EndingCount,
    Evidence,
    Summary,
    Timer,
    Verdict,
)
from finrst.plots.summary import MEANING, STYLE, print_summary

ENDINGS = tuple(MEANING)


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


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_number_address_or_ending_is_cut(width: int) -> None:
    told = summary()
    text = printed(told, width)
    for ending in told.endings:
        assert ending.ending in text
        assert f"{ending.count:,}" in text
    first = told.clustering.clusters[0]
    assert first.place in text and f"{first.count:,}" in text
    assert f"--connection {first.example}" in text
    assert "…" not in text


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 100])
def test_it_fits_a_screen(width: int, lang: str) -> None:
    lines = printed(summary("198.51.100."), width, lang).splitlines()
    assert len(lines) <= 34
    assert all(
        cell_len(line.rstrip()) <= width for line in lines if not line.startswith(("  in Wireshark", "  finrst"))
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
    from finrst.analyze.vocabulary import ENDINGS as KNOWN

    assert set(MEANING) == set(STYLE) == set(KNOWN)


def test_a_capture_without_connections_says_so() -> None:
    assert "no TCP connection" in printed(Summary(capture(), 0, 0, (), Clustering((), 0, 0)), 100)
