"""The sentences of the first screen by key, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # what the capture is
    "summary-packets": (
        "{format}, {links}: {packets}, {tcp} of them TCP",
        "{format}，{links}：{packets}，其中 TCP {tcp} 个",
    ),
    "summary-no-packets": ("no packets", "没有报文"),
    "summary-time": ("{when} UTC ({time})", "{when} UTC（历时 {time}）"),
    "summary-damaged": (
        "damaged at byte {offset}: {what}; read: {read}",
        "第 {offset} 字节处损坏：{what}；已读取：{read}",
    ),
    "summary-note": ("note: {list}", "注：{list}"),
    "summary-one-sided": ("only one direction of each connection was captured", "每个连接都只抓到了一个方向"),
    "summary-dropped": ("{packets} dropped while capturing", "抓包时丢失了 {packets}"),
    # how its connections ended
    "summary-none": ("There is no TCP connection in this capture.", "抓包里没有 TCP 连接。"),
    "summary-filtered": (
        "{n} of {total} connections, chosen by the filter",
        "{total} 个连接中符合过滤条件的 {n} 个",
    ),
    "ending-closed": ("both FINs were acknowledged", "双方 FIN 都已确认"),
    "ending-reset": ("a RST that its receiver accepted", "RST 被接收方接受"),
    "ending-refused": ("a SYN answered by RST", "SYN 被 RST 应答"),
    "ending-unanswered": ("a SYN that nobody answered", "SYN 无人应答"),
    "ending-handshake-incomplete": ("SYN and SYN-ACK, no more", "握手停在 SYN-ACK"),
    "ending-half-closed": ("one end closed, the other not yet", "只有一端关闭"),
    "ending-timed-out": ("sent three times, no answer", "发送三次均无应答"),
    "ending-open": ("in use when the capture ended", "抓包结束时仍在用"),
    "ending-unknown": ("the capture does not show it", "抓包看不出来"),
    # what to type next
    "summary-next": ("Next", "接下来"),
    "summary-story": ("its story, packet by packet", "逐个报文讲述这个连接"),
    "summary-figure": ("the same as a figure", "同样的内容画成图"),
    "summary-wireshark": ("in Wireshark: ", "在 Wireshark 中："),
    # what the capture at the server's end adds
    "both-title": ("Captured at both ends", "两端都有抓包"),
    "both-there": ("{n} of {connections} in {file} too", "{connections}中有 {n} 个也在 {file} 中"),
    "both-ambiguous": (
        "; {n} fit several there, and are told from one capture",
        "；{n} 个在那里有多个候选，只按一份抓包讲述",
    ),
    "both-clock": ("the server's clock: {way}{give}{drift}", "服务器的时钟：{way}{give}{drift}"),
    "both-clock-same": ("the same", "与客户端一致"),
    "both-clock-ahead": ("{time} ahead", "快 {time}"),
    "both-clock-behind": ("{time} behind", "慢 {time}"),
    "both-clock-give": (", ± {time}", "，± {time}"),
    "both-clock-one-way": (", by packets of one direction only", "，仅由一个方向的报文得出"),
    "both-clock-drift": (", gaining {n} ppm", "，漂移 {n} ppm"),
    "both-lost": (
        "lost on the way, proved: {packets} (connection {list})",
        "已证实在途中丢失：{packets}（连接 {list}）",
    ),
    "both-unsent": (
        "sent by neither end, proved: {packets} (connection {list})",
        "已证实两端都没有发送：{packets}（连接 {list}）",
    ),
    "both-corrected": (
        "ended otherwise than one capture alone tells: connection {list}",
        "结局与单看一份抓包不同：连接 {list}",
    ),
    "and-more": ("{list} and {n} more", "{list} 等，另有 {n} 个"),
}
