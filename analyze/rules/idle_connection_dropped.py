"""A middlebox that had forgotten an idle connection, and dropped what came next."""

from __future__ import annotations

import numpy as np

from ..story import Evidence, Verdict, other
from . import Rule
from .facts import IDLE_NS, Facts, Mask
from .row import Row

FIRST_WAIT_NS = 1_000_000_000  # at most: RFC 6298, 2.1
LONGEST_WAIT_NS = 120_000_000_000  # TCP_RTO_MAX


class IdleConnectionDropped(Rule):
    """A middlebox that had forgotten an idle connection, and dropped what came next.

    **What happened.** The connection was silent for a minute or more. Then one end sent, and sent again, and
    nothing came back.
    **Why.** NAT, firewalls and load balancers forget idle connections (AWS: 350 s; RFC 5382 asks for 2 h 4 min) and
    drop what does not fit, without a word.
    **What each side sees.** The sender's program waits, by default for a quarter of an hour: ETIMEDOUT. New
    connections work at once.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        400.000 < P. 101:201(100) ack 201
        400.200 < P. 101:201(100) ack 201
        400.600 < P. 101:201(100) ack 201
        401.400 < P. 101:201(100) ack 201

    **Not to be confused with.**
    - `retransmission-timeout`: no long silence before: the path or the peer went in the middle
    - `idle-timeout-reset`: RSTs were sent to both ends
    - `idle-connection-forgotten`: the data was answered with RST

    **Fix.** Keepalive below the middlebox's timeout; drop pooled connections sooner; TCP_USER_TIMEOUT.
    **References.** RFC 5382, REQ-5.
    """

    code = "idle-connection-dropped"
    stronger_than = ("retransmission-timeout",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        mine = f.tries_client >= f.tries_server  # whose data had no answer
        tries = np.maximum(f.tries_client, f.tries_server).astype(np.int64) - 1
        waited = np.where(mine, f.heard_client - f.heard_server, f.heard_server - f.heard_client)
        again = np.minimum((np.int64(1) << np.minimum(tries, 8)) * FIRST_WAIT_NS, tries * LONGEST_WAIT_NS)
        silent = waited - again  # at least
        return f.ended("timed-out") & (tries >= 2) & (silent >= IDLE_NS) & (f.bytes_client + f.bytes_server > 0)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        side = row.tried_most
        peer = other(side)
        waited = abs(row.heard_client - row.heard_server)
        evidence = (
            Evidence("unheard", {"side": peer, "ns": waited}, (row.last_frame,)),
            Evidence("no-answer", {"n": max(row.tries_client, row.tries_server)}, (row.last_frame,)),
        )
        return cls.held(evidence, ("retransmission-timeout", "both-ends"), side=side, peer=peer, ns=waited)
