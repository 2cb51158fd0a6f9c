"""ICMP errors by name, and the errno that Linux makes of each (icmp_err_convert, icmpv6_err_convert; tcp_v4_err,
tcp_v6_err).

While a connection is being made such an error ends the attempt; later it is kept, and told when a timer gives up. None
makes an error of "fragmentation needed" and "packet too big" (the segments become smaller), of redirects, or of a
source quench (RFC 6633).
"""

from __future__ import annotations

from .track import IcmpError

#: (IP version, type, code) -> name, errno. RFC 792, 1122, 1812, 4443; a code of None stands for all others.
ERRORS: dict[tuple[int, int, int | None], tuple[str, str | None]] = {
    (4, 3, 0): ("net-unreachable", "ENETUNREACH"),
    (4, 3, 1): ("host-unreachable", "EHOSTUNREACH"),
    (4, 3, 2): ("protocol-unreachable", "ENOPROTOOPT"),
    (4, 3, 3): ("port-unreachable", "ECONNREFUSED"),
    (4, 3, 4): ("fragmentation-needed", None),
    (4, 3, 5): ("source-route-failed", "EOPNOTSUPP"),
    (4, 3, 6): ("net-unknown", "ENETUNREACH"),
    (4, 3, 7): ("host-unknown", "EHOSTDOWN"),
    (4, 3, 8): ("host-isolated", "ENONET"),
    (4, 3, 9): ("net-prohibited", "ENETUNREACH"),
    (4, 3, 10): ("host-prohibited", "EHOSTUNREACH"),
    (4, 3, 11): ("net-unreachable-for-service", "ENETUNREACH"),
    (4, 3, 12): ("host-unreachable-for-service", "EHOSTUNREACH"),
    (4, 3, 13): ("admin-prohibited", "EHOSTUNREACH"),
    (4, 3, 14): ("precedence-violation", "EHOSTUNREACH"),
    (4, 3, 15): ("precedence-cutoff", "EHOSTUNREACH"),
    (4, 4, None): ("source-quench", None),
    (4, 5, None): ("redirect", None),
    (4, 11, 0): ("ttl-exceeded", "EHOSTUNREACH"),
    (4, 11, None): ("reassembly-timeout", "EHOSTUNREACH"),
    (4, 12, None): ("parameter-problem", "EPROTO"),
    (6, 1, 0): ("no-route", "ENETUNREACH"),
    (6, 1, 1): ("admin-prohibited", "EACCES"),
    (6, 1, 2): ("beyond-scope", "EHOSTUNREACH"),
    (6, 1, 3): ("address-unreachable", "EHOSTUNREACH"),
    (6, 1, 4): ("port-unreachable", "ECONNREFUSED"),
    (6, 1, 5): ("policy-failed", "EACCES"),
    (6, 1, 6): ("route-rejected", "EACCES"),
    (6, 2, None): ("packet-too-big", None),
    (6, 3, 0): ("hop-limit-exceeded", "EHOSTUNREACH"),
    (6, 3, None): ("reassembly-timeout", "EHOSTUNREACH"),
    (6, 4, None): ("parameter-problem", "EPROTO"),
}
UNNAMED = "error"
#: Every name, in the order of its number in `rules.Facts.icmp`; the first is what is not known.
NAMES = (UNNAMED, *dict.fromkeys(name for name, _ in ERRORS.values()))
#: What ends no attempt to connect.
HARMLESS = tuple(dict.fromkeys(name for name, errno in ERRORS.values() if errno is None))


def named(version: int, error: IcmpError) -> tuple[str, str | None]:
    """Name and errno of an error that quotes a packet of this IP version."""
    for code in (error.code, None):
        if found := ERRORS.get((version, error.kind, code)):
            return found
    return UNNAMED, None
