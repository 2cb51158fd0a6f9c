"""The listing."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "listing-about": (
        "Each line stands beside its arrow, letter for letter as tcpdump prints it from IP to length.",
        "每一行与它的箭头并排，从 IP 到 length 和 tcpdump 的输出逐字相同。",
    ),
    "listing-head": ("what tcpdump prints", "tcpdump 的输出"),
    "listing-letter": ("{letter} = {name}, {text}", "{letter} = {name}，{text}"),
    "listing-relative": (
        "From here on tcpdump counts from the two SYNs: ack {n} stands for {symbol}+{n} (-S prints numbers whole).",
        "从这里起 tcpdump 从两个 SYN 开始计数：ack {n} 就是 {symbol}+{n}（-S 显示原始序号）。",
    ),
    "listing-relative-cut": (
        "From here on tcpdump counts from the first packet that it saw (-S prints numbers whole).",
        "从这里起 tcpdump 从看到的第一个报文开始计数（-S 显示原始序号）。",
    ),
    "listing-absolute": (
        "Without ACK tcpdump prints the number whole: it is {symbol}+{n}.",
        "没有 ACK 时 tcpdump 显示原始序号：就是 {symbol}+{n}。",
    ),
    "listing-window": ("win is not scaled: {raw} × {n} = {whole} bytes.", "win 没有缩放：{raw} × {n} = {whole} 字节。"),
    "listing-again": ("sent again: first in frame {n}", "重传：首次在第 {n} 帧"),
    "listing-again-only": ("sent again; the first is not in this file", "重传；首次不在这个文件里"),
    "listing-copies": ("captured {n} times, printed once here", "抓到 {n} 次，这里只列一次"),
    "listing-fold": (
        "{title}; to the server {to_server}; to the client {to_client}",
        "{title}；发往服务器 {to_server}；发往客户端 {to_client}",
    ),
}
