"""Silences before the end."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "gaps-title": ("{n} connections ended after {time} of silence", "{n} 个连接在静默 {time} 后结束"),
    "gaps-title-none": ("No timer stands out among the silences before the end", "结束前的静默中看不出定时器"),
    "gaps-title-empty": ("No connection ended with FIN or RST", "没有以 FIN 或 RST 结束的连接"),
    "gaps-says": (
        "Silence of both ends before the first FIN or RST, or before a goodbye just ahead of it (such as TLS "
        "close_notify): {n}.",
        "第一个 FIN 或 RST 之前双方的静默；其前若刚说过告别（如 TLS close_notify），则为告别之前的静默：{n}。",
    ),
    "gaps-without": (
        "{n} without FIN or RST, or with nothing before it, are not here.",
        "另有 {n} 个没有 FIN 和 RST，或此前没有报文，未计入。",
    ),
    "gaps-peak": ("{time}: {n}", "{time}：{n}"),
    "gaps-peaks": ("lengths that many share", "许多连接共有的时长"),
    "gaps-mostly": ("{n}, mostly {ending}", "{n}，主要是{ending}"),
    "gaps-only": ("{n}, all {ending}", "{n}，全部是{ending}"),
    "gaps-scale": (
        "Each row has its own scale; lengths are logarithmic.",
        "各行比例不同；时长为对数刻度。",
    ),
    "shorter": ("< {time}", "< {time}"),
    "longer": ("≥ {time}", "≥ {time}"),
}
