"""Claims about the placed header: every bit once, nothing on top of anything."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots.audit import audit
from finrst.plots.backends import render
from finrst.plots.figures import figures
from finrst.plots.figures.header import Header
from finrst.plots.figures.header import scene as header_scene
from finrst.plots.metrics import arial, wider
from finrst.plots.placed import Display, Rect, Text

from ... import headers
from ...conversations import capture

SAMPLES = ("write-twice", "refused", "close-client-first", "urgent-byte")


def words(display: Display) -> list[str]:
    return [shape.text for shape in display.shapes if isinstance(shape, Text)]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_overlaps(name: str, lang: str, sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample(name)).connection(0)
    for frame in {segment.frame for segment in told.story.segments[:1]} | {None}:
        asked = {} if frame is None else {"frame": frame}
        scene = Header.compose(told.story, told.capture, lang=lang, **asked)
        for width in (900, 1200):
            assert audit(Header.place(scene, width, wider)) == []
        assert audit(Header.place(scene, 900, arial)) == []


def test_nothing_overlaps_whatever_the_bytes() -> None:
    rng = random.Random(6)
    for _ in range(20):
        whole = headers.header(rng.getrandbits(9), headers.hostile_options(rng), size=rng.choice((None, None, 0, 15)))
        cut = whole[: rng.randrange(1, len(whole) + 1)]
        scene = header_scene.compose(headers.connection(headers.packet(cut)), capture(), rng.choice(("en", "zh")))
        assert audit(Header.place(scene, 900, wider)) == []
        assert Header.grid(scene, 80).text()


def test_a_header_cut_anywhere_is_drawn_as_far_as_it_goes() -> None:
    whole = headers.header("S", bytes.fromhex("020405b40402080a00000001000000020103030a"))
    for cut in range(1, len(whole) + 1):
        scene = header_scene.compose(headers.connection(headers.packet(whole[:cut])), capture())
        display = Header.place(scene, 900, wider)
        assert audit(display) == []
        assert ("not captured" in words(display)) == (cut < len(whole))


def test_the_thirteenth_byte_is_marked_and_the_set_flags_are_filled(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice")).connection(0)
    display = Header.place(Header.compose(told.story, told.capture), 900, wider)
    filled = [shape for shape in display.shapes if isinstance(shape, Rect) and shape.fill == "rst"]
    assert len(filled) == 3  # the bit in its row, the byte, the flag among the nine
    assert "byte 13 = 0x04: the flags. tcpdump finds such packets by" in words(display)


def test_it_is_a_figure_of_a_connection_in_every_form(sample: Callable[[str], Path]) -> None:
    figure = figures()["header"]
    assert (figure.of, figure.options, figure.in_characters()) == ("connection", ("frame",), True)
    scene = finrst.read(sample("write-twice")).connection(0).scene(figure="header", frame=1)
    assert b"The SYN, bit by bit" in render(scene, "svg")
    assert render(scene, "txt").decode().startswith("The SYN, bit by bit")
    assert b'"mark": "headerscene"' in render(scene, "json")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_beside_a_row_is_a_character_or_two(lang: str) -> None:
    """Of every frame of every recording: a sentence that breaks does not leave a scrap alone in its last line."""
    checked: set[str] = set()
    for path in sorted(Path(__file__).parents[4].glob("samples/*/packets.pcapng")):
        told = finrst.read(path.parent).connection(0)
        for segment in told.story.segments:
            scene = Header.compose(told.story, told.capture, lang=lang, frame=segment.frame)
            new = [row.says for row in scene.rows if row.says and row.says not in checked]
            if not new:
                continue
            lines = [shape for shape in Header.place(scene, 900, wider).shapes if isinstance(shape, Text)]
            for says in new:
                at = next(n for n, line in enumerate(lines) if line.size == 11.5 and says.startswith(line.text))
                told_lines = [lines[at].text]
                while len("".join(told_lines).replace(" ", "")) < len(says.replace(" ", "")):
                    at += 1
                    told_lines.append(lines[at].text)
                last = told_lines[-1]
                assert len(told_lines) == 1 or wider(last, 11.5) >= 3 * 11.5, (
                    path.parent.name,
                    segment.frame,
                    told_lines,
                )
                checked.add(says)
    assert len(checked) > 100
