"""Every human sentence of a figure by key, in English and Chinese.

States, flags, errno names and numbers stay as they are in both. A sentence claims only what packets
show: a RST that answers nothing is "active", and why the socket did that is not in the packets.
`{side}` and `{peer}` arrive as "client" or "server" and are written out; `{Side}` starts a sentence.
"""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

from .cluster_words import CLUSTERS
from .error_words import ERRORS
from .summary_words import SUMMARY
from .verdict_words import VERDICTS

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
    "legend-lost": ("lost on the way, proved", "途中丢失，已证实"),
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
    "lost-on-the-way": ("lost on the way", "途中丢失"),
    "lost": ("lost", "丢失"),
    "arrives": ("arrives {time} later", "{time} 后到达"),
    "overtaken": ("after {what}", "晚于{what}"),
    "crosses": ("crosses {what}", "与{what}交错"),
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
    "steep": ("A steep arrow took long, or crossed another.", "陡的箭头用时较长，或与别的报文交错。"),
    "both-one-clock": (
        "Captured at both ends, by one clock.",
        "两端都有抓包，同一时钟。",
    ),
    "both-ahead": (
        "Captured at both ends, the server's clock {time} ahead (± {give}).",
        "两端都有抓包，服务器的时钟快 {time}（± {give}）。",
    ),
    "both-behind": (
        "Captured at both ends, the server's clock {time} behind (± {give}).",
        "两端都有抓包，服务器的时钟慢 {time}（± {give}）。",
    ),
    "both-one-way": (
        "Captured at both ends, with packets of one direction only: how long they took is not known.",
        "两端都有抓包，但只有一个方向的报文：用时无从得知。",
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
    "holds-lost": ("{n} lost on the way", "{n} 个在途中丢失"),
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
    "killed": ("killed: {signal}", "被 {signal} 杀死"),
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
    "verdict-linger-cut": (
        "{Side} closed with SO_LINGER 0: RST in place of FIN.",
        "{side}以 SO_LINGER 0 关闭：发出的是 RST 而不是 FIN。",
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
        "The RST that answered the SYN came in {side}'s name, but {side}'s TCP did not send it.",
        "应答 SYN 的 RST 以{side}的名义到来，但{side}的 TCP 没有发送它。",
    ),
    "verdict-path-proved": (
        "A RST in the name of {side} ended the connection, but {side}'s TCP did not send it.",
        "一个以{side}名义发出的 RST 结束了连接，但{side}的 TCP 没有发送它。",
    ),
    "title-rst-lost": (
        "{Side}'s RST was lost: {peer} went on, and was answered with another",
        "{side}的 RST 在途中丢失：{peer}继续发送，又得到一个 RST",
    ),
    "verdict-rst-lost": (
        "{Side} had reset the connection; that RST was lost, and {peer}'s next segment was answered with RST.",
        "{side}重置了连接，但那个 RST 在途中丢失；{peer}的下一个报文得到 RST 应答。",
    ),
    "verdict-path-unsent": (
        "A RST in {side}'s name ended the connection; by the capture at its end, {side} never sent it.",
        "一个以{side}名义发出的 RST 结束了连接，但{side}从未发送它：它那一端的抓包里没有。",
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
    "one-syn": ("SYN", "SYN"),
    "dropped-queue": ("dropped: accept queue full", "被丢弃：全连接队列已满"),
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
    # what a recording, or captures at both ends, prove
    "verdict-forged-fin": (
        "{Peer} believed a FIN that {side} never sent; {side}'s next data was answered with RST.",
        "{peer}相信了一个{side}从未发送的 FIN；{side}之后的数据得到 RST 应答。",
    ),
    "why-forged-fin": (
        "For {peer} the forged FIN had ended the stream. {Side}'s own data comes after that end, where nothing can be: "
        "{peer}'s kernel answers with RST.",
        "对{peer}来说，伪造的 FIN 已经结束了字节流；{side}自己的数据在那之后才来，{peer}的内核只能应答 RST。",
    ),
    "title-forged-data": ("Forged: {bytes} in {side}'s name", "伪造的数据：以{side}名义的 {bytes}"),
    "verdict-forged-data": (
        "{Peer} received {bytes} that {side} never sent, in place of {side}'s own. Then both closed in order.",
        "{peer}收到了{side}从未发送的 {bytes}，它们顶替了{side}自己的数据。之后双方正常关闭。",
    ),
    "title-forged-syn": ("A forged SYN on a connection in use", "使用中的连接上来了一个伪造的 SYN"),
    "verdict-forged-syn": (
        "A SYN that {side} never sent came in mid-connection, and changed nothing. Client and server are named by it here: in "
        "truth they are the other way round.",
        "连接中途来了一个{side}从未发送的 SYN，它什么也没改变。这里的客户端和服务器是按它命名的，与实际相反。",
    ),
    "verdict-unanswered-lost": (
        "The client sent {syns}; every one was lost on the way: the capture at the server's end has none.",
        "客户端发出 {syns}，全部在途中丢失：服务器一端的抓包里没有。",
    ),
    "verdict-unanswered-arrived": (
        "The client's {syns} arrived at the server's end, and nothing came back: a firewall there, or a full accept queue.",
        "客户端的 {syns} 到达了服务器一端，却没有任何回应：那里的防火墙，或全连接队列已满。",
    ),
    "title-timed-out-icmp": (
        "ICMP errors in place of answers: {side} gave up",
        "得到的是 ICMP 差错而非应答：{side}放弃",
    ),
    "verdict-timed-out-icmp": (
        "{Side} sent again and again; ICMP errors came back, and in the end its kernel gave up.",
        "{side}反复发送，回来的是 ICMP 差错，最后内核放弃。",
    ),
    "title-forgotten": ("Half-open: {side} has forgotten the connection", "半开连接：{side}已忘记它"),
    "verdict-forgotten": (
        "{Side}'s kernel has no connection any more, and sent nothing. {Peer}'s is still established: it learns of it only "
        "when it sends.",
        "{side}的内核已没有这个连接，也没有发出任何报文。{peer}的连接仍是 ESTABLISHED，只有发送时才会得知。",
    ),
    "title-gave-up-window": (
        "{Peer}'s window stayed closed: {side}'s kernel gave up",
        "{peer}的窗口一直关闭：{side}的内核放弃",
    ),
    "verdict-gave-up-window": (
        "{Peer} had stopped reading: its window was 0 for {time}. {Side}'s kernel gave the connection up: {errno}. No packet "
        "says so.",
        "{peer}停止了读取：其窗口为 0，持续 {time}。{side}的内核放弃了连接：{errno}。没有报文说明这一点。",
    ),
    "title-closed-simultaneous-open": (
        "Simultaneous open; orderly close, {side} first",
        "同时打开；正常关闭，{side}先关",
    ),
    "verdict-closed-simultaneous-open": (
        "Both sides sent SYN at once, and one connection came of it. {Side} closed first; both FINs were acknowledged.",
        "双方同时发送 SYN，建立的是同一个连接。{side}先关闭；双方的 FIN 都得到确认。",
    ),
    "title-closed-queued": (
        "Open for the client only, for {time}; then an orderly close",
        "有 {time} 只有客户端认为连接已建立；之后正常关闭",
    ),
    "verdict-closed-queued": (
        "For {time} the server's kernel had no room in its accept queue, and dropped the client's ACK and data. Then all went "
        "in order; {side} closed first.",
        "有 {time} 服务器的全连接队列没有位置，内核丢弃了客户端的 ACK 和数据。之后一切正常；{side}先关闭。",
    ),
    "title-path-both": (
        "RSTs ended it at both ends, and neither end sent one",
        "两端都因 RST 而结束，而两端都没有发送",
    ),
    "verdict-path-both": (
        "A RST in each end's name ended the connection at the other; neither end sent one.",
        "以两端名义的 RST 分别在对端结束了连接，而两端都没有发送。",
    ),
    "title-keepalive-lost": (
        "{Peer}'s answer to the keep-alive probe was lost",
        "{peer}对 keep-alive 探测的应答在途中丢失",
    ),
    "verdict-keepalive-lost": (
        "{Peer} answered {side}'s keep-alive probe, but the answer was lost: {side}'s kernel gave up, with RST.",
        "{peer}应答了{side}的 keep-alive 探测，但应答在途中丢失：{side}的内核放弃了连接，并发出 RST。",
    ),
    "why-keepalive-lost": (
        "{Side} heard no answer to as many keep-alive probes as TCP_KEEPCNT allows: {peer}'s was lost on the way. The RST "
        "tells {peer}.",
        "没有得到应答的 keep-alive 探测达到了 TCP_KEEPCNT：{peer}的应答在途中丢失。RST 告诉{peer}连接已结束。",
    ),
    "title-gave-up-before": ("{Side} had given up, and {peer} did not know", "{side}早已放弃，而{peer}并不知情"),
    "verdict-gave-up-before": (
        "{Side}'s data had no answer until its kernel gave up: {errno}. {Peer}'s later segment found no socket: RST.",
        "{side}的数据一直没有应答，内核放弃了连接：{errno}。{peer}后来的报文找不到套接字：RST。",
    ),
    "title-shut-down": (
        "{Side} had shut down its reading: data is answered with RST",
        "{side}已停止接收（shutdown）：数据引来 RST",
    ),
    "verdict-shut-down": (
        "{Side}'s program lives, but had shut down both directions; {peer}'s data was answered with RST.",
        "{side}的程序还在，但已用 shutdown 关闭两个方向；{peer}的数据得到 RST 应答。",
    ),
    "why-shut-down": (
        "{Side} had called shutdown for its reading, too: nobody will read what comes. Its kernel answers data with RST "
        "(RFC 1122, 4.2.2.13).",
        "{side}用 shutdown 也关闭了接收方向：来的数据不会再有谁读。内核用 RST 应答数据（RFC 1122，4.2.2.13）。",
    ),
    "title-unread-urgent": (
        "{Side} closed with the urgent byte still in its stream: RST",
        "{side}关闭时紧急字节仍留在字节流里：RST",
    ),
    "verdict-unread-urgent": (
        "{Side} read the urgent byte with MSG_OOB, which leaves it unread in the stream: RST at the close.",
        "{side}用 MSG_OOB 读过紧急字节，但它仍留在字节流里：关闭时算作未读。",
    ),
    "why-unread-urgent": (
        "recv with MSG_OOB returned a copy of the byte. In the stream it still stood unread when the socket was closed: the "
        "kernel sends RST.",
        "带 MSG_OOB 的 recv 返回的是那个字节的副本。套接字关闭时，它在字节流里仍未读：内核发 RST。",
    ),
    "verdict-unread-rest": (
        "{Side} closed after reading {n} of {m} bytes: its kernel sent RST.",
        "{side}只读了 {m} 字节中的 {n} 字节就关闭：内核发出 RST。",
    ),
    "verdict-unread-all": (
        "{Side} closed with {bytes} unread: its kernel sent RST.",
        "{side}关闭时有 {bytes}未读：内核发出 RST。",
    ),
    "cut": (" Of its {wrote} bytes {peer} read {got}.", "它写的 {wrote} 字节中，{peer}读到 {got} 字节。"),
    "title-time-wait-ended": (
        "Orderly close; a RST then ends TIME_WAIT early",
        "正常关闭；随后 RST 提前结束 TIME_WAIT",
    ),
    "verdict-time-wait-ended": (
        "Both FINs were acknowledged. Then a RST came to {peer} in TIME_WAIT, and by default ends that early (RFC 1337). No "
        "program sees it.",
        "双方的 FIN 都得到确认。之后 RST 来到处于 TIME_WAIT 的{peer}，默认会提前结束它（RFC 1337）。程序看不到。",
    ),
    "why-time-wait-ended": (
        "{Side} had no connection left when {peer}'s last ACK came once more, and answers it with RST. By default a RST ends "
        "TIME_WAIT.",
        "{peer}最后的 ACK 再次到来时，{side}已没有连接，于是用 RST 应答。默认情况下 RST 会结束 TIME_WAIT。",
    ),
    "title-time-wait-kept": (
        "Orderly close; a RST then meets a protected TIME_WAIT",
        "正常关闭；随后 RST 遇到受保护的 TIME_WAIT",
    ),
    "verdict-time-wait-kept": (
        "Both FINs were acknowledged. Then a RST came to {peer} in TIME_WAIT, which ignores it (tcp_rfc1337=1). No program "
        "sees it.",
        "双方的 FIN 都得到确认。之后 RST 来到处于 TIME_WAIT 的{peer}，它忽略了 RST（tcp_rfc1337=1）。程序看不到。",
    ),
    "why-time-wait-kept": (
        "{Side} had no connection left when {peer}'s last ACK came once more, and answers it with RST. With tcp_rfc1337=1 the "
        "wait goes on.",
        "{peer}最后的 ACK 再次到来时，{side}已没有连接，于是用 RST 应答。tcp_rfc1337=1 时等待继续。",
    ),
    "title-harmless": ("RST in place of the last FIN: nobody was hurt", "以 RST 代替最后的 FIN：没有人受影响"),
    "verdict-harmless": (
        "{Side} left with RST in place of its FIN, after {peer} had answered and closed. Nothing was lost, and no program saw an "
        "error.",
        "{peer}答复并关闭之后，{side}用 RST 代替了 FIN。没有丢失数据，也没有程序遇到错误。",
    ),
    "then-next-failed": (
        " {Peer}'s next {call} failed: {errno} ({meaning}).",
        "{peer}的下一次 {call} 失败：{errno}（{meaning}）。",
    ),
    "then-next-failed-plain": (" {Peer}'s next {call} failed: {errno}.", "{peer}的下一次 {call} 失败：{errno}。"),
    "copy-on-the-way": ("a copy made on the way", "途中产生的副本"),
    "copy": ("copy of the {bytes}", "{bytes}的副本"),
    "window-closed": ("{label}, window 0", "{label}，窗口 0"),
    "window-open": ("{label}, window open", "{label}，窗口打开"),
    "icmp-came": ("answered by an ICMP error", "得到 ICMP 差错应答"),
    "named-fin": ("the FIN ({symbol})", "FIN（{symbol}）"),
    "named-data": ("the data ({bytes})", "数据（{bytes}）"),
    "named-syn": ("the SYN", "SYN"),
    "named-rst": ("the RST", "RST"),
    "named-ack": ("an ACK", "一个 ACK"),
    "named-keepalive": ("the keep-alive probe", "keep-alive 探测"),
    # callouts at a RST
    "why-title": ("Why this RST?", "为什么发 RST？"),
    "why-title-ignored": ("Why did this RST change nothing?", "为什么这个 RST 没有作用？"),
    "why-after-close": (
        "{Side} had closed with {fin}, and then {trigger} arrived. Nothing is left to take it: {side} answers with RST.",
        "{side}已经用 {fin} 关闭，之后{trigger}才到达，没有谁来接收，{side}只能应答 RST。",
    ),
    "why-forgotten": (
        "{Side} closed with {fin}; its kernel kept FIN_WAIT_2 for tcp_fin_timeout only, then forgot the connection. {Trigger} "
        "finds no socket: RST.",
        "{side}用 {fin} 关闭；内核只在 tcp_fin_timeout 之内保持 FIN_WAIT_2，然后忘记了连接。{trigger}找不到套接字：RST。",
    ),
    "why-unknown-connection": (
        "{Trigger} matches no connection that its receiver knows, and such a segment is answered with RST. "
        "The state may have expired, or the host restarted.",
        "{trigger}不属于接收方认识的任何连接，对这样的报文要应答 RST。连接的状态可能已过期，主机也可能重启过。",
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
        "端口 {port} 上没有监听的套接字。RST 确认了这个 SYN（{ack}），应答的正是这个 SYN。",
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
        "{Trigger} came to a socket that {side} had closed or shut down. Nobody will read it: the kernel "
        "answers with RST.",
        "{trigger}到达时，{side}已经关闭套接字，不会再有谁来读，内核应答 RST。",
    ),
    "why-no-socket": (
        "No socket of {side} belongs to {trigger} that came, and such a segment is answered with RST.",
        "{side}没有与收到的{trigger}对应的套接字，对这样的报文要应答 RST。",
    ),
    "why-listener-only": (
        "{Trigger} came to a socket that only listens: {side} knows no such connection, and answers with RST.",
        "{trigger}到了只监听的套接字：{side}不认识这个连接，应答 RST。",
    ),
    "why-not-sent": (
        "not sent by {side}'s TCP: proved, by the kernel's own record",
        "不是{side}的 TCP 发的：已证实，内核自己的记录",
    ),
    "why-proof": ("{reason}: proved, by the kernel's own record", "{reason}：已证实，内核自己的记录"),
    "why-not-captured": (
        "not in the capture at {side}'s end: proved, it came from elsewhere",
        "{side}一端的抓包里没有它：已证实，它来自别处",
    ),
    "why-rst-lost": (
        "{Side} had reset the connection with a RST that was lost. {Peer} did not know: {trigger} that it sent is answered "
        "with RST.",
        "{side}已没有这个连接：它用 RST 重置了连接，而那个 RST 在途中丢失。{peer}并不知情，它发来的{trigger}得到 RST 应答。",
    ),
    "inferred-both": (
        "States are inferred from the packets; that the RST is not its own is proved by the capture at its end.",
        "状态由报文推断；RST 并非其所发，由那一端的抓包证实。",
    ),
    "why-path-unsent": (
        "It came in the name of {side}, but it never left {side}: the capture there has every other packet, and not this "
        "one. Something on the path sent it.",
        "它以{side}的名义发出，却从未离开{side}：那里的抓包有其他所有报文，唯独没有它。是路径上的设备发的。",
    ),
    "why-path-proved": (
        "It came in the name of {side}, but {side}'s TCP never sent it: a firewall did, there or on the way, or somebody "
        "forged it.",
        "它以{side}的名义发出，但{side}的 TCP 从未发送它：是{side}上或途中的防火墙发的，或者有人伪造。",
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
    # the time-sequence graph
    "ts-sum": ("{n} packets = {parts}", "{n} 个报文 = {parts}"),
    "ts-marked": ("{n} marked", "标出 {n}"),
    "ts-acks": ("{n} acknowledgements (steps of the lines)", "确认 {n}（线上的台阶）"),
    "ts-ack": ("1 acknowledgement (a step of the lines)", "确认 1（线上的台阶）"),
    "ts-copies": ("{n} captured twice", "重复抓到 {n}"),
    "ts-left-out": ("{n} of the other direction only", "只属于另一方向 {n}"),
    "ts-merged": (
        "Merged in {columns} columns of {time}: marks of one kind that touch are one, and none is left out.",
        "按时间合并为 {columns} 列，每列 {time}：同类且相连的标记合为一个，没有遗漏。",
    ),
    "ts-cut": (
        "A long pause, over a quarter of the time axis, is cut out if no data waited for an answer; the rest is to one scale.",
        "超过时间轴四分之一、又没有数据在等待应答的长停顿被截去；其余部分用同一比例。",
    ),
    "ts-cut-wait": (
        "A wait that left less than a tenth of the axis to the rest is cut out, too.",
        "使其余部分不足十分之一的等待也被截去。",
    ),
    "ts-pause": ("{time} cut out", "截去 {time}"),
    "ts-head": ("{Side} sends {bytes}", "{side}发送 {bytes}"),
    "ts-head-none": ("{Side} sends no data", "{side}没有发送数据"),
    "ts-acked": ("acknowledged", "已确认"),
    "ts-window": ("receive window", "接收窗口"),
    "ts-window-above": ("receive window: {bytes} ahead, above this graph", "接收窗口：还可发送 {bytes}，超出本图"),
    "ts-zero-window": ("window 0 for {time}", "窗口为 0，持续 {time}"),
    "ts-missed": ("acknowledged, but not in the capture: {bytes}", "已被确认，但抓包中没有：{bytes}"),
    "ts-missed-more": (
        "{n} more stretches ({bytes}) were acknowledged, but are not in the capture.",
        "另有 {n} 段（{bytes}）已被确认，但抓包中没有。",
    ),
    "ts-unacked": ("never acknowledged: {bytes}", "始终未被确认：{bytes}"),
    "ts-again": ("retransmitted after {time}", "{time} 后重传"),
    "ts-again-nth": ("sent for the {nth} time, {time} later", "{time} 后第 {n} 次发送"),
    "ts-again-any": ("sent again", "重发"),
    "ts-outside": ("seq {seq}, off the scale", "序号 {seq}，超出坐标"),
    "ts-full": ("the receiver's window is full", "接收窗口已满"),
    "ts-out-of-order": ("out of order", "乱序"),
    "ts-sack": ("SACK: arrived ahead of a hole", "SACK：空缺之后的已到达"),
    "ts-dsack": ("D-SACK: arrived twice", "D-SACK：到达了两次"),
    "ts-fin-from": ("FIN of {side}", "{side}的 FIN"),
    "ts-rst": ("RST from {side}", "{side}发出的 RST"),
    "ts-rst-ignored": ("RST from {side}, ignored", "{side}发出的 RST，未被接受"),
    "ts-rst-name": ("RST in {side}'s name", "以{side}名义发出的 RST"),
    "ts-clock-back": (
        "The capture's clock steps back {n} times; such a packet stands at the time of the one before it.",
        "抓包时钟倒退 {n} 次；这样的报文画在前一个报文的时间上。",
    ),
    "ts-no-acks": (
        "Nothing that {peer} acknowledged is in the capture: what arrived of {side}'s data is not known.",
        "抓包中没有{peer}的确认：{side}的数据有多少到达，无从得知。",
    ),
    "ts-no-scale": (
        "The capture has no SYN of {side}: its window's scale is not known, and the window is not drawn.",
        "抓包中没有{side}的 SYN：窗口的比例因子未知，所以不画窗口。",
    ),
    "ts-wild": (
        "{n} packets have numbers that {side}'s data cannot have reached: they stand at the edge, not to scale.",
        "{n} 个报文的序号是{side}的数据不可能到达的：画在边缘，不按比例。",
    ),
    "ts-alt": (
        "Frame {frame}, {time}: {side}, {what}, {low} to {high}",
        "第 {frame} 帧，{time}：{side}，{what}，{low} 到 {high}",
    ),
    "ts-legend-data": ("data", "数据"),
    "ts-legend-retransmission": ("retransmission, dots lead to the first copy", "重传，虚点通向首次发送"),
    "ts-legend-out-of-order": ("out of order", "乱序"),
    "ts-legend-acked": ("acknowledged up to here", "确认到此处"),
    "ts-legend-window": ("receive window ends here", "接收窗口到此为止"),
    "ts-legend-room": ("room in the window", "窗口内的余地"),
    "ts-legend-full": ("fills the window", "填满窗口"),
    "ts-legend-zero-window": ("window is 0", "窗口为 0"),
    "ts-legend-sack": ("SACK block", "SACK 块"),
    "ts-legend-dsack": ("D-SACK: arrived twice", "D-SACK：到达了两次"),
    "ts-legend-keepalive": ("keep-alive probe", "keep-alive 探测"),
    "ts-legend-window-probe": ("window probe", "窗口探测"),
    "ts-legend-copy": ("captured twice", "重复抓到"),
    "ts-legend-syn": ("SYN", "SYN"),
    "ts-legend-syn-peer": ("SYN of the other side", "对方的 SYN"),
    "ts-legend-fin": ("FIN", "FIN"),
    "ts-legend-fin-peer": ("FIN of the other side", "对方的 FIN"),
    "ts-legend-rst": ("RST it sent (tcptrace: RST_OUT)", "它发出的 RST（tcptrace：RST_OUT）"),
    "ts-legend-rst-peer": ("RST it got (tcptrace: RST_IN)", "它收到的 RST（tcptrace：RST_IN）"),
    "ts-legend-rst-ignored": ("RST, ignored", "RST，未被接受"),
    "ts-legend-unacked": ("never acknowledged", "始终未被确认"),
    "ts-legend-missed": ("not in the capture", "抓包中没有"),
    "ts-legend-outside": ("off the scale", "超出坐标"),
    "ts-legend-cut": ("time cut out", "截去的时间"),
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
    # the flags, one bit each
    "flag-SYN": ("opens: my numbers begin here", "打开连接：我的序号从这里开始"),
    "flag-ACK": ("the ack number counts: all before it has come", "确认号有效：它之前的都已收到"),
    "flag-PSH": ("asks to hand the data up at once", "请求立即把数据交给上层"),
    "flag-FIN": ("I send no more; you still may", "我不再发送，对方还可以发"),
    "flag-RST": ("ends the connection at once, both ways", "立即终止连接，两个方向都终止"),
    "flag-URG": ("the urgent pointer counts", "紧急指针有效"),
    "flag-ECE": ("congestion seen on the way (ECN)", "途中遇到拥塞（ECN）"),
    "flag-CWR": ("ECE heard, sending less", "收到 ECE，已减少发送"),
    "flag-AE": ("finer news of congestion (AccECN)", "更精细的拥塞信息（AccECN）"),
    "flag-in-syn": ("in a SYN: agrees on ECN", "在 SYN 中：协商 ECN"),
    # the header, bit by bit
    "header-title": ("The {what}, bit by bit", "逐位看 {what}"),
    "header-title-none": ("A segment without a flag, bit by bit", "逐位看没有标志的报文段"),
    "header-data": ("segment with data", "带数据的报文段"),
    "header-where": (
        "{file}, connection {number}, frame {frame}: from {side} to {peer}, {time} after the first packet.",
        "{file}，连接 {number}，第 {frame} 帧：从{side}到{peer}，在首个报文 {time} 之后。",
    ),
    "header-size": (
        "TCP header of {n} bytes, {options} of them options; {data}.",
        "TCP 首部 {n} 字节，其中选项 {options} 字节；{data}。",
    ),
    "header-size-plain": ("TCP header of {n} bytes, no options; {data}.", "TCP 首部 {n} 字节，没有选项；{data}。"),
    "header-no-data": ("no data", "没有数据"),
    "header-forged": (
        "In the name of {side}, whose TCP did not send it.",
        "以{side}的名义发出，但{side}的 TCP 没有发送它。",
    ),
    "header-path": ("In the name of {side}; the evidence speaks against it.", "以{side}的名义发出；证据表明并非如此。"),
    "header-cut": ("The capture holds {n} bytes of it.", "抓包只保存了其中 {n} 字节。"),
    "header-bit": ("bit", "位"),
    "header-byte": ("byte {n}", "字节 {n}"),
    "header-bytes": ("bytes", "字节"),
    "header-byte-13": (
        "byte 13 = {value}: the flags. tcpdump finds such packets by",
        "字节 13 = {value}：标志位。tcpdump 这样过滤",
    ),
    "header-or": ("or", "或"),
    "header-flags": (
        "What each flag is for: one bit each, filled where it is set here",
        "各个标志的用途：各占一位，此处置位的已填色",
    ),
    "header-source-port": ("source port", "源端口"),
    "header-destination-port": ("destination port", "目的端口"),
    "header-seq": ("sequence number", "序号"),
    "header-ack": ("acknowledgment number", "确认号"),
    "header-offset": ("offset", "偏移"),
    "header-reserved": ("rsvd", "保留"),
    "header-window": ("window", "窗口"),
    "header-checksum": ("checksum", "校验和"),
    "header-urgent": ("urgent pointer", "紧急指针"),
    "header-no-ack": ("no ACK flag", "没有 ACK 标志"),
    "header-no-urg": ("no URG flag", "没有 URG 标志"),
    "header-unscaled": ("never scaled in a SYN", "SYN 中不缩放"),
    "header-not-captured": ("Not in the capture: it cuts packets off.", "抓包中没有：报文被截断。"),
    "header-missing": ("not captured", "未抓到"),
    "header-checksum-good": ("right", "正确"),
    "header-checksum-offloaded": ("left to the network card", "留给网卡计算"),
    "header-checksum-bad": ("wrong", "错误"),
    "header-checksum-unchecked": ("not checked", "未校验"),
    "header-kind": ("kind", "类型"),
    "header-length": ("length", "长度"),
    "header-shift": ("shift", "移位"),
    "header-value": ("value", "值"),
    "header-padding": ("padding", "填充"),
    "header-unreadable": ("unreadable", "无法解读"),
    "header-left-edge": ("left edge", "左边界"),
    "header-right-edge": ("right edge", "右边界"),
    "header-unknown": ("unknown to finrst", "finrst 不认识"),
    "header-says-ports": (
        "Sent by {side}. With both addresses, the ports name the connection.",
        "由{side}发出。端口加上两个地址，确定是哪个连接。",
    ),
    "header-says-isn": (
        "{Side}'s first number, called {symbol}. The SYN itself uses it up.",
        "{side}的初始序号，记作 {symbol}，由 SYN 自己占用。",
    ),
    "header-says-other-isn": (
        "A first number of its own: it opens another connection.",
        "另一个初始序号：它要打开的是另一个连接。",
    ),
    "header-says-again": ("The number of frame {n}: the same is sent again.", "与第 {n} 帧相同：这是重发。"),
    "header-says-keepalive": (
        "One before the next: a keep-alive probe, which wants an answer only.",
        "比下一个序号小一：keep-alive 探测，只求应答。",
    ),
    "header-says-fin": (
        "The FIN uses up this number, as a byte of data would.",
        "FIN 占用这个序号，就像一个字节的数据。",
    ),
    "header-says-fin-data": (
        "Number of the first of {bytes}; the FIN uses up the number after them.",
        "{bytes} 中首字节的序号；FIN 占用其后的序号。",
    ),
    "header-says-data": ("Number of the first of {bytes}.", "{bytes} 中首字节的序号。"),
    "header-says-no-data": (
        "{Side}'s next number; this segment uses none.",
        "{side}的下一个序号；这个报文段不占用序号。",
    ),
    "header-says-echo": (
        "The ack number of frame {n}: this RST was made from the segment that it refuses.",
        "正是第 {n} 帧的确认号：RST 由被拒绝的报文段生成。",
    ),
    "header-says-zero": ("0: a SYN carries no ack number that could be taken for it.", "0：SYN 没有确认号可供取用。"),
    "header-says-exact": (
        "Exactly the number that {peer} expects next: so {peer} believes it (RFC 5961).",
        "正是{peer}期望的下一个序号，所以{peer}相信它（RFC 5961）。",
    ),
    "header-says-rst-seq": (
        "{Peer} believes a RST only by this number (RFC 5961).",
        "{peer}只凭这个序号判断是否相信 RST（RFC 5961）。",
    ),
    "header-says-no-ack": ("No meaning: the ACK flag is 0.", "没有意义：ACK 标志为 0。"),
    "header-says-source": (
        "The RST in frame {n} takes its sequence number from here.",
        "第 {n} 帧的 RST 从这里取得序号。",
    ),
    "header-says-answers-syn": (
        "One more than the SYN's number: proves that it answers frame {n}.",
        "SYN 的序号加一：证明它应答的是第 {n} 帧。",
    ),
    "header-says-acks": (
        "One more than the {flag}'s number: frame {n} has arrived, {flag} and all.",
        "{flag} 的序号加一：第 {n} 帧连同 {flag} 都已收到。",
    ),
    "header-says-ack": ("All that {peer} sent before this number has arrived.", "{peer}在这个序号之前发送的都已收到。"),
    "header-says-too-short": (
        "The data offset is wrong: a TCP header has 20 bytes or more.",
        "数据偏移不对：TCP 首部至少 20 字节。",
    ),
    "header-says-rst-active": ("RST with ACK: it answers no segment.", "RST 带 ACK：它不是对哪个报文段的应答。"),
    "header-says-rst-reply": ("RST as an answer: {side} refuses a segment.", "RST 作为应答：{side}拒绝了一个报文段。"),
    "header-says-rst-syn-reply": (
        "RST as the answer to a SYN: {side} refuses the connection.",
        "RST 作为对 SYN 的应答：{side}拒绝连接。",
    ),
    "header-says-rst": (
        "RST: nothing is sent after it, and nothing acknowledges it.",
        "RST：此后不再发送，也没有谁确认它。",
    ),
    "header-says-syn": ("SYN without ACK: the first step of a handshake.", "SYN 不带 ACK：握手的第一步。"),
    "header-says-syn-ack": ("SYN with ACK: the second step of a handshake.", "SYN 带 ACK：握手的第二步。"),
    "header-says-fin-flag": (
        "FIN: {side} sends nothing after this; {peer} still may.",
        "FIN：{side}此后不再发送，{peer}还可以发送。",
    ),
    "header-says-psh": (
        "PSH: hand this data to the program, do not wait for more.",
        "PSH：把数据交给程序，不必等更多数据。",
    ),
    "header-says-ack-data": ("ACK and data; no PSH: more follows.", "ACK 和数据；没有 PSH：后面还有。"),
    "header-says-ack-alone": ("ACK alone: it only acknowledges.", "只有 ACK：仅仅是确认。"),
    "header-says-none": ("No flag at all: no TCP sends this.", "一个标志也没有：没有 TCP 会这样发送。"),
    "header-says-checksum-good": ("Header and data are as they were sent.", "首部和数据与发送时一致。"),
    "header-says-checksum-offloaded": (
        "Captured before the network card filled it in: this proves nothing.",
        "抓包时网卡还没有填入：这说明不了什么。",
    ),
    "header-says-checksum-bad": ("Its receiver drops it unread.", "接收方会直接丢弃它。"),
    "header-says-checksum-unchecked": (
        "To check it, the whole segment would have to be in the capture.",
        "要校验它，抓包中必须有整个报文段。",
    ),
    "header-says-urgent": ("URG: the pointer says where urgent data ends.", "URG：指针指出紧急数据到哪里为止。"),
    "header-says-cut": ("The rest of the options is not in the capture.", "其余选项不在抓包中。"),
    "header-says-length": (
        "This option's length cannot be: the rest cannot be read.",
        "这个选项的长度不可能：其余无法解读。",
    ),
    "header-says-padding": ("Behind the end: fills up the header.", "结束标记之后：填满首部。"),
    "header-says-mss": (
        "MSS: {side} takes up to {n} bytes of data in a segment.",
        "MSS：{side}每个报文段最多接收 {n} 字节数据。",
    ),
    "header-says-scale": (
        "Window scale: {side}'s windows count × {n} after the SYN.",
        "窗口扩大：SYN 之后{side}的窗口 × {n}。",
    ),
    "header-says-sack-permitted": ("SACK permitted: holes may be told.", "允许 SACK：可以告知空缺。"),
    "header-says-sack": ("SACK: this has arrived, behind a hole or twice.", "SACK：这些已到达，在空缺之后或重复到达。"),
    "header-says-timestamps": (
        "Timestamps: measure the round trip, tell old copies.",
        "时间戳：测量往返时间，识别旧副本。",
    ),
    "header-says-nop": ("NOP fills up to four bytes.", "NOP 用来凑足四字节。"),
    "header-says-eol": ("End of the options.", "选项结束。"),
    "header-says-odd": ("{name}, with a length that it cannot have.", "{name}，长度不对。"),
    "header-says-other": ("Option {n}: {name}.", "选项 {n}：{name}。"),
    # the listing
    "listing-about": (
        "Each line stands beside its arrow, letter for letter as tcpdump prints it.",
        "每一行与它的箭头并排，和 tcpdump 的输出逐字相同。",
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
    "listing-again": ("sent again: first in frame {n}", "重发：首次在第 {n} 帧"),
    "listing-copies": ("captured {n} times, printed once here", "抓到 {n} 次，这里只列一次"),
    "listing-fold": (
        "{title}; to the server {to_server}; to the client {to_client}",
        "{title}；发往服务器 {to_server}；发往客户端 {to_client}",
    ),
    # for screen readers
    # figures of a whole capture: endings
    "class-closed": ("FIN, orderly", "FIN 正常关闭"),
    "class-open": ("still open", "仍未关闭"),
    "class-reset-client": ("RST by client", "客户端 RST"),
    "class-reset-server": ("RST by server", "服务器 RST"),
    "class-reset-both": ("RST by both at once", "双方同时 RST"),
    "class-reset-path": ("RST on the path", "路径上的 RST"),
    "class-reset-unknown": ("RST, sender unknown", "RST，发送者不明"),
    "class-refused": ("refused", "被拒绝"),
    "class-timed-out": ("timed out", "超时"),
    "class-unanswered": ("SYN unanswered", "SYN 无应答"),
    "class-handshake-incomplete": ("handshake incomplete", "握手未完成"),
    "class-half-closed": ("half-closed", "半关闭"),
    "class-unknown": ("cannot be told", "无法判断"),
    "did-reset-client": ("reset by the client", "被客户端重置"),
    "did-reset-server": ("reset by the server", "被服务器重置"),
    "did-reset-both": ("reset by both ends at once", "被双方同时重置"),
    "did-reset-path": ("reset on the path", "在路径上被重置"),
    "did-reset-unknown": ("reset, nobody knows by whom", "被重置，发送者不明"),
    "did-refused": ("refused", "被拒绝"),
    "did-timed-out": ("timed out", "超时"),
    "did-unanswered": ("unanswered", "无应答"),
    "did-handshake-incomplete": ("left with an incomplete handshake", "握手未完成"),
    "did-half-closed": ("half-closed", "半关闭"),
    "did-unknown": ("of unknown ending", "结局无法判断"),
    # ... its title, its provenance
    "connections": ("{n} connections", "{n} 个连接"),
    "connection": ("1 connection", "1 个连接"),
    "packets": ("{n} packets", "{n} 个报文"),
    "packet": ("1 packet", "1 个报文"),
    "files-more": ("{file} and {n} more", "{file} 等 {n} 个文件"),
    "overview-none": ("No TCP connection in this capture", "抓包里没有 TCP 连接"),
    "overview-none-left": ("No connection matches the filter", "没有符合过滤条件的连接"),
    "overview-title": ("{connections} in {time}: {finding}", "{time} 内 {connections}：{finding}"),
    "overview-one": ("1 connection, to {place}: {did}{silence}", "1 个连接，到 {place}：{did}{silence}"),
    "overview-orderly": ("none ended abnormally", "没有异常结束"),
    "overview-finding": ("{n} to {place} {did}{silence}", "到{place}的 {n} 个{did}{silence}"),
    "overview-incident": ("{what} at {place} within {time}", "{place} 在 {time} 内{what}"),
    "silence-after": (" after {time} of silence", "，此前静默 {time}"),
    "overview-file": ("{file}, {time} UTC, {packets}.", "{file}，{time} UTC，{packets}。"),
    "clock-range": ("{start} to {end}", "{start} 至 {end}"),
    "overview-filtered": ("{n} of {total} connections match the filter.", "{total} 个连接中有 {n} 个符合过滤条件。"),
    "overview-bars": (
        "One bar per connection; the mark says how it ended, dashes are silence.",
        "每个连接一条；末端的符号表示如何结束，虚线表示静默。",
    ),
    "overview-strips": (
        "One row per service, one column per {time}; height: connections that ended, each row on its own scale.",
        "每个服务一行，每列 {time}；高度为其间结束的连接数，各行比例不同。",
    ),
    "overview-lines": (
        "Two lines per service, one column per {time}: all endings above, abnormal ones below; each line on its own scale.",
        "每个服务两行，每列 {time}：上行为全部结局，下行为异常结局；各行比例不同。",
    ),
    # ... its parts
    "port-of-servers": ("port {port} ({n} servers)", "端口 {port}（{n} 台服务器）"),
    "other-services": ("{n} other services", "其余 {n} 个服务"),
    "service": ("service", "服务"),
    "endings-over-time": ("endings over time", "结局随时间的分布"),
    "connections-head": ("connections", "连接数"),
    "abnormal": ("abnormal", "异常"),
    "mostly": ("mostly", "主要是"),
    "how-ended": ("how connections ended", "连接如何结束"),
    "share-of-abnormal": ("share of abnormal endings", "占异常结局的比例"),
    "of-abnormal": ("of abnormal endings", "占异常"),
    "findings": ("findings, by connections affected", "发现（按受影响的连接数）"),
    "no-findings": ("No connection ended abnormally.", "没有连接异常结束。"),
    "findings-more": ("and {n} smaller ones", "另有 {n} 项较小的"),
    "finding": (
        "{n} of {of} connections to {place}: {did}{silence}{when}",
        "到{place}的 {of} 个连接中有 {n} 个{did}{silence}{when}",
    ),
    "finding-all": (
        "all {of} connections to {place}: {did}{silence}{when}",
        "到{place}的 {of} 个连接全部{did}{silence}{when}",
    ),
    "finding-only": (
        "the only connection to {place}: {did}{silence}{when}",
        "到{place}的唯一一个连接{did}{silence}{when}",
    ),
    "when-range": (", {start} to {end}", "，{start} 至 {end}"),
    "when-at": (", {start}", "，{start}"),
    "incident-resets": ("{n} resets", "重置 {n} 次"),
    "incident-refused": ("{n} refusals", "拒绝 {n} 次"),
    "incident-then": ("{resets}, then {refused}", "先{resets}，后{refused}"),
    "incident-and": ("{resets} and {refused}", "{resets}、{refused}"),
    "incident": ("{place}: {what} within {time}{when}{like}", "{place}：{time} 内{what}{when}{like}"),
    "like-a-restart": ("; so it looks when a service restarts", "；服务重启时就是这样"),
    "next-command": ("next", "下一步"),
    # ... silences before the end
    "gaps-title": ("{n} connections ended after {time} of silence", "{n} 个连接在静默 {time} 后结束"),
    "gaps-title-none": ("No timer stands out among the silences before the end", "结束前的静默中看不出定时器"),
    "gaps-title-empty": ("No connection ended with FIN or RST", "没有以 FIN 或 RST 结束的连接"),
    "gaps-says": (
        "How long neither end had sent anything before the first FIN or RST: {n}.",
        "第一个 FIN 或 RST 之前，双方都没有发送的时间：{n}。",
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
        "One row per ending, each on its own scale; lengths are logarithmic.",
        "每种结局一行，各行比例不同；时长为对数刻度。",
    ),
    "shorter": ("< {time}", "< {time}"),
    "longer": ("≥ {time}", "≥ {time}"),
    # ... RSTs
    "resets-title": ("{n} RSTs in {connections}: {most}", "{connections}中有 {n} 个 RST：{most}"),
    "resets-title-one": ("1 RST: {most}", "1 个 RST：{most}"),
    "resets-title-none": ("No RST in this capture", "抓包里没有 RST"),
    "resets-most": ("{share} {kind}", "{share} 为{kind}"),
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
        "from the answered segment to the RST, where the capture was taken; logarithmic",
        "在抓包处测得，从所应答的报文段到 RST；对数刻度",
    ),
    "resets-median": ("{side}: {n}, median {time}", "{side}：{n}，中位数 {time}"),
    "resets-no-answers": ("No RST answers a segment in this capture.", "抓包里没有应答报文段的 RST。"),
    "alt-arrow": (
        "Frame {frame}, {time} s: {side} sends {flags} {label}; {detail}",
        "第 {frame} 帧，{time} s：{side}发送 {flags} {label}；{detail}",
    ),
}


def has(key: str) -> bool:
    """Whether there is a sentence by that key."""
    return key in _WORDS


_WORDS |= VERDICTS | CLUSTERS | ERRORS | SUMMARY


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
        elif name == "trigger":
            filled[name] = value
            filled[name.capitalize()] = str(value)[:1].upper() + str(value)[1:]
        else:
            filled[name] = value
    return text.format(**filled)


def keys() -> tuple[str, ...]:
    """All keys, for tests."""
    return tuple(_WORDS)


def number(value: int) -> str:
    """With thousands separated: 3,012."""
    return f"{value:,}"


def count(value: int, what: str, lang: str) -> str:
    """1 connection, 2 connections: `what` is the key of the one, with s of the many."""
    return say(what if value == 1 else f"{what}s", lang, n=number(value))


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
