"""Every human sentence of a figure by key, in English and Chinese.

States, flags, errno names and numbers stay as they are in both. A sentence claims only what packets
show: a RST that answers nothing is "active", and why the socket did that is not in the packets.
`{side}` and `{peer}` arrive as "client" or "server" and are written out; `{Side}` starts a sentence.
"""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

LANGUAGES = ("en", "zh")

_SIDES = {
    "en": {"client": "the client", "server": "the server"},
    "zh": {"client": "客户端", "server": "服务器"},
}

_WORDS: dict[str, tuple[str, str]] = {
    # furniture
    "why-it-ended": ("WHY IT ENDED", "结论"),
    "verdict": ("VERDICT", "结论"),
    "proved": ("(proved)", "（已证实）"),
    "to-scale": ("to scale", "真实比例"),
    "time": ("time (s)", "时间 (s)"),
    "client-process": ("client process", "客户端进程"),
    "server-process": ("server process", "服务器进程"),
    "client-kernel": ("client kernel", "客户端内核"),
    "server-kernel": ("server kernel", "服务器内核"),
    "client": ("client", "客户端"),
    "server": ("server", "服务器"),
    "wire": ("wire", "网络上的报文段"),
    "capture-starts": ("capture starts here, in mid-connection", "抓包从这里开始，连接早已建立"),
    "capture-ends": ("capture ends here, in mid-connection", "抓包到这里结束，连接尚未结束"),
    "colon": (": ", "："),
    # packet script
    "script-seen": ("Seen from {side}: < arrives there, > leaves it.", "从{side}一方看：< 到达，> 离开。"),
    "script-seen-error": (
        "Seen from {side}, whose call failed: < arrives there, > leaves it.",
        "从{side}一方看，它的调用失败了：< 到达，> 离开。",
    ),
    "script-seen-calls": (
        "Seen from {side}, whose calls are known: < arrives there, > leaves it.",
        "从{side}一方看，它的调用是已知的：< 到达，> 离开。",
    ),
    "script-seen-reset": (
        "Seen from {side}, to which the RST was sent: < arrives there, > leaves it.",
        "从{side}一方看，RST 是发给它的：< 到达，> 离开。",
    ),
    "script-folded": (
        "Left out here: {title}; from the client {to_server}; from the server {to_client}",
        "此处略去：{title}；客户端发出 {to_server}；服务器发出 {to_client}",
    ),
    "script-copies": ("captured {n} times", "被捕获 {n} 次"),
    # mermaid
    "mermaid-path": ("on the path", "路径上"),
    # legend
    "legend": ("tcpdump flags", "tcpdump 标志"),
    "legend-[S]": ("SYN", "SYN"),
    "legend-[S.]": ("SYN+ACK", "SYN+ACK"),
    "legend-[.]": ("ACK", "ACK"),
    "legend-[P.]": ("PSH+ACK (data)", "PSH+ACK（数据）"),
    "legend-[F.]": ("FIN+ACK", "FIN+ACK"),
    "legend-[FP.]": ("FIN+PSH+ACK (data)", "FIN+PSH+ACK（数据）"),
    "legend-[R]": ("RST", "RST"),
    "legend-[R.]": ("RST+ACK", "RST+ACK"),
    "legend-retransmission": ("retransmission", "重传"),
    "legend-unanswered": ("no answer seen", "未见应答"),
    "legend-ignored": ("RST, ignored", "RST，未被接受"),
    "legend-origin": ("sender unknown (on the path)", "发送者不明（在路径上）"),
    "legend-blocks": ("call blocks", "调用阻塞"),
    "legend-exit": ("process ends", "进程结束"),
    "legend-fold": ("folded packets", "折叠的报文"),
    "legend-inferred": ("state inferred from packets", "由报文推断的状态"),
    "legend-traced": ("state by the kernel's record", "内核记录的状态"),
    "legend-error": ("error returned", "调用返回错误"),
    # provenance
    "subtitle": ("{file}, connection {number}: {packets}.", "{file}，连接 {number}：{packets}。"),
    "all-drawn": ("{n} packets, all drawn", "共 {n} 个报文，全部画出"),
    "one-drawn": ("1 packet", "1 个报文"),
    "sum-folded": ("{n} packets = {drawn} drawn + {folded} folded", "{n} 个报文 = 画出 {drawn} + 折叠 {folded}"),
    "sum-copies": (
        "{n} packets = {drawn} drawn + {copies} captured twice",
        "{n} 个报文 = 画出 {drawn} + 重复抓到 {copies}",
    ),
    "sum-both": (
        "{n} packets = {drawn} drawn + {folded} folded + {copies} captured twice",
        "{n} 个报文 = 画出 {drawn} + 折叠 {folded} + 重复抓到 {copies}",
    ),
    "numbers-jk": (
        "J = {j}, K = {k}; relative numbers count from J and K.",
        "J = {j}，K = {k}；相对序号从 J、K 起算。",
    ),
    "numbers-j": ("J = {j}; relative numbers count from J.", "J = {j}；相对序号从 J 起算。"),
    "numbers-k": (
        "K = {k}; the server's numbers count from K, the client's from its first segment here.",
        "K = {k}；服务器的序号从 K 起算，客户端的从其首个报文起算。",
    ),
    "numbers-none": (
        "Relative numbers count from each side's first segment in this capture.",
        "相对序号从抓包中各端的首个报文起算。",
    ),
    "inferred-proved": (
        "States are inferred from the packets; the verdict rests on a record of the kernel or a program.",
        "状态由报文推断；结论有内核或程序的记录为证。",
    ),
    "inferred-implied": ("States and verdict are inferred from the packets.", "状态和结论由报文推断。"),
    "inferred-compatible": (
        "States are inferred from the packets, which allow more than one cause.",
        "状态由报文推断；报文允许不止一种原因。",
    ),
    "recorded": ("{kernel}.", "{kernel}。"),
    "traced-calls": ("Calls as the programs made them.", "调用由程序自己记录。"),
    "traced-all": (
        "Calls, states and the RST's reason as programs and kernel recorded them",
        "调用、状态和 RST 的原因由程序和内核记录",
    ),
    "traced-all-kernel": ("States and the RST's reason as the kernel recorded them", "状态和 RST 的原因由内核记录"),
    "traced-states-kernel": ("States as the kernel recorded them", "状态由内核记录"),
    "traced-states": ("Calls and states as programs and kernel recorded them", "调用和状态由程序和内核记录"),
    "traced-but": ("; inferred: {states}.", "；以下由报文推断：{states}。"),
    "traced-end": (".", "。"),
    "several-causes": ("More than one cause is possible.", "可能的原因不止一种。"),
    "guessed": ("Which end is the client is a guess.", "哪一端是客户端出于推测。"),
    "untimed": (
        "Rows are in order, not to scale; J, K, M and N are sequence numbers, SYN and FIN each use up one.",
        "各行只表示先后，不按时间比例；J、K、M、N 是序号，SYN 和 FIN 各占一个。",
    ),
    "some-capture": ("capture", "抓包"),
    # arrows
    "bytes": ("{n} bytes", "{n} 字节"),
    "byte": ("1 byte", "1 字节"),
    "data": ("data, {bytes}", "数据 {bytes}"),
    "same": ("same {bytes}", "同样的 {bytes}"),
    "again": ("{label} again", "重发 {label}"),
    "nth-try": ("{label}, {nth} try", "{label}，第 {n} 次"),
    "keepalive": ("keep-alive probe", "keep-alive 探测"),
    "window-probe": ("window probe", "窗口探测"),
    "no-flags": ("no flags", "无标志"),
    "no-answer": ("no answer", "未见应答"),
    "no-answer-rto": ("no answer, again after {time}", "未见应答，{time} 后重发"),
    "ignored": ("ignored", "未被接受"),
    "ignored-why": ("ignored: {why}", "未被接受：{why}"),
    "why-outside the window": ("out of window", "在窗口之外"),
    "why-in the window, but not exact: challenge ACK": ("in window, not exact", "在窗口内，但序号不符"),
    "why-bad checksum": ("bad checksum", "校验和错误"),
    "why-it does not acknowledge the SYN": ("does not acknowledge the SYN", "没有确认 SYN"),
    "why-its receiver has no connection any more": ("no connection left", "接收方已没有连接"),
    "why-it crossed a RST of its receiver, whose socket was gone by then": (
        "crossed the other RST",
        "与另一个 RST 交错",
    ),
    "why-its receiver went on: it was lost on its way, or came from elsewhere": (
        "receiver went on",
        "接收方照常继续",
    ),
    "why-it was lost on its way: the capture at its receiver's end does not have it": (
        "lost on its way",
        "途中丢失",
    ),
    "not-from": ("not from {side}", "并非来自{side}"),
    "not-its-own": ("not {side}'s", "并非{side}所发"),
    "captured-n": ("{label} (captured {n}×)", "{label}（抓到 {n} 次）"),
    # breaks and folds
    "later": ("{time} later", "{time} 后"),
    "quiet": ("no packet in either direction", "两个方向都没有报文"),
    "quiet-open": ("no packet; {side} has not closed its end", "没有报文；{side}仍未关闭自己这一端"),
    "quiet-retry": ("no answer; then {side} sends again", "没有应答；随后{side}重发"),
    "clock-back": ("the capture's clock steps back {time}", "抓包时钟倒退 {time}"),
    "packets-in": ("{n} packets in {time}", "{time} 内 {n} 个报文"),
    "packet-in": ("1 packet", "1 个报文"),
    "segments": ("{n} segments, {bytes}", "{n} 个报文段，{bytes}"),
    "segment": ("1 segment, {bytes}", "1 个报文段，{bytes}"),
    "no-segments": ("no segment", "没有报文段"),
    "no-retransmission": ("no retransmission", "无重传"),
    "retransmissions": ("{n} retransmitted", "重传 {n} 个"),
    "retransmissions-recovered": ("{n} retransmitted, all recovered", "重传 {n} 个，全部恢复"),
    "max-gap": ("no gap over {time}", "间隔都不超过 {time}"),
    "ttl-constant": ("{side}'s TTL always {ttl}", "{side}的 TTL 始终为 {ttl}"),
    "ttl-range": ("{side}'s TTL {low} to {high}", "{side}的 TTL 为 {low} 到 {high}"),
    "holds-rst": ("{n} RST among them", "其中 RST {n} 个"),
    "holds-fin": ("{n} FIN among them", "其中 FIN {n} 个"),
    "holds-syn": ("{n} SYN among them", "其中 SYN {n} 个"),
    "data-may-flow": ("The connection is open: data may flow both ways", "连接已建立：双方都可以发送数据"),
    "data-flowed": (
        "The connection is open: {to_server} to the server, {to_client} to the client",
        "连接已建立：发往服务器 {to_server}，发往客户端 {to_client}",
    ),
    "two-msl": ("2 MSL later", "2 MSL 后"),
    "two-msl-linux": ("60 s on Linux", "Linux 上为 60 s"),
    "wait-in": ("{side} waits in {call}", "{side}在 {call} 中等待"),
    "sleeps": ("{side} sleeps", "{side}在休眠"),
    # calls
    "call-eof": ("end of file", "文件结束（EOF）"),
    "active-open": ("active open", "主动打开"),
    "passive-open": ("passive open", "被动打开"),
    "active-close": ("active close", "主动关闭"),
    "passive-close": ("passive close", "被动关闭"),
    "call-copied": ("“ok” = copied to the kernel", "“成功”只表示已拷贝给内核"),
    "call-error": ("“{meaning}”", "“{meaning}”"),
    "call-signal": ("{meaning}, and the signal {signal}", "{meaning}，并收到信号 {signal}"),
    "call-never-returns": ("does not return", "没有返回"),
    "calls-left-out": ("{n} more calls of {side} are not drawn", "{side}还有 {n} 次调用没有画出"),
    "killed": ("killed: {signal}", "被杀：{signal}"),
    "process-gone": ("the process is gone, its kernel's socket is not", "进程没了，内核里的套接字还在"),
    "nothing-sent": (
        "No segment is sent: the kernel already knows that the connection is dead, and fails the call itself.",
        "没有发出报文：内核已经知道连接没了，直接让调用失败。",
    ),
    "kernel-error": ("{Side}'s kernel reports {errno} to the socket", "{side}的内核向套接字报告 {errno}"),
    "errno-EPIPE": ("Broken pipe", "Broken pipe"),
    "errno-ECONNRESET": ("Connection reset by peer", "Connection reset by peer"),
    "errno-ECONNREFUSED": ("Connection refused", "Connection refused"),
    "errno-ECONNABORTED": ("Software caused connection abort", "Software caused connection abort"),
    "errno-ETIMEDOUT": ("Connection timed out", "Connection timed out"),
    "errno-EHOSTUNREACH": ("No route to host", "No route to host"),
    "errno-ENETUNREACH": ("Network is unreachable", "Network is unreachable"),
    "errno-ENOTCONN": ("Transport endpoint is not connected", "Transport endpoint is not connected"),
    "errno-EISCONN": ("Transport endpoint is already connected", "Transport endpoint is already connected"),
    "errno-EAGAIN": ("Resource temporarily unavailable", "Resource temporarily unavailable"),
    "errno-EINPROGRESS": ("Operation now in progress", "Operation now in progress"),
    "errno-EINTR": ("Interrupted system call", "Interrupted system call"),
    "errno-EBADF": ("Bad file descriptor", "Bad file descriptor"),
    "errno-EINVAL": ("Invalid argument", "Invalid argument"),
    "errno-EADDRINUSE": ("Address already in use", "Address already in use"),
    "errno-EPROTO": ("Protocol error", "Protocol error"),
    # what followed for the other program, behind the verdict
    "then-failed": (
        " {Peer}'s {call} then failed: {errno} ({meaning}).",
        "随后{peer}的 {call} 失败：{errno}（{meaning}）。",
    ),
    "then-said": (" {Peer}'s {call} then said {errno} ({meaning}).", "随后{peer}的 {call} 得知 {errno}（{meaning}）。"),
    "then-said-plain": (" {Peer}'s {call} then said {errno}.", "随后{peer}的 {call} 得知 {errno}。"),
    "said": (" {Peer}'s {call} said {errno} ({meaning}).", "{peer}的 {call} 得知 {errno}（{meaning}）。"),
    "said-plain": (" {Peer}'s {call} said {errno}.", "{peer}的 {call} 得知 {errno}。"),
    "failed": (" {Peer}'s {call} failed: {errno} ({meaning}).", "{peer}的 {call} 失败：{errno}（{meaning}）。"),
    "failed-plain": (" {Peer}'s {call} failed: {errno}.", "{peer}的 {call} 失败：{errno}。"),
    "then-failed-plain": (" {Peer}'s {call} then failed: {errno}.", "随后{peer}的 {call} 失败：{errno}。"),
    "then-killed": (" {signal} killed {peer}.", "{signal} 杀死了{peer}。"),
    # titles and verdicts, by ending
    "title-closed": ("Orderly close, {side} first", "正常关闭，{side}先关"),
    "title-closed-both": ("Orderly close, both sides at once", "正常关闭，双方同时"),
    "title-closed-any": ("Orderly close", "正常关闭"),
    "verdict-closed": (
        "{Side} closed first. Both sides sent FIN and both FINs were acknowledged. No RST.",
        "{side}先关闭。双方都发送了 FIN 并得到确认，没有 RST。",
    ),
    "verdict-closed-both": (
        "Both sides closed at once: their FINs crossed on the way, and both were acknowledged.",
        "双方同时关闭：两个 FIN 在途中交错，都得到了确认。",
    ),
    "verdict-closed-any": (
        "Orderly: both sides sent FIN and both FINs were acknowledged.",
        "正常结束：双方都发送了 FIN，且都得到确认。",
    ),
    "verdict-closed-rst": (
        "{Side} closed first, and both FINs were acknowledged. A RST changed nothing for the programs.",
        "{side}先关闭，双方的 FIN 都得到确认。RST 对程序没有任何影响。",
    ),
    "title-after-close": (
        "{Side} had closed: {peer}'s data is answered with RST",
        "{side}已经关闭：{peer}的数据引来 RST",
    ),
    "verdict-after-close": (
        "{Side} closed first; {peer}'s data was answered with RST.",
        "{side}先关闭；{peer}随后发来的数据得到的应答是 RST。",
    ),
    "title-after-close-epipe": (
        "Write after {side} has closed: RST, then Broken pipe",
        "{side}关闭之后还写：先引来 RST，再得到 Broken pipe",
    ),
    "title-unread": ("{Side} closed with data unread: RST, no FIN", "{side}带着未读数据关闭：发 RST，不发 FIN"),
    "verdict-unread": (
        "{Side} closed while data that it had received was still unread: its kernel sent RST.",
        "{side}关闭时还有收到的数据没有读：它的内核发出 RST。",
    ),
    "title-unread-killed": ("{Side} died with data unread: RST, no FIN", "{side}死时还有未读数据：发 RST，不发 FIN"),
    "verdict-unread-killed": (
        "{Side}'s process was killed while data that it had received was still unread: its kernel sent RST.",
        "{side}的进程被杀时还有收到的数据没有读：它的内核发出 RST。",
    ),
    "title-linger": ("{Side} closed with SO_LINGER 0: RST, no FIN", "{side}以 SO_LINGER 0 关闭：发 RST，不发 FIN"),
    "verdict-linger": (
        "{Side}'s program had asked for a hard close (SO_LINGER, 0 seconds): RST in place of FIN.",
        "{side}的程序要求强制关闭（SO_LINGER 为 0 秒）：发出的是 RST 而不是 FIN。",
    ),
    "title-listener": (
        "The listener closed before the connection was accepted",
        "连接还没被 accept，监听套接字就关闭了",
    ),
    "verdict-listener": (
        "{Side}'s listening socket was closed while this connection still waited to be accepted: RST.",
        "{side}关闭监听套接字时，这个连接还在等待 accept：于是发出 RST。",
    ),
    "title-torn-down": ("{Side}'s kernel was told to drop the connection", "{side}的内核被要求丢弃连接"),
    "verdict-torn-down": (
        "{Side}'s socket was torn down on demand: SO_LINGER 0, a closed listener, or ss -K.",
        "{side}的套接字是应要求拆掉的：SO_LINGER 0、监听套接字关闭，或 ss -K。",
    ),
    "title-disconnect": ("{Side} disconnected its socket: RST", "{side}断开了套接字：RST"),
    "verdict-disconnect": (
        "{Side}'s program disconnected its socket (connect to AF_UNSPEC): RST.",
        "{side}的程序断开了套接字（connect 到 AF_UNSPEC）：RST。",
    ),
    "title-late-data": (
        "{Side} had closed: {peer}'s data is answered with RST",
        "{side}已经关闭：{peer}的数据引来 RST",
    ),
    "verdict-late-data": (
        "{Side}'s program had closed or shut down its socket; {peer}'s data was answered with RST.",
        "{side}的程序已经关闭了套接字；{peer}随后发来的数据得到的应答是 RST。",
    ),
    "title-destroyed": ("{Side}'s socket was destroyed from outside", "{side}的套接字被外部销毁"),
    "verdict-destroyed": (
        "No call of {side}'s program explains its RST: the socket was destroyed from outside, as ss -K does.",
        "{side}的程序没有任何调用能解释这个 RST：套接字是被外部销毁的，ss -K 就会这样。",
    ),
    "title-reset-both": ("Both sides reset the connection at once", "双方同时重置连接"),
    "verdict-reset-both": (
        "Each side reset the connection before the other's RST arrived: neither RST found a socket.",
        "双方都在对方的 RST 到达之前重置了连接：两个 RST 都没有找到套接字。",
    ),
    "title-no-socket": ("{Side} knew no such connection: RST", "{side}不认识这个连接：RST"),
    "verdict-no-socket-listener": (
        "{Side}'s kernel had only a listener for {peer}'s segment, no such connection: it answered with RST.",
        "{side}的内核只有监听套接字，没有{peer}的报文所属的连接，于是应答 RST。",
    ),
    "title-after-close-sigpipe": (
        "Write after {side} has closed: RST, then SIGPIPE",
        "{side}关闭之后还写：先引来 RST，再得到 SIGPIPE",
    ),
    "title-refused-path": ("Refused, but not by {side}'s TCP", "被拒绝，但拒绝者不是{side}的 TCP"),
    "verdict-refused-path": (
        "A RST in {side}'s name answered the SYN, but {side}'s TCP did not send it: a firewall did, there or on the way.",
        "有 RST 以{side}的名义应答了 SYN，但{side}的 TCP 没有发送它：是那里或途中的防火墙发的。",
    ),
    "verdict-path-proved": (
        "A RST in the name of {side} ended the connection, but {side}'s TCP did not send it.",
        "一个以{side}名义发出的 RST 结束了连接，但{side}的 TCP 没有发送它。",
    ),
    "title-gave-up": ("{Side}'s kernel gave the connection up", "{side}的内核放弃了连接"),
    "verdict-gave-up": (
        "{Side}'s kernel gave the connection up: {errno}. No packet says so.",
        "{side}的内核放弃了连接：{errno}。没有报文说明这一点。",
    ),
    "title-linger2": ("{Side} would not wait for the other FIN", "{side}不愿等待对方的 FIN"),
    "verdict-linger2": (
        "{Side} had closed, and TCP_LINGER2 forbade its kernel to wait for the other FIN: RST.",
        "{side}已经关闭，TCP_LINGER2 不许内核等待对方的 FIN：于是发出 RST。",
    ),
    "title-keepalive": ("{Peer} answered no keep-alive probe", "{peer}不应答 keep-alive 探测"),
    "verdict-keepalive": (
        "{Peer} answered no keep-alive probe: {side}'s kernel gave the connection up, with RST.",
        "{peer}不应答 keep-alive 探测：{side}的内核放弃了连接，并发出 RST。",
    ),
    "title-overflow": ("Accept queue full: the connection was reset", "accept 队列已满：连接被重置"),
    "verdict-overflow": (
        "{Side}'s accept queue was full, and tcp_abort_on_overflow lets its kernel say so: RST.",
        "{side}的 accept 队列已满，而 tcp_abort_on_overflow 让内核用 RST 说明。",
    ),
    "title-memory": ("{Side}'s kernel was out of memory for the socket", "{side}的内核没有内存留给这个套接字"),
    "verdict-memory": (
        "{Side} had closed, and its kernel had no memory left for such sockets: RST.",
        "{side}已经关闭，而内核没有内存留给这样的套接字：于是发出 RST。",
    ),
    "verdict-no-socket": (
        "{Side}'s kernel had no socket for {peer}'s segment, and answered with RST.",
        "{side}的内核没有与{peer}的报文对应的套接字，于是应答 RST。",
    ),
    "verdict-refused-proved": (
        "{Side} answered the SYN with RST: no socket listens on port {port}.",
        "{side}用 RST 应答了 SYN：端口 {port} 上没有监听的套接字。",
    ),
    "title-active": ("{Side} reset the connection", "{side}重置了连接"),
    "verdict-active": (
        "{Side} reset the connection on its own account. The packets do not tell whether it left data unread, asked for "
        "a hard close, or was killed.",
        "{side}主动重置了连接。报文分不清是有数据未读、要求强制关闭，还是进程被杀。",
    ),
    "title-active-after-fin": ("{Side} closed, then reset the connection", "{side}关闭之后又重置了连接"),
    "verdict-active-after-fin": (
        "{Side} sent its FIN, then reset the connection on its own account; the packets do not tell why.",
        "{side}发出 FIN 之后，又主动重置了连接；报文看不出原因。",
    ),
    "title-unknown-connection": (
        "{Side} answered with RST, as if it knew no such connection",
        "{side}应答 RST，好像并不认识这个连接",
    ),
    "verdict-unknown-connection": (
        "{Side} answered {peer}'s segment with RST, as a host does that does not know the connection.",
        "{side}用 RST 应答了{peer}的报文，不认识这个连接的主机就是这样应答的。",
    ),
    "title-answers-nothing": (
        "A RST in the name of {side} that answers nothing",
        "以{side}名义发出的 RST，却没有应答任何报文",
    ),
    "verdict-answers-nothing": (
        "A RST in the name of {side} ended the connection. No captured segment is one that it could answer.",
        "一个以{side}名义发出的 RST 结束了连接。抓到的报文里，没有哪一个是它可能应答的。",
    ),
    "title-path": ("A RST ended it, but not from {side}", "RST 结束了连接，但并非来自{side}"),
    "verdict-path": (
        "A RST in the name of {side} ended the connection; the evidence speaks against {side} as its sender.",
        "一个以{side}名义发出的 RST 结束了连接；证据表明它不是{side}发的。",
    ),
    "title-reset": ("The connection was reset", "连接被重置"),
    "verdict-reset": ("A RST ended the connection.", "连接因 RST 而结束。"),
    "title-refused": ("Connection refused", "连接被拒绝"),
    "verdict-refused": (
        "{Side} answered the SYN with RST: nothing listens on port {port}, or a firewall refuses in its name.",
        "{side}用 RST 应答了 SYN：端口 {port} 上没有程序监听，或者防火墙以它的名义拒绝。",
    ),
    "title-unanswered": ("No answer to the SYN", "SYN 没有得到应答"),
    "verdict-unanswered": (
        "The client sent {syns} in {time}; no answer. The packets do not tell whether it was lost, filtered or ignored.",
        "客户端在 {time} 内发出 {syns}，没有应答。报文分不清是丢失、被过滤还是被忽略。",
    ),
    "verdict-unanswered-once": (
        "The client sent one SYN; no answer. The packets do not tell whether it was lost, filtered or ignored.",
        "客户端发出一个 SYN，没有应答。报文分不清是丢失、被过滤还是被忽略。",
    ),
    "verdict-unanswered-rst": (
        "The SYN was never answered, and the client itself took the attempt back with RST.",
        "SYN 一直没有应答，客户端自己用 RST 撤回了连接请求。",
    ),
    "n-syns": ("{n} SYNs", "{n} 个 SYN"),
    "title-handshake-incomplete": ("The handshake was not completed", "握手没有完成"),
    "verdict-handshake-incomplete": (
        "The server answered the SYN, but the client never completed the handshake.",
        "服务器应答了 SYN，但客户端始终没有完成握手。",
    ),
    "verdict-handshake-reset": (
        "The server answered the SYN; the client then sent RST in place of completing the handshake.",
        "服务器应答了 SYN；客户端没有完成握手，而是发出 RST。",
    ),
    "title-half-closed": ("Only {side} has closed", "只有{side}关闭"),
    "verdict-half-closed": (
        "{Side} sent FIN; {peer} has not closed its end in this capture.",
        "{side}发送了 FIN；在这次抓包里{peer}没有关闭自己这一端。",
    ),
    "verdict-half-closed-unacked": (
        "Both sides sent FIN, but the second FIN was not acknowledged in this capture.",
        "双方都发送了 FIN，但在这次抓包里第二个 FIN 没有得到确认。",
    ),
    "title-half-closed-any": ("The close was not completed", "关闭没有完成"),
    "title-timed-out": ("{Side} sends, and {peer} answers no more", "{side}仍在发送，{peer}不再应答"),
    "verdict-timed-out": (
        "{Side} sent the same {n} times without an answer, and nothing after. What its program was told is not in the packets.",
        "{side}把同样的内容发了 {n} 次都没有应答，此后再无报文。它的程序得到什么结果，报文里看不出来。",
    ),
    "verdict-timed-out-proved": (
        "{Side} sent again and again without an answer, until its kernel gave up: {errno}.",
        "{side}反复发送，始终没有应答，直到内核放弃：{errno}。",
    ),
    "verdict-timed-out-told": (
        "{Side} sent again and again without an answer, until its kernel gave up.",
        "{side}反复发送，始终没有应答，直到内核放弃。",
    ),
    "verdict-timed-out-any": (
        "The last segments were never answered, and nothing came after. What the program was told is not in the packets.",
        "最后的报文始终没有应答，此后再无报文。程序得到什么结果，报文里看不出来。",
    ),
    "title-open": ("Still open when the capture ends", "抓包结束时连接仍然打开"),
    "verdict-open": (
        "The connection had not ended when the capture did: no FIN and no RST ended it.",
        "抓包结束时连接还没有结束：没有 FIN，也没有 RST 结束它。",
    ),
    "verdict-open-ignored": (
        "The connection goes on: the RST was not accepted by its receiver, and no FIN followed.",
        "连接仍在继续：RST 没有被接收方接受，之后也没有 FIN。",
    ),
    "title-unknown": ("How it ended cannot be told", "无法判断连接如何结束"),
    "verdict-unknown": (
        "This capture does not hold enough of the connection to tell how it ended.",
        "抓包中这个连接的内容不够，无法判断它如何结束。",
    ),
    # callouts at a RST
    "why-title": ("Why this RST?", "为什么发 RST？"),
    "why-title-ignored": ("Why did this RST change nothing?", "为什么这个 RST 没有作用？"),
    "why-after-close": (
        "{Side} had closed (FIN, frame {fin}), and data arrived in frame {trigger}. Nothing is left to take it: "
        "{side} answers with RST.",
        "{side}已经关闭（FIN，第 {fin} 帧），数据却在第 {trigger} 帧到达，没有谁来接收，{side}只能应答 RST。",
    ),
    "why-unknown-connection": (
        "Frame {trigger} matches no connection that its receiver knows, and such a segment is answered with RST. "
        "The state may have expired, or the host restarted.",
        "第 {trigger} 帧不属于接收方认识的任何连接，对这样的报文要应答 RST。连接的状态可能已过期，主机也可能重启过。",
    ),
    "why-answers-nothing": (
        "It has the form of an answer, but everything that was sent to its sender had been received before. Either the "
        "segment that it answers was not captured, or a firewall or a forger sent it.",
        "它的形式是应答，但在它之前，发给它发送方的报文都早已收到。要么它应答的报文没有被抓到，要么它是防火墙或伪造者发的。",
    ),
    "why-seq-is-ack": (
        " Its seq, {seq}, is the ack number of the segment it refuses.",
        "RST 的序号 {seq} 正是被拒绝报文的确认号。",
    ),
    "why-active": (
        "It answers no segment: {side}'s socket decided. A close with data unread, SO_LINGER 0 and a killed program "
        "send the same packet.",
        "它不是对哪个报文的应答，而是{side}的套接字自己发出的。带着未读数据关闭、SO_LINGER 0、进程被杀，发出的报文都一样。",
    ),
    "why-unacked": (
        " {bytes} from {peer} were never acknowledged.",
        "{peer}还有 {bytes}始终没有得到确认。",
    ),
    "why-syn-reply": (
        "The SYN found no open port {port}, or a firewall that refuses. The RST acknowledges the SYN ({ack}): that proves "
        "which segment it answers.",
        "SYN 没有找到打开的端口 {port}，或者遇到防火墙拒绝。RST 确认了这个 SYN（{ack}），可见它应答的正是这个报文。",
    ),
    "why-syn-reply-proved": (
        "No socket listens on port {port}. The RST acknowledges the SYN ({ack}): that is the segment it answers.",
        "端口 {port} 上没有监听的套接字。RST 确认了这个 SYN（{ack}），应答的正是它。",
    ),
    "why-path": (
        "It came in the name of {side}, but it does not fit {side}'s other packets. Something on the path may have sent it.",
        "它以{side}的名义发出，却与{side}的其他报文不符，可能是路径上的设备发的。",
    ),
    "why-unread": (
        "Data that {side} had received was never read when its socket was closed. It is lost, and a FIN would hide that: "
        "the kernel sends RST.",
        "{side}的套接字关闭时，收到的数据还没有读。数据丢了，发 FIN 会掩盖这一点，所以内核发 RST。",
    ),
    "why-linger": (
        "SO_LINGER with 0 seconds: the close throws away what is unsent and unread, and sends RST at once.",
        "SO_LINGER 为 0 秒：关闭时丢掉没发和没读的数据，立即发出 RST。",
    ),
    "why-listener": (
        "Nobody had accepted this connection, and its listener is closed: no program is left to own it.",
        "还没有谁 accept 这个连接，监听套接字就关了：没有程序拥有它。",
    ),
    "why-torn-down": (
        "It answers no segment: {side}'s socket was torn down on demand. SO_LINGER 0, a listener that closes, and ss -K "
        "have this reason.",
        "它不是应答：{side}的套接字是应要求拆掉的。SO_LINGER 0、监听套接字关闭、ss -K 都是这个原因。",
    ),
    "why-disconnect": (
        "connect() to AF_UNSPEC takes a socket out of its connection. The kernel sends RST, and keeps nothing.",
        "对 AF_UNSPEC 调用 connect() 让套接字脱离连接。内核发出 RST，什么都不保留。",
    ),
    "why-destroyed": (
        "It answers no segment, and {side}'s program did not close: its socket was destroyed, as an administrator may do "
        "with ss -K.",
        "它不是应答，{side}的程序也没有关闭：套接字被销毁了，管理员可以用 ss -K 这样做。",
    ),
    "why-linger2": (
        "TCP_LINGER2 was set below zero: once its FIN is acknowledged, {side}'s kernel keeps no FIN_WAIT_2.",
        "TCP_LINGER2 设成了负数：FIN 一得到确认，{side}的内核就不再保留 FIN_WAIT_2。",
    ),
    "why-keepalive": (
        "As many keep-alive probes as TCP_KEEPCNT allows went unanswered. The RST tells {peer}, should it still be there.",
        "没有得到应答的 keep-alive 探测达到了 TCP_KEEPCNT。若{peer}还在，RST 会告诉它。",
    ),
    "why-overflow": (
        "The last ACK of the handshake found no room in the queue of connections that wait for accept.",
        "握手的最后一个 ACK 到达时，等待 accept 的队列已经没有位置。",
    ),
    "why-memory": (
        "Sockets that no program owns any more have a limit of their own, and it was reached.",
        "不再属于任何程序的套接字另有上限，而上限已经达到。",
    ),
    "why-abort-on-data": (
        "Data arrived in frame {trigger} for a socket that {side} had closed or shut down. Nobody will read it: the kernel "
        "answers with RST.",
        "第 {trigger} 帧的数据到达时，{side}已经关闭套接字，不会再有谁来读，内核应答 RST。",
    ),
    "why-no-socket": (
        "No socket of {side} belongs to frame {trigger}, and such a segment is answered with RST.",
        "{side}没有与第 {trigger} 帧对应的套接字，对这样的报文要应答 RST。",
    ),
    "why-listener-only": (
        "Frame {trigger} came to a socket that only listens: {side} knows no such connection, and answers with RST.",
        "第 {trigger} 帧到了只监听的套接字：{side}不认识这个连接，应答 RST。",
    ),
    "why-not-sent": (
        "not sent by {side}'s TCP: proved, by the kernel's own record",
        "不是{side}的 TCP 发的：已证实，内核自己的记录",
    ),
    "why-proof": ("{reason}: proved, by the kernel's own record", "{reason}：已证实，内核自己的记录"),
    "why-path-proved": (
        "It came in the name of {side}, but {side}'s TCP never sent it: a firewall did, there or on the way, or somebody "
        "forged it.",
        "它以{side}的名义发出，但{side}的 TCP 从未发送它：是那里或途中的防火墙发的，或者有人伪造。",
    ),
    "why-any": (
        "The packets do not tell why it was sent.",
        "报文看不出它为什么被发出。",
    ),
    "why-closed-before": (
        "The connection was already closed: both FINs had been acknowledged. This RST changed nothing for the programs.",
        "连接早已关闭：双方的 FIN 都已确认。这个 RST 对程序没有任何影响。",
    ),
    "why-ignored-outside the window": (
        "Its seq, {seq}, lies outside {peer}'s receive window, so {peer} drops it. The connection goes on.",
        "它的序号 {seq} 在{peer}的接收窗口之外，所以{peer}丢弃了它，连接继续。",
    ),
    "why-ignored-in the window, but not exact: challenge ACK": (
        "Its seq, {seq}, lies in {peer}'s window but is not the next one expected. RFC 5961: {peer} answers with a "
        "challenge ACK, and the connection goes on.",
        "它的序号 {seq} 在{peer}的窗口内，但不是下一个期望的序号。按 RFC 5961，{peer}回一个 challenge ACK，连接继续。",
    ),
    "why-ignored-bad checksum": (
        "Its checksum is wrong, so {peer}'s kernel drops it unread. The connection goes on.",
        "它的校验和不对，{peer}的内核直接丢弃，连接继续。",
    ),
    "why-ignored-it does not acknowledge the SYN": (
        "{Peer} has only sent its SYN, and this RST does not acknowledge it: it may be of an old connection, and is ignored.",
        "{peer}只发出了 SYN，而这个 RST 没有确认它，可能属于旧连接，所以被忽略。",
    ),
    "why-ignored-its receiver has no connection any more": (
        "{Peer} had no connection left that it could end.",
        "{peer}已经没有连接可供它结束。",
    ),
    "why-ignored-it crossed a RST of its receiver, whose socket was gone by then": (
        "{Peer} had sent a RST of its own while this one was on its way: no socket was left that it could end.",
        "它还在路上时{peer}也发出了 RST：没有套接字可供它结束。",
    ),
    "why-ignored-its receiver went on: it was lost on its way, or came from elsewhere": (
        "{Peer} went on as if it had not come: it was lost on its way, or came from elsewhere.",
        "{peer}照常继续，好像没有收到它：它在途中丢失，或来自别处。",
    ),
    "why-ignored-it was lost on its way: the capture at its receiver's end does not have it": (
        "It was lost on its way: the capture at {peer}'s end does not have it. {Peer} knew nothing of it, and went on.",
        "它在途中丢失：{peer}一端的抓包里没有它。{peer}对此一无所知，照常继续。",
    ),
    "why-ignored-any": (
        "{Peer} did not act on it ({why}). The connection goes on.",
        "{peer}没有接受它（{why}），连接继续。",
    ),
    "rst-again": ("{label} again", "又一个 {label}"),
    # the state diagram
    "paths-closed": (
        "{Side} closed first and waits in TIME_WAIT; {peer} passes CLOSE_WAIT and LAST_ACK",
        "{side}先关闭，停在 TIME_WAIT；{peer}经过 CLOSE_WAIT 和 LAST_ACK",
    ),
    "paths-closed-both": (
        "Both closed at once: each passes CLOSING and waits in TIME_WAIT",
        "双方同时关闭：各自经过 CLOSING，停在 TIME_WAIT",
    ),
    "paths-reset-same": ("RST takes both ends from {state} to CLOSED", "RST 使双方从 {state} 直接进入 CLOSED"),
    "paths-reset-both": (
        "RST takes the client from {client}, the server from {server} to CLOSED",
        "RST 使客户端从 {client}、服务器从 {server} 直接进入 CLOSED",
    ),
    "paths-reset-one": (
        "RST takes {side} from {before} to CLOSED; {peer} ends in {state}",
        "RST 使{side}从 {before} 直接进入 CLOSED；{peer}止于 {state}",
    ),
    "paths-reset-stays": (
        "RST takes {side} from {before} to CLOSED; {peer} stays in {state}",
        "RST 使{side}从 {before} 直接进入 CLOSED；{peer}一直处于 {state}",
    ),
    "paths-reset-alone": (
        "RST takes {side} from {before} to CLOSED",
        "RST 使{side}从 {before} 直接进入 CLOSED",
    ),
    "paths-open": (
        "When the capture ends, the client is in {client}, the server in {server}",
        "抓包结束时，客户端处于 {client}，服务器处于 {server}",
    ),
    "paths-end": ("The client ends in {client}, the server in {server}", "客户端止于 {client}，服务器止于 {server}"),
    "paths-open-same": ("When the capture ends, both ends are in {state}", "抓包结束时，双方都处于 {state}"),
    "paths-end-same": ("Both ends end in {state}", "双方都止于 {state}"),
    "paths-one": (
        "{Side} ends in {state}; of {peer}'s states nothing is known",
        "{side}止于 {state}；{peer}的状态无从得知",
    ),
    "paths-none": ("No state of either end can be told", "看不出任何一端的状态"),
    "paths-subtitle": (
        "{file}, connection {number}: {steps} state changes, {packets} packets.",
        "{file}，连接 {number}：{steps} 次状态变化，{packets} 个报文。",
    ),
    "paths-traced": (
        "States from the kernel's record, else inferred from the packets.",
        "状态由内核记录，没有记录的由报文推断。",
    ),
    "paths-inferred": ("States are inferred from the packets.", "状态由报文推断。"),
    "paths-figure": (
        "Diagram: RFC 9293, figure 5, with CLOSED twice, as there.",
        "状态图见 RFC 9293 图 5，CLOSED 画两次。",
    ),
    "step-sent": ("#{frame} {what} sent", "#{frame} 发出 {what}"),
    "step-received": ("#{frame} {what} received", "#{frame} 收到 {what}"),
    "step-silent": ("{time} s, no packet", "{time} s，没有报文"),
    "step-data": ("data", "数据"),
    "step-none": ("no packet", "没有报文"),
    "states-starred": ("* by the kernel's record; else inferred from packets", "* 内核的记录；其余由报文推断"),
    "step-awaited": ("not in the capture", "不在抓包之内"),
    "step-awaited-2-msl": ("2 MSL, not in the capture", "2 MSL，不在抓包之内"),
    "step-elsewhere": (
        "{before} to {after}, {what}: no transition of the diagram",
        "{before} 到 {after}，{what}：图中没有这个转换",
    ),
    "step-from-unknown": (
        "{after}, {what}: its state before is not in the capture",
        "{after}，{what}：此前的状态不在抓包之内",
    ),
    "steps-left-out": ("{n} more steps are not shown", "另有 {n} 步没有画出"),
    "steps-more": ("and {n} more", "另有 {n} 次"),
    "tag-start": ("{who} starts", "{who}起点"),
    "tag-end": ("{who} ends", "{who}终点"),
    "tag-stay": ("{who} stays", "{who}不变"),
    "tag-start-both": ("both start", "双方起点"),
    "tag-end-both": ("both end", "双方终点"),
    "tag-stay-both": ("both stay", "双方不变"),
    "ends-in": ("ends in", "止于"),
    "no-state": ("Of {side}'s states nothing is known.", "{side}的状态无从得知。"),
    "legend-paths": ("paths", "路径"),
    "legend-path-client": ("client", "客户端"),
    "legend-path-server": ("server", "服务器"),
    "legend-step-traced": ("by the kernel's record", "内核的记录"),
    "legend-step-inferred": ("inferred from packets", "由报文推断"),
    "legend-step-awaited": ("expected, not seen", "预计，未见"),
    "legend-step-reset": ("by RST", "因 RST"),
    "legend-end": ("where an end stops", "一端停在这里"),
    "legend-not-taken": ("not taken: event / action", "未经过：事件 / 动作"),
    "alt-step": (
        "Step {number}: {side} goes from {before} to {after}: {what}",
        "第 {number} 步：{side}从 {before} 到 {after}：{what}",
    ),
    # for screen readers
    "alt-arrow": (
        "Frame {frame}, {time} s: {side} sends {flags} {label}; {detail}",
        "第 {frame} 帧，{time} s：{side}发送 {flags} {label}；{detail}",
    ),
}


