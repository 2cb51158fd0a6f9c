"""The sentences of the catalogue of verdicts by key, in English and Chinese: verdicts, evidence, what would decide."""

from __future__ import annotations

VERDICTS: dict[str, tuple[str, str]] = {
    # rule-CODE: the verdict in a sentence
    "rule-aborted": (
        "{Side} aborted the connection: RST in place of FIN, by its own decision.",
        "{Side}主动中止了连接：不发 FIN，直接发 RST。",
    ),
    "rule-aborted-with-unread-data": (
        "{Side} closed without having read everything, and its kernel sent RST.",
        "{Side}关闭时还有数据未读，其内核因此发送 RST。",
    ),
    "rule-aborted-without-unread-data": (
        "{Side} threw the connection away with RST, and had left nothing unread.",
        "{Side}在没有未读数据时用 RST 丢弃了连接。",
    ),
    "rule-accept-queue-overflow": (
        "The accept queue was full: the listener answered the end of the handshake with RST.",
        "全连接队列已满：监听者用 RST 应答了握手的最后一步。",
    ),
    "rule-both-aborted": (
        "Both ends aborted the connection, and their RSTs crossed.",
        "两端同时中止连接，RST 在途中交错。",
    ),
    "rule-cannot-tell": ("This capture does not show how the connection ended.", "从这份抓包看不出连接如何结束。"),
    "rule-closed": ("Both ends sent FIN, and both FINs were acknowledged.", "两端都发送了 FIN，且都得到确认。"),
    "rule-half-closed": ("Only {side} had closed when the capture ended.", "抓包结束时只有{side}关闭了连接。"),
    "rule-handshake-abandoned": ("The handshake was never completed.", "握手没有完成。"),
    "rule-health-check": (
        "{Side} connected and reset without a byte of data, as a health check does.",
        "{Side}建立连接后不发一字节就重置，像健康检查那样。",
    ),
    "rule-idle-timeout-race": (
        "{Side} closed the idle connection while {peer}'s next request was on its way.",
        "{Side}关闭空闲连接时，{peer}的下一个请求正在途中。",
    ),
    "rule-keepalive-timeout": (
        "{Side}'s keepalive probes went unanswered, and its kernel reset the connection.",
        "{Side}的保活探测没有应答，其内核重置了连接。",
    ),
    "rule-listener-gone": (
        "The listener was closed while the connection still waited to be accepted.",
        "连接还在等待 accept 时，监听套接字被关闭。",
    ),
    "rule-refused": (
        "The SYN was answered with RST: nothing listens there, or a firewall says so.",
        "SYN 被 RST 应答：那里没有监听者，或防火墙拒绝。",
    ),
    "rule-reset-after-close": (
        "A RST came after both ends had closed: it changed nothing.",
        "两端都关闭之后才来的 RST：它什么也没改变。",
    ),
    "rule-reset-by-firewall": (
        "A RST in {side}'s name answered a segment, but {side}'s TCP did not send it.",
        "以{side}名义应答报文段的 RST 不是{side}的 TCP 发的。",
    ),
    "rule-reset-forged": (
        "The RST came in {side}'s name, but {side} did not send it.",
        "RST 以{side}的名义到来，但不是{side}发的。",
    ),
    "rule-reset-ignored": (
        "A RST in {side}'s name was not accepted: the connection went on.",
        "以{side}名义的 RST 未被接受：连接继续。",
    ),
    "rule-retransmission-timeout": (
        "{n} transmissions had no answer, and the sender gave up.",
        "{n} 次发送都没有应答，发送者放弃了。",
    ),
    "rule-still-open": ("The connection is still in use when the capture ends.", "抓包结束时连接仍在使用。"),
    "rule-unanswered": ("Nobody answered the SYN.", "没有人应答 SYN。"),
    "rule-unknown-connection": (
        "{Peer}'s segment met no connection at {side}, which answered with RST.",
        "{Peer}的报文段在{side}找不到对应的连接，得到 RST 应答。",
    ),
    "rule-write-after-peer-closed": (
        "{Side} closed first; {peer}'s write was answered with RST.",
        "{Side}先关闭；{peer}的写入被 RST 应答。",
    ),
    # evidence-KEY
    "evidence-answers-ack": ("the RST answers {side}'s segment without data", "RST 应答了{side}的一个不带数据的报文段"),
    "evidence-answers-data": (
        "the RST answers {side}'s segment of {n} sequence numbers",
        "RST 应答了{side}占 {n} 个序号的报文段",
    ),
    "evidence-answers-nothing": ("the RST answers nothing in the capture", "RST 没有应答抓包中的任何报文段"),
    "evidence-fin": ("FIN from {side}", "{side}的 FIN"),
    "evidence-kernel": ("the kernel's own reason: {reason}", "内核自己记录的原因：{reason}"),
    "evidence-no-answer": ("{n} transmissions without an answer", "{n} 次发送没有应答"),
    "evidence-no-fin": ("no FIN from {side}", "{side}没有发 FIN"),
    "evidence-not-accepted": ("its receiver did not take it: {why}", "接收方没有接受它：{why}"),
    "evidence-not-sent": (
        "{side}'s kernel was listened to, and did not send it",
        "{side}的内核被监听着，它没有发送这个 RST",
    ),
    "evidence-packets": ("all {n} packets", "全部 {n} 个报文"),
    "evidence-probes": ("{n} keepalive probes of {side}, unanswered", "{side}的 {n} 个保活探测没有应答"),
    "evidence-received-nothing": (
        "{side} had received nothing that it could have left unread",
        "{side}没有收到任何可能未读的数据",
    ),
    "evidence-rst-active": (
        "RST with its sender's own numbers: {side}'s socket decided",
        "RST 带发送者自己的序号：由{side}的套接字决定",
    ),
    "evidence-rst-reply": (
        "RST with the numbers of the segment that it answers, from {side}",
        "RST 的序号取自被应答的报文段，来自{side}",
    ),
    "evidence-rst-syn-reply": ("RST in answer to a SYN, from {side}", "应答 SYN 的 RST，来自{side}"),
    "evidence-sent-nothing": ("{side} never sent a byte", "{side}从未发送一字节数据"),
    "evidence-silence": ("{time} of silence before", "此前静默 {time}"),
    "evidence-spoke-on": ("{side} went on talking after its RST", "{side}在“自己的”RST 之后继续通信"),
    "evidence-syns": ("{n} SYNs without an answer", "{n} 个 SYN 没有应答"),
    # decides-KEY: the one observation that would tell a rival
    "decides-both-ends": ("a capture at the other end", "另一端的抓包"),
    "decides-calls": (
        "the calls of the RST's sender (strace), or its kernel's reason",
        "RST 发送方的系统调用（strace）或其内核记录的原因",
    ),
    "decides-life-after-rst": (
        "whether the end in whose name it came goes on talking",
        "RST 名义上的发送者之后是否继续通信",
    ),
    "decides-listen-overflows": (
        "the listener's counters (nstat TcpExtListenOverflows)",
        "监听者的计数器（nstat TcpExtListenOverflows）",
    ),
    "decides-other-connections": ("whether other connections to the port succeed", "到该端口的其他连接是否成功"),
}
