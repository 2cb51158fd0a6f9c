"""Titles and verdicts by ending, as far as the packets alone tell."""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # what followed for the other program, behind the verdict
    "then-failed": (
        " {Peer}'s {call} then failed: {errno} ({meaning}).",
        "随后{peer}的 {call} 失败：{errno}（{meaning}）。",
    ),
    "then-said": (
        " {Peer}'s {call} then said {errno} ({meaning}).",
        "随后{peer}的 {call} 读到 SO_ERROR = {errno}（{meaning}）。",
    ),
    "then-said-plain": (" {Peer}'s {call} then said {errno}.", "随后{peer}的 {call} 读到 SO_ERROR = {errno}。"),
    "said": (" {Peer}'s {call} said {errno} ({meaning}).", "{peer}的 {call} 读到 SO_ERROR = {errno}（{meaning}）。"),
    "said-plain": (" {Peer}'s {call} said {errno}.", "{peer}的 {call} 读到 SO_ERROR = {errno}。"),
    "failed": (" {Peer}'s {call} failed: {errno} ({meaning}).", "{peer}的 {call} 失败：{errno}（{meaning}）。"),
    "failed-plain": (" {Peer}'s {call} failed: {errno}.", "{peer}的 {call} 失败：{errno}。"),
    "then-failed-plain": (" {Peer}'s {call} then failed: {errno}.", "随后{peer}的 {call} 失败：{errno}。"),
    "then-own-failed": (
        " {Peer}'s {call} then failed by its own kernel's RST: {errno} ({meaning}).",
        "随后{peer}的 {call} 因自己内核的 RST 而失败：{errno}（{meaning}）。",
    ),
    "then-own-failed-plain": (
        " {Peer}'s {call} then failed by its own kernel's RST: {errno}.",
        "随后{peer}的 {call} 因自己内核的 RST 而失败：{errno}。",
    ),
    "call-empty": ("{call} of 0 bytes", "{call}（0 字节）"),
    "then-woken-failed": (
        " {Peer}'s {call}, waiting for room (window {window} at last), returned {n} of {m} bytes; the next failed: {errno} ({meaning}).",
        "{peer}的 {call} 正在等待窗口腾出空间（最后为 {window}），只返回 {m} 字节中的 {n} 字节；下一次失败：{errno}（{meaning}）。",
    ),
    "then-woken-failed-plain": (
        " {Peer}'s {call}, waiting for room (window {window} at last), returned {n} of {m} bytes; the next failed: {errno}.",
        "{peer}的 {call} 正在等待窗口腾出空间（最后为 {window}），只返回 {m} 字节中的 {n} 字节；下一次失败：{errno}。",
    ),
    "then-killed": (" {signal} killed {peer}.", "{signal} 杀死了{peer}。"),
    # titles and verdicts, by ending
    "title-closed": ("Orderly close, {side} first", "正常关闭，{side}先关"),
    "title-closed-killed": (
        "{Side} was killed with nothing unread: FIN, as for a close",
        "{side}被杀时没有未读数据：发 FIN，与正常关闭一样",
    ),
    "verdict-closed-killed": (
        "{Side}'s process was killed, and its kernel sent FIN, as for a close: nothing was left unread. Both FINs were "
        "acknowledged. No RST.",
        "{side}的进程被杀，内核像正常关闭一样发出 FIN：没有数据未读。双方的 FIN 都得到确认，没有 RST。",
    ),
    "verdict-closed-shut": (
        "{Side} shut down its sending first. Both sides sent FIN and both FINs were acknowledged. No RST.",
        "{side}先关闭发送方向。双方都发送了 FIN 并得到确认，没有 RST。",
    ),
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
        "{side}先关闭；{peer}随后发来的数据得到 RST 应答。",
    ),
    "title-after-close-or-shut": (
        "After {side}'s FIN, {peer}'s data is answered with RST",
        "{side}发出 FIN 之后，{peer}的数据引来 RST",
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
    "title-unread-killed": ("{Side} died with data unread: RST, no FIN", "{side}被杀时仍有未读数据：发 RST，不发 FIN"),
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
        "{side}的程序已经关闭了套接字；{peer}随后发来的数据得到 RST 应答。",
    ),
    "title-destroyed": ("{Side}'s socket was destroyed from outside", "{side}的套接字被外部销毁"),
    "verdict-destroyed": (
        "No call of {side}'s program explains its RST: the socket was destroyed from outside, as ss -K does.",
        "{side}的程序没有任何调用能解释这个 RST：套接字是被外部销毁的，ss -K 就会这样。",
    ),
    "title-destroyed-ss": ("{Side}'s socket was destroyed by ss --kill", "{side}的套接字被 ss --kill 销毁"),
    "verdict-destroyed-ss": (
        "{Side}'s socket was destroyed by ss --kill, not by a call of its program: its kernel sent RST.",
        "{side}的套接字是被 ss --kill 销毁的，不是它的程序关闭的：内核发出 RST。",
    ),
    "title-no-socket-forgot": (
        "{Side} had forgotten the connection: {peer} gets RST",
        "{side}已忘记这个连接：{peer}得到 RST",
    ),
    "verdict-no-socket-forgot": (
        "{Side}'s socket was closed without a packet, as by a reboot (TCP_REPAIR); {peer}'s next segment found none: RST.",
        "{side}的套接字没有发出任何报文就关闭了，像重启一样（TCP_REPAIR）；{peer}的下一个报文段找不到套接字：RST。",
    ),
    "title-no-socket-forgot-listener": (
        "{Side} had forgotten the connection; its listener does not save it: RST",
        "{side}已忘记这个连接；监听套接字也救不了它：RST",
    ),
    "verdict-no-socket-forgot-listener": (
        "{Side}'s socket was closed without a packet, as by a reboot (TCP_REPAIR); {peer}'s next segment met only a listener, "
        "which knows no connection: RST.",
        "{side}的套接字没有发出任何报文就关闭了，像重启一样（TCP_REPAIR）；{peer}的下一个报文段只遇到监听套接字，它不认识这个连接：RST。",
    ),
    "title-reset-both": ("Both sides reset the connection at once", "双方同时重置连接"),
    "verdict-reset-both": (
        "Each side reset the connection before the other's RST arrived: neither RST found a socket.",
        "双方都在对方的 RST 到达之前重置了连接：两个 RST 都没有找到套接字。",
    ),
    "title-no-socket": ("{Side} knew no such connection: RST", "{side}不认识这个连接：RST"),
    "verdict-no-socket-listener": (
        "{Side}'s kernel had only a listener for {peer}'s segment, no such connection: it answered with RST.",
        "{side}的内核只有监听套接字，没有{peer}的报文段所属的连接，于是应答 RST。",
    ),
    "title-after-close-sigpipe": (
        "Write after {side} has closed: RST, then SIGPIPE",
        "{side}关闭之后还写：先引来 RST，再得到 SIGPIPE",
    ),
    "then-later-failed": (
        " {Peer}'s next {call} returned {result}; a later one failed: {errno} ({meaning}).",
        "{peer}的下一次 {call} 返回 {result}，后来的一次失败：{errno}（{meaning}）。",
    ),
    "then-later-failed-plain": (
        " {Peer}'s next {call} returned {result}; a later one failed: {errno}.",
        "{peer}的下一次 {call} 返回 {result}，后来的一次失败：{errno}。",
    ),
    "title-linger-killed": (
        "{Side} died with SO_LINGER 0 set: RST, no FIN",
        "{side}设了 SO_LINGER 0 时被杀：发 RST，不发 FIN",
    ),
    "verdict-linger-killed": (
        "{Side}'s process was killed, with SO_LINGER 0 set: for its socket that is a hard close, and RST takes the place of FIN.",
        "{side}的进程被杀，而套接字设了 SO_LINGER 0：这等于强制关闭，发出的是 RST 而不是 FIN。",
    ),
    "title-listener-killed": (
        "The listener was killed before the connection was accepted",
        "连接还没被 accept，监听进程就被杀死",
    ),
    "verdict-listener-killed": (
        "{Side}'s process was killed while this connection still waited to be accepted: its listening socket went with it, and "
        "its kernel sent RST.",
        "{side}的进程被杀时，这个连接还在等待 accept：监听套接字随之关闭，内核发出 RST。",
    ),
    "title-ignored-below": ("A RST {n} below the window was dropped", "RST 的序号比窗口低 {n}，被丢弃"),
    "verdict-ignored-below": (
        "A RST in {side}'s name had seq {seq}, {n} below the next that {peer} expected: outside its receive window, so {peer} "
        "dropped it.",
        "以{side}的名义发来的 RST 序号为 {seq}，比{peer}期望的下一个序号低 {n}：在接收窗口之外，所以{peer}丢弃了它。",
    ),
    "title-ignored-late": ("A RST that came {n} bytes too late was dropped", "晚了 {n} 字节的 RST 被丢弃"),
    "verdict-ignored-late": (
        "A RST in {side}'s name had seq {seq}: exact until {n} bytes of data came before it, then below {peer}'s window. "
        "{Peer} dropped it.",
        "以{side}的名义发来的 RST 序号为 {seq}：本来正好相符，但有 {n} 字节数据先到，它就落到了{peer}的接收窗口之前，因而被丢弃。",
    ),
    "title-ignored-beyond": ("A RST beyond the window was dropped", "RST 的序号超出窗口，被丢弃"),
    "verdict-ignored-beyond": (
        "A RST in {side}'s name had seq {seq}, {n} beyond the next that {peer} expected: outside its receive window, so "
        "{peer} dropped it.",
        "以{side}的名义发来的 RST 序号为 {seq}，比{peer}期望的下一个序号高 {n}：在接收窗口之外，所以{peer}丢弃了它。",
    ),
    "title-ignored-inexact": (
        "A RST in the window, but not exact: challenge ACK",
        "RST 在窗口内但序号不符：challenge ACK",
    ),
    "verdict-ignored-inexact": (
        "A RST in {side}'s name had seq {seq}: in {peer}'s window, but {n} beyond the next expected. {Peer} answered with a "
        "challenge ACK (RFC 5961).",
        "以{side}的名义发来的 RST 序号为 {seq}：在{peer}的窗口内，但比期望的高 {n}。{peer}回了 challenge ACK（RFC 5961）。",
    ),
    "title-ignored-checksum": ("A RST with a wrong checksum was dropped", "RST 的校验和错误，被丢弃"),
    "verdict-ignored-checksum": (
        "A RST in {side}'s name had a wrong checksum: {peer}'s kernel dropped it unread.",
        "以{side}的名义发来的 RST 校验和错误：{peer}的内核直接丢弃了它。",
    ),
    "title-ignored-checksum-exact": (
        "A RST with the exact seq, but a wrong checksum, was dropped",
        "RST 序号正好相符，但校验和错误，被丢弃",
    ),
    "verdict-ignored-checksum-exact": (
        "A RST in {side}'s name had exactly the seq that {peer} expected, but a wrong checksum: {peer}'s kernel dropped it unread.",
        "以{side}的名义发来的 RST 序号与{peer}期望的正好相符，但校验和错误：{peer}的内核直接丢弃了它。",
    ),
    "title-ignored-handshake": ("A RST that does not acknowledge the SYN was ignored", "没有确认 SYN 的 RST 未被接受"),
    "verdict-ignored-handshake": (
        "{Peer} had only sent its SYN. A RST in {side}'s name did not acknowledge that SYN, and was ignored.",
        "{peer}只发出了 SYN；以{side}的名义发来的 RST 没有确认这个 SYN，所以未被接受。",
    ),
    "title-ignored-handshake-ack": (
        "A RST that does not acknowledge the SYN was ignored",
        "没有确认 SYN 的 RST 未被接受",
    ),
    "verdict-ignored-handshake-ack": (
        "{Peer} had only sent its SYN. A RST in {side}'s name had ack {ack}, where ack 1 acknowledges that SYN, and was "
        "ignored.",
        "{peer}只发出了 SYN，应以 ack 1 确认；以{side}的名义发来的 RST 却是 ack {ack}，所以未被接受。",
    ),
    "ignored-not-sent": (" {Side} never sent it.", "{side}从未发送它。"),
    "went-on": (" The connection went on.", "连接继续。"),
    "went-on-closed": (
        " The connection went on; later {side} closed in order.",
        "连接继续，后来{side}先正常关闭。",
    ),
    "title-path-host": (
        "A RST ended it: from {side}'s host, not from its TCP",
        "RST 结束了连接：来自{side}主机，但不是它的 TCP 发的",
    ),
    "verdict-path-host": (
        "A RST that left {side}'s host ended the connection; {side}'s TCP did not send it: a firewall does so, for one.",
        "结束连接的 RST 发自{side}主机，但不是{side}的 TCP 发的：防火墙之类就会这样。",
    ),
    "title-path-firewall": (
        "A RST ended it: from {side}'s firewall, not from its TCP",
        "RST 结束了连接：来自{side}的防火墙，不是它的 TCP 发的",
    ),
    "verdict-path-firewall": (
        "{Side}'s firewall, which had a rule to reject, sent the RST that ended the connection, not {side}'s TCP.",
        "{side}的防火墙有拒绝规则，结束连接的 RST 是它发的，不是{side}的 TCP 发的。",
    ),
    "title-refused-firewall": (
        "Refused by {side}'s firewall, not by its TCP",
        "被{side}的防火墙拒绝，拒绝者不是它的 TCP",
    ),
    "verdict-refused-firewall": (
        "{Side}'s firewall, which had a rule to reject, sent the RST that answered the SYN, not {side}'s TCP.",
        "{side}的防火墙有拒绝规则，应答 SYN 的 RST 是它发的，不是{side}的 TCP 发的。",
    ),
    "title-refused-host": ("Refused by {side}'s host, but not by its TCP", "被{side}主机拒绝，但拒绝者不是它的 TCP"),
    "verdict-refused-host": (
        "The RST that answered the SYN left {side}'s host; {side}'s TCP did not send it: a firewall does so, for one.",
        "应答 SYN 的 RST 发自{side}主机，但不是{side}的 TCP 发的：防火墙之类就会这样。",
    ),
    "title-refused-path": ("Refused, but not by {side}'s TCP", "被拒绝，但拒绝者不是{side}的 TCP"),
    "verdict-refused-path": (
        "The RST that answered the SYN came in {side}'s name, but {side}'s TCP did not send it.",
        "应答 SYN 的 RST 以{side}的名义到来，但{side}的 TCP 没有发送它。",
    ),
    "title-refused-path-likely": (
        "Refused, most likely not by {side}'s TCP",
        "被拒绝，但拒绝者很可能不是{side}的 TCP",
    ),
    "verdict-refused-path-likely": (
        "A RST in {side}'s name answered the SYN. {Side}'s packets went on after it: most likely {side}'s TCP did not send it.",
        "以{side}的名义发来的 RST 应答了 SYN。{side}的报文此后仍不断到来：RST 很可能不是它的 TCP 发的。",
    ),
    "title-refused-overtaken": (
        "Refused by a RST that {side} never sent, ahead of its SYN-ACK",
        "{side}从未发送的 RST 抢在 SYN-ACK 之前拒绝了连接",
    ),
    "verdict-refused-overtaken": (
        "{Side} never sent the RST that answered the SYN. Its own SYN-ACK came {time} later: too late.",
        "应答 SYN 的 RST 不是{side}发送的；它自己的 SYN-ACK 晚到了 {time}。",
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
        "{Side} {because}: its RST was lost on the way, and {peer}'s next segment drew another.",
        "{side}{because}：它的 RST 在途中丢失，{peer}的下一个报文段又引来一个 RST。",
    ),
    "rst-lost-unread": ("closed with data unread", "带着未读数据关闭"),
    "rst-lost-unread-killed": ("was killed with data unread", "被杀时还有数据未读"),
    "rst-lost-linger": ("closed with SO_LINGER 0", "以 SO_LINGER 0 关闭"),
    "rst-lost-linger-killed": ("was killed with SO_LINGER 0 set", "设了 SO_LINGER 0 时被杀"),
    "rst-lost-any": ("had reset the connection", "重置了连接"),
    "both-failed": (
        " Both programs' {call} then failed: {errno} ({meaning}).",
        "随后两端程序的 {call} 都失败：{errno}（{meaning}）。",
    ),
    "verdict-path-unsent": (
        "A RST in {side}'s name ended the connection; by the capture at its end, {side} never sent it.",
        "一个以{side}名义发出的 RST 结束了连接，但{side}从未发送它：它那一端的抓包里没有。",
    ),
    "title-gave-up": ("{Side}'s kernel gave the connection up", "{side}的内核放弃了连接"),
    "verdict-gave-up": (
        "{Side}'s kernel gave the connection up: {errno}. No packet says so.",
        "{side}的内核放弃了连接：{errno}。报文中看不出这一点。",
    ),
    "title-linger2": ("{Side} would not wait for the other FIN", "{side}不愿等待对方的 FIN"),
    "verdict-linger2": (
        "{Side} had closed, and TCP_LINGER2 forbade its kernel to wait for the other FIN: RST.",
        "{side}已经关闭，TCP_LINGER2 不许内核等待对方的 FIN：于是发出 RST。",
    ),
    "title-keepalive": ("{Peer} answered no keepalive probe", "{peer}不应答保活探测"),
    "verdict-keepalive": (
        "{Peer} answered no keepalive probe: {side}'s kernel gave the connection up, with RST.",
        "{peer}不应答保活探测：{side}的内核放弃了连接，并发出 RST。",
    ),
    "title-overflow": ("Accept queue full: the connection was reset", "全连接队列已满：连接被重置"),
    "verdict-overflow": (
        "{Side}'s accept queue was full, and tcp_abort_on_overflow lets its kernel say so: RST.",
        "{side}的全连接队列已满，而 tcp_abort_on_overflow 让内核用 RST 说明。",
    ),
    "title-memory": ("{Side}'s kernel was out of memory for the socket", "{side}的内核没有内存留给这个套接字"),
    "verdict-memory": (
        "{Side} had closed, and its kernel had no memory left for such sockets: RST.",
        "{side}已经关闭，而内核没有内存留给这样的套接字：于是发出 RST。",
    ),
    "verdict-no-socket": (
        "{Side}'s kernel had no socket for {peer}'s segment, and answered with RST.",
        "{side}的内核没有与{peer}的报文段对应的套接字，于是应答 RST。",
    ),
    "verdict-refused-proved": (
        "{Side} answered the SYN with RST: no socket listens on port {port}.",
        "{side}用 RST 应答了 SYN：端口 {port} 上没有监听的套接字。",
    ),
    "title-active": ("{Side} reset the connection", "{side}重置了连接"),
    "verdict-active": (
        "{Side} reset the connection on its own account: data unread, SO_LINGER 0 or the like; the packets do not tell which.",
        "{side}主动重置了连接：有数据未读、设了 SO_LINGER 0，或类似原因；从报文看不出是哪一种。",
    ),
    "title-active-after-fin": ("{Side} closed, then reset the connection", "{side}关闭之后又重置了连接"),
    "verdict-active-after-fin": (
        "{Side} sent its FIN, then reset the connection on its own account; the packets do not tell why.",
        "{side}发出 FIN 之后，又主动重置了连接；从报文看不出原因。",
    ),
    "title-unknown-connection": (
        "{Side} answered with RST, as if it knew no such connection",
        "{side}应答 RST，好像并不认识这个连接",
    ),
    "verdict-unknown-connection": (
        "{Side} answered {peer}'s segment with RST, as if it knew no such connection.",
        "{side}用 RST 应答了{peer}的报文段，好像并不认识这个连接。",
    ),
    "title-answers-nothing": (
        "A RST in the name of {side} that answers nothing",
        "以{side}名义发出的 RST，却没有应答任何报文段",
    ),
    "verdict-answers-nothing": (
        "A RST in the name of {side} ended the connection. No captured segment is one that it could answer.",
        "一个以{side}名义发出的 RST 结束了连接。抓到的报文段里，没有哪一个是它可能应答的。",
    ),
    "title-answers-unseen": (
        "{Side} answered with RST what was not captured",
        "{side}用 RST 应答了没有抓到的报文段",
    ),
    "verdict-answers-unseen": (
        "{Side}'s RST ended the connection. It has the form of an answer, but {peer}'s segments are not captured.",
        "{side}的 RST 结束了连接。它的形式是应答，但{peer}的报文段没有抓到。",
    ),
    "title-answer-unseen": (
        "The answer to the SYN was not captured",
        "对 SYN 的应答没有抓到",
    ),
    "verdict-answer-unseen": (
        "{Side}'s RST has the form of an answer to what came after its SYN: {peer}'s segments are not captured.",
        "{side}的 RST 在形式上应答了 SYN 之后到达的报文段：{peer}的报文段没有抓到。",
    ),
    "title-path": ("A RST ended it, but not from {side}", "RST 结束了连接，但并非来自{side}"),
    "title-path-likely": (
        "A RST ended it, most likely not sent by {side}'s TCP",
        "RST 结束了连接，很可能不是{side}的 TCP 发的",
    ),
    "verdict-path-likely": (
        "A RST in {side}'s name ended the connection. {Side}'s packets went on after it: most likely {side}'s TCP did not send it.",
        "一个以{side}的名义发来的 RST 结束了连接。{side}的报文此后仍不断到来：RST 很可能不是它的 TCP 发的。",
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
        "The client sent {syns} in {time}; no answer. The packets do not tell whether they were lost, filtered or ignored.",
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
    "dropped-queue-likely": ("dropped: queue full, most likely", "被丢弃：很可能队列已满"),
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
    "title-timed-out-user": (
        "{Side}'s TCP_USER_TIMEOUT is over: no answer came",
        "{side}的 TCP_USER_TIMEOUT 已到：没有收到应答",
    ),
    "title-timed-out-user-lost": (
        "{Side}'s TCP_USER_TIMEOUT is over: every try was lost on the way",
        "{side}的 TCP_USER_TIMEOUT 已到：每一次都在途中丢失",
    ),
    "title-timed-out-user-dropped": (
        "{Side}'s TCP_USER_TIMEOUT is over: every try was dropped at {peer}'s end",
        "{side}的 TCP_USER_TIMEOUT 已到：每一次都在{peer}一端被丢弃",
    ),
    "title-timed-out-lost": (
        "Nothing that {side} sends arrives any more: its kernel gives up",
        "{side}发的报文段再也到不了：内核放弃",
    ),
    "title-timed-out-dropped": (
        "{Peer}'s end drops what {side} sends: its kernel gives up",
        "{side}发的报文段在{peer}一端被丢弃：内核放弃",
    ),
    "title-timed-out": ("{Side} sends again and again, and no answer comes", "{side}反复发送，始终没有收到应答"),
    "verdict-timed-out": (
        "{Side} sent the same segment {n} times without an answer; then the capture has nothing more. What its program was "
        "told is not in the packets.",
        "{side}把同一个报文段发了 {n} 次都没有应答，此后抓包里再无报文。它的程序得到什么结果，报文里看不出来。",
    ),
    "verdict-timed-out-proved": (
        "{Side} sent again and again without an answer, until its kernel gave up, without RST: {errno}.",
        "{side}反复发送，始终没有应答，直到内核放弃，没有发 RST：{errno}。",
    ),
    "verdict-timed-out-told": (
        "{Side} sent again and again without an answer, until its kernel gave up, without RST.",
        "{side}反复发送，始终没有应答，直到内核放弃，没有发 RST。",
    ),
    "verdict-timed-out-any": (
        "The last segments were never answered, and nothing came after. What the program was told is not in the packets.",
        "最后的报文段始终没有应答，此后再无报文。程序得到什么结果，报文里看不出来。",
    ),
    "title-open": ("Still open when the capture ends", "抓包结束时连接仍然打开"),
    "verdict-open": (
        "By its packets, the connection had not ended when the capture did: no FIN and no RST.",
        "从报文看，抓包结束时连接还没有结束：没有 FIN，也没有 RST。",
    ),
    "verdict-open-ignored": (
        "The connection goes on: the RST was not accepted by its receiver, and no FIN followed.",
        "连接仍在继续：RST 没有被接收方接受，之后也没有 FIN。",
    ),
    "title-unknown-unseen": ("How it ended cannot be told", "无法判断连接如何结束"),
    "verdict-unknown-unseen": (
        "None of {peer}'s segments were captured: how the connection ended cannot be told.",
        "{peer}的报文段一个也没有抓到，无法判断连接如何结束。",
    ),
    "title-unknown": ("How it ended cannot be told", "无法判断连接如何结束"),
    "verdict-unknown": (
        "This capture does not hold enough of the connection to tell how it ended.",
        "抓包中这个连接的内容不够，无法判断它如何结束。",
    ),
}
