"""Claims about the placed listing: each line beside its arrow, letter for letter, nothing on top of anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots import tcpdump
from finrst.plots.audit import audit
from finrst.plots.backends import render
from finrst.plots.figures import figures
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.folding import MOST_ARROWS
from finrst.plots.figures.listing import Listing
from finrst.plots.figures.listing.scene import Printed
from finrst.plots.metrics import wider
from finrst.plots.placed import Circle, Hit, Text


@pytest.mark.parametrize("name", ["write-twice", "retransmissions", "firewall-resets", "ignored-rst", "zero-window"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_overlaps(name: str, lang: str, sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample(name)).connection(0)
    scene = Listing.compose(told.story, told.capture, lang=lang)
    for width in (900, 1200):
        assert audit(Listing.place(scene, width, wider)) == []


def test_each_line_stands_beside_its_arrow(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice")).connection(0)
    display = Listing.place(Listing.compose(told.story, told.capture), 1200, wider)
    dots = [shape.y for shape in display.shapes if isinstance(shape, Circle)]
    lines = [s.y for s in display.shapes if isinstance(s, Text) and re.match(r"00:00:00\.\d{6} IP ", s.text)]
    assert len(dots) == len(lines) == 9
    assert all(abs(dot - line) < 12 for dot, line in zip(dots, lines, strict=True))


def test_the_lines_are_whole_however_they_are_folded(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice")).connection(0)
    lines = tcpdump.lines(told.story)
    for width in (900, 1200):
        display = Listing.place(Listing.compose(told.story, told.capture), width, wider)
        texts = [s for s in display.shapes if isinstance(s, Text) and s.family == "mono" and s.x > display.width * 0.2]
        shown = re.sub(r"[\s$]", "", "".join(text.text for text in texts))
        assert all(re.sub(r"\s", "", line) in shown for line in lines.values())
        assert {s.frame for s in display.shapes if isinstance(s, Hit)} == set(lines)


def test_a_long_connection_is_folded_as_in_the_ladder(shared_captures: Path) -> None:
    told = finrst.read(shared_captures / "zeek__pppoe-over-qinq.pcap").connection(0)
    listing, ladder = Listing.compose(told.story, told.capture), compose(told.story, told.capture)
    printed = [item.arrow.frame for item in listing.items if isinstance(item, Printed)]
    assert printed == [arrow.frame for arrow in ladder.arrows] and len(printed) <= MOST_ARROWS
    assert audit(Listing.place(listing, 900, wider)) == []


def test_it_is_a_figure_of_a_connection_in_every_form(sample: Callable[[str], Path]) -> None:
    figure = figures()["listing"]
    assert (figure.of, figure.in_characters()) == ("connection", True)
    scene = finrst.read(sample("write-twice")).connection(0).scene(figure="listing")
    assert b"Flags [S], seq 3718571628, win 64240" in render(scene, "json")
    assert render(scene, "txt").decode().startswith(scene.title)