def has(key: str) -> bool:
    """Whether there is a sentence by that key."""
    return key in _WORDS


def say(key: str, lang: str = "en", **values: object) -> str:
    """The sentence `key` in `lang`, with its values filled in."""
    texts = _WORDS[key]
    text = texts[1] if lang == "zh" else texts[0]
    if not values:
        return text
    sides = _SIDES[lang if lang == "zh" else "en"]
    filled: dict[str, object] = {}
    for name, value in values.items():
        if name in ("side", "peer") and value in ("client", "server"):
            written = sides[str(value)]
            filled[name] = written
            filled[name.capitalize()] = written[:1].upper() + written[1:]
        else:
            filled[name] = value
    return text.format(**filled)


def keys() -> tuple[str, ...]:
    """All keys, for tests."""
    return tuple(_WORDS)


def number(value: int) -> str:
    """With thousands separated: 3,012."""
    return f"{value:,}"


def amount(count: int, lang: str) -> str:
    """So many bytes: exact below 10 kB, three digits above."""
    if count == 1:
        return say("byte", lang)
    if count < 10_000:
        return say("bytes", lang, n=number(count))
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            return f"{value:.1f} {unit}" if value < 99.95 else f"{value:,.0f} {unit}"
    raise AssertionError


def nth(count: int) -> str:
    """An English ordinal: 2nd."""
    suffix = "th" if 10 <= count % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{suffix}"


def span(ns: int) -> str:
    """A length of time with three digits: 41 µs, 1.96 s, 2 h 5 min."""
    ns = abs(ns)
    if ns < 1_000:
        return f"{ns} ns" if ns else "0 s"
    for unit, size in (("µs", 10**3), ("ms", 10**6), ("s", 10**9)):
        value = ns / size
        if value < 999.5 or (unit == "s" and value < 600):
            return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"
    minutes = round(ns / 60e9)
    if minutes < 60 * 48:
        hours, minutes = divmod(minutes, 60)
        return f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f"{round(ns / 86_400e9):,} d"


def gap(ns: int) -> str:
    """A gap's length as a break prints it: 1.956 s, 60.0 s."""
    seconds = abs(ns) / 1e9
    if seconds < 10:
        return f"{seconds:.3f} s"
    return f"{seconds:.1f} s" if seconds < 600 else span(ns)
