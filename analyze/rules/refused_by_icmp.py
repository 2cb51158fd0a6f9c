"""An ICMP error in answer to the SYN."""

from __future__ import annotations

import numpy as np

from ..icmp import HARMLESS, NAMES
from ..story import Verdict
from ..vocabulary import FACT_QUOTED
from . import Rule
from .facts import Facts, Mask
from .row import Row


class RefusedByIcmp(Rule):
    """An ICMP error in answer to the SYN.

    **What happened.** A router or the host itself answered the SYN with ICMP: host, network or port unreachable, or
    administratively prohibited.
    **Why.** RFC 1122, 4.2.3.9: TCP acts on such errors while a connection is being made. Linux maps them: port
    unreachable to ECONNREFUSED, host unreachable and administratively prohibited to EHOSTUNREACH (in IPv6
    prohibited is EACCES), network unreachable to ENETUNREACH.
    **What each side sees.** connect fails at once with that errno. The server's program sees nothing.

    **Example.** Recorded: `firewall-rejects-port-unreachable`.

    **Not to be confused with.**
    - `unanswered`: nothing quotes the SYN
    - `refused`: the answer is a RST

    **Fix.** Ask whoever sent the ICMP error (its source address): its routing table or its firewall.
    **References.** RFC 792; RFC 1122, 3.2.2.1 and 4.2.3.9; RFC 5461.
    """

    code = "refused-by-icmp"
    stronger_than = (
        "unanswered",
        "retransmission-timeout",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        harmless = np.isin(f.icmp, [NAMES.index(name) for name in HARMLESS])
        return f.ended("unanswered") & ((f.facts & np.uint64(FACT_QUOTED)) != 0) & ~harmless

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held(row.by_icmp(), n=row.syn_client, what=NAMES[row.icmp])
