"""Strings from a capture or a file name, made safe to show."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """Make control and format characters visible, so that no capture string can drive a terminal or hide text."""
    if text.isascii() and text.isprintable():
        return text
    out = []
    for char in text:
        if char == " " or (char.isprintable() and unicodedata.category(char) not in ("Cf", "Cs", "Cc")):
            out.append(char)
        else:
            code = ord(char)
            out.append(f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}")
    return "".join(out)
