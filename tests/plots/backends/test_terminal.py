"""The terminal: colours where wanted, the same text without, and no escape that the capture brought along."""

from __future__ import annotations

import re

import pytest

from finrst.plots.backends import render
from finrst.plots.figures.ladder.compose import compose

from ..conversations import ALL, capture, hostile_names, write_after_close

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [80, 100])
def test_without_its_colours_it_is_the_plain_text(name: str, lang: str, columns: int) -> None:
    scene = compose(ALL[name](), capture(), lang)
    coloured = render(scene, "ansi", columns=columns).decode()
    bare = "\n".join(line.rstrip() for line in ESCAPE.sub("", coloured).splitlines())
    assert bare.rstrip("\n") == render(scene, "txt", columns=columns).decode().rstrip("\n")


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = compose(write_after_close(), capture())
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert re.search(r"\x1b\[[0-9;]*(38|48);2;", render(scene, "ansi").decode())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*(38|48);", render(scene, "ansi").decode())


def test_a_capture_cannot_drive_the_terminal() -> None:
    scene = compose(hostile_names(), capture("\x1b]0;owned\x07.pcap"))
    rest = ESCAPE.sub("", render(scene, "ansi").decode())
    assert "\x1b" not in rest and "\x07" not in rest and "\u202e" not in rest
    assert "\\x1b" in rest


def test_markup_in_a_name_is_text() -> None:
    scene = compose(write_after_close(), capture("[bold red]x[on blue].pcap"))
    assert "[boldred]x[onblue].pcap" in "".join(ESCAPE.sub("", render(scene, "ansi").decode()).split())
