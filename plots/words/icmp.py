"""The names of ICMP errors (analyze/icmp.py), and what figures say of them, by key, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "icmp-from": ("from {address}", "来自 {address}"),
    "icmp-quotes": ("type {type} code {code}, quotes seq {seq}", "type {type} code {code}，引用 seq {seq}"),
    "icmp-mtu": ("{what} (at most {n} bytes)", "{what}（最多 {n} 字节）"),
    # icmp-NAME
    "icmp-error": ("an error", "差错"),
    "icmp-net-unreachable": ("network unreachable", "网络不可达"),
    "icmp-host-unreachable": ("host unreachable", "主机不可达"),
    "icmp-protocol-unreachable": ("protocol unreachable", "协议不可达"),
    "icmp-port-unreachable": ("port unreachable", "端口不可达"),
    "icmp-fragmentation-needed": ("fragmentation needed", "需要分片"),
    "icmp-source-route-failed": ("source route failed", "源路由失败"),
    "icmp-net-unknown": ("network unknown", "网络未知"),
    "icmp-host-unknown": ("host unknown", "主机未知"),
    "icmp-host-isolated": ("host isolated", "主机被隔离"),
    "icmp-net-prohibited": ("network administratively prohibited", "网络被管理策略禁止"),
    "icmp-host-prohibited": ("host administratively prohibited", "主机被管理策略禁止"),
    "icmp-net-unreachable-for-service": ("network unreachable for this type of service", "该服务类型的网络不可达"),
    "icmp-host-unreachable-for-service": ("host unreachable for this type of service", "该服务类型的主机不可达"),
    "icmp-admin-prohibited": ("administratively prohibited", "被管理策略禁止"),
    "icmp-precedence-violation": ("precedence violation", "优先级违例"),
    "icmp-precedence-cutoff": ("precedence cutoff", "优先级过低"),
    "icmp-source-quench": ("source quench", "源站抑制"),
    "icmp-redirect": ("redirect", "重定向"),
    "icmp-ttl-exceeded": ("time to live exceeded", "生存时间超时"),
    "icmp-hop-limit-exceeded": ("hop limit exceeded", "跳数限制超出"),
    "icmp-reassembly-timeout": ("reassembly time exceeded", "分片重组超时"),
    "icmp-parameter-problem": ("parameter problem", "参数问题"),
    "icmp-no-route": ("no route to destination", "没有到目的地的路由"),
    "icmp-beyond-scope": ("beyond scope of source address", "超出源地址的作用域"),
    "icmp-address-unreachable": ("address unreachable", "地址不可达"),
    "icmp-policy-failed": ("source address failed policy", "源地址不符合策略"),
    "icmp-route-rejected": ("reject route to destination", "到目的地的路由被拒绝"),
    "icmp-packet-too-big": ("packet too big", "报文过大"),
}
