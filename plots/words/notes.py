"""What is to be known of a capture's file, in Chinese: its reader says it in English, as the JSON record has it."""

from __future__ import annotations

import re

#: Pattern of what was said -> the same in Chinese. {0} and so on: what the pattern's groups found.
NOTES: dict[str, str] = {
    # notes
    r"checksums are offloaded": "校验和由网卡计算（offload）",
    r"(\S+) TCP checksums? (?:is|are) wrong": "{0} 个 TCP 校验和错误",
    r"(\S+) packets? of link type (\S+) cannot be read": "{0} 个链路类型为 {1} 的报文无法读取",
    r"some IP datagrams are incomplete: fragments are missing": "部分 IP 数据报不完整：缺少分片",
    r"reading was interrupted": "读取被中断",
    r"the recording was interrupted": "录制被中断",
    r"no call on a TCP socket": "没有对 TCP 套接字的调用",
    r"its times are wall-clock times": "其时间就是日历时间",
    r"no event fits a packet of this capture: it was not used": "没有事件与这份抓包的报文相符，未被使用",
    r"its clock was set by (\S+) RSTs that are in both; they differ by (\S+ µs)": (
        "其时钟由两边都有的 {0} 个 RST 校准，相差 {1}"
    ),
    r"its clock was set by (\S+) RSTs that are in both, too few to be sure of; they differ by (\S+ µs)": (
        "其时钟由两边都有的 {0} 个 RST 校准，数量太少，不能确定；相差 {1}"
    ),
    r"its clock was set by (\S+) beginnings of connections that are in both; they differ by (\S+ µs)": (
        "其时钟由两边都有的 {0} 个连接的开头校准，相差 {1}"
    ),
    r"its clock was set by (\S+) beginnings of connections that are in both, too few to be sure of;"
    r" they differ by (\S+ µs)": "其时钟由两边都有的 {0} 个连接的开头校准，数量太少，不能确定；相差 {1}",
    r"(\S+) connections? fits? several of the server's capture: told from the client's alone": (
        "{0} 个连接在服务器端的抓包里有多个候选：只按客户端的抓包讲述"
    ),
    # damage: where the bytes end, or say what cannot be
    r"file header cut after (\S+) bytes?": "文件头在 {0} 字节后被截断",
    r"block header cut after (\S+) bytes?": "块头在 {0} 字节后被截断",
    r"block of (\S+) bytes cut after (\S+) bytes?": "{0} 字节的块在 {1} 字节后被截断",
    r"record header of (\S+) bytes cut after (\S+) bytes?": "{0} 字节的记录头在 {1} 字节后被截断",
    r"record of (\S+) bytes cut after (\S+) bytes?": "{0} 字节的记录在 {1} 字节后被截断",
    r"record length (\S+) \(over (\S+); on the wire (\S+)\)": "记录长度为 {0}（超过 {1}；线上长度 {2}）",
    r"record length (\S+) \(under (\S+); on the wire (\S+)\)": "记录长度为 {0}（小于 {1}；线上长度 {2}）",
    r"the block's two lengths do not agree \((\S+) and (\S+)\)": "块首尾的长度不一致（{0} 与 {1}）",
    r"packet of (\S+) bytes in a block of (\S+)": "{1} 字节的块里有 {0} 字节的报文",
    r"packet from interface (\S+), but only (\S+) described in this section": (
        "报文来自接口 {0}，而本节只描述了 {1} 个接口"
    ),
    r"block of (\S+) bytes: longer than (\S+)": "{0} 字节的块：超过 {1}",
    r"block of (\S+) bytes: shorter than its fixed part": "{0} 字节的块：短于其固定部分",
    r"cut short": "被截断",
    # ... and what of them was read
    r"everything before it: (\S+) packets?": "此前的全部内容，{0} 个报文",
    r"the (\S+) bytes before it": "此前的 {0} 字节",
}


def in_chinese(text: str) -> str:
    """The note in Chinese; what is not known (a library's own message, a program's) stands as it was said."""
    return _known(text) or f"“{text}”"


def _known(text: str) -> str | None:
    """Also behind the name of the file, or of the compression, that it is about."""
    for pattern, chinese in NOTES.items():
        found = re.fullmatch(pattern, text)
        if found is not None:
            return chinese.format(*found.groups())
    about, _, rest = text.partition(": ")
    known = _known(rest) if rest else None
    return None if known is None else f"{about}：{known}"
