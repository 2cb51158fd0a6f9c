"""The sentences of the catalogue of verdicts by key, in English and Chinese: verdicts, evidence, what would decide."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # headline-CODE: the title of a figure whose composer has none of its own for this verdict
    "headline-accept-queue-full": (
        "Open for the client only, as with a full accept queue",
        "只有客户端认为连接已建立，如同全连接队列已满",
    ),
    "headline-accept-queue-overflow": (
        "RST at the handshake's end: most likely the accept queue was full",
        "握手的最后一步得到 RST：很可能全连接队列已满",
    ),
    "headline-aborted-without-unread-data": (
        "{Side} threw the connection away, with nothing unread",
        "{Side}丢弃了连接，并无未读数据",
    ),
    "headline-aborted-mid-response": ("{Side} gave up in the middle of the response", "{Side}在响应途中放弃"),
    "headline-closed-without-answer": (
        "{Side} ended the connection without an answer",
        "{Side}未返回任何数据就结束了连接",
    ),
    "headline-early-answer": ("{Side} answered before it had read everything", "{Side}没有读完就应答了"),
    "headline-fin-wait-2-expired": (
        "{Side} closed long ago, and its kernel has forgotten the connection",
        "{Side}早已关闭，其内核已忘记这个连接",
    ),
    "headline-forged-fin": (
        "A FIN in {side}'s name, most likely not sent by it",
        "以{side}名义发出的 FIN，很可能不是它发的",
    ),
    "headline-half-open": (
        "A probe gets RST: {side} seems to have forgotten the connection",
        "探测得到 RST：{side}似乎已忘记这个连接",
    ),
    "headline-health-check": (
        "Connected and reset without a byte, as a health check does",
        "建立连接后不发一字节就重置，像健康检查那样",
    ),
    "headline-idle-connection-dropped": (
        "After a long silence nothing is answered any more",
        "长时间静默之后再也没有应答",
    ),
    "headline-idle-connection-forgotten": (
        "An idle connection is forgotten: the next segment gets a RST",
        "空闲连接已被遗忘：下一个报文段换来 RST",
    ),
    "headline-idle-timeout-race": (
        "The close of the idle connection and the next request cross",
        "空闲连接的关闭与下一个请求在途中交错",
    ),
    "headline-idle-timeout-reset": (
        "After a long silence both ends are reset",
        "长时间静默之后，两端都被重置",
    ),
    "headline-keepalive-timeout": (
        "{Side}'s keepalive probes had no answer: RST",
        "{side}的保活探测没有应答：RST",
    ),
    "headline-late-fin": ("{Peer}'s FIN comes too late", "{peer}的 FIN 来得太晚"),
    "headline-lost-reset": (
        "{Side}'s RST had no effect: {peer} went on, and got another",
        "{side}的 RST 没有生效：{peer}继续发送，又得到一个",
    ),
    "headline-pmtu-black-hole": ("Large segments are lost, small ones arrive", "大报文段丢失，小报文段到达"),
    "headline-port-reused": (
        "A port is used again while the other end remembers it",
        "端口被重新使用，而另一端还记得它",
    ),
    "headline-refused-by-icmp": ("The SYN is answered by ICMP: {what}", "SYN 得到 ICMP 应答：{what}"),
    "headline-reset-ignored": ("A RST that changed nothing", "一个什么也没改变的 RST"),
    "headline-reset-instead-of-fin": ("RST in place of the last FIN", "以 RST 代替最后的 FIN"),
    "headline-reset-took-the-path": ("A RST ends the path, not the connection", "RST 终结的是路径，不是连接"),
    "headline-retransmission-timeout": (
        "No answer to {n} transmissions: {side} gave up",
        "{n} 次发送都没有应答：{side}放弃",
    ),
    "headline-syn-in-the-middle": (
        "A SYN in the middle: what follows counts as connection {n}",
        "中途来了一个 SYN：其后的报文计为连接 {n}",
    ),
    "headline-unprompted-reset": ("A RST out of silence", "静默中突然出现的 RST"),
    "headline-zero-window-stall": ("{Side} stopped reading, and its window closed", "{Side}停止读取，窗口随之关闭"),
    # rule-CODE: the verdict in a sentence
    "rule-aborted": (
        "{Side} aborted the connection: RST in place of FIN, by its own decision.",
        "{Side}主动中止了连接：不发 FIN，直接发 RST。",
    ),
    "rule-aborted-after-fin": (
        "{Side} had sent FIN, and then threw the rest of the connection away with RST.",
        "{side}发送 FIN 之后，又用 RST 丢弃了连接的其余部分。",
    ),
    "rule-aborted-mid-response": (
        "{Side} aborted while {peer} was still sending.",
        "{peer}还在发送时，{side}中止了连接。",
    ),
    "rule-aborted-with-unread-data": (
        "{Side} closed without having read everything, and its kernel sent RST.",
        "{Side}关闭时还有数据未读，其内核因此发送 RST。",
    ),
    "rule-aborted-without-unread-data": (
        "{Side} threw the connection away with RST, and had left nothing unread.",
        "{Side}在没有未读数据时用 RST 丢弃了连接。",
    ),
    "rule-accept-queue-full": (
        "{Side} took up nothing after its SYN-ACK: its accept queue was full, or nothing reached it.",
        "{side}在 SYN-ACK 之后什么都没有接纳：其全连接队列已满，或什么也没有到达它。",
    ),
    "rule-accept-queue-overflow": (
        "The end of the handshake was answered with RST, as by a listener whose accept queue is full.",
        "握手的最后一步得到 RST 应答，全连接队列已满时监听套接字就这样做。",
    ),
    "rule-both-aborted": (
        "Both ends aborted the connection, and their RSTs crossed.",
        "两端同时中止连接，RST 在途中交错。",
    ),
    "rule-cannot-tell": ("This capture does not show how the connection ended.", "从这份抓包看不出连接如何结束。"),
    "rule-closed": ("Both ends sent FIN, and both FINs were acknowledged.", "两端都发送了 FIN，且都得到确认。"),
    "rule-closed-without-answer": (
        "{Side} ended the connection with {flag}, without a byte in answer to what {peer} had sent.",
        "{peer}发来数据，{side}没有回应一个字节，就以 {flag} 结束了连接。",
    ),
    "rule-early-answer": (
        "{Side} answered and aborted while {peer} was still sending.",
        "{side}已作答并中止连接，而{peer}还在发送。",
    ),
    "rule-fin-wait-2-expired": (
        "{Side} closed so long ago that its kernel had forgotten the connection; {peer}'s write was answered with RST.",
        "{side}关闭已久，其内核已忘记该连接；{peer}写入的数据得到 RST 应答。",
    ),
    "rule-forged-fin": (
        "A FIN in {side}'s name was believed, but {side} went on sending.",
        "以{side}的名义发来的 FIN 被相信了，但{side}仍在继续发送。",
    ),
    "rule-half-closed": ("Only {side} had closed when the capture ended.", "抓包结束时只有{side}关闭了连接。"),
    "rule-half-open": (
        "{Peer}'s keepalive probe was answered with RST in {side}'s name, as if {side} knew no such connection.",
        "{peer}的保活探测得到以{side}名义发来的 RST 应答，仿佛{side}不认识这个连接。",
    ),
    "rule-handshake-abandoned": ("The handshake was never completed.", "握手没有完成。"),
    "rule-health-check": (
        "{Side} connected and reset without a byte of data, as a health check does.",
        "{Side}建立连接后不发一字节就重置，像健康检查那样。",
    ),
    "rule-idle-connection-dropped": (
        "After a long silence {side}'s data had no answer any more, as when a middlebox has forgotten the connection.",
        "长时间静默之后，{side}的数据再也没有应答，中间设备忘记连接时就是这样。",
    ),
    "rule-idle-connection-forgotten": (
        "After {time} of silence {peer}'s segment got a RST in {side}'s name: {side}, or a device on the path, had"
        " forgotten the connection.",
        "静默 {time} 之后，{peer}的报文段得到以{side}的名义发来的 RST：{side}或路径上的设备已忘记该连接。",
    ),
    "rule-idle-timeout-race": (
        "{Side} closed the idle connection: its FIN and {peer}'s next request crossed on the way.",
        "{Side}关闭了空闲的连接，它的 FIN 与{peer}的下一个请求在途中交错。",
    ),
    "rule-idle-timeout-reset": (
        "After {time} of silence RSTs came to both ends: something between them lost patience.",
        "静默 {time} 之后两端都收到 RST：中间的某个设备超时了。",
    ),
    "rule-keepalive-timeout": (
        "{Side}'s keepalive probes went unanswered, and its kernel reset the connection.",
        "{Side}的保活探测没有应答，其内核重置了连接。",
    ),
    "rule-late-fin": (
        "{Peer}'s FIN came so late that {side}'s kernel knew the connection no more; nobody was hurt.",
        "{peer}的 FIN 来得太晚，{side}的内核已不认识该连接；没有人受影响。",
    ),
    "rule-listener-gone": (
        "The listener was closed while the connection still waited to be accepted.",
        "连接还在等待 accept 时，监听套接字被关闭。",
    ),
    "rule-lost-reset": (
        "{Side} had reset the connection, but that RST had no effect; {peer}'s next segment got another.",
        "{side}已重置连接，但那个 RST 没有生效；{peer}的下一个报文段引来了另一个。",
    ),
    "rule-pmtu-black-hole": (
        "{Side}'s large segments never arrive, and smaller ones do.",
        "{side}的大报文段始终不能到达，而小的可以。",
    ),
    "rule-port-reused": (
        "{Side} used a port again whose old connection {peer} still knew, and answered its ACK with RST.",
        "{side}重用了端口，而{peer}仍记得旧连接；{side}用 RST 应答了它的 ACK。",
    ),
    "rule-refused": (
        "The SYN was answered with RST: nothing listens there, or a firewall says so.",
        "SYN 被 RST 应答：那里没有监听套接字，或防火墙拒绝。",
    ),
    "rule-refused-by-icmp": ("The SYN was answered by ICMP: {what}.", "SYN 得到的应答是 ICMP 差错报文：{what}。"),
    "rule-reset-after-close": (
        "A RST came after both ends had closed: it changed nothing.",
        "两端都关闭之后才来的 RST：它什么也没改变。",
    ),
    "rule-reset-by-firewall": (
        "A RST in {side}'s name answered a segment, but {side}'s TCP did not send it.",
        "以{side}名义应答报文段的 RST 不是{side}的 TCP 发的。",
    ),
    "rule-reset-forged": (
        "The RST came in {side}'s name, but {side}'s TCP did not send it.",
        "RST 以{side}的名义到来，但不是{side}的 TCP 发的。",
    ),
    "rule-reset-ignored": (
        "A RST in {side}'s name was not accepted: the connection went on.",
        "以{side}的名义发来的 RST 未被接受：连接继续。",
    ),
    "rule-reset-instead-of-fin": (
        "{Side} left with RST in place of its FIN; {peer} had answered and closed before.",
        "{side}用 RST 代替了 FIN；{peer}在此之前已答复并关闭。",
    ),
    "rule-reset-took-the-path": (
        "{Peer} ignored a RST in {side}'s name, and from then on nothing that it sent was answered.",
        "{peer}忽略了以{side}的名义发来的 RST，此后它发送的一切都没有应答。",
    ),
    "rule-response-cut": (
        "{Side} aborted before all of its own data was acknowledged: {peer} may lack the end.",
        "{side}中止连接时，自己的数据尚未全部得到确认：{peer}可能没有收到结尾。",
    ),
    "rule-retransmission-timeout": (
        "{Side}'s transmissions ({n}) had no answer, and it gave up.",
        "{side}发送了 {n} 次都没有得到应答，于是放弃。",
    ),
    "rule-simultaneous-close": ("Both ends closed at once, and their FINs crossed.", "两端同时关闭，FIN 在途中交错。"),
    "rule-still-open": ("The connection is still in use when the capture ends.", "抓包结束时连接仍在使用。"),
    "rule-syn-in-the-middle": (
        "A SYN with other numbers came in the middle, unaccepted; it and what follows count as connection {n}.",
        "中途来了一个序号不同的 SYN，未被接受；它和其后的报文计为连接 {n}。",
    ),
    "rule-unanswered": ("Nobody answered the SYN.", "没有人应答 SYN。"),
    "rule-unknown-connection": (
        "{Peer}'s segment met no connection at {side}, which answered with RST.",
        "{Peer}的报文段到达{side}时，对应的连接已不存在，{side}以 RST 应答。",
    ),
    "rule-unprompted-reset": (
        "A bare RST in {side}'s name came without a segment that it could answer.",
        "以{side}名义到来的 RST 不带 ACK，却没有可应答的报文段。",
    ),
    "rule-write-after-peer-closed": (
        "{Side} closed first; {peer}'s write was answered with RST.",
        "{Side}先关闭；{peer}写入的数据得到 RST 应答。",
    ),
    "rule-zero-window-stall": (
        "{Side} had stopped reading: its window was 0, and {peer} could send nothing.",
        "{side}停止了读取：其窗口为 0，{peer}无法再发送。",
    ),
    # evidence-KEY
    "evidence-acks-differ": (
        "RSTs without ACK flag, in {side}'s name, have different ACK numbers",
        "以{side}名义、不带 ACK 标志的 RST 的确认号各不相同",
    ),
    "evidence-act-close": ("{side}'s program had closed its socket", "{side}的程序已关闭套接字"),
    "evidence-act-died": ("{side}'s process had been killed", "{side}的进程已被杀死"),
    "evidence-act-disconnect": (
        "{side}'s program had disconnected its socket (connect to AF_UNSPEC)",
        "{side}的程序已断开套接字（connect 到 AF_UNSPEC）",
    ),
    "evidence-act-linger": ("{side}'s program had set SO_LINGER and closed", "{side}的程序设置了 SO_LINGER 后关闭"),
    "evidence-act-listener-close": (
        "{side}'s listener was gone before the program had called accept",
        "{side}的程序还没有调用 accept，监听套接字就已关闭",
    ),
    "evidence-act-nothing": ("no call of {side}'s program explains the RST", "{side}的程序没有任何调用能解释这个 RST"),
    "evidence-answers-ack": ("the RST answers {side}'s segment without data", "RST 应答了{side}的一个不带数据的报文段"),
    "evidence-answers-data": (
        "the RST answers {side}'s segment of {n} sequence numbers",
        "RST 应答了{side}占 {n} 个序号的报文段",
    ),
    "evidence-answers-nothing": ("the RST answers nothing in the capture", "RST 没有应答抓包中的任何报文段"),
    "evidence-early": (
        "the RST came {time} after the segment that it answers; an answer of {side} takes {way}",
        "RST 在被应答的报文段之后 {time} 就到来；而{side}的应答需要 {way}",
    ),
    "evidence-fin": ("FIN from {side}", "{side}的 FIN"),
    "evidence-fin-age": ("{side} had sent its FIN {time} before", "{side}的 FIN 早在 {time} 之前发出"),
    "evidence-fin-taken": (
        "{side}'s FIN had been acknowledged {time} before",
        "{side}的 FIN 早在 {time} 之前得到确认",
    ),
    "evidence-goes-on": (
        "connection {n}, between the same ports, goes on with its numbers and has no SYN-ACK",
        "同一对端口之间的连接 {n} 沿用其序号，且没有 SYN-ACK",
    ),
    "evidence-guessed-on": (
        "more RSTs in {side}'s name came, with numbers beyond all that was sent",
        "以{side}名义又来了更多 RST，序号超出了已发送的一切",
    ),
    "evidence-icmp": ("ICMP quotes a packet of this connection: {what}", "有 ICMP 差错报文引用了此连接的报文：{what}"),
    "evidence-kernel": ("the kernel's own reason: {reason}", "内核自己记录的原因：{reason}"),
    "evidence-left-unread": ("{side}'s program had read less than had come", "{side}的程序读取的少于收到的"),
    "evidence-never-accepted": ("{side}'s program accepted no connection", "{side}的程序没有 accept 任何连接"),
    "evidence-no-answer": ("{n} transmissions without an answer", "{n} 次发送没有应答"),
    "evidence-no-fin": ("no FIN from {side}", "{side}没有发 FIN"),
    "evidence-no-timestamps": (
        "it lacks the timestamps that {side} had in every segment",
        "它没有{side}每个报文段都带的时间戳",
    ),
    "evidence-not-accepted": ("its receiver did not take it: {why}", "接收方没有接受它：{why}"),
    "evidence-not-sent": (
        "{side}'s kernel was listened to, and did not send it",
        "{side}的内核被监听着，它没有发送这个 RST",
    ),
    "evidence-only-syn-acks": ("{n} SYN-ACKs were all that the server sent", "服务器只发送过 {n} 个 SYN-ACK"),
    "evidence-other-counter": (
        "its IP-ID of {n} is far from {side}'s last, {m}",
        "其 IP-ID 为 {n}，与{side}前一个报文的 {m} 相差很大",
    ),
    "evidence-other-way": (
        "its TTL of {n} is not {side}'s {m}: another number of hops",
        "其 TTL 为 {n}，而{side}的是 {m}：跳数不同",
    ),
    "evidence-packets": ("all {n} packets", "全部 {n} 个报文"),
    "evidence-probes": ("{n} keepalive probes of {side}, unanswered", "{side}的 {n} 个保活探测没有应答"),
    "evidence-read-all": ("{side}'s program had read all that had come", "{side}的程序已读完收到的一切"),
    "evidence-received-nothing": (
        "{side} had received nothing that it could have left unread",
        "{side}没有收到任何可能未读的数据",
    ),
    "evidence-reset-lost": (
        "an earlier RST of {side} had no effect: its receiver went on",
        "{side}更早的 RST 没有生效：接收方继续通信",
    ),
    "evidence-rst-active": (
        "RST with its sender's own numbers: {side}'s socket decided",
        "RST 带发送者自己的序号：由{side}的套接字主动发出",
    ),
    "evidence-rst-reply": (
        "RST with the numbers of the segment that it answers, from {side}",
        "RST 的序号取自被应答的报文段，来自{side}",
    ),
    "evidence-rst-syn-reply": ("RST in answer to a SYN, from {side}", "应答 SYN 的 RST，来自{side}"),
    "evidence-sacked": (
        "{side} reported segments beyond the one that is missing (SACK)",
        "{side}报告收到了缺失报文段之后的数据（SACK）",
    ),
    "evidence-sent-nothing": ("{side} never sent a byte", "{side}从未发送一字节数据"),
    "evidence-silence": ("{time} of silence before", "此前静默 {time}"),
    "evidence-silence-before-trigger": (
        "{time} of silence before the segment that it answers",
        "被应答的报文段之前静默 {time}",
    ),
    "evidence-signature": (
        "the client's packets match {pattern} ({stage}), one of 19 signatures of tampering (SIGCOMM 2023):"
        " honest ends make it, too",
        "客户端的报文符合 {pattern}（{stage}），是 19 种篡改特征之一（SIGCOMM 2023）；正常的端点也会产生",
    ),
    "evidence-spoke-on": ("{side}'s packets went on after “its” RST", "{side}的报文在“自己的”RST 之后仍不断到来"),
    "evidence-syns": ("{n} SYNs without an answer", "{n} 个 SYN 没有应答"),
    "evidence-unacked": (
        "{n} sequence numbers of {side} were never acknowledged",
        "{side}有 {n} 个序号始终没有得到确认",
    ),
    "evidence-unheard": ("{side} had not been heard of for {time}", "已有 {time} 没有{side}的消息"),
    "evidence-window-closed": ("{side}'s window was 0 when it was last heard", "{side}最后一次通告的窗口为 0"),
    # decides-KEY: the one observation that would tell a rival
    "decides-both-ends": ("a capture at the other end", "另一端的抓包"),
    "decides-calls": (
        "the calls of the RST's sender (strace), or its kernel's reason",
        "RST 发送方的系统调用（strace）或其内核记录的原因",
    ),
    "decides-kernel-reason": (
        "the kernel's own reason (tracepoint tcp:tcp_send_reset)",
        "内核自己记录的原因（tracepoint tcp:tcp_send_reset）",
    ),
    "decides-life-after-rst": (
        "whether the end in whose name it came goes on talking",
        "RST 名义上的发送者之后是否继续通信",
    ),
    "decides-listen-overflows": (
        "the listener's counters (nstat TcpExtListenOverflows)",
        "监听套接字的计数器（nstat TcpExtListenOverflows）",
    ),
    "decides-other-connections": ("whether other connections to the port succeed", "到该端口的其他连接是否成功"),
    "decides-ping-size": ("a ping of that size with DF set", "带 DF 标志、同样大小的 ping"),
}
