"""What is to be typed can be typed, whatever files are called."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from finrst.plots.typed import command

from ..analyze.tables import capture


@pytest.mark.parametrize("name", ["a.pcap", "a b.pcap", "a'b.pcap", "$(reboot).pcap", "抓包.pcap", "-"])
def test_a_name_is_one_word_of_the_shell(name: str) -> None:
    told = replace(capture(name, "more.pcap"), server_files=(name,))
    assert shlex.split(command(told, "draw", 7)) == [
        "finrst", "draw", name, "more.pcap", "--server", name, "--connection", "7",
    ]  # fmt: skip


def test_no_name_drives_the_terminal() -> None:
    assert "\x1b" not in command(replace(capture("\x1b]0;owned\x07"), server_files=("\x1b[2J",)))


def test_of_many_files_the_first_is_named() -> None:
    assert command(capture("a", "b", "c"), most=2) == "finrst explain a …"
    assert command(capture("a", "b"), most=2) == "finrst explain a b"
