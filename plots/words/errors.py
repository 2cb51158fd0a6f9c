"""The sentences about a log line and the connections behind it by key, in English and Chinese."""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "error-title": ('"{text}" ({family}): {means}', "“{text}”（{family}）：{means}"),
    "error-means": ("{calls} returned {results}", "{calls} 返回了 {results}"),
    "error-means-itself": (
        "the program itself had closed the connection, or lost patience",
        "程序自己关闭了连接，或等待超时",
    ),
    "error-found": ("An application can have seen it in {n} of {of}", "{of}中有 {n} 个，其应用可能看到它"),
    "error-weak": (
        "; in {n} more only if its FIN was a shutdown and not a close",
        "；另有 {n} 个，仅当其 FIN 来自 shutdown 而非 close",
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
        "没有应用能看到它（共查看 {of}）。",
    ),
    "error-come-nearest": ("These come nearest:", "最接近的是："),
    "error-calls": ("{Side}: {calls}.", "{side}：{calls}。"),
    "error-no-call": ("{Side}: no next call, {why}.", "{side}：没有下一次调用，{why}。"),
    "error-system": (
        "Calls are told as {system} answers them (--os).",
        "调用结果按 {system} 说明（--os）。",
    ),
    "comma-of-names": (", ", "、"),
    "one-of": ("{names} or {last}", "{names} 或 {last}"),
    # no-call-WHY: why an application makes no next call (analyze/outcomes/worlds.py)
    "no-call-its application has closed the socket": ("its application has closed the socket", "其应用已关闭套接字"),
    "no-call-its application has closed the socket, unless that was taken from it (ss -K) or disconnected (AF_UNSPEC)": (
        "its application has closed the socket, unless that was taken from it (ss -K) or disconnected (AF_UNSPEC)",
        "其应用已关闭套接字，除非套接字是被强行销毁（ss -K）或断开（AF_UNSPEC）的",
    ),
    "no-call-its kernel has no such connection, so no application has": (
        "its kernel has no such connection, so no application has",
        "其内核没有这个连接，因此也没有应用持有它",
    ),
    "no-call-nobody listened there, or something on the path refused in its name": (
        "nobody listened there, or something on the path refused in its name",
        "那里没有监听套接字，或路径上的设备以其名义拒绝",
    ),
    "no-call-the handshake was not completed: its application never had the connection": (
        "the handshake was not completed: its application never had the connection",
        "握手没有完成，其应用从未得到这个连接",
    ),
    "no-call-its kernel waits for no answer: nobody asked it to connect, or has given up": (
        "its kernel waits for no answer: nobody asked it to connect, or has given up",
        "其内核不在等待应答：没有人要求连接，或已经放弃",
    ),
    "no-call-the capture does not show its state": ("the capture does not show its state", "从抓包看不出其状态"),
    "no-call-nothing was heard from it": ("nothing was heard from it", "从未收到它的任何报文"),
    # error-why-RESULT: what it takes
    "error-why-ECONNRESET": (
        "ECONNRESET takes a RST that comes to an open socket before the other end's FIN.",
        "出现 ECONNRESET 的条件：在对端的 FIN 之前，RST 到达仍打开的套接字。",
    ),
    "error-why-EPIPE": (
        "EPIPE takes a write after a RST that came behind the other end's FIN, or after a call that reported the RST.",
        "出现 EPIPE 的条件：对端 FIN 之后又到来 RST，此后再写；或已有调用报告过 RST，之后再写。",
    ),
    "error-why-EOF": ("EOF takes the other end's FIN.", "出现 EOF 的条件：收到对端的 FIN。"),
    "error-why-ECONNREFUSED": ("ECONNREFUSED takes a SYN that is answered by RST.", "出现 ECONNREFUSED 的条件：SYN 被 RST 应答。"),
    "error-why-ETIMEDOUT": (
        "ETIMEDOUT takes transmissions without an answer, until the kernel gives up.",
        "出现 ETIMEDOUT 的条件：多次发送都没有应答，直到内核放弃。",
    ),
    "error-why-ECONNABORTED": (
        "ECONNABORTED takes a connection that its own system takes away; on Windows also a timer that gave up.",
        "出现 ECONNABORTED 的条件：本机系统中止了连接；在 Windows 上也可能是超时。",
    ),
    "error-why-EHOSTUNREACH": ("EHOSTUNREACH takes an ICMP error in answer to the SYN.", "出现 EHOSTUNREACH 的条件：SYN 得到 ICMP 差错应答。"),
    "error-why-ENETUNREACH": ("ENETUNREACH takes an ICMP error in answer to the SYN.", "出现 ENETUNREACH 的条件：SYN 得到 ICMP 差错应答。"),
    "error-why-blocks": ("It takes a SYN without an answer.", "条件：SYN 没有应答。"),
    "error-why-closed-itself": ("It takes a connection that this end closed first.", "条件：这一端先关闭连接。"),
}  # fmt: skip
