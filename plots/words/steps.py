"""What a scenario did to the world, in words: a recording holds it in English."""

from __future__ import annotations

import re

_SIDES = {"client": "客户端", "server": "服务器"}

#: Pattern of the recorded text -> the same in Chinese. {0} and so on: what the pattern's groups found.
STEPS: dict[str, str] = {
    r"a forged (\S+(?: ACK)?) reaches the (client|server)": "伪造的 {0} 到达{1}",
    r"a program on the (client|server) sends a segment of its own making": "{0}上的一个程序发出自造的报文段",
    r"an ACK with a ninth flag reaches the (client|server)": "带第九个标志的 ACK 到达{0}",
    r"another program on the (client|server) sends a segment of its own making": "{0}上的另一个程序发出自造的报文段",
    r"all that the (client|server) sends is lost": "{0}发出的一切都会丢失",
    r"everything that the (client|server) sends is held on the wire": "{0}发出的一切都被扣在途中",
    r"the (\S+) goes on": "{0} 继续前行",
    r"the (client|server) forgets the connection without a packet, as by a reboot": "{0}忘记了连接，不发报文，如同重启",
    r"the (client|server)'s RST takes its time": "{0}的 RST 在途中耗时较长",
    r"the SYN of the (client|server) is held on the wire": "{0}的 SYN 被扣在途中",
    r"the SYN-ACK is held on the wire": "SYN-ACK 被扣在途中",
    r"the copy of the data arrives": "那份数据的副本到达",
    r"the last ACK of the first handshake is held on the wire": "第一个连接的握手，最后一个 ACK 被扣在途中",
    r"the wire delivers every packet twice": "线路把每个报文都送达两次",
    r"the wire drops the (client|server)'s (FIN|RST|SYN)": "线路将丢弃{0}的 {1}",
    r"the wire drops the (client|server)'s last ACK": "线路将丢弃{0}的最后一个 ACK",
    r"the wire drops the (client|server)'s next segment": "线路将丢弃{0}的下一个报文段",
    r"the wire drops the (client|server)'s second segment": "线路将丢弃{0}的第二个报文段",
    r"the wire drops the first SYN-ACK": "线路将丢弃第一个 SYN-ACK",
    r"the wire drops the handshake's last ACK": "线路将丢弃握手的最后一个 ACK",
    r"the wire holds the (client|server)'s first segment": "线路将扣住{0}的第一个报文段",
    r"the wire holds the (client|server)'s next segment": "线路将扣住{0}的下一个报文段",
    r"the wire holds both SYNs": "线路将扣住两个 SYN",
    r"the wire holds the SYN-ACK": "线路将扣住 SYN-ACK",
    r"the wire is cut": "线路断开",
    r"the wire is mended": "线路恢复",
    r"the wire keeps a copy of the data": "线路留下一份数据的副本",
    r"the wire lets go of the FIN and the RST": "线路放行 FIN 和 RST",
    r"the wire lets it go": "线路将其放行",
    r"the wire lets the (client|server)'s segment go": "线路放行{0}的报文段",
    r"the wire lets the SYN-ACK go": "线路放行 SYN-ACK",
    r"they arrive": "被扣住的报文到达",
    r"(client|server): (.+)": "{0}执行：{1}",  # a command
}


#: What a scenario says before it happens: the wire does so to what is yet to come.
_ANNOUNCED = re.compile(r"the wire (holds|drops) ")


def told(text: str, lang: str) -> str | None:
    """The recorded step in a figure's language; None: in Chinese none but those that scenarios name is known."""
    if lang == "en":
        return _ANNOUNCED.sub(lambda found: f"the wire will {found[1].removesuffix('s')} ", text)
    for pattern, chinese in STEPS.items():
        found = re.fullmatch(pattern, text)
        if found is not None:
            return chinese.format(*(_SIDES.get(group, group) for group in found.groups()))
    return None
