"""What happened on the way to an ending, in a sentence behind the verdict."""
# ruff: noqa: E501 -- a sentence stays whole, so that it can be found

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # title-also-KEY: what an orderly close is remembered for
    "title-also-lost-again": ("{Trigger} was lost, and sent again after {time}", "{trigger}丢失，{time} 后重传"),
    "title-also-lost-timer": (
        "{Trigger} was lost, and sent again by a timer after {time}",
        "{trigger}丢失，{time} 后由定时器重传",
    ),
    "title-also-lost-tries": ("{Trigger} was lost {n} times before it arrived", "{trigger}丢失 {n} 次，之后才到达"),
    "title-also-lost-fast": (
        "Fast retransmit: {acks} bring {trigger} again after {time}",
        "快速重传：{acks}使{trigger}在 {time} 后重传",
    ),
    "title-also-fast": (
        "Fast retransmit: {acks} bring {trigger} again after {time}",
        "快速重传：{acks}使{trigger}在 {time} 后重传",
    ),
    "title-also-again-tries": (
        "{Trigger} was sent {n} times in {time} until it was answered",
        "{trigger}在 {time} 内发送 {n} 次才得到应答",
    ),
    "title-also-again-acked": (
        "{Trigger} was sent again after {time}: its ACK had no effect",
        "{trigger}在 {time} 后重传：对它的 ACK 没有效果",
    ),
    "title-also-again-fin-acked": (
        "{Trigger} comes again after {time}: TIME_WAIT acknowledges it once more",
        "{trigger}在 {time} 后重传：TIME_WAIT 再次确认它",
    ),
    "title-also-lost-many": ("{n} packets were lost, and made up for", "丢失 {n} 个报文，都得到弥补"),
    "title-also-again": ("{Trigger} was sent again after {time}", "{trigger}在 {time} 后重传"),
    "title-also-again-came": (
        "{Trigger} had arrived, but no answer came: sent again after {time}",
        "{trigger}已到达，但应答没有来：{time} 后重传",
    ),
    "title-also-again-many": ("{n} segments were sent again", "重传了 {n} 个报文段"),
    "title-also-lost-ack-again": (
        "{Trigger} was lost: {what} was sent again after {time}",
        "{trigger}丢失：{what}在 {time} 后重传",
    ),
    "title-also-lost-fin-again": (
        "{Trigger} was lost: TIME_WAIT acknowledges the second one, too",
        "{trigger}丢失：TIME_WAIT 再次确认重传的 FIN",
    ),
    "title-also-lost-ack-covered": ("{Trigger} was lost, and not missed", "{trigger}丢失，但不需要重传"),
    "title-also-swapped": (
        "{Trigger} was overtaken on the way, not lost",
        "{trigger}在途中乱序（被后发的报文段超越），并未丢失",
    ),
    "title-also-swapped-acks": (
        "{Trigger} was overtaken on the way, not lost",
        "{trigger}在途中乱序（被后发的报文段超越），并未丢失",
    ),
    "title-also-swapped-acks-many": (
        "{n} segments were overtaken on the way, not lost",
        "{n} 个报文段在途中乱序，并未丢失",
    ),
    "title-also-half-taken": (
        "Half-close: {side} ended its sending, and still took {bytes}",
        "半关闭：{side}停止发送，之后仍收下 {bytes}",
    ),
    "title-also-half": (
        "Half-close: {side} ended its sending, and still received {bytes}",
        "半关闭：{side}停止发送，之后仍收到 {bytes}",
    ),
    "title-also-occupied": (
        "TIME_WAIT: {side}'s {call} failed with {errno}",
        "TIME_WAIT：{side}的 {call} 以 {errno} 失败",
    ),
    "title-also-occupied-port": (
        "TIME_WAIT holds {side}'s only port: {call} fails with {errno}",
        "TIME_WAIT 占着{side}唯一的端口：{call} 以 {errno} 失败",
    ),
    "title-also-replaces": (
        "A SYN takes the place of connection {n}'s TIME_WAIT",
        "SYN 取代了连接 {n} 的 TIME_WAIT",
    ),
    "title-also-replaces-own": (
        "A SYN takes the place of connection {n}'s TIME_WAIT",
        "SYN 取代了连接 {n} 的 TIME_WAIT",
    ),
    "title-also-replaces-allowed": (
        "tcp_tw_reuse: a SYN takes the place of connection {n}'s TIME_WAIT",
        "tcp_tw_reuse：SYN 取代了连接 {n} 的 TIME_WAIT",
    ),
    "title-also-delivered-queued": (
        "{Side} had closed; its kernel still delivered {bytes}, then FIN",
        "{side}已关闭，内核仍送达 {bytes}，然后才是 FIN",
    ),
    "title-also-delivered-dead-queued": (
        "{Side}'s program had ended; its kernel still delivered {bytes}, then FIN",
        "{side}的程序已结束，内核仍送达 {bytes}，然后才是 FIN",
    ),
    "title-also-window-all": (
        "{time} without room for a full segment at {side}; all {m} bytes arrive",
        "{side}的窗口有 {time} 放不下一个满长报文段，{m} 字节仍全部到达",
    ),
    "title-also-window-zero-all": (
        "{Side}'s window was closed for {time}, and all {m} bytes arrive",
        "{side}的窗口关闭了 {time}，{m} 字节仍全部到达",
    ),
    "title-also-delivered": (
        "{Side} had closed; its kernel still delivered {bytes}",
        "{side}已关闭，内核仍送达 {bytes}",
    ),
    "title-also-delivered-dead": (
        "{Side}'s program had ended; its kernel still delivered {bytes}",
        "{side}的程序已结束，内核仍送达 {bytes}",
    ),
    "title-also-window": (
        "{Side}'s window had no room for a full segment for {time}",
        "{side}的窗口有 {time} 放不下一个满长报文段",
    ),
    "title-also-window-zero": ("{Side}'s window was closed for {time}", "{side}的窗口关闭了 {time}"),
    "title-also-probes": (
        "{n} keepalive probes in the silence; then an orderly close",
        "静默中 {n} 个保活探测；之后正常关闭",
    ),
    "title-also-probe": (
        "A keepalive probe in the silence; then an orderly close",
        "静默中一个保活探测；之后正常关闭",
    ),
    "title-also-kept-alive": (
        "A keepalive probe keeps the firewall from forgetting the connection",
        "保活探测使防火墙没有忘记连接",
    ),
    "title-also-elsewhere-failed": (
        "Orderly close, after {side}'s other connection had failed",
        "正常关闭，但此前{side}的另一个连接已经出错",
    ),
    "title-also-no-data": ("Orderly close, without a byte of data", "正常关闭，没有传过一个字节的数据"),
    "title-also-no-psh": ("Data without PSH: {call} returns it all the same", "数据不带 PSH：{call} 照样返回"),
    "title-also-woken": (
        "Data with PSH wakes the waiting {call} at once",
        "带 PSH 的数据立即唤醒了等待中的 {call}",
    ),
    "title-also-both-read": (
        "{Peer} still had the connection: both of {side}'s writes were read",
        "{peer}的连接还在：{side}的两次写入都被读到",
    ),
    "title-also-all-read": (
        "{Peer} still had the connection: all {n} writes of {side} were read",
        "{peer}的连接还在：{side}的 {n} 次写入都被读到",
    ),
    "title-also-three-segments": (
        "Orderly close in three segments: FIN, FIN with ACK, ACK",
        "三个报文段的正常关闭：FIN、带 ACK 的 FIN、ACK",
    ),
    "title-also-full-stamped": (
        "A full segment carries {bytes}: timestamps take 12 of the MSS",
        "满长报文段携带 {bytes}：时间戳占去 MSS 的 12 字节",
    ),
    "title-also-full": (
        "A full segment carries {bytes}: without timestamps, the whole MSS",
        "满长报文段携带 {bytes}：没有时间戳，等于 MSS",
    ),
    "title-also-low-water-psh": (
        "Data with PSH is there, but {call} waits for {n} bytes (SO_RCVLOWAT)",
        "带 PSH 的数据已到，但 {call} 要等满 {n} 字节（SO_RCVLOWAT）",
    ),
    "title-also-low-water": (
        "Data is there, but {call} waits for {n} bytes (SO_RCVLOWAT)",
        "数据已到，但 {call} 要等满 {n} 字节（SO_RCVLOWAT）",
    ),
    "title-also-urgent": (
        "Urgent byte: {call} with MSG_OOB returns it, {other} passes over it",
        "紧急字节：带 MSG_OOB 的 {call} 返回它，{other} 跳过它",
    ),
    "title-also-shut-reading": (
        "After shutdown(SHUT_RD) {side} still reads what comes",
        "shutdown(SHUT_RD) 之后{side}仍能读到数据",
    ),
    "title-also-listener": (
        "The listener closes; an accepted connection goes on",
        "监听套接字关闭，已被 accept 的连接不受影响",
    ),
    "also-lost-again": (
        "{Trigger} was lost on the way, and sent again after {time}.",
        "{trigger}在途中丢失，{time} 后重传。",
    ),
    "also-lost-timer": (
        "{Trigger} was lost on the way; no ACK told so, and a timer (loss probe or RTO) sent it again after {time}.",
        "{trigger}在途中丢失；没有 ACK 表明这一点，{time} 后由定时器（尾部丢失探测或 RTO）重传。",
    ),
    "also-lost-tries": (
        "{Trigger} was lost on the way {n} times before it arrived.",
        "{trigger}在途中连续丢失 {n} 次，之后才到达。",
    ),
    "also-lost-fast": (
        "{Trigger} was lost on the way; {acks} brought it again after {time}, before any timer.",
        "{trigger}在途中丢失；{acks}使它在 {time} 后就重传，没有等到定时器。",
    ),
    "also-fast": (
        "{Trigger} was missing at {peer}; {acks} brought it again after {time}, before any timer.",
        "{peer}缺少{trigger}；{acks}使它在 {time} 后就重传，没有等到定时器。",
    ),
    "also-again-tries": (
        "{Trigger} was sent {n} times in {time} until it was answered.",
        "{trigger}在 {time} 内发送 {n} 次才得到应答。",
    ),
    "also-end-not-seen": ("How it ended is not in the capture.", "抓包中看不到连接如何结束。"),
    "also-then-reset": ("{Side} then ended it with RST.", "{side}随后用 RST 结束了连接。"),
    "also-again-acked": (
        "{Trigger} was sent again after {time}, as if its ACK had not arrived.",
        "{trigger}在 {time} 后重传，仿佛对它的 ACK 没有到达。",
    ),
    "also-again-fin-acked": (
        "{Trigger} was sent again after {time}, as if its ACK had not arrived: TIME_WAIT is there to acknowledge it.",
        "{trigger}在 {time} 后重传，仿佛对它的 ACK 没有到达：TIME_WAIT 就是为了再次确认它。",
    ),
    "duplicate-acks": ("{n} duplicate ACKs", "{n} 个重复 ACK"),
    "duplicate-acks-sack": ("{n} duplicate ACKs with SACK", "{n} 个带 SACK 的重复 ACK"),
    "also-lost-fin-again": (
        "{Trigger} was lost on the way, so {what} was sent again after {time}: TIME_WAIT is there to acknowledge it.",
        "{trigger}在途中丢失，所以{what}在 {time} 后重传：TIME_WAIT 就是为了再次确认它。",
    ),
    "also-lost-many": ("{n} packets were lost on the way, and made up for.", "途中丢失 {n} 个报文，都得到弥补。"),
    "also-again": ("{Trigger} was sent again after {time}.", "{trigger}在 {time} 后重传。"),
    "also-again-came": (
        "{Trigger} was sent again after {time}, though it had arrived: the answer that then came echoes its timestamp. An "
        "earlier answer was lost, or late.",
        "{trigger}在 {time} 后重传，其实首次发送的已到达：后来的应答回显的是首次发送的时间戳。更早的应答已丢失或迟到。",
    ),
    "also-again-many": ("{n} segments were sent again.", "重传了 {n} 个报文段。"),
    "also-lost-ack-again": (
        "{Trigger} was lost on the way, so {what} was sent again after {time}.",
        "{trigger}在途中丢失，所以{what}在 {time} 后重传。",
    ),
    "also-lost-ack-covered": (
        "{Trigger} was lost on the way; {what} acknowledged the same, and nothing had to be sent again.",
        "{trigger}在途中丢失；{what}带有同样的确认，无需重传。",
    ),
    "also-window": (
        "For {time} {side} had room for {n} bytes at most, no full segment: {peer} waited.",
        "{side}有 {time} 最多只能再收 {n} 字节，不够一个报文段：{peer}等待。",
    ),
    "also-window-zero": (
        "For {time} {side}'s window was 0: {peer} waited.",
        "{side}的窗口有 {time} 为 0：{peer}等待。",
    ),
    "also-window-all": (
        "For {time} {side} had room for {n} bytes at most, no full segment: {peer} waited, and all {m} bytes arrived.",
        "{side}有 {time} 最多只能再收 {n} 字节，不够一个报文段：{peer}等待，{m} 字节最终全部到达。",
    ),
    "also-window-zero-all": (
        "For {time} {side}'s window was 0: {peer} waited, and all {m} bytes arrived.",
        "{side}的窗口有 {time} 为 0：{peer}等待，{m} 字节最终全部到达。",
    ),
    "also-window-before": (
        "For {time} {side}'s window was too small.",
        "{side}的窗口有 {time} 太小。",
    ),
    "also-swapped": (
        "{Trigger} was overtaken on the way; both arrived, and nothing was sent again.",
        "{trigger}在途中被后面的报文段超过；两者都到达了，没有重传。",
    ),
    "also-swapped-acks": (
        "By the ACKs, {trigger} was overtaken behind the capture: first a hole, then filled by itself, not by a copy.",
        "由 ACK 可知：{trigger}在抓包点之后发生乱序。接收方先报告缺口，随后缺口由迟到的原报文段补上，而不是靠重传。",
    ),
    "also-swapped-acks-many": (
        "By the ACKs, {n} segments were overtaken behind the capture: first a hole, then filled by themselves, not by copies.",
        "由 ACK 可知：{n} 个报文段在抓包点之后发生乱序。接收方先报告缺口，随后缺口由迟到的原报文段补上，而不是靠重传。",
    ),
    "also-probes": (
        "Meanwhile {peer} answered {n} keepalive probes of {side}.",
        "期间{peer}应答了{side}的 {n} 个保活探测。",
    ),
    "also-probe": (
        "Meanwhile {peer} answered a keepalive probe of {side}.",
        "期间{peer}应答了{side}的一个保活探测。",
    ),
    "also-kept-alive": (
        "A keepalive probe parted a silence of {time}; {side}'s firewall forgets after {limit}.",
        "保活探测打断了 {time} 的静默；{side}的防火墙 {limit} 后就会忘记连接。",
    ),
    "also-elsewhere-failed": (
        "Before, {side}'s {call} on its connection with {address} had said {errno}.",
        "此前{side}在与 {address} 的连接上，{call} 得到 {errno}。",
    ),
    "also-told-nothing": (
        "{Peer} read an ordinary end of file: it is told nothing.",
        "{peer}读到的是普通的 EOF：它对此一无所知。",
    ),
    "also-answer-behind": (
        "The whole answer, {bytes}, was still there behind the error.",
        "完整的应答（{bytes}）在错误之后仍能读到。",
    ),
    "also-outlived": (
        "{Peer}'s descriptor outlived the RST, until close: no EBADF.",
        "{peer}的描述符在 RST 之后仍然有效，直到 close：没有 EBADF。",
    ),
    "also-also-lost": (
        "The later RSTs answer {bytes} that were on the way: lost, too.",
        "之后的 RST 应答的是还在途中的 {bytes}：它们也丢失了。",
    ),
    "also-also-lost-one": (
        "The later RST answers {bytes} that were on the way: lost, too.",
        "之后的 RST 应答的是还在途中的 {bytes}：它们也丢失了。",
    ),
    "also-crossed": (
        "{bytes} from {peer} crossed that RST: lost.",
        "{peer}的 {bytes}与这个 RST 在途中交错：丢失了。",
    ),
    "also-spoke-before": (
        "{Side}'s data, on its way, then met a RST: its own {call} failed, too.",
        "{side}已在途中的数据随后引来 RST：它自己的 {call} 也失败了。",
    ),
    "also-spoke-on": (
        "{Side} spoke on, and got {peer}'s RST: its own {call} failed, too.",
        "{side}继续发送，得到{peer}的 RST：它自己的 {call} 也失败了。",
    ),
    "also-limited-answer": (
        "Linux answers one probe in 500 ms: the last was sooner.",
        "Linux 在 500 ms 内只应答一个探测：最后一个来得更早。",
    ),
    "also-no-data": ("Not one byte of data was sent.", "没有传过一个字节的数据。"),
    "also-deaf": (
        "{Peer}'s program had closed before: nobody hears of it.",
        "{peer}的程序此前已经关闭，没有人会得知。",
    ),
    "also-answer-read": (
        "The response had been read whole: nothing was lost.",
        "响应此前已完整读到，没有丢失数据。",
    ),
    "also-room": (
        "After {room} accept found the queue empty; the next try, {again} later, was taken.",
        "{room} 后 accept 发现队列已空；又过 {again}，客户端的下一次重传被接纳。",
    ),
    "also-fills-queue": (
        "Never accepted, it took the only place in the server's accept queue.",
        "它从未被 accept，占住了服务器全连接队列中唯一的位置。",
    ),
    "also-filled-queue": (
        "For {time} it held the only place in the server's accept queue.",
        "它占住服务器全连接队列中唯一的位置达 {time}。",
    ),
    "also-silence": (
        "The connection had been idle: firewalls that have forgotten one answer so.",
        "此前连接空闲过：防火墙忘记了连接就会这样应答。",
    ),
    "also-foreign-ack": (
        "Before, an ACK that {side} never sent changed nothing.",
        "此前有一个{side}从未发送的 ACK，它什么也没改变。",
    ),
    "also-foreign-ack-likely": (
        "Before, an ACK without the agreed timestamp, most likely not {side}'s, changed nothing.",
        "此前有一个 ACK 不带已协商的时间戳，很可能并非{side}所发，它什么也没改变。",
    ),
    "also-all-lost": ("Every try was lost on the way.", "每一次都在途中丢失。"),
    "also-all-arrived": (
        "Every try arrived at {peer}'s end, and was dropped there.",
        "每一次都到达了{peer}一端，但在那里被丢弃。",
    ),
    "also-all-arrived-idle": (
        "After the silence {peer}'s end dropped every try, as firewalls do.",
        "静默之后的每一次都在{peer}一端被丢弃：防火墙忘记空闲的连接之后就是这样。",
    ),
    "also-both-lingered": ("Both had set SO_LINGER 0, and closed.", "双方都设了 SO_LINGER 0，然后关闭。"),
    "also-half": ("Between the two FINs {side} received {bytes} more.", "在两个 FIN 之间，{side}又收到 {bytes}。"),
    "also-half-taken": (
        "{Side} took {bytes} more; a closed socket would have sent RST.",
        "{side}停止发送之后又收下 {bytes}；已 close 的套接字会应答 RST。",
    ),
    "also-own-shutdown": (
        "After its own shutdown {side}'s {call} failed: {errno}.",
        "{side}自己 shutdown 之后再 {call} 就失败：{errno}。",
    ),
    "also-occupied": (
        "While this connection was in TIME_WAIT, {side}'s {call} failed: {errno} ({meaning}).",
        "这个连接处于 TIME_WAIT 期间，{side}的 {call} 失败：{errno}（{meaning}）。",
    ),
    "also-occupied-port": (
        "{Side}'s only local port, {port}, was in TIME_WAIT to this server, so its {call} failed: {errno} ({meaning}).",
        "{side}唯一可用的本地端口 {port} 对这个服务器处于 TIME_WAIT，所以 {call} 失败：{errno}（{meaning}）。",
    ),
    "also-reuse-address": (
        "With SO_REUSEADDR it then succeeded.",
        "设置 SO_REUSEADDR 之后就成功了。",
    ),
    "also-bind-failed": (
        "{Side}'s bind to the same port still failed: {errno}.",
        "{side}再次 bind 同一端口仍然失败：{errno}。",
    ),
    "also-bind-free": (
        "{Side}'s bind to the same port then succeeded.",
        "随后{side} bind 同一端口成功。",
    ),
    "also-unseen": ("No program sees it.", "应用程序不会察觉。"),
    "also-replaced": (
        "Its TIME_WAIT ended early: connection {n} took the same ports.",
        "TIME_WAIT 提前结束：连接 {n} 占用了同样的端口。",
    ),
    "also-socket-before": (
        "{Side}'s socket had been another connection before, from port {port}.",
        "{side}的这个套接字先前是另一条连接，从端口 {port} 发起。",
    ),
    "also-socket-after": (
        "{Side} then connected the same socket again, from port {port}.",
        "{side}随后用同一个套接字再次 connect，从端口 {port} 发起。",
    ),
    "also-replaces": (
        "Connection {n} between the same ports was in TIME_WAIT at {side}; this SYN took its place, as a newer timestamp or "
        "sequence number may (RFC 6191).",
        "同样端口之间的连接 {n} 在{side}处于 TIME_WAIT；这个 SYN 取代了它：时间戳较新或序号较大即可（RFC 6191）。",
    ),
    "also-replaces-own": (
        "Connection {n} between the same ports was in TIME_WAIT at {side}, whose own kernel let the port be used again (Linux: "
        "tcp_tw_reuse).",
        "同样端口之间的连接 {n} 在{side}处于 TIME_WAIT；{side}自己的内核允许再用这个端口（Linux：tcp_tw_reuse）。",
    ),
    "also-replaces-allowed": (
        "Connection {n} between the same ports was in TIME_WAIT at {side}; tcp_tw_reuse let this one take its place.",
        "同样端口之间的连接 {n} 在{side}处于 TIME_WAIT；tcp_tw_reuse 允许新连接取代它。",
    ),
    "also-delivered-queued": (
        "{Side}'s program had closed: its kernel, in FIN_WAIT_1 for {time}, still delivered {bytes}, and its FIN behind them.",
        "{side}的程序已经关闭：其内核在 FIN_WAIT_1 中 {time}，仍把 {bytes}送达，FIN 排在它们之后。",
    ),
    "also-delivered-dead-queued": (
        "{Side}'s program had ended: its kernel, in FIN_WAIT_1 for {time}, still delivered {bytes}, and its FIN behind them.",
        "{side}的程序已经结束：其内核在 FIN_WAIT_1 中 {time}，仍把 {bytes}送达，FIN 排在它们之后。",
    ),
    "also-never-sent": (
        "{bytes} that {side} wrote were never sent.",
        "{side}写入的数据中，有 {bytes}从未发出。",
    ),
    "also-never-sent-nagle": (
        "{bytes} that {side} wrote were never sent: Nagle's algorithm held them back.",
        "{side}写入的数据中，有 {bytes}从未发出：被 Nagle 算法扣住。",
    ),
    "also-passed-through": (
        "{Side}'s kernel was in FIN_WAIT_2 for {time} only.",
        "{side}的内核只在 FIN_WAIT_2 停留了 {time}。",
    ),
    "also-three-segments": (
        "Three segments closed it: {peer}'s FIN carried the ACK.",
        "三个报文段就完成了关闭：{peer}的 FIN 带上了 ACK。",
    ),
    "also-full-stamped": (
        "Full segments carry {bytes}: the MSS, {mss}, less 12 for timestamps.",
        "满长报文段携带 {bytes}：MSS {mss} 减去时间戳的 12 字节。",
    ),
    "also-full": (
        "Full segments carry {bytes}: the whole MSS, without timestamps.",
        "满长报文段携带 {bytes}：等于 MSS，没有时间戳。",
    ),
    "also-delivered": (
        "{Side}'s program had closed; its kernel still delivered {bytes}.",
        "{side}的程序已经关闭，内核仍把 {bytes}送达。",
    ),
    "also-delivered-dead": (
        "{Side}'s program had ended; its kernel still delivered {bytes}.",
        "{side}的程序已经结束，内核仍把 {bytes}送达。",
    ),
    "also-no-psh": (
        "No segment carried PSH; {side}'s {call} returned the data all the same.",
        "没有一个报文段带 PSH，{side}的 {call} 照样返回了数据。",
    ),
    "also-woken": (
        "The data carried PSH: {side}'s {call}, which waited, returned it at once.",
        "数据带有 PSH：{side}等待中的 {call} 立即返回了它。",
    ),
    "also-both-read": (
        "{Peer} still had the connection: it acknowledged both writes of {side}, and read them.",
        "{peer}的连接还在：{side}的两次写入都得到确认，也都被读到。",
    ),
    "also-all-read": (
        "{Peer} still had the connection: it acknowledged all {n} writes of {side}, and read them.",
        "{peer}的连接还在：{side}的 {n} 次写入都得到确认，也都被读到。",
    ),
    "also-answered-first": (
        "connect had returned before {call} was called: a listener's kernel answers the SYN by itself.",
        "connect 返回之后才调用 {call}：有监听套接字，内核就会自己应答 SYN。",
    ),
    "also-low-water-psh": (
        "Data with PSH was there, but {side}'s {call} waited {time} for {n} bytes (SO_RCVLOWAT).",
        "带 PSH 的数据已经到达，但{side}的 {call} 又等了 {time}，直到有 {n} 字节（SO_RCVLOWAT）。",
    ),
    "also-low-water": (
        "Data was there, but {side}'s {call} waited {time} for {n} bytes (SO_RCVLOWAT).",
        "数据已经到达，但{side}的 {call} 又等了 {time}，直到有 {n} 字节（SO_RCVLOWAT）。",
    ),
    "also-urgent": (
        "{Side}'s {call} with MSG_OOB had returned the urgent byte, and {other} passed over it: nothing stayed unread.",
        "{side}带 MSG_OOB 的 {call} 已返回紧急字节，{other} 跳过了它：没有留下未读的数据。",
    ),
    "also-shut-reading": (
        "After its own shutdown(SHUT_RD) {side}'s {call} still returned {bytes}.",
        "{side}自己 shutdown(SHUT_RD) 之后，{call} 仍返回了 {bytes}。",
    ),
    "also-listener": (
        "The listener was closed in the meantime; an accepted connection goes on.",
        "期间监听套接字已关闭；已被 accept 的连接不受影响。",
    ),
    "also-limit-TCP_USER_TIMEOUT": (
        "{Side}'s TCP_USER_TIMEOUT was {time}.",
        "{side}设的 TCP_USER_TIMEOUT 是 {time}。",
    ),
    "also-limit-TCP_USER_TIMEOUT-try": (
        "{Side}'s TCP_USER_TIMEOUT, {time}, ran from try {n}.",
        "{side}的 TCP_USER_TIMEOUT（{time}）从第 {n} 次发送算起。",
    ),
    "also-limit-TCP_USER_TIMEOUT-probe": (
        "{Side}'s TCP_USER_TIMEOUT, {time}, ran from the first window probe.",
        "{side}的 TCP_USER_TIMEOUT（{time}）从第一个窗口探测算起。",
    ),
    "also-limit-tcp_retries2": (
        "Linux makes tcp_retries2 = {value} a limit of {time}.",
        "Linux 把 tcp_retries2 = {value} 折算成时限 {time}。",
    ),
    "also-limit-tcp_retries2-try": (
        "Linux makes tcp_retries2 = {value} a limit of {time}, from try {n}.",
        "Linux 把 tcp_retries2 = {value} 折算成时限 {time}，从第 {n} 次发送算起。",
    ),
    "also-icmp-own": (
        "It came from the server's own address: the host is there, or a firewall answers in its name.",
        "它来自服务器自身的地址：主机是在的，或者有防火墙以它的名义应答。",
    ),
    "also-left-waiting": (
        "{Peer}'s window had room for {n} bytes only: {side} may have had more to send, which is lost.",
        "{peer}的窗口只剩 {n} 字节：{side}可能还有数据没有发出，已经丢失。",
    ),
    "also-not-told": (
        "It sent no RST: {peer} knows nothing.",
        "它没有发 RST：{peer}并不知情。",
    ),
    # calls behind the one that the verdict names
    "after-eof": (" {Peer}'s {call} returned end of file, no error.", "{peer}的 {call} 返回 EOF，不是错误。"),
    "after-list": (" After that: {calls}.", "之后：{calls}。"),
    "after-list-alone": (" {Peer}'s calls after that: {calls}.", "之后{peer}的调用：{calls}。"),
    "after-ignored": (" The program ignores SIGPIPE, and goes on.", "程序忽略 SIGPIPE，继续运行。"),
    "after-no-signal": (" MSG_NOSIGNAL kept SIGPIPE away.", "MSG_NOSIGNAL 使它没有收到 SIGPIPE。"),
    "after-close": (
        " {Peer} had then closed its descriptor: every later call on it failed with EBADF.",
        "之后{peer}关闭了描述符：对它的调用都以 EBADF 失败。",
    ),
    "own-failed": (
        " {Side}'s own {call} failed: {errno} ({meaning}).",
        "{side}自己的 {call} 失败：{errno}（{meaning}）。",
    ),
    "own-failed-plain": (" {Side}'s own {call} failed: {errno}.", "{side}自己的 {call} 失败：{errno}。"),
    "after-call": ("{call} = {what}", "{call} = {what}"),
}
