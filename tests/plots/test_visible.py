"""Strings from outside are shown, never obeyed."""

from __future__ import annotations

from finrst.plots.visible import visible


def test_control_and_format_characters_become_visible() -> None:
    assert visible("fe80::1%\x1b[31m") == "fe80::1%\\x1b[31m"
    assert visible("a\u202eb\u2066") == "a\\u202eb\\u2066"
    assert visible("\U000e0001") == "\\U000e0001"
    assert visible("中文 plain") == "中文 plain"
