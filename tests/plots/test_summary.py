"""The first screen fits, cuts nothing that one could type, and lets no capture string through raw."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from finrst.analyze.story import Capture, DamageReport, EndingCount, Endpoint, Group, Summary
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


def summary(network: str = "2001:db8:ffff:ffff:ffff:ffff:ffff:", **changes: object) -> Summary:
    groups = tuple(
        Group(
            Endpoint(f"{network}{i}", 65535),
            "handshake-incomplete",
            "client",
            1_000_000 - i,
            2_000_000,
            4_000_000 + i,
            0,
            1,
        )
        for i in range(8)
    )
    endings = tuple(EndingCount(ending, 10**7 // (i + 1) ** 6 + 1) for i, ending in enumerate(ENDINGS))
    total = sum(e.count for e in endings)
    return Summary(capture(**changes), total, total, endings, groups, 3)


def printed(told: Summary, width: int) -> str:
    stream = io.StringIO()
    print_summary(told, Console(file=stream, width=width, highlight=False, markup=False))
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_number_address_or_ending_is_cut(width: int) -> None:
    told = summary()
    text = printed(told, width)
    for ending in told.endings:
        assert ending.ending in text
        assert f"{ending.count:,}" in text
    for group in told.groups:
        # The longest IPv6 addresses go on in the next line where there is no room; all of them is there.
        assert width < 120 or str(group.server) in text
        assert str(group.example) in text
    assert "…" not in text


@pytest.mark.parametrize("width", [80, 100])
def test_it_fits_a_screen(width: int) -> None:
    lines = printed(summary("198.51.100."), width).splitlines()
    assert len(lines) <= 34
    assert all(len(line.rstrip()) <= width for line in lines if not line.startswith("  "))


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
    assert "no TCP connection" in printed(Summary(capture(), 0, 0, (), (), 0), 100)
