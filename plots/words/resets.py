"""The RSTs of a capture."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "resets-title": ("{n} RSTs in {connections}: {most}", "{connections}中有 {n} 个 RST：{most}"),
    "resets-title-one": ("1 RST: {most}", "1 个 RST：{most}"),
    "resets-title-none": ("No RST in this capture", "抓包里没有 RST"),
    "resets-most": ("most often {kind} ({share})", "最多的是{kind}（{share}）"),
    "resets-most-of-few": ("{n} of them {kind}", "其中 {n} 个为{kind}"),
    "resets-even": ("of {n} kinds, none the most frequent", "共 {n} 种，没有哪种最多"),
    "resets-latency-without": ("; {n} answer what is not known", "；另有 {n} 个不知应答了什么"),
    "resets-all": ("all {kind}", "全部为{kind}"),
    "resets-says": ("A RST counts for the end whose address it carries.", "RST 按其源地址计入该端。"),
    "reset-active-client": ("sent by the client on its own", "客户端主动发送"),
    "reset-active-server": ("sent by the server on its own", "服务器主动发送"),
    "reset-reply-client": ("the client's answer to a segment", "客户端对报文段的应答"),
    "reset-reply-server": ("the server's answer to a segment", "服务器对报文段的应答"),
    "reset-syn-reply-client": ("the client's answer to a SYN", "客户端对 SYN 的应答"),
    "reset-syn-reply-server": ("the server's answer to a SYN", "服务器对 SYN 的应答"),
    "resets-kinds": ("of which kind", "种类"),
    "resets-bars": (
        "full: accepted by its receiver; hollow: ignored; grey: cannot be known",
        "实心：被接收方接受；空心：未被接受；灰色：无法得知",
    ),
    "resets-accepted": ("{n} accepted", "接受 {n}"),
    "resets-ignored": ("{n} ignored", "未接受 {n}"),
    "resets-unclear": ("{n} cannot be known", "无法得知 {n}"),
    "comma": (", ", "，"),
    "semicolon": ("; ", "；"),
    "resets-when": ("when", "时间"),
    "resets-over-time": ("one column per {time}, each row on its own scale", "每列 {time}，各行比例不同"),
    "resets-by-client": ("from the client: {n}", "来自客户端：{n}"),
    "resets-by-server": ("from the server: {n}", "来自服务器：{n}"),
    "resets-soon": ("how soon after what it answers", "应答有多快"),
    "resets-latency": (
        "from the answered segment to the RST, as captured; logarithmic",
        "在抓包处测得，从所应答的报文段到 RST；对数刻度",
    ),
    "resets-median": ("{side}: {n}, median {time}", "{side}：{n}，中位数 {time}"),
    "resets-no-answers": ("No RST answers a segment in this capture.", "抓包里没有应答报文段的 RST。"),
}
