"""The 19 signatures of "Global, Passive Detection of Connection Tampering" (SIGCOMM 2023, Table 1).

Each is a form that the client's packets take when something on the path ends a connection: before → what came, ∅ where
nothing more came. Honest ends make the same forms, and more often: the paper says who was affected, not that somebody
was. So a signature is evidence with its source, and no verdict rests on one. What two of them have in common is a vote
among others (`Facts.votes`), in whichever end's name: RSTs without ACK flag whose ACK numbers differ. Linux and the
BSDs put 0 there.

One connection's record has no list of its packets. What it leaves open:

- ∅ is seen where the other end was still heard three seconds later. Of a connection at whose end both are silent, only
  the end of the capture tells, and that is not in its record: no signature is named.
- How many segments the client's data took is known by its bytes and its PSH flags: up to 1,460 bytes with no more than
  one PSH are the first data, more is further data. Further data after the RST hides which it was: none is named.
- The paper looks at the first ten packets of a client, and so does this; of a longer connection none is named.
- Its further tests (jumps of the IP-ID, steps of the TTL) are votes of their own: `other_counter`, `other_way`. Linux
  answers with IP-ID 0, so that a jump to 0 is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..vocabulary import FACT_HANDSHAKE

if TYPE_CHECKING:
    from .facts import Column, Facts, Mask

#: Number in Table 1, from 1 -> stage, and pattern.
SIGNATURES: tuple[tuple[str, str], ...] = (
    ("post-SYN", "⟨SYN → ∅⟩"),
    ("post-SYN", "⟨SYN → RST⟩"),
    ("post-SYN", "⟨SYN → RST+ACK⟩"),
    ("post-SYN", "⟨SYN → RST; RST+ACK⟩"),
    ("post-ACK", "⟨SYN; ACK → ∅⟩"),
    ("post-ACK", "⟨SYN; ACK → RST⟩"),
    ("post-ACK", "⟨SYN; ACK → RST; RST⟩"),
    ("post-ACK", "⟨SYN; ACK → RST+ACK⟩"),
    ("post-ACK", "⟨SYN; ACK → RST+ACK; RST+ACK⟩"),
    ("post-PSH", "⟨PSH+ACK → ∅⟩"),
    ("post-PSH", "⟨PSH+ACK → RST⟩"),
    ("post-PSH", "⟨PSH+ACK → RST+ACK⟩"),
    ("post-PSH", "⟨PSH+ACK → RST; RST+ACK⟩"),
    ("post-PSH", "⟨PSH+ACK → RST+ACK; RST+ACK⟩"),
    ("post-PSH", "⟨PSH+ACK → RST = RST⟩"),
    ("post-PSH", "⟨PSH+ACK → RST ≠ RST⟩"),
    ("post-PSH", "⟨PSH+ACK → RST; RST0⟩"),
    ("post-data", "⟨PSH+ACK; Data → RST⟩"),
    ("post-data", "⟨PSH+ACK; Data → RST+ACK⟩"),
)
NOTHING_NS = 3_000_000_000
FIRST_PACKETS = 10
SEGMENT = 1460  # payload bytes of a segment on Ethernet
ACK = 0x10  # of a header's flags


def resets_of(f: Facts, side: int) -> tuple[Column, Column]:
    """The RSTs in the name of clients (0) or servers (1), and the row of each."""
    its = np.flatnonzero((f.row_of_reset >= 0) & (f.resets("sender") == side))
    return its, f.row_of_reset[its]


def bare_acks(f: Facts, side: int) -> tuple[Column, Column, Column]:
    """Of that end of each row the RSTs without ACK flag: how many, and their lowest and highest ACK numbers."""
    its, rows = resets_of(f, side)
    bare = (f.resets("flags")[its] & ACK) == 0
    its, rows = its[bare], rows[bare]
    lowest, highest = np.full(len(f), 2**32, dtype=np.int64), np.zeros(len(f), dtype=np.int64)
    np.minimum.at(lowest, rows, f.resets("ack")[its].astype(np.int64))
    np.maximum.at(highest, rows, f.resets("ack")[its].astype(np.int64))
    return np.bincount(rows, minlength=len(f)), lowest, highest


def signature(f: Facts) -> Column:
    """Of each row the number of its signature; 0: none."""
    its, rows = resets_of(f, 0)
    acked = (f.resets("flags")[its] & ACK) != 0
    with_ack = np.bincount(rows[acked], minlength=len(f))
    bare, lowest, highest = bare_acks(f, 0)
    sent, facts = f.bytes_client.astype(np.int64), f.facts.copy()
    sent[rows[::-1]] = f.resets("sent")[its][::-1]  # when the first came, which is set last
    facts[rows[::-1]] = f.resets("facts")[its][::-1]
    followed = (f.start_seen > 0) & (f.fin_client == 0) & (f.packets_client <= FIRST_PACKETS) & (f.syn_client == 1)
    shaken = (facts & np.uint64(FACT_HANDSHAKE)) != 0
    post_syn = followed & ~shaken & (f.packets_client == 1 + f.rst_client)
    post_ack = followed & shaken & (sent == 0) & (f.bytes_client == 0)
    one = followed & shaken & (sent > 0) & (sent <= SEGMENT) & (f.psh_client <= 1)
    more = followed & shaken & ((sent > SEGMENT) | ((f.psh_client > 1) & (f.bytes_client == sent)))
    nothing = (f.rst_client == 0) & (f.last_ns - f.heard_client > NOTHING_NS)
    only_bare, only_acked, both = (
        (bare > 0) & (with_ack == 0),
        (with_ack > 0) & (bare == 0),
        (bare > 0) & (with_ack > 0),
    )
    single = bare + with_ack == 1
    several_bare = only_bare & ~single
    found: dict[int, Mask] = {
        1: post_syn & nothing,
        2: post_syn & only_bare,
        3: post_syn & only_acked,
        4: post_syn & both,
        5: post_ack & nothing,
        6: post_ack & only_bare & single,
        7: post_ack & several_bare,
        8: post_ack & only_acked & single,
        9: post_ack & only_acked & ~single,
        10: one & nothing,
        11: one & only_bare & single,
        12: one & only_acked & single,
        13: one & both,
        14: one & only_acked & ~single,
        15: one & several_bare & (lowest == highest),
        16: one & several_bare & (lowest != highest) & (lowest > 0),
        17: one & several_bare & (lowest != highest) & (lowest == 0),
        18: more & (bare > 0),
        19: more & only_acked,
    }
    return np.select(list(found.values()), list(found), 0).astype(np.uint8)


def acks_differ(f: Facts) -> Mask:
    """Rows where RSTs without ACK flag, in the name of the deciding RST's sender, have different ACK numbers."""
    found = np.zeros(len(f), dtype=np.bool_)
    for side, many in enumerate((f.rst_client > 1, f.rst_server > 1)):
        if many.any():
            _, lowest, highest = bare_acks(f, side)
            found |= (highest > lowest) & (f.rst_sender == side)
    return found
