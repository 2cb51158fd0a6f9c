"""Colour tokens to colours: light, dark and print, measured for colour-blind readers (tests/plots/test_theme.py)."""

from __future__ import annotations

LIGHT: dict[str, str] = {
    "bg": "#FFFFFF",
    "panel": "#F6F8FA",
    "ink": "#1B1F24",
    "muted": "#57606A",
    "faint": "#D0D7DE",
    "chip": "#FFFFFF",  # text on a chip
    "syn": "#0069AB",
    "ack": "#5E6872",
    "data": "#00774E",
    "fin": "#8A5A00",
    "rst": "#B80F2E",
    "again": "#8100D6",  # sent again
    "icmp": "#8100D6",  # where this is, nothing is in that colour
    "tint-closed": "#EEF0F2",
    "tint-listen": "#E3E8EE",
    "tint-syn": "#D6EAF6",
    "tint-est": "#D5EFE5",
    "tint-fin": "#F8E9C8",
    "tint-wait": "#FBF3DF",
    "tint-unknown": "#F6F8FA",
    "warn": "#FDECEF",
    "ok": "#E8F6F0",
    "end-closed": "#4FBB8E",
    "end-reset-client": "#B80F2E",
    "end-reset-server": "#9F4DD5",
    "end-reset-both": "#6B06ED",
    "end-reset-path": "#EC612D",
    "end-refused": "#4A3A07",
    "end-silent": "#1B1F24",
    "end-open": "#2E6097",
    "end-half-closed": "#66185D",
    "end-handshake": "#9C3D60",
    "end-unknown": "#9191AD",
}

DARK: dict[str, str] = {
    "bg": "#0F1318",
    "panel": "#171C23",
    "ink": "#E8ECF1",
    "muted": "#A3ADB8",
    "faint": "#3A434D",
    "chip": "#0F1318",
    "syn": "#5DB7EC",
    "ack": "#9AA5B1",
    "data": "#3FCB9C",
    "fin": "#E5B04B",
    "rst": "#FF7A8C",
    "again": "#CE7DFF",
    "icmp": "#CE7DFF",
    "tint-closed": "#20262D",
    "tint-listen": "#242C35",
    "tint-syn": "#12354A",
    "tint-est": "#123B2F",
    "tint-fin": "#43340F",
    "tint-wait": "#332B15",
    "tint-unknown": "#171C23",
    "warn": "#35151C",
    "ok": "#12352A",
    "end-closed": "#3B6A5E",
    "end-reset-client": "#FF5C77",
    "end-reset-server": "#8F5FCB",
    "end-reset-both": "#724FF9",
    "end-reset-path": "#EE9F44",
    "end-refused": "#E8D59A",
    "end-silent": "#E8ECF1",
    "end-open": "#4AB3DC",
    "end-half-closed": "#995598",
    "end-handshake": "#9D5320",
    "end-unknown": "#99BCA5",
}


def _paler(palette: dict[str, str], share: float) -> dict[str, str]:
    """Every ending's colour mixed with the ground, for areas that shall recede: "end-closed-pale"."""

    def mixed(colour: str) -> str:
        parts = [(int(colour[at : at + 2], 16), int(palette["bg"][at : at + 2], 16)) for at in (1, 3, 5)]
        return "#" + "".join(f"{round(own * share + ground * (1 - share)):02X}" for own, ground in parts)

    return {f"{name}-pale": mixed(colour) for name, colour in palette.items() if name.startswith("end-")}


LIGHT |= _paler(LIGHT, 0.5)
DARK |= _paler(DARK, 0.75)

PRINT: dict[str, str] = {**LIGHT, "panel": "#FFFFFF", "tint-unknown": "#FFFFFF", "faint": "#B4BDC6"}

THEMES: dict[str, dict[str, str]] = {"light": LIGHT, "dark": DARK, "print": PRINT}

TINT: dict[str, str] = {  # state -> its ribbon's token
    "CLOSED": "tint-closed",
    "LISTEN": "tint-listen",
    "SYN_SENT": "tint-syn",
    "SYN_RCVD": "tint-syn",
    "ESTABLISHED": "tint-est",
    "FIN_WAIT_1": "tint-fin",
    "FIN_WAIT_2": "tint-fin",
    "CLOSE_WAIT": "tint-fin",
    "CLOSING": "tint-fin",
    "LAST_ACK": "tint-fin",
    "TIME_WAIT": "tint-wait",
    "UNKNOWN": "tint-unknown",
}

EDGE: dict[str, str] = {  # the ribbon's solid edge
    "tint-closed": "ack",
    "tint-listen": "ack",
    "tint-syn": "syn",
    "tint-est": "data",
    "tint-fin": "fin",
    "tint-wait": "fin",
    "tint-unknown": "faint",
}

ENDING: dict[str, tuple[str, str]] = {  # ending, with who reset it -> token and shape: never colour alone
    "closed": ("end-closed", "●"),
    "reset-client": ("end-reset-client", "◀"),
    "reset-server": ("end-reset-server", "▶"),
    "reset-both": ("end-reset-both", "⋈"),
    "reset-path": ("end-reset-path", "◇"),
    "reset-unknown": ("end-reset-path", "◇"),
    "refused": ("end-refused", "□"),
    "timed-out": ("end-silent", "✕"),
    "unanswered": ("end-silent", "△"),
    "open": ("end-open", "＞"),
    "half-closed": ("end-half-closed", "◐"),
    "handshake-incomplete": ("end-handshake", "◔"),
    "unknown": ("end-unknown", "·"),
}


def colours(theme: str) -> dict[str, str]:
    """The palette by name."""
    try:
        return THEMES[theme]
    except KeyError:
        raise ValueError(f"no theme {theme!r}: choose from {', '.join(THEMES)}") from None
