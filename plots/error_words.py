"""The sentences about a log line and the connections behind it by key, in English and Chinese."""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "error-title": ('"{text}" ({family}): {means}', "“{text}”（{family}）：{means}"),
    "error-means": ("{calls} returned {results}", "{calls} 返回了 {results}"),
    "error-means-itself": (
        "the program itself had closed the connection, or lost patience",
        "程序自己关闭了连接，或等待超时",
    ),
    "error-found": ("An application can have seen it in {n} of {of}", "{of}中有 {n} 个可能让应用看到它"),
    "error-weak": (
        "; in {n} more only if its FIN was a shutdown and not a close",
        "；另有 {n} 个仅当其 FIN 来自 shutdown 而非 close",
    ),
    "error-nearest-first": (", those nearest to {at} first", "，离 {at} 最近的在前"),
    "error-too-late": (
        "{n} more came to it only later than {at}: compare the clocks.",
        "另有 {n} 个在 {at} 之后才发生：请核对时钟。",
    ),
    "error-more": ("and {n} more", "另有 {n} 个"),
    "error-head": ("{client} to {server}", "{client} 到 {server}"),
    "error-before": ("{time} before", "早 {time}"),
    "error-after": ("{time} after", "晚 {time}"),
    "error-next": ("{Side}: {calls} returns {value}.", "{side}：{calls} 返回 {value}。"),
    "error-after-call": (
        "{Side}: {calls} returns {value} once {before} has failed.",
        "{side}：{before} 失败之后，{calls} 返回 {value}。",
    ),
    "error-may-be": (
        "{Side}: {calls} may return {value}; packets do not tell.",
        "{side}：{calls} 可能返回 {value}；报文看不出来。",
    ),
    "error-may-be-after": (
        "{Side}: {calls} may return {value} once {before} has failed; packets do not tell.",
        "{side}：{before} 失败之后，{calls} 可能返回 {value}；报文看不出来。",
    ),
    "error-if-shutdown": (
        "{Side}: {calls} returns {value}, only if its FIN was a shutdown and not a close.",
        "{side}：仅当它的 FIN 来自 shutdown 而非 close 时，{calls} 返回 {value}。",
    ),
    "error-itself": ("{Side} had closed it itself.", "{side}自己关闭了它。"),
    "error-none": (
        "No application can have seen it; looked at: {of}.",
        "没有应用能看到它；查看了{of}。",
    ),
    "error-come-nearest": ("These come nearest:", "最接近的是："),
    "error-calls": ("{Side}: {calls}.", "{side}：{calls}。"),
    "error-no-call": ("{Side}: no next call, {why}.", "{side}：没有下一次调用。"),
    "error-system": (
        "Calls are told as {system} answers them (--os).",
        "调用结果按 {system} 说明（--os）。",
    ),
    # error-why-RESULT: what it takes
    "error-why-ECONNRESET": (
        "ECONNRESET takes a RST that comes to an open socket before the other end's FIN.",
        "ECONNRESET 需要在对端 FIN 之前有 RST 到达仍打开的套接字。",
    ),
    "error-why-EPIPE": (
        "EPIPE takes a write after a RST that came behind the other end's FIN, or after a call that reported the RST.",
        "EPIPE 需要在对端 FIN 之后的 RST 到达后写入，或在已有调用报告 RST 之后再写。",
    ),
    "error-why-EOF": ("EOF takes the other end's FIN.", "EOF 需要对端的 FIN。"),
    "error-why-ECONNREFUSED": ("ECONNREFUSED takes a SYN that is answered by RST.", "ECONNREFUSED 需要 SYN 被 RST 应答。"),
    "error-why-ETIMEDOUT": (
        "ETIMEDOUT takes transmissions without an answer, until the kernel gives up.",
        "ETIMEDOUT 需要多次发送没有应答，直到内核放弃。",
    ),
    "error-why-ECONNABORTED": (
        "ECONNABORTED takes a connection that its own system takes away; on Windows also a timer that gave up.",
        "ECONNABORTED 需要本机系统中止连接；在 Windows 上也可能是超时。",
    ),
    "error-why-EHOSTUNREACH": ("EHOSTUNREACH takes an ICMP error in answer to the SYN.", "EHOSTUNREACH 需要 SYN 得到 ICMP 错误。"),
    "error-why-ENETUNREACH": ("ENETUNREACH takes an ICMP error in answer to the SYN.", "ENETUNREACH 需要 SYN 得到 ICMP 错误。"),
    "error-why-blocks": ("It takes a SYN without an answer.", "需要 SYN 没有应答。"),
    "error-why-closed-itself": ("It takes a connection that this end closed first.", "需要这一端先关闭连接。"),
}  # fmt: skip
