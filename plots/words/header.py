"""The header, bit by bit."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # the flags, one bit each
    "flag-SYN": ("opens: my numbers begin here", "打开连接：我的序号从这里开始"),
    "flag-ACK": ("the ack number counts: all before it has come", "确认号有效：它之前的都已收到"),
    "flag-PSH": ("asks to hand the data up at once", "请求立即把数据交给上层"),
    "flag-FIN": ("I send no more; you still may", "我不再发送，对方还可以发"),
    "flag-RST": ("ends the connection at once, both ways", "立即终止连接，两个方向都终止"),
    "flag-RST-ignored": ("would end the connection at once; ignored here", "本会立即终止连接；此处未被接受"),
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
    "header-where-foreign": (
        "{file}, connection {number}, frame {frame}: to {peer}, in {side}'s name, {time} after the first packet.",
        "{file}，连接 {number}，第 {frame} 帧：以{side}的名义到{peer}，在首个报文 {time} 之后。",
    ),
    "header-where-copy": (
        "{file}, connection {number}, frame {frame}: a copy of frame {n}, made on the way to {peer}, {time} after the "
        "first packet.",
        "{file}，连接 {number}，第 {frame} 帧：第 {n} 帧在到{peer}途中产生的副本，在首个报文 {time} 之后。",
    ),
    "header-size": (
        "TCP header of {n} bytes, {options} of them options; {data}.",
        "TCP 首部 {n} 字节，其中选项 {options} 字节；{data}。",
    ),
    "header-size-plain": ("TCP header of {n} bytes, no options; {data}.", "TCP 首部 {n} 字节，没有选项；{data}。"),
    "header-size-data": ("{bytes} of data", "数据 {bytes}"),
    "header-no-data": ("no data", "没有数据"),
    "header-forged": (
        "In the name of {side}, whose TCP did not send it.",
        "以{side}的名义发出，但{side}的 TCP 没有发送它。",
    ),
    "header-unsent": (
        "In the name of {side}: the capture at its end is whole, and does not have it.",
        "以{side}的名义发出；{side}一端的抓包完整，其中没有它。",
    ),
    "header-stray": (
        "In the name of {side}, whose program had not written it; it lacks the timestamp that both ends agreed on.",
        "以{side}的名义发出，但{side}的程序没有写入这些数据；它也没有双方协商的时间戳。",
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
    "header-bytes-12-13": (
        "bytes 12 and 13 = {first} {value}: the flags, AE the last bit of byte 12. tcpdump finds such packets by",
        "字节 12、13 = {first} {value}：标志位，AE 是字节 12 的末位。tcpdump 这样过滤",
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
    "header-checksum-offloaded": ("not filled in", "未填入"),
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
    "header-says-ports-foreign": (
        "In {side}'s name. With both addresses, the ports name the connection.",
        "以{side}的名义。端口加上两个地址，确定是哪个连接。",
    ),
    "header-says-ports-copy": (
        "Those of frame {n}, which {side} sent. With both addresses, the ports name the connection.",
        "与第 {n} 帧相同，那一帧由{side}发出。端口加上两个地址，确定是哪个连接。",
    ),
    "header-says-isn": (
        "{Side}'s first number, called {symbol}. The SYN itself uses it up.",
        "{side}的初始序号，记作 {symbol}，由 SYN 自己占用。",
    ),
    "header-says-other-isn": (
        "A first number of its own: it opens another connection.",
        "另一个初始序号：它要打开的是另一个连接。",
    ),
    "header-says-again": ("The number of frame {n}: the same is sent again.", "与第 {n} 帧相同：这是重传。"),
    "header-says-copy": (
        "The number of frame {n}: it is the same packet once more; nobody sent it again.",
        "与第 {n} 帧相同：是同一个报文又到一次，没有谁重传它。",
    ),
    "header-says-keepalive": (
        "One before the next: a keepalive probe, which wants an answer only.",
        "比下一个序号小一：保活探测，只求应答。",
    ),
    "header-says-fin": (
        "The FIN uses up this number, as a byte of data would.",
        "FIN 占用这个序号，就像一个字节的数据。",
    ),
    "header-says-fin-data": (
        "Number of the first of {bytes}; the FIN uses up the number after them.",
        "{bytes}中首字节的序号；FIN 占用其后的序号。",
    ),
    "header-says-data": ("Number of the first of {bytes}.", "{bytes}中首字节的序号。"),
    "header-says-byte": ("Number of its one byte.", "这一个字节的序号。"),
    "header-says-fin-byte": (
        "Number of its one byte; the FIN uses up the number after it.",
        "这一个字节的序号；FIN 占用其后的序号。",
    ),
    "header-says-no-data": (
        "{Side}'s next number; this segment uses none.",
        "{side}的下一个序号；这个报文段不占用序号。",
    ),
    "header-says-no-data-foreign": (
        "Set to pass as {side}'s; this segment uses no number.",
        "冒充{side}的序号；这个报文段不占用序号。",
    ),
    "header-says-echo": (
        "The ack number of frame {n}: this RST was made from the segment that it refuses.",
        "正是第 {n} 帧的确认号：RST 由被拒绝的报文段生成。",
    ),
    "header-says-zero": ("0: a SYN carries no ack number that could be taken for it.", "0：SYN 没有确认号可供取用。"),
    "header-says-zero-data": (
        "0: frame {n} carries no ack number that could be taken for it (RFC 9293, 3.10.7.1).",
        "0：第 {n} 帧没有确认号可供取用（RFC 9293，3.10.7.1）。",
    ),
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
    "header-says-counted": (
        "{seq} + {bytes}: the number behind frame {n}, the segment that this RST refuses.",
        "{seq} + {bytes}：第 {n} 帧之后的序号，RST 拒绝的就是它。",
    ),
    "header-says-ack": ("All that {peer} sent before this number has arrived.", "{peer}在这个序号之前发送的都已收到。"),
    "header-says-ack-foreign": (
        "Set to pass as {side}'s: it tells nothing of what {side} has received.",
        "冒充{side}的确认号：说明不了{side}收到了什么。",
    ),
    "header-says-too-short": (
        "The data offset is wrong: a TCP header has 20 bytes or more.",
        "数据偏移不对：TCP 首部至少 20 字节。",
    ),
    "header-says-rst-active": ("RST with ACK: it answers no segment.", "RST 带 ACK：它不是对哪个报文段的应答。"),
    "header-says-rst-reply": ("RST as an answer: {side} refuses a segment.", "RST 作为应答：{side}拒绝了一个报文段。"),
    "header-says-rst-kept": (
        "RST as an answer: {peer} ignores it in TIME_WAIT (tcp_rfc1337=1).",
        "RST 作为应答：{peer}在 TIME_WAIT 中不理会它（tcp_rfc1337=1）。",
    ),
    "header-says-rst-foreign": (
        "RST in {side}'s name: {peer} is to give the connection up.",
        "以{side}的名义发出的 RST：要让{peer}放弃连接。",
    ),
    "header-says-rst-syn-reply": (
        "RST as the answer to a SYN: {side} refuses the connection.",
        "RST 作为对 SYN 的应答：{side}拒绝连接。",
    ),
    "header-says-rst": (
        "RST: nothing is sent after it, and nothing acknowledges it.",
        "RST：此后不再发送，也不会得到确认。",
    ),
    "header-says-syn": ("SYN without ACK: the first step of a handshake.", "SYN 不带 ACK：握手的第一步。"),
    "header-says-syn-ack": ("SYN with ACK: the second step of a handshake.", "SYN 带 ACK：握手的第二步。"),
    "header-says-fin-flag": (
        "FIN: {side} sends nothing after this; {peer} still may.",
        "FIN：{side}此后不再发送，{peer}还可以发送。",
    ),
    "header-says-fin-flag-foreign": (
        "FIN in {side}'s name: {peer} is to believe that {side} sends no more.",
        "以{side}的名义发出的 FIN：要让{peer}相信{side}不再发送。",
    ),
    "header-says-urg": (
        "URG: announces urgent data; its receiver's program is told at once.",
        "URG：宣布有紧急数据，接收方的程序立即得知。",
    ),
    "header-says-psh": (
        "PSH: hand this data to the program, do not wait for more.",
        "PSH：把数据交给程序，不必等更多数据。",
    ),
    "header-says-ack-data": ("ACK and data; no PSH: more follows.", "ACK 和数据；没有 PSH：后面还有。"),
    "header-says-ack-alone": ("ACK alone: it only acknowledges.", "只有 ACK：仅仅是确认。"),
    "header-says-ack-closes": (
        "ACK alone, window 0: {peer} may send no data until it opens.",
        "只有 ACK，窗口为 0：在窗口打开之前{peer}不能发送数据。",
    ),
    "header-says-ack-opens": (
        "ACK alone: it opens the window again, and {peer} may send.",
        "只有 ACK：重新打开窗口，{peer}可以发送。",
    ),
    "header-says-ack-ecn": (
        "ACK with {flags}: it acknowledges, and tells of congestion.",
        "ACK 带 {flags}：既是确认，也告知拥塞情况。",
    ),
    "header-says-none": ("No flag at all: no TCP sends this.", "一个标志也没有：没有 TCP 会这样发送。"),
    "header-says-checksum-good": ("Header and data are as they were sent.", "首部和数据与发送时一致。"),
    "header-says-checksum-offloaded": (
        "Left to a network card, which fills it in after the capture; on loopback nobody does. It proves nothing.",
        "留给网卡在抓包之后填入；在环回接口上没有谁填入。这说明不了什么。",
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
    "header-says-timestamps-old": (
        "TSval is older than that of frame {n}: to its receiver, an old copy (PAWS, RFC 7323).",
        "TSval 比第 {n} 帧的旧：接收方会当作旧副本（PAWS，RFC 7323）。",
    ),
    "header-says-timestamps-old-rst": (
        "TSval is older than that of frame {n}; of a RST it is not looked at (RFC 7323, 5.2).",
        "TSval 比第 {n} 帧的旧；但对 RST 不检查它（RFC 7323，5.2）。",
    ),
    "header-says-nop": ("NOP fills up to four bytes.", "NOP 用来凑足四字节。"),
    "header-says-eol": ("End of the options.", "选项结束。"),
    "header-says-odd": ("{name}, with a length that it cannot have.", "{name}，长度不对。"),
    "header-says-other": ("Option {n}: {name}.", "选项 {n}：{name}。"),
}
