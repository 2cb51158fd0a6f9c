"""Titles and verdicts that a recording proves, or captures at both ends."""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title-forged-fin": ("A FIN in {side}'s name that {side} did not send", "冒用{side}名义的 FIN，并非{side}所发"),
    "verdict-forged-fin": (
        "{Peer} believed a FIN that {side} never sent; {side}'s next data was answered with RST.",
        "{peer}相信了一个{side}从未发送的 FIN；{side}之后的数据得到 RST 应答。",
    ),
    "why-forged-fin": (
        "For {peer} the forged FIN had ended the stream. {Side}'s own data comes after that end, where nothing can be: "
        "{peer}'s kernel answers with RST.",
        "对{peer}来说，伪造的 FIN 已经结束了字节流；{side}自己的数据在那之后才来，{peer}的内核只能应答 RST。",
    ),
    "title-forged-data": ("Forged: {bytes} in {side}'s name", "伪造的数据：以{side}的名义发来的 {bytes}"),
    "verdict-forged-data": (
        "{Peer} received {bytes} that {side} never sent, in place of {side}'s own. Then both closed in order.",
        "{peer}收到了{side}从未发送的 {bytes}，它们顶替了{side}自己的数据。之后双方正常关闭。",
    ),
    "title-forged-data-closed": ("Forged: {bytes} in {side}'s name", "伪造的数据：以{side}的名义发来的 {bytes}"),
    "verdict-forged-data-closed": (
        "{Peer} received {bytes} that {side} never sent, in place of {side}'s own. Later {peer} itself closed first, in "
        "order.",
        "{peer}收到了{side}从未发送的 {bytes}，它们顶替了{side}自己的数据。后来{peer}自己先正常关闭。",
    ),
    "title-forged-data-own-close": ("Forged: {bytes} in {side}'s name", "伪造的数据：以{side}的名义发来的 {bytes}"),
    "verdict-forged-data-own-close": (
        "{Peer} received {bytes} that {side} never sent, in place of {side}'s own. Later {side} itself closed first, in order.",
        "{peer}收到了{side}从未发送的 {bytes}，它们顶替了{side}自己的数据。后来{side}自己先正常关闭。",
    ),
    "title-foreign-data": (
        "Most likely foreign: {bytes} in {side}'s name",
        "很可能是注入的数据：以{side}的名义发来的 {bytes}",
    ),
    "verdict-foreign-data": (
        "{Peer} took {bytes} that lack the agreed timestamp and that {side}'s next ACK does not count: most likely not "
        "{side}'s. Still open.",
        "{peer}收下了 {bytes}，它们不带已协商的时间戳，{side}下一个 ACK 的序号也没有把它们算进去：很可能并非{side}所发。连接仍打开。",
    ),
    "title-foreign-data-closed": (
        "Most likely foreign: {bytes} in {side}'s name",
        "很可能是注入的数据：以{side}的名义发来的 {bytes}",
    ),
    "verdict-foreign-data-closed": (
        "{Peer} took {bytes} that lack the agreed timestamp and that {side}'s next ACK does not count: most likely not "
        "{side}'s. Later both closed.",
        "{peer}收下了 {bytes}，它们不带已协商的时间戳，{side}下一个 ACK 的序号也没有把它们算进去：很可能并非{side}所发。之后双方正常关闭。",
    ),
    "title-stray-segment": (
        "A segment of no connection is answered with RST",
        "不属于任何连接的报文段得到 RST 应答",
    ),
    "verdict-stray-segment": (
        "There was no connection: neither kernel, and no program, had one. {Side}'s kernel answered the segment in {peer}'s "
        "name with RST.",
        "根本没有连接：两端的内核和程序都没有。{side}的内核用 RST 应答了以{peer}的名义发来的报文段。",
    ),
    "title-stray-data": (
        "{Peer} took {bytes} that {side}'s TCP never sent",
        "{peer}收下了{side}的 TCP 从未发送的 {bytes}",
    ),
    "verdict-stray-data": (
        "{Peer} took {bytes} that {side}'s TCP never sent: no call wrote them, and they lack the agreed timestamp. Still open, "
        "but the two ends' numbers now differ.",
        "{peer}收下了{side}的 TCP 从未发送的 {bytes}：没有调用写过它们，也不带已协商的时间戳。连接仍打开，但两端的序号已经不一致。",
    ),
    "title-forged-syn": ("A forged SYN on a connection in use", "使用中的连接上来了一个伪造的 SYN"),
    "verdict-forged-syn": (
        "A SYN that {side} never sent came in mid-connection; {peer} answered with a challenge ACK (RFC 5961), and nothing "
        "changed.",
        "连接中途来了一个{side}从未发送的 SYN；{peer}回了 challenge ACK（RFC 5961），什么也没改变。",
    ),
    "title-forged-syn-closed": ("A forged SYN on a connection in use", "使用中的连接上来了一个伪造的 SYN"),
    "verdict-forged-syn-closed": (
        "A SYN that {side} never sent came in mid-connection; {peer} answered with a challenge ACK (RFC 5961). Nothing "
        "changed; later {peer} closed first, in order.",
        "连接中途来了一个{side}从未发送的 SYN；{peer}回了 challenge ACK（RFC 5961），什么也没改变；后来{peer}先正常关闭。",
    ),
    "verdict-unanswered-lost": (
        "The client sent {syns}; every one was lost on the way: the capture at the server's end has none.",
        "客户端发出 {syns}，全部在途中丢失：服务器一端的抓包里没有。",
    ),
    "verdict-unanswered-arrived": (
        "The client's {syns} arrived at the server's end, by the capture there, and nothing came back: dropped there, as a "
        "firewall does, or a full accept queue.",
        "客户端的 {syns} 到达了服务器一端，那里的抓包可以证明，却没有任何回应：在那里被丢弃，防火墙或已满的全连接队列都会这样。",
    ),
    "title-unanswered-walled": (
        "No answer to the SYN: the server's firewall dropped it",
        "SYN 没有应答：被服务器的防火墙丢弃",
    ),
    "verdict-unanswered-walled": (
        "The client's {syns} arrived at the server's end, by the capture there; its firewall, which had a rule to drop, dropped "
        "them before TCP.",
        "客户端的 {syns} 到达了服务器一端，那里的抓包可以证明；那里的防火墙有丢弃规则，报文没有到达 TCP。",
    ),
    "title-unanswered-queue": (
        "No answer to the SYN: most likely a full accept queue",
        "SYN 没有应答：很可能是全连接队列已满",
    ),
    "verdict-unanswered-queue": (
        "The client's {syns} arrived at the server's end, and were dropped there: most likely the accept queue (room for {n}) was full, "
        "for the program accepted none.",
        "客户端的 {syns} 到达了服务器一端，在那里被丢弃：很可能是全连接队列（可容纳 {n} 个）已满，因为程序没有调用 accept。",
    ),
    "verdict-unanswered-icmp": (
        "ICMP from the server's own address answered the SYN: {what}. {Side}'s kernel then gave the attempt up.",
        "SYN 得到的应答是来自服务器自身地址的 ICMP：{what}。{side}的内核随即放弃。",
    ),
    "verdict-unanswered-icmp-from": (
        "ICMP from {address}, not the server's address, answered the SYN: {what}. {Side}'s kernel then gave the attempt up.",
        "SYN 得到的应答是来自 {address} 的 ICMP，那不是服务器的地址：{what}。{side}的内核随即放弃。",
    ),
    "title-unanswered-icmp-walled": (
        "The SYN is answered by the server's firewall: ICMP {what}",
        "SYN 得到服务器防火墙的应答：ICMP {what}",
    ),
    "verdict-unanswered-icmp-walled": (
        "The host is there: its firewall, which had a rule to reject, answered the SYN with ICMP, {what}. {Side}'s kernel then "
        "gave the attempt up.",
        "主机是在的：它的防火墙有拒绝规则，用 ICMP（{what}）应答了 SYN。{side}的内核随即放弃。",
    ),
    "title-timed-out-icmp-walled": (
        "{Peer}'s firewall answers with ICMP errors: {side} gives up",
        "{peer}的防火墙以 ICMP 差错应答：{side}放弃",
    ),
    "verdict-timed-out-icmp-walled": (
        "{Side} sent again and again; {peer}'s firewall, which had a rule to reject, answered with ICMP: {what}. {Side}'s kernel "
        "gave up.",
        "{side}反复发送；{peer}的防火墙有拒绝规则，以 ICMP 应答：{what}。{side}的内核放弃。",
    ),
    "title-timed-out-walled": (
        "{Peer}'s firewall drops what {side} sends: {side}'s kernel gives up",
        "{peer}的防火墙丢弃{side}发的报文段：{side}的内核放弃",
    ),
    "title-timed-out-walled-user": (
        "{Peer}'s firewall drops what {side} sends, until TCP_USER_TIMEOUT",
        "{peer}的防火墙丢弃{side}发的报文段，直到 TCP_USER_TIMEOUT",
    ),
    "verdict-timed-out-walled": (
        "{Side} sent again and again; {peer}'s firewall, which had a rule to drop, dropped every try. {Side}'s kernel gave up, "
        "without RST.",
        "{side}反复发送；{peer}的防火墙有丢弃规则，每一次都被丢弃。{side}的内核放弃，没有发 RST。",
    ),
    "title-path-forgotten": (
        "{Side}'s firewall had forgotten the idle connection, and answers with RST",
        "{side}的防火墙已忘记空闲的连接，以 RST 应答",
    ),
    "verdict-path-forgotten": (
        "After {time} of silence {side}'s firewall, which forgets after {limit}, answered {peer}'s segment with RST; {side}'s "
        "TCP did not.",
        "静默 {time} 之后，{side}的防火墙（{limit} 后就忘记连接）用 RST 应答了{peer}的报文段；{side}的 TCP 没有发送它。",
    ),
    "why-path-forgotten": (
        "{Side}'s firewall knows a connection for {limit} after its last packet, and rejects what it does not know. "
        "This segment came after {time}: {side}'s TCP never saw it.",
        "{side}的防火墙在最后一个报文之后只记住连接 {limit}，不认识的就拒绝。这个报文段在 {time} 之后才来：{side}的 TCP 根本没有见到它。",
    ),
    "title-timed-out-forgotten": (
        "{Peer}'s firewall had forgotten the idle connection, and drops all",
        "{peer}的防火墙已忘记空闲的连接，丢弃一切",
    ),
    "verdict-timed-out-forgotten": (
        "After {time} of silence {peer}'s firewall, which forgets after {limit}, dropped every try of {side}'s. {Side}'s kernel "
        "gave up, without RST.",
        "静默 {time} 之后，{peer}的防火墙（{limit} 后就忘记连接）丢弃了{side}的每一次发送。{side}的内核放弃，没有发 RST。",
    ),
    "title-timed-out-icmp-packets": (
        "ICMP errors in place of answers: {what}",
        "得到的是 ICMP 差错报文而非应答：{what}",
    ),
    "verdict-timed-out-icmp-packets": (
        "{Side} sent again and again; only ICMP from {address} came back: {what}. What its program was told is not in the "
        "packets.",
        "{side}反复发送，回来的只有 {address} 的 ICMP：{what}。它的程序得到什么结果，报文里看不出来。",
    ),
    "title-timed-out-icmp": (
        "ICMP errors in place of answers: {side} gave up",
        "得到的是 ICMP 差错而非应答：{side}放弃",
    ),
    "verdict-timed-out-icmp": (
        "{Side} sent again and again; only ICMP from {address} came back: {what}. Its kernel gave up.",
        "{side}反复发送，回来的只有 {address} 的 ICMP：{what}。最后内核放弃。",
    ),
    "title-forgotten": ("Half-open: {side} has forgotten the connection", "半开连接：{side}已忘记它"),
    "verdict-forgotten": (
        "{Side}'s kernel has no connection any more, and sent nothing. {Peer}'s is still established: it learns of it only "
        "when it sends.",
        "{side}的内核已没有这个连接，也没有发出任何报文。{peer}的连接仍是 ESTABLISHED，只有再发送时才会发现。",
    ),
    "title-gave-up-window": (
        "{Peer}'s window stayed closed: {side}'s kernel gave up",
        "{peer}的窗口一直关闭：{side}的内核放弃",
    ),
    "title-gave-up-window-user": (
        "{Peer}'s window stayed closed until {side}'s TCP_USER_TIMEOUT",
        "{peer}的窗口一直关闭，直到{side}的 TCP_USER_TIMEOUT 到期",
    ),
    "verdict-gave-up-window": (
        "{Peer} had stopped reading: its window was 0 for {time}. {Side}'s kernel gave up: {errno}. No packet says so.",
        "{peer}停止了读取：其窗口为 0，持续 {time}。{side}的内核放弃了连接：{errno}。报文中看不出这一点。",
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
    "title-closed-queued-room": (
        "Open for the client only, for {time}; then an orderly close",
        "有 {time} 只有客户端认为连接已建立；之后正常关闭",
    ),
    "verdict-closed-queued-room": (
        "For {time} only the client was open: with a full accept queue the server dropped its ACK and data. That ended nothing: "
        "{side} closed first, in order.",
        "有 {time} 只有客户端认为连接已建立：服务器的全连接队列已满，丢弃了它的 ACK 和数据。连接并未因此结束：{side}先正常关闭。",
    ),
    "verdict-closed-queued": (
        "The server's accept queue was full: its kernel dropped the client's ACK and data, and took them {time} later, sent "
        "again. {Side} closed first, in order.",
        "服务器的全连接队列已满：内核丢弃了客户端的 ACK 和数据，{time} 后重传的才被接纳。之后一切正常；{side}先关闭。",
    ),
    "title-path-both": (
        "RSTs ended it at both ends, and neither end sent one",
        "连接在两端都被 RST 结束，而两端都没有发过 RST",
    ),
    "verdict-path-both": (
        "A RST in each end's name ended the connection at the other; neither end sent one.",
        "以两端的名义发来的 RST 分别在对端结束了连接，而两端都没有发送。",
    ),
    "title-keepalive-lost": (
        "{Peer}'s answer to the keepalive probe was lost",
        "{peer}对保活探测的应答在途中丢失",
    ),
    "verdict-keepalive-lost": (
        "{Peer} answered {side}'s keepalive probe, but the answer was lost: {side}'s kernel gave up, with RST.",
        "{peer}应答了{side}的保活探测，但应答在途中丢失：{side}的内核放弃了连接，并发出 RST。",
    ),
    "why-keepalive-lost": (
        "{Side} heard no answer to as many keepalive probes as TCP_KEEPCNT allows: {peer}'s answer was lost on the way. The RST "
        "tells {peer}.",
        "没有得到应答的保活探测达到了 TCP_KEEPCNT：{peer}的应答在途中丢失。RST 告诉{peer}连接已结束。",
    ),
    "title-gave-up-before": ("{Side} had given up, and {peer} did not know", "{side}早已放弃，而{peer}并不知情"),
    "verdict-gave-up-before": (
        "{Side}'s data had no answer until its kernel gave up: {errno}. {Peer}'s later segment found no socket: RST.",
        "{side}的数据一直没有应答，内核放弃了连接：{errno}。{peer}后来的报文段找不到套接字：RST。",
    ),
    "title-shut-down": (
        "{Side} had shut down both directions: data is answered with RST",
        "{side}已用 shutdown 关闭两个方向：数据引来 RST",
    ),
    "verdict-shut-down": (
        "{Side}'s program lives, but had shut down both directions; {peer}'s data was answered with RST.",
        "{side}的程序还在，但已用 shutdown 关闭两个方向；{peer}的数据得到 RST 应答。",
    ),
    "why-shut-down": (
        "{Side} had called shutdown for its reading, too: nobody will read what comes. Its kernel answers data with RST "
        "(RFC 1122, 4.2.2.13).",
        "{side}用 shutdown 也关闭了接收方向：此后到达的数据不会再有人读取。内核用 RST 应答数据（RFC 1122，4.2.2.13）。",
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
    "cut-later": (
        " Of its {wrote} bytes {peer} read {got}, {later} of them after the RST.",
        "它写的 {wrote} 字节中，{peer}读到 {got} 字节，其中 {later} 字节是在 RST 之后读到的。",
    ),
    "title-path-old": (
        "A RST ended it: not from {side}, its timestamp {old} old",
        "RST 结束了连接：并非来自{side}，时间戳已过时 {old}",
    ),
    "verdict-path-old": (
        "A RST that {side} never sent ended the connection. Its timestamp was {old} old, but a RST is taken at any age "
        "(RFC 7323, 5.2).",
        "一个{side}从未发送的 RST 结束了连接。它的时间戳已过时 {old}，但 RST 不受时间戳检查（RFC 7323，5.2）。",
    ),
    "title-delivered-twice": (
        "The network delivered every packet twice: orderly close",
        "网络把每个报文都送达两次：正常关闭",
    ),
    "verdict-delivered-twice": (
        "The network delivered every packet twice. {Side} closed first, and both FINs were acknowledged.",
        "网络把每个报文都送达两次。{side}先关闭，双方的 FIN 都得到确认。",
    ),
    "title-delivered-twice-rst": (
        "The network delivered every packet twice: RSTs after an orderly close",
        "网络把每个报文都送达两次：正常关闭之后还有 RST",
    ),
    "verdict-delivered-twice-rst": (
        "The network delivered every packet twice. {Peer} closed first, in order; its repeated last ACK then met no "
        "connection, and {side} answered with RST.",
        "网络把每个报文都送达两次。{peer}先关闭，双方的 FIN 都得到确认；重复到达的最后一个 ACK 已找不到连接，{side}应答 RST。",
    ),
    "title-delivered-twice-likely": (
        "Most likely the network delivered every packet twice: orderly close",
        "很可能网络把每个报文都送达两次：正常关闭",
    ),
    "verdict-delivered-twice-likely": (
        "Most likely the network delivered every packet twice: copies right behind each other, and D-SACKs. {Side} closed "
        "first, both FINs were acknowledged.",
        "很可能网络把每个报文都送达两次：副本紧随其后，还有 D-SACK。{side}先关闭，双方的 FIN 都得到确认。",
    ),
    "title-delivered-twice-rst-likely": (
        "Most likely the network delivered every packet twice: RSTs after an orderly close",
        "很可能网络把每个报文都送达两次：正常关闭之后还有 RST",
    ),
    "verdict-delivered-twice-rst-likely": (
        "Most likely the network delivered every packet twice: {side}'s D-SACKs report copies. {Peer} closed first, in order; "
        "{side} answered its repeated last ACK with RST.",
        "很可能网络把每个报文都送达两次：{side}的 D-SACK 报告了副本。{peer}先正常关闭；它重复到达的最后一个 ACK 得到{side}的 RST。",
    ),
    "why-delivered-twice-rst-likely": (
        "The first copy of {peer}'s last ACK ended {side}'s connection. The next met none: {side} answers it with RST, and "
        "by default that ends {peer}'s TIME_WAIT.",
        "{peer}最后的 ACK 的第一份结束了{side}的连接；下一份到达时已没有连接：{side}应答 RST，它默认会结束{peer}的 TIME_WAIT。",
    ),
    "why-delivered-twice-rst": (
        "The first copy of {peer}'s last ACK ended {side}'s connection. The second met none: {side} answers it with RST, and "
        "that ends {peer}'s TIME_WAIT.",
        "{peer}最后的 ACK 的第一份结束了{side}的连接；第二份到达时已没有连接：{side}应答 RST，它结束了{peer}的 TIME_WAIT。",
    ),
    "verdict-time-wait-ended-copy": (
        "{Peer} closed first; both FINs were acknowledged. A late copy of {side}'s data made {peer} repeat its ACK; the RST "
        "answering that ended TIME_WAIT early (RFC 1337).",
        "{peer}先关闭，双方的 FIN 都得到确认。{side}数据的一个迟到副本使{peer}再次发送了 ACK；应答它的 RST 提前结束了 TIME_WAIT（RFC 1337）。",
    ),
    "title-time-wait-ended-copy": (
        "Orderly close; a late copy brings a RST that ends TIME_WAIT",
        "正常关闭；迟到的副本引来 RST，提前结束 TIME_WAIT",
    ),
    "why-time-wait-ended-copy": (
        "The late copy made {peer} repeat its last ACK. {Side} has no connection left, and answers that ACK with RST. By "
        "default a RST ends TIME_WAIT.",
        "迟到的副本使{peer}再次发送最后的 ACK；{side}已没有连接，用 RST 应答。默认情况下 RST 会结束 TIME_WAIT。",
    ),
    "title-time-wait-ended-copy-likely": (
        "Orderly close; a late copy brings a RST in TIME_WAIT",
        "正常关闭；TIME_WAIT 期间迟到的副本引来 RST",
    ),
    "verdict-time-wait-ended-copy-likely": (
        "{Peer} closed first, in order. Then a late copy of {side}'s data drew its ACK, and that a RST: TIME_WAIT ends early "
        "unless tcp_rfc1337 is set (RFC 1337).",
        "{peer}先关闭，双方的 FIN 都得到确认。{side}数据的一个迟到副本使{peer}再次发送了 ACK，引来 RST：没有设置 tcp_rfc1337 时它会提前结束 "
        "TIME_WAIT（RFC 1337）。",
    ),
    "why-time-wait-ended-copy-likely": (
        "The late copy made {peer} repeat its last ACK. {Side} has no connection left, and answers that ACK with RST. By "
        "default a RST ends TIME_WAIT.",
        "迟到的副本使{peer}再次发送最后的 ACK；{side}已没有连接，用 RST 应答。默认情况下 RST 会结束 TIME_WAIT。",
    ),
    "title-time-wait-kept-copy": (
        "Orderly close; a late copy brings a RST that TIME_WAIT ignores",
        "正常关闭；迟到的副本引来 RST，TIME_WAIT 忽略了它",
    ),
    "verdict-time-wait-kept-copy": (
        "{Peer} closed first; both FINs were acknowledged. A late copy of {side}'s data made {peer} repeat its ACK; the RST "
        "answering that changed nothing (tcp_rfc1337=1).",
        "{peer}先关闭，双方的 FIN 都得到确认。{side}数据的一个迟到副本使{peer}再次发送了 ACK；应答它的 RST 没有作用（tcp_rfc1337=1）。",
    ),
    "why-time-wait-kept-copy": (
        "The late copy made {peer} repeat its last ACK. {Side} has no connection left, and answers that ACK with RST. With "
        "tcp_rfc1337=1 the wait goes on.",
        "迟到的副本使{peer}再次发送最后的 ACK；{side}已没有连接，用 RST 应答。tcp_rfc1337=1 时等待继续。",
    ),
    "title-time-wait-ended": (
        "Orderly close; then a RST comes in TIME_WAIT",
        "正常关闭；随后 RST 在 TIME_WAIT 中到来",
    ),
    "verdict-time-wait-ended": (
        "{Peer} closed first; both FINs were acknowledged. Then a RST came in its TIME_WAIT: it ends TIME_WAIT early unless "
        "tcp_rfc1337 is set (RFC 1337).",
        "{peer}先关闭，双方的 FIN 都得到确认。之后 RST 在其 TIME_WAIT 中到来；没有设置 tcp_rfc1337 时它会提前结束 TIME_WAIT（RFC 1337）。",
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
        "{Peer} closed first; both FINs were acknowledged. Then a RST came in its TIME_WAIT, which ignores it (tcp_rfc1337=1).",
        "{peer}先关闭，双方的 FIN 都得到确认。之后 RST 来到处于 TIME_WAIT 的{peer}，它忽略了 RST（tcp_rfc1337=1）。",
    ),
    "why-time-wait-kept": (
        "{Side} had no connection left when {peer}'s last ACK came once more, and answers it with RST. With tcp_rfc1337=1 the "
        "wait goes on.",
        "{peer}最后的 ACK 再次到来时，{side}已没有连接，于是用 RST 应答。tcp_rfc1337=1 时等待继续。",
    ),
    "title-queue-given-up": (
        "Open for the client only: the server never took it up, then forgot it",
        "只有客户端认为连接已建立：服务器一直没有接纳它，后来忘记了它",
    ),
    "verdict-queue-given-up": (
        "The client's ACK and data arrived, but the server's kernel never took the connection up, as when the accept queue is "
        "full; the next segment met only the listener: RST.",
        "客户端的 ACK 和数据都已到达，但服务器内核一直没有接纳这个连接，全连接队列已满时就是这样；再来的报文段只遇到监听套接字：RST。",
    ),
    "title-queue-given-up-full": (
        "Open for the client only, then forgotten: most likely a full accept queue",
        "只有客户端认为连接已建立，服务器后来忘记了它：很可能是全连接队列已满",
    ),
    "verdict-queue-given-up-full": (
        "The server's kernel dropped the client's ACK and data, most likely for a full accept queue, then forgot "
        "the connection; the next try met only the listener: RST.",
        "服务器内核丢弃了客户端的 ACK 和数据，很可能是全连接队列已满，后来忘记了这个连接；再来的报文段只遇到监听套接字：RST。",
    ),
    "title-cancelled": (
        "The client had closed before the SYN-ACK came",
        "SYN-ACK 到达之前，客户端已经关闭套接字",
    ),
    "verdict-cancelled": (
        "The client's program closed its socket before the SYN-ACK came. Its kernel knew no such connection any more, and "
        "answered with RST.",
        "SYN-ACK 到达之前，客户端的程序就关闭了套接字。它的内核已不认识这个连接，于是应答 RST。",
    ),
    "title-health-check": (
        "Connected and reset without a byte, as a health check does",
        "建立连接后不发一字节就重置，像健康检查那样",
    ),
    "verdict-health-check": (
        "{Side} connected and reset without a byte of data, as a health check does. RST in place of FIN: nothing was lost.",
        "{side}建立连接后不发一字节就重置，像健康检查那样。用 RST 代替了 FIN：没有丢失数据。",
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
    "copy-made": ("a copy", "副本"),
    "copy-plain": ("copy, {bytes}", "副本，{bytes}"),
    "copy": ("copy of the {bytes}", "{bytes}的副本"),
    "window-closed": ("{label}, window 0", "{label}，窗口 0"),
    "window-small": ("{label}, window {n}", "{label}，窗口 {n}"),
    "window-open": ("{label}, window open", "{label}，窗口打开"),
    "named-fin": ("the FIN ({symbol})", "FIN（{symbol}）"),
    "named-data": ("the data ({bytes})", "数据（{bytes}）"),
    "named-syn": ("the SYN", "SYN"),
    "named-syn-ack": ("the SYN-ACK", "SYN-ACK"),
    "named-rst": ("the RST", "RST"),
    "named-ack-of-fin": ("the ACK of the FIN ({symbol})", "对 FIN（{symbol}）的 ACK"),
    "named-last-ack": ("the handshake's last ACK", "握手的最后一个 ACK"),
    "named-ack": ("an ACK", "一个 ACK"),
    "named-keepalive": ("the keepalive probe", "保活探测"),
}
