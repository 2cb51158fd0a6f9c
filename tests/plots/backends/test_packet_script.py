"""Packet scripts as an output: what is written is read back, and the recording that it makes says the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import finrst
from finrst.analyze.story import Segment, Side
from finrst.capture import packet_script
from finrst.plots.backends import render
from finrst.plots.backends.packet_script import as_seen, vantage
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.scene import Call, Scene
from finrst.plots.tcpdump import letters

from ..conversations import ALL, capture, hostile_names, long_connection, write_after_close

ROOT = Path(__file__).parents[3]
SAMPLES = (  # one of each kind: calls of both ends, urgent data, SACK, bad checksum, a forged RST, a dead process, Java
    "write-twice", "urgent-byte", "zero-window", "ignored-rst", "forged-rst", "sigpipe", "lost-data", "accurate-ecn",
)  # fmt: skip


def bare(text: str) -> list[str]:
    """The script without its comments."""
    lines = (line.split("//")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def headers(segment: Segment) -> tuple[Any, ...]:
    """Everything of a packet that a script keeps."""
    tcp = segment.header
    return (
        segment.side, letters(segment.flags), segment.seq, segment.ack, segment.payload, segment.ttl, segment.ip_id,
        segment.flow_label, segment.checksum == "bad", tcp[12:16], tcp[18:],
    )  # fmt: skip


def unstamped(text: str) -> list[str]:
    """The script without its comments and times: it counts from its own end's first packet."""
    return [re.sub(r"^-?[\d.]+(\.\.\.-?[\d.]+)?", "", line) for line in bare(text)]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("side", ["client", "server"])
def test_a_recording_made_of_a_sample_s_script_has_the_same_packets_and_calls(
    name: str, side: Side, tmp_path: Path
) -> None:
    """Of two captures, those that this end has, by its own times."""
    first = finrst.read(ROOT / "samples" / name).connection(0)
    text = render(first.scene(), "pkt", side=side).decode()
    packet_script.parse(text).write(tmp_path / name)
    again = finrst.read(tmp_path / name).connection(0)

    had = sorted((s for s in first.story.segments if s.seen in (None, "both", side)), key=lambda s: s.at(side))
    moved = had[0].at(side) - again.story.segments[0].ts_ns
    assert [headers(s) for s in had] == [headers(s) for s in again.story.segments]
    assert all(
        abs(one.at(side) - other.ts_ns - moved) <= 1000 for one, other in zip(had, again.story.segments, strict=True)
    )
    assert unstamped(render(again.scene(), "pkt", side=side).decode()) == unstamped(text)


@pytest.mark.parametrize("name", [name for name in ALL if name != "hostile_names"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_packet_that_is_drawn_is_in_the_script(name: str, lang: str) -> None:
    scene = compose(ALL[name](), capture(), lang)
    packets = packet_script.parse(render(scene, "pkt").decode()).packets
    assert [(p.flags, p.seq, p.ack, p.length) for p in packets] == [
        (
            sum(packet_script.LETTERS[letter] for letter in a.flags.strip("[]")),
            a.header.seq,
            a.header.ack,
            a.header.length,
        )
        for a in scene.arrows
        if a.header is not None
    ]
    assert len(packets) == scene.totals.drawn


def test_folded_packets_are_a_comment_with_their_number() -> None:
    scene = compose(long_connection(), capture())
    text = " ".join(line.removeprefix("// ") for line in render(scene, "pkt").decode().splitlines())
    assert "Left out here: 2,991 packets in" in text
    assert f"{scene.totals.packets:,} packets = {scene.totals.drawn} drawn + 2,991 folded" in text


def test_it_is_told_from_the_end_whose_call_failed() -> None:
    scene = compose(write_after_close(), capture())
    assert vantage(scene) == ("server", "script-seen-reset")  # no calls are known: who was sent the RST
    wrote = Call(t_ns=0, side="client", text="write(3, 1 bytes)", result="= 1")
    failed = Call(t_ns=1, side="client", text="read(3, 1)", kind="err", result="= -1 ECONNRESET")

    def with_calls(*calls: Call) -> Scene:
        return Scene(**{**{n: getattr(scene, n) for n in scene.__dataclass_fields__}, "items": (*calls, *scene.items)})

    assert vantage(with_calls(wrote)) == ("client", "script-seen-calls")
    told = with_calls(wrote, failed)
    assert vantage(told) == ("client", "script-seen-error")
    text = render(told, "pkt").decode()
    assert "// Seen from the client, whose call failed: < arrives there, > leaves it." in text
    assert "\nlocal  10.9.0.1:" in text
    assert re.search(r"^0\.000000 write\(3, \.\.\., 1\) = 1$", text, re.MULTILINE)
    assert "read(3, ..., 1) = -1 ECONNRESET (Connection reset by peer)" in text
    other = render(told, "pkt", side="server").decode()
    assert "// Seen from the server: < arrives there, > leaves it." in other
    assert "remote read(3, ..., 1) = -1 ECONNRESET" in other


def test_an_end_s_own_words_cannot_become_lines() -> None:
    scene = compose(hostile_names(), capture("x\n0 < R 0:0(0)\u2028y.pcap"))
    text = render(scene, "pkt").decode()
    assert all(line.startswith(("//", "local", "remote")) or re.match(r" *-?\d", line) for line in text.splitlines())
    assert len([line for line in text.splitlines() if re.match(r" *-?\d", line)]) == len(scene.arrows)
    assert all(char == "\n" or char.isprintable() for char in text)
    call = Call(t_ns=0, side="client", text="write(3) = 1 // (", result="= 1")
    plain = compose(write_after_close(), capture())
    told = Scene(**{**{n: getattr(plain, n) for n in plain.__dataclass_fields__}, "items": (call, *plain.items)})
    assert packet_script.parse(render(told, "pkt").decode()).facts == ()


def test_an_inferred_arrival_is_no_time_of_a_packet() -> None:
    told = finrst.read(ROOT / "samples" / "lost-data-reordered" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(told, Scene)
    assert any(arrow.arrival_inferred for arrow in told.arrows)
    assert as_seen(told, "server") is told
