"""Why a RST was sent: the box beside it."""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "why-title": ("Why this RST?", "为什么发 RST？"),
    "why-of": ("{flags} at {time}", "{time} 的 {flags}"),
    "why-title-ignored": ("Why did this RST change nothing?", "为什么这个 RST 没有作用？"),
    "why-after-close": (
        "{Side} had closed with {fin}, and then {trigger} arrived. Nothing is left to take it: {side} answers with RST.",
        "{side}已经用 {fin} 关闭，之后{trigger}才到达，已无人接收，{side}只能应答 RST。",
    ),
    "why-after-close-unseen": (
        "{Side} had closed with {fin}. The RST has the form of an answer, so a segment came after that; {peer}'s segments "
        "are not captured.",
        "{side}已经用 {fin} 关闭。这个 RST 的形式是应答，说明之后还有报文段到达；{peer}的报文段未被抓到。",
    ),
    "why-after-close-or-shut": (
        "{Side} had sent {fin}, and closed or shut down its reading, too, before {trigger} arrived. It can no longer be "
        "read: {side} answers with RST.",
        "{side}已经发出 {fin}，并且在{trigger}到达之前已关闭，或用 shutdown 也停止了接收：数据已无法读取，{side}只能应答 RST。",
    ),
    "why-forgotten": (
        "{Side} closed with {fin}; its kernel kept FIN_WAIT_2 for tcp_fin_timeout only, then forgot the connection. {Trigger} "
        "finds no socket: RST.",
        "{side}用 {fin} 关闭；内核只在 tcp_fin_timeout 之内保持 FIN_WAIT_2，然后忘记了连接。{trigger}找不到套接字：RST。",
    ),
    "why-unknown-connection": (
        "{Trigger} is answered as if it belonged to no connection. {Side} may have lost it, as in a restart; or a firewall or "
        "forger answers in {side}'s name.",
        "{trigger}得到 RST 应答，仿佛它不属于任何连接。可能{side}已丢失连接状态，例如重启过；也可能是防火墙或伪造者以{side}的名义应答。",
    ),
    "why-unknown-connection-cut": (
        "{Trigger} is answered as if it belonged to no connection. {Side} may have lost it, or never had it; or a firewall or "
        "forger answers in {side}'s name.",
        "{trigger}得到 RST 应答，仿佛它不属于任何连接。可能{side}已丢失连接状态，或者从来没有过；也可能是防火墙或伪造者"
        "以{side}的名义应答。",
    ),
    "why-no-ack-flag": (
        "{Trigger} has no ACK flag, as every segment of a connection has: it was made up. {Side} knew no such connection.",
        "{trigger}没有 ACK 标志，而连接中的每个报文段都有：它是人为构造的。{side}不认识这个连接。",
    ),
    "why-opens-in-rst": (
        " The RST opens the window from {window} to {n}: most likely unread data was dropped.",
        "它的窗口原来是 {window}，在 RST 里变成 {n}：很可能丢弃了未读的数据。",
    ),
    "why-answers-nothing": (
        "It has the form of an answer, but everything that was sent to its sender had been received before. Either the "
        "segment that it answers was not captured, or a firewall or a forger sent it.",
        "从形式看它是应答，但此前发给其发送方的报文段都早已被收到。要么它应答的报文段没有被抓到，要么它是防火墙或伪造者发的。",
    ),
    "why-answers-unseen": (
        "It has the form of an answer. What it answers cannot be told: {peer}'s segments are not captured.",
        "它的形式是应答。它应答的是什么，看不出来：{peer}的报文段没有抓到。",
    ),
    "why-seq-is-ack": (
        " Its seq, {seq}, is the ack number of the segment it refuses.",
        "RST 的序号 {seq} 正是被拒绝报文段的确认号。",
    ),
    "why-no-ack-number": (
        " Without an ack number to take, the RST has seq 0 and acknowledges what came (ack {ack}).",
        "被拒绝的报文段没有确认号，所以 RST 的序号为 0，并确认收到的数据（ack {ack}）。",
    ),
    "why-active": (
        "It answers no segment: {side}'s socket decided. These send the same packet: a close or a death with data "
        "unread, a close with SO_LINGER 0, and ss --kill.",
        "它不是对任何报文段的应答，而是{side}的套接字主动发出的。带着未读数据关闭或被杀、设了 SO_LINGER 0、被 ss --kill 强制关闭，发出的报文都一样。",
    ),
    "why-unacked": (
        " {bytes} from {peer} were never acknowledged.",
        "{peer}还有 {bytes}始终没有得到确认。",
    ),
    "why-syn-reply": (
        "The SYN found no open port {port}, or a firewall that refuses. The RST acknowledges the SYN ({ack}): that proves "
        "which segment it answers.",
        "端口 {port} 没有打开，或者被防火墙拒绝。RST 确认了这个 SYN（{ack}），可见它应答的正是这个报文段。",
    ),
    "why-syn-reply-proved": (
        "No socket listens on port {port}. The RST acknowledges the SYN ({ack}): that is the segment it answers.",
        "端口 {port} 上没有监听的套接字。RST 确认了这个 SYN（{ack}），应答的正是这个 SYN。",
    ),
    "why-path": (
        "It came in the name of {side}, but it does not fit {side}'s other packets. {Side}'s own firewall may "
        "have made it, a device on the path, or a forger.",
        "它以{side}的名义发出，却与{side}的其他报文不符，可能是{side}自己的防火墙、路径上的设备或伪造者发的。",
    ),
    "why-path-against": (
        "It came in {side}'s name, but {evidence}. {Side}'s own firewall may have made it, a device on the path, or "
        "a forger.",
        "它以{side}的名义到来，但{evidence}。可能是{side}自己的防火墙、路径上的设备或伪造者发的。",
    ),
    "why-path-and": (", and ", "，而且"),
    "why-path-never-took": ("{side}'s ack, {ack}, still lacks {trigger}", "{side}此后的 ack {ack} 仍未确认{trigger}"),
    "why-path-old-stamp": ("its timestamp is {old} old", "它的时间戳已过时 {old}"),
    "why-unread": (
        "Data that {side} had received was never read when its socket was closed. It is lost, and a FIN would hide that: "
        "the kernel sends RST.",
        "{side}的套接字关闭时，收到的数据还没有读。数据丢了，发 FIN 会掩盖这一点，所以内核发 RST。",
    ),
    "why-linger": (
        "SO_LINGER with 0 seconds: the close throws away what is unsent and unread, and sends RST at once.",
        "SO_LINGER 为 0 秒：关闭时丢掉没发和没读的数据，立即发出 RST。",
    ),
    "why-linger-nothing": (
        "SO_LINGER with 0 seconds: the close sends RST at once, in place of FIN. Nothing was unsent or unread here: nothing "
        "was lost.",
        "SO_LINGER 为 0 秒：关闭时立即发 RST，不发 FIN。这里没有未发或未读的数据：什么也没有丢失。",
    ),
    "why-listener": (
        "Nobody had accepted this connection, and its listener is closed: no program is left to own it.",
        "这个连接还没有被 accept，监听套接字就已关闭：没有程序拥有它。",
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
    "why-destroyed-ss": (
        "It answers no segment, and {side}'s program did not close: ss --kill destroyed its socket.",
        "它不是应答，{side}的程序也没有关闭：套接字被 ss --kill 销毁。",
    ),
    "why-linger2": (
        "TCP_LINGER2 was set below zero: once its FIN is acknowledged, {side}'s kernel keeps no FIN_WAIT_2.",
        "TCP_LINGER2 设成了负数：FIN 一得到确认，{side}的内核就不再保留 FIN_WAIT_2。",
    ),
    "why-keepalive": (
        "As many keepalive probes as TCP_KEEPCNT allows went unanswered. The RST tells {peer}, should it still be there.",
        "没有得到应答的保活探测达到了 TCP_KEEPCNT。若{peer}还在，RST 会告诉它。",
    ),
    "why-handshake-reset": (
        "{Trigger} found no socket of {side} waiting for it: {side}'s program had given up connecting, or the SYN was a port "
        "scanner's.",
        "{trigger}没有找到{side}等待它的套接字：{side}的程序已经放弃连接，或者那个 SYN 是端口扫描器发的。",
    ),
    "why-active-after-fin": (
        "It answers no segment: {side}'s socket decided, once its FIN was acknowledged. These send it: TCP_LINGER2 "
        "below zero, SO_LINGER 0, ss --kill.",
        "它不是对任何报文段的应答，而是{side}的套接字在 FIN 得到确认之后主动发出的。TCP_LINGER2 为负数、SO_LINGER 0、被 ss --kill 强制关闭都会如此。",
    ),
    "why-active-after-fin-data": (
        "It answers no segment: {side}'s socket decided, once its FIN was acknowledged. These send it: TCP_LINGER2 "
        "below zero, SO_LINGER 0, a close with data unread, ss --kill.",
        "它不是对任何报文段的应答，而是{side}的套接字在 FIN 得到确认之后主动发出的。TCP_LINGER2 为负数、SO_LINGER 0、关闭时有未读数据、被 ss --kill 强制关闭都会如此。",
    ),
    # why-head-CODE: the reason beside a verdict of the catalogue
    "why-head-accept-queue-full": (
        "{Side} had taken up nothing since its SYN-ACK. By the time that {trigger} came, it had forgotten the half-open "
        "connection: such a segment is answered with RST.",
        "{side}发出 SYN-ACK 之后什么都没有接纳。{trigger}到来时，它已忘记这个半开的连接，对这样的报文段要应答 RST。",
    ),
    "why-head-forged-fin": (
        "For {side} the FIN had ended {peer}'s stream. {Trigger} comes where nothing more can be: {side}'s kernel answers "
        "with RST.",
        "对{side}来说，那个 FIN 已经结束了{peer}的字节流。{trigger}所在之处不可能再有数据：{side}的内核应答 RST。",
    ),
    "why-head-accept-queue-overflow": (
        "{Side} had answered the SYN, and refuses the ACK that ends the handshake. A full accept queue does so with "
        "tcp_abort_on_overflow; so does a listener that is closed meanwhile, or a firewall.",
        "{side}已应答 SYN，却拒绝了握手最后的 ACK。全连接队列已满且设了 tcp_abort_on_overflow 时会这样；监听套接字在此期间关闭或防火墙拒绝时"
        "也会这样。",
    ),
    "why-head-aborted-without-unread-data": (
        "It answers no segment: {side}'s socket decided, and nothing was left unread. These send it: SO_LINGER 0, ss "
        "--kill, connect to AF_UNSPEC.",
        "它不是对任何报文段的应答，而是{side}的套接字主动发出的，也没有未读的数据。SO_LINGER 0、ss --kill、connect 到 AF_UNSPEC 都会如此。",
    ),
    "why-head-closed-without-answer": (
        "It answers no segment: {side}'s socket decided. These send the same packet: a close or a death with data "
        "unread, a close with SO_LINGER 0, and a listener that goes before it has accepted the connection.",
        "它不是对任何报文段的应答，而是{side}的套接字主动发出的。带着未读数据关闭或被杀、设了 SO_LINGER 0，或监听套接字在 accept 之前已关闭，发出的报文都一样。",
    ),
    "why-nothing-unread-server": (
        "It answers no segment: the server's socket decided, and nothing had come that it could have left unread. These send "
        "it: SO_LINGER 0, ss --kill, connect to AF_UNSPEC, and a listener that goes before it has accepted the connection.",
        "它不是对任何报文段的应答，而是服务器的套接字主动发出的，也没有收到过可能未读的数据。SO_LINGER 0、强制关闭套接字（ss --kill、connect 到 "
        "AF_UNSPEC），以及监听套接字在 accept 之前已关闭，都会如此。",
    ),
    "why-head-health-check": (
        "It answers no segment: {side}'s socket decided, and nothing had come that it could have left unread. These send "
        "it: SO_LINGER 0, ss --kill, connect to AF_UNSPEC.",
        "它不是对任何报文段的应答，而是{side}的套接字主动发出的，也没有收到过可能未读的数据。SO_LINGER 0、ss --kill、connect 到 AF_UNSPEC 都会如此。",
    ),
    "why-head-keepalive-timeout": (
        "No answer to {side}'s keepalive probing came here. A kernel resets the connection after as many probes as TCP_KEEPCNT "
        "allows, or at TCP_USER_TIMEOUT. The RST tells {peer}, should it still be there.",
        "{side}的保活探测没有得到应答。探测次数达到 TCP_KEEPCNT，或 TCP_USER_TIMEOUT 到期时，内核就重置连接。若{peer}还在，RST 会告诉它。",
    ),
    "why-head-lost-reset": (
        "{Side} had reset the connection with a RST that had no effect. {Peer} did not know: {trigger} that it sent is "
        "answered with RST.",
        "{side}已没有这个连接：它用 RST 重置了连接，而那个 RST 没有效果。{peer}并不知情，它发来的{trigger}得到 RST 应答。",
    ),
    "why-head-retransmission-timeout": (
        "{Side} had sent the same segment again and again without an answer, and given up. {Trigger} comes too late: it is "
        "answered with RST.",
        "{side}反复重传而没有应答，已经放弃。{trigger}来得太晚，得到 RST 应答。",
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
        "{trigger}到达时，{side}已经关闭套接字，数据不会再有人读取，内核应答 RST。",
    ),
    "why-no-socket": (
        "No socket of {side} belongs to {trigger} that came, and such a segment is answered with RST.",
        "{side}没有与收到的{trigger}对应的套接字，对这样的报文段要应答 RST。",
    ),
    "why-listener-only": (
        "{Trigger} came to a socket that only listens: {side} knows no such connection, and answers with RST.",
        "{trigger}到了只监听的套接字：{side}不认识这个连接，应答 RST。",
    ),
    "why-not-sent": (
        "not sent by {side}'s TCP: proved, by the kernel's own record",
        "不是{side}的 TCP 发的：已由内核记录证实",
    ),
    "why-nowhere": (
        "neither in the capture at {side}'s end nor in its kernel's record: proved",
        "{side}一端的抓包和内核记录里都没有它：已证实",
    ),
    "why-ignored-proof": (
        "{peer} took no RST: proved, by its kernel's own record",
        "{peer}没有接受 RST：已由其内核记录证实",
    ),
    "why-ignored-both": (
        "sent for {reason}, not taken by {peer}: proved, by the kernels' own records",
        "因 {reason} 发出，{peer}没有接受：已由内核记录证实",
    ),
    "why-proof": ("{reason}: proved, by the kernel's own record", "{reason}：已由内核记录证实"),
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
        "one. A device on the path made it, or a forger elsewhere.",
        "它以{side}的名义发出，却从未离开{side}：那里的抓包有其他所有报文，唯独没有它。是路径上的设备或别处的伪造者发的。",
    ),
    "why-path-host": (
        "The capture at {side}'s end has it leaving there, but {side}'s TCP did not send it. On the host something else did: a "
        "firewall that rejects sends such a RST.",
        "{side}一端的抓包里有它发出的记录，但{side}的 TCP 没有发送它，是那台主机上别的东西发的：防火墙拒绝时就发这样的 RST。",
    ),
    "why-path-firewall": (
        "The capture at {side}'s end has it leaving there, but {side}'s TCP did not send it: its firewall did, which had a "
        "rule to reject with RST.",
        "{side}一端的抓包里有它发出的记录，但{side}的 TCP 没有发送它：是那里的防火墙发的，它有用 RST 拒绝的规则。",
    ),
    "why-not-sent-host": (
        "sent from {side}'s host, not by its TCP: proved, by the capture there and the kernel's record",
        "发自{side}主机，但不是它的 TCP：已由那里的抓包和内核记录证实",
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
        "Its seq{seq} lies outside {peer}'s receive window, so {peer} drops it. The connection goes on.",
        "它的序号{seq}在{peer}的接收窗口之外，所以{peer}丢弃了它，连接继续。",
    ),
    "why-one-below": (  # net/ipv4/tcp_input.c: tcp_reset_check
        " Linux takes one number below the expected one, but only once {side}'s FIN has come (CLOSE_WAIT, CLOSING, LAST_ACK).",
        "Linux 也接受比期望低 1 的序号，但只在{side}的 FIN 到达之后（CLOSE_WAIT、CLOSING、LAST_ACK）。",
    ),
    "why-ignored-in the window, but not exact: challenge ACK": (
        "Its seq{seq} lies in {peer}'s window but is not the next one expected. RFC 5961: {peer} answers with a "
        "challenge ACK, and the connection goes on.",
        "它的序号{seq}在{peer}的窗口内，但不是下一个期望的序号。按 RFC 5961，{peer}回一个 challenge ACK，连接继续。",
    ),
    "why-ignored-bad checksum": (
        "Its checksum is wrong, so {peer}'s kernel drops it unread. The connection goes on.",
        "它的校验和不对，{peer}的内核直接丢弃，连接继续。",
    ),
    "why-ignored-it does not acknowledge the SYN": (
        "{Peer} has only sent its SYN, and this RST does not acknowledge it: it may be of an old connection, and is ignored.",
        "{peer}只发出了 SYN，而这个 RST 没有确认它，可能属于旧连接，所以被忽略。",
    ),
    "why-ignored-it does not acknowledge the SYN, ack": (
        "{Peer} has only sent its SYN, which ack 1 would acknowledge; this RST has ack {ack}. It may be of an old connection, "
        "and is ignored.",
        "{peer}只发出了 SYN，确认它的应是 ack 1，而这个 RST 的是 ack {ack}：可能属于旧连接，所以被忽略。",
    ),
    "why-crossed-too": (" It crossed {peer}'s own RST.", "它与{peer}的 RST 在途中交错。"),
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
}
