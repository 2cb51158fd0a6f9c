"""The sentences about clusters by key, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "clusters-title": ("What went wrong, most connections first", "出了什么问题（按受影响的连接数排列）"),
    "clusters-more": ("and {n} more, with {connections} connections", "另有 {n} 组，共 {connections} 个连接"),
    "clusters-harmless": ("harmless: {list}", "无害：{list}"),
    "cluster-place": (
        "{place}: {share} of {of}, {clients}, e.g. connection {example}",
        "{place}：{of} 个连接中的 {share}，{clients}，例如连接 {example}",
    ),
    "cluster-one": (
        "{place}: {share} of {of}, {clients}, connection {example}",
        "{place}：{of} 个连接中的 {share}，{clients}，连接 {example}",
    ),
    "cluster-only": ("{place}: its only connection, number {example}", "{place}：唯一的连接，编号 {example}"),
    "cluster-one-to": ("1 connection to {place}: {what}", "到 {place} 的 1 个连接：{what}"),
    "cluster-many-to": ("{n} connections to {place}: {what}", "到 {place} 的 {n} 个连接：{what}"),
    "cluster-clients": ("{n} clients", "{n} 个客户端"),
    "cluster-client": ("1 client", "1 个客户端"),
    "cluster-servers": ("{place} ({n} servers)", "{place}（{n} 台服务器）"),
    "cluster-ports": ("{place} ({n} ports)", "{place}（{n} 个端口）"),
    "cluster-silence": ("After {time} of silence.", "此前静默 {time}。"),
    "cluster-timer": ("After {time} of silence: the default of {known}.", "此前静默 {time}，即 {known} 的默认值。"),
    "cluster-burst": ("{n} of them within {time}, from {at} on.", "其中 {n} 个集中在 {at} 起的 {time} 内。"),
    "cluster-burst-all": ("All within {time}, from {at} on.", "全部集中在 {at} 起的 {time} 内。"),
    # cluster-CODE: where the sentence of one connection names a number that is not the same in all
    "cluster-closed-without-answer": (
        "{Side} ended the connection without a byte in answer to what {peer} had sent.",
        "{peer}发来数据，{side}没有回应一个字节就结束了连接。",
    ),
    "cluster-idle-timeout-reset": (
        "After a silence RSTs came to both ends: something between them lost patience.",
        "静默之后两端都收到 RST：中间的某个设备超时了。",
    ),
    "cluster-idle-connection-forgotten": (
        "After a silence the next segment was answered with RST: the connection had been forgotten.",
        "静默之后，下一个报文段换来 RST：连接已被遗忘。",
    ),
    "cluster-refused-by-icmp": ("The SYNs were answered by ICMP errors.", "SYN 得到的应答是 ICMP 差错报文。"),
    "cluster-response-cut": (
        "{Side} aborted while its own data was not acknowledged: {peer} may lack the end.",
        "{side}中止连接时，自己发送的数据尚未全部得到确认：{peer}可能没有收到结尾。",
    ),
    "cluster-retransmission-timeout": (
        "Transmissions had no answer, and the sender gave up.",
        "多次发送都没有应答，发送者放弃了。",
    ),
    "cluster-syn-in-the-middle": (
        "A SYN with other numbers came in the middle and was not accepted; what follows counts as another connection.",
        "中途来了序号不同的 SYN，未被接受；其后的报文计为另一个连接。",
    ),
}
