"""Why each RST of a capture may have been sent, by its packets: the smallest set of Linux's reasons, never without
the true one; and whether something speaks for another sender than the TCP in whose name it came.

The form decides the family, as measured on Linux 6.18 without an exception: a socket that gives up by itself sends
RST+ACK with its next number (tcp_send_active_reset); the answer to a segment is a bare RST whose number is that
segment's acknowledgement, or RST+ACK with number 0 where it had none (tcp_v4_send_reset, tcp_v6_send_response).
`REASONS_WHEN` says for each reason what must be true for it; a reason that the packets exclude is left out, one that
they do not exclude stays. All RSTs are judged at once, as sets of bits.

What Linux never does is said as a sign, not as a reason (`SIGNS`). Each sign alone is broken by some honest host: by
TTL, IP-ID or number alone nobody is accused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..capture.table import OPTION_TIMESTAMPS
from .columns import COLUMNS, RESET_COLUMNS, columns, reset_columns
from .scan import Scan
from .states import CLOSED, SYN_RCVD, SYN_SENT
from .vocabulary import (
    ACCEPTED_NO,
    FACT_FIN,
    FACT_FIN_ACKED,
    FACT_FIN_IN_ORDER,
    FACT_HANDSHAKE,
    FACT_SPOKE_AFTER_RST,
    FACT_SYN,
    FACT_SYN_ACK,
    REASONS,
    SHAPE_SYN_REPLY,
    WHY_BAD_CHECKSUM,
)

Column = npt.NDArray[np.int64]
Mask = Any  # an array of bool; NumPy's comparisons promise nothing narrower

DTYPES = {"B": np.uint8, "H": np.uint16, "I": np.uint32, "Q": np.uint64, "q": np.int64}
ACK = 16
NEVER = 2**32  # a frame that no file has

# How long a socket stays in FIN_WAIT_2 without its program: tcp_fin_timeout and TCP_LINGER2 are whole seconds, one at
# least (less a tick of the clock and what a packet may be late); TCP_LINGER2 goes up to TCP_FIN_TIMEOUT_MAX.
SHORTEST_NS = 950_000_000
LONGEST_NS = 121_000_000_000
CLOSING_NS = 500_000  # of close(2): Linux needs a quarter of a millisecond
IDS = 1024  # an IP-ID so far ahead may be of the same counter: segments that the network card cut, other connections
# Odd multipliers of a hash
K1 = 0x9E3779B97F4A7C15
K2 = 0xC2B2AE3D27D4EB4F
K3 = 0x165667B19E3779F9
INITIAL_TTLS = (64, 128, 255)
ENOUGH = 2  # signs that speak for another sender


class Rows:
    """The RSTs of a capture, one row each, in words for conditions. `its` is of the RST's sender."""

    def __init__(self, found: Scan) -> None:
        self._resets = reset_columns(found.tracker.connections, found.resets)
        self._connections = columns(found.connections)
        numbers = np.frombuffer(self._connections["number"], dtype=np.uint32)
        self.of = np.searchsorted(numbers, self["connection"])  # row of its connection
        self.size = len(self.of)
        self.server = self["sender"] == 1

    def __getitem__(self, name: str) -> Column:
        """A column of the RSTs (columns.RESET_COLUMNS)."""
        code = RESET_COLUMNS[name]
        return np.frombuffer(self._resets[name], dtype=DTYPES[code]).astype(np.int64)

    def all_connections(self, name: str) -> Column:
        """A column of the connections (columns.COLUMNS), one row each."""
        return np.frombuffer(self._connections[name], dtype=DTYPES[COLUMNS[name]]).astype(np.int64)

    def connection(self, name: str) -> Column:
        """The same of the RST's connection."""
        column = np.frombuffer(self._connections[name], dtype=DTYPES[COLUMNS[name]])
        return column[self.of].astype(np.int64)

    def its(self, name: str) -> Column:
        """The connection's column of the RST's sender."""
        return np.where(self.server, self.connection(f"{name}_server"), self.connection(f"{name}_client"))

    def peers(self, name: str) -> Column:
        """The connection's column of the RST's receiver."""
        return np.where(self.server, self.connection(f"{name}_client"), self.connection(f"{name}_server"))

    def was(self, fact: int) -> Mask:
        """What was true of its sender when the RST came."""
        return (self["facts"] & fact) != 0

    def peer_was(self, fact: int) -> Mask:
        """The same of its receiver; `fact` is the sender's bit."""
        return (self["facts"] & (fact << 1)) != 0

    def became(self, fact: int) -> Mask:
        """What is true of its sender after the last packet."""
        return (self.connection("facts") & np.where(self.server, fact << 1, fact)) != 0

    # --- the form

    @cached_property
    def with_ack(self) -> Mask:
        """RST+ACK."""
        return (self["flags"] & ACK) != 0

    @cached_property
    def active(self) -> Mask:
        """The form of a socket that gives up by itself."""
        zero = (self["seq"] == 0) & (self["window"] == 0) & ((self["options"] & OPTION_TIMESTAMPS) == 0)
        return self.with_ack & ~zero & (self["shape"] != SHAPE_SYN_REPLY)

    @cached_property
    def reply(self) -> Mask:
        """The form of an answer to a segment."""
        return ~self.active

    @cached_property
    def bare(self) -> Mask:
        """The answer to a segment that acknowledges something."""
        return self.reply & ~self.with_ack

    @cached_property
    def to_data(self) -> Mask:
        """It answers data, or a segment that is not in the capture; of several on the way any may be the one."""
        others = (self["received"] > 0) & (self["latency_ns"] > self["silence_ns"])
        return (self["space"] > 0) | (self["answers_frame"] == 0) | others

    # --- its sender, as the packets before it tell

    @cached_property
    def start(self) -> Mask:
        """The capture has the connection from its first SYN."""
        return self.connection("start_seen") == 1

    @cached_property
    def fin(self) -> Mask:
        """It had sent its FIN."""
        return self.was(FACT_FIN)

    @cached_property
    def fin_acked(self) -> Mask:
        """Its FIN was acknowledged."""
        return self.was(FACT_FIN_ACKED)

    @cached_property
    def fin_acked_before(self) -> Mask:
        """Its FIN was acknowledged by a segment before the one that it answers: FIN_WAIT_2 when that came."""
        same = (self["fin_acked_ns"] == self["latency_ns"]) & (self["silence_ns"] == self["latency_ns"])
        return self.fin_acked & ~same

    @cached_property
    def waited_ns(self) -> Column:
        """How long it has been in FIN_WAIT_2; since its FIN, where it is not known when that was taken."""
        return np.where(self["fin_acked_ns"] >= 0, self["fin_acked_ns"], self["fin_ns"])

    @cached_property
    def peers_fin_taken(self) -> Mask:
        """It has acknowledged its peer's FIN."""
        return self.peer_was(FACT_FIN_ACKED)

    @cached_property
    def closing(self) -> Mask:
        """FIN_WAIT_1 or FIN_WAIT_2, unless it gave up meanwhile."""
        return self.fin & ~self.peers_fin_taken & ~self.surely_gone

    @cached_property
    def unknown_past(self) -> Mask:
        """It may have closed before the capture began: since then it sent no data."""
        return ~self.start & (self["sent"] == 0) & ~self.fin

    @cached_property
    def received(self) -> Mask:
        """Its program may have data that it has not read."""
        return (self["received"] > 0) | ~self.start

    @cached_property
    def holds_back(self) -> Mask:
        """It may have data, and a FIN behind it, that it could not send yet: its peer's window or its own is full."""
        full = (self["unacked"] > 0) | (self.peers("zero_windows") > 0)
        return ~self.fin & (self["sent"] > 0) & (full | (self.connection("last_frame") > self["frame"]))

    @cached_property
    def listens(self) -> Mask:
        """Its port may have a listener: it is the server's, or was in another connection of the capture."""
        seen = self.all_connections("direction_seen") == 1
        servers = ends(*(self.all_connections(f"server_{part}") for part in ("hi", "lo", "port")))
        clients = ends(*(self.connection(f"client_{part}") for part in ("hi", "lo", "port")))
        return self.server | ~seen[self.of] | np.isin(clients, servers[seen])

    @cached_property
    def again(self) -> Column:
        """How many RSTs of the same sender came before in its connection."""
        order = np.lexsort((np.arange(self.size), self["sender"], self.of))
        key = self.of[order] * 2 + self["sender"][order]
        first = np.r_[True, key[1:] != key[:-1]] if self.size else np.zeros(0, dtype=np.bool_)
        place = np.arange(self.size)
        found = np.zeros(self.size, dtype=np.int64)
        found[order] = place - np.maximum.accumulate(np.where(first, place, 0))
        return found

    @cached_property
    def surely_gone(self) -> Mask:
        """Its socket was gone by a RST: one that it had sent, or one before the segment that it answers.

        A peer's RST that came after that segment may still have been on its way.
        """
        ended = np.full((len(self.all_connections("number")), 2), NEVER, dtype=np.int64)
        taken = self["accepted"] != ACCEPTED_NO
        np.minimum.at(ended, (self.of[taken], self["sender"][taken]), self["frame"][taken])
        peers = ended[self.of, 1 - self["sender"]]
        ended_before = (self.again > 0) | (self["answers_frame"] > peers)
        return (self["sender_state"] == CLOSED) & ended_before & ~self.labelled

    @cached_property
    def overtaking(self) -> Mask:
        """One of several answers while its program was still in close(2).

        One processor answers what waited for the socket to be let go (its backlog), another one the segment after that,
        for which there is no socket any more: either answer may come first.
        """
        soon = self.reply & self.fin & (self["fin_ns"] < CLOSING_NS)
        own = self.of * 2 + self["sender"]
        return soon & (np.bincount(own, soon, minlength=1)[own] > 1)

    @cached_property
    def may_be_gone(self) -> Mask:
        """No socket of this connection need be there: FIN_WAIT_2 has a time, and a flow label is its socket's."""
        waits = self.closing & (self["sender_state"] != CLOSED) & (self.waited_ns < SHORTEST_NS)
        return (~waits | self.overtaking) & ~self.labelled

    @cached_property
    def may_be_there(self) -> Mask:
        """A socket of this connection may be there."""
        return ~self.surely_gone & ~self.relabelled

    # --- IPv6: a socket's flow label is a hash of its own (tcp_v6_send_reset: sk_txhash, tw_txhash)

    @cached_property
    def labels(self) -> Mask:
        """It has labelled its packets."""
        return (self.connection("version") == 6) & (self["label_before"] > 0)

    @cached_property
    def labelled(self) -> Mask:
        """The RST has its socket's flow label."""
        return self.labels & (self["flow_label"] == self["label_before"])

    @cached_property
    def relabelled(self) -> Mask:
        """The RST has another flow label: no socket lent it one."""
        return self.labels & (self["flow_label"] != self["label_before"]) & (self["flow_label"] > 0)

    # --- the handshake

    @cached_property
    def dialling(self) -> Mask:
        """SYN_SENT: it has sent its SYN, and nothing right has come back."""
        found: Mask = ~self.server & self.was(FACT_SYN) & ~self.was(FACT_HANDSHAKE) & (self["sender_state"] != SYN_RCVD)
        return found

    @cached_property
    def wrong_ack(self) -> Mask:
        """What it answers does not acknowledge its next number."""
        return self["distance"] != 0

    @cached_property
    def only_shook_hands(self) -> Mask:
        """It has sent SYN-ACKs only: a request may be all that there is of the connection (tcp_check_req)."""
        only: Mask = self.its("packets") == self.its("syn") + self.its("rst")
        return self.listens & (self["sent"] == 0) & ~self.fin & (only | ~self.start)


@dataclass(frozen=True)
class Reason:
    """One of Linux's reasons. `where`: the functions that give it; `why`: what has happened; `when`: what allows it."""

    where: str
    why: str
    when: Callable[[Rows], Mask]


#: In Linux 6.18; one line for each reason that a capture can have.
REASONS_WHEN: dict[str, Reason] = {
    "TCP_STATE": Reason(
        "tcp_disconnect, tcp_abort",
        "SO_LINGER 0 and close, connect(AF_UNSPEC), a listener closed before accept, ss -K; not after both FINs",
        lambda r: r.active & ~(r.fin & r.peers_fin_taken),
    ),
    "TCP_ABORT_ON_CLOSE": Reason(
        "__tcp_close",
        "close or end of the program with unread data",
        lambda r: r.active & r.received,
    ),
    "TCP_ABORT_ON_LINGER": Reason(
        "__tcp_close",
        "close in FIN_WAIT_2 with TCP_LINGER2 below 0",
        lambda r: r.active & r.fin & r.fin_acked & ~r.peers_fin_taken,
    ),
    "TCP_DISCONNECT_WITH_DATA": Reason(
        "tcp_disconnect",
        "SO_LINGER 0 or connect(AF_UNSPEC) in CLOSING or LAST_ACK, the FIN still behind data that is not sent",
        lambda r: r.active & r.holds_back & r.peer_was(FACT_FIN_IN_ORDER),
    ),
    "TCP_KEEPALIVE_TIMEOUT": Reason(
        "tcp_keepalive_timer",
        "keepalive probes without an answer; one into a closed window looks like a window probe",
        lambda r: (
            r.active & ((r["probes"] > 0) | (r["silence_ns"] < 0) | ((r["tries"] > 0) & (r.peers("zero_windows") > 0)))
        ),
    ),
    "TCP_ABORT_ON_MEMORY": Reason(
        "__tcp_close, tcp_out_of_resources",
        "too many sockets without a program, and this one's FIN is not acknowledged",
        lambda r: r.active & r.fin & ~r.fin_acked,
    ),
    "NO_SOCKET": Reason(
        "tcp_v4_rcv, tcp_v6_rcv",
        "a segment for which there is no socket, and nobody listens",
        lambda r: r.reply & r.may_be_gone,
    ),
    "TCP_FLAGS": Reason(
        "tcp_rcv_state_process in LISTEN",
        "an ACK that belongs to no connection, at a port with a listener; a segment without ACK is not answered",
        lambda r: r.bare & r.listens & r.may_be_gone,
    ),
    "TCP_TIMEWAIT_SOCKET": Reason(
        "tcp_timewait_state_process in FIN_WAIT_2",
        "new data for a socket that was closed, its FIN acknowledged before",
        lambda r: (
            r.bare
            & r.to_data
            & r.may_be_there
            & ((r.closing & r.fin_acked_before & (r.waited_ns < LONGEST_NS)) | r.unknown_past)
        ),
    ),
    "TCP_ABORT_ON_DATA": Reason(
        "tcp_rcv_state_process in FIN_WAIT_1, FIN_WAIT_2",
        "new data after close or shutdown(RDWR), whose FIN may wait behind data that is not sent; or TCP_LINGER2 below"
        " 0 when the FIN is acknowledged; or data beyond its peer's FIN, which was forged then",
        lambda r: (
            (r.bare & r.may_be_there & (r.closing | (r.to_data & nobody_reads(r))))
            | (r.bare & r.overtaking & ~r.relabelled)
        ),
    ),
    "TCP_INVALID_ACK_SEQUENCE": Reason(
        "tcp_rcv_synsent_state_process",
        "an ACK of something else in SYN_SENT: from before a reboot, for instance",
        lambda r: r.bare & r.may_be_there & r.dialling & r.wrong_ack,
    ),
    "TCP_ACK_UNSENT_DATA": Reason(
        "tcp_rcv_state_process in SYN_RCVD",
        "an ACK of what was not sent, in a simultaneous open or TCP Fast Open",
        lambda r: r.bare & whole_in_syn_rcvd(r) & (r["distance"] > 0),
    ),
    "TCP_TOO_OLD_ACK": Reason(
        "tcp_rcv_state_process in SYN_RCVD",
        "an ACK of long ago, in the same",
        lambda r: r.bare & whole_in_syn_rcvd(r) & (r["distance"] < 0),
    ),
    "TCP_OLD_ACK": Reason(
        "tcp_rcv_state_process in SYN_RCVD",
        "an ACK of before, in the same",
        lambda r: r.bare & whole_in_syn_rcvd(r) & (r["distance"] < 0),
    ),
    "INVALID_SYN": Reason(
        "tcp_check_req",
        "the accept queue is full, and tcp_abort_on_overflow set",
        lambda r: r.bare & r.only_shook_hands & ~r.surely_gone & ~r.labelled,
    ),
}


def nobody_reads(r: Rows) -> Mask:
    """It may have closed unseen, before the capture or behind data that is not sent; or a forged FIN closed it."""
    return r.unknown_past | (~r.fin & (r["sent"] > 0)) | (r.peers_fin_taken & ~r.fin_acked)


def whole_in_syn_rcvd(r: Rows) -> Mask:
    """A socket, not only a request, waits for the last segment of the handshake."""
    early = ~r.server | (r["received"] > 0)
    return (r["sender_state"] == SYN_RCVD) & early & r.may_be_there


def goes_on(r: Rows) -> Mask:
    """Its sender sent more afterwards: data, a FIN, a SYN-ACK. A socket that answered a wrong ACK may."""
    handshake = np.isin(r["sender_state"], (SYN_SENT, SYN_RCVD)) & r.wrong_ack & r.bare
    more = r.its("bytes") > r["sent"]
    fin = r.became(FACT_FIN) & ~r.fin
    shook = r.server & ~r.was(FACT_SYN_ACK) & ((r.connection("facts") & FACT_SYN_ACK) != 0)
    return (more | fin | shook) & ~handshake


def elsewhere(r: Rows) -> Mask:
    """It came over more or fewer hops than the packets before it; another initial TTL alone is no other way."""
    before = r["ttl_before"]
    return (before > 0) & (hops(r["ttl"]) != hops(before))


def hops(ttl: Column) -> Column:
    """How many routers a packet has passed, if it began with one of the usual TTLs."""
    at = np.minimum(np.searchsorted(INITIAL_TTLS, ttl), len(INITIAL_TTLS) - 1)
    return np.asarray(INITIAL_TTLS)[at] - ttl


def another_counter(r: Rows) -> Mask:
    """IPv4: its IP-ID does not follow its sender's last; an answer may have 0."""
    step = (r["ip_id"] - r["ip_id_before"]) & 0xFFFF
    follows = (step > 0) & (step <= IDS)
    known = (r.connection("version") == 4) & (r["ip_id_before"] > 0)
    return known & ~follows & (r.active | (r["ip_id"] > 0))


def another_label(r: Rows) -> Mask:
    """IPv6: a socket that gives up keeps its flow label, and an answer has one, too, where its sender labels at all."""
    return r.labels & np.where(r.active, r["flow_label"] != r["label_before"], r["flow_label"] == 0)


def without_timestamps(r: Rows) -> Mask:
    """A socket that gives up sends its timestamps, where the connection has them."""
    had = (r["options_before"] & OPTION_TIMESTAMPS) != 0
    return r.active & had & ((r["options"] & OPTION_TIMESTAMPS) == 0)


def answers_nothing(r: Rows) -> Mask:
    """It has an answer's form, and no segment that it can answer is in the capture of both directions."""
    return r.reply & (r["answers_frame"] == 0) & (r.peers("packets") > 0)


def old_number(r: Rows) -> Mask:
    """A socket that gives up uses its next number, not one that it has used."""
    return r.active & (r["distance"] < -1)


def gave_up_twice(r: Rows) -> Mask:
    """A socket gives up once."""
    return r.active & (r.again > 0)


def damaged(r: Rows) -> Mask:
    """Its checksum is wrong: receivers drop it, some that only watch do not."""
    return r["why"] == WHY_BAD_CHECKSUM


#: What speaks for another sender than the TCP in whose name a RST came. None is enough alone.
SIGNS: tuple[Callable[[Rows], Mask], ...] = (
    goes_on,
    elsewhere,
    another_counter,
    another_label,
    without_timestamps,
    answers_nothing,
    old_number,
    gave_up_twice,
    damaged,
)


class Reasons:
    """What is held of each RST of a capture, in the file's order: `sets`, bits of vocabulary.REASONS; `forged`."""

    def __init__(self, found: Scan) -> None:
        rows = Rows(found)
        self.sets = reason_sets(rows)
        self.forged = forged(rows)
        self._order = np.argsort(rows["frame"], kind="stable")
        self._frames = rows["frame"][self._order]

    def of(self, frame: int) -> tuple[tuple[str, ...], bool]:
        """The reasons of the RST in that frame, and whether it may have come from elsewhere. Raises KeyError."""
        at = int(np.searchsorted(self._frames, frame))
        if at == len(self._frames) or self._frames[at] != frame:
            raise KeyError(frame)
        row = self._order[at]
        return names(int(self.sets[row])), bool(self.forged[row])


def reason_sets(rows: Rows) -> Column:
    """For each RST the bits of the reasons that the packets allow; of one that fits none those of its form."""
    sets = np.zeros(rows.size, dtype=np.int64)
    for name, reason in REASONS_WHEN.items():
        sets |= np.where(reason.when(rows), bits(name), 0)
    gave_up = bits("TCP_STATE", "TCP_ABORT_ON_CLOSE")
    answered = np.where(rows.bare & rows.listens, bits("NO_SOCKET", "TCP_FLAGS"), bits("NO_SOCKET"))
    return np.where(sets > 0, sets, np.where(rows.active, gave_up, answered))


def forged(rows: Rows) -> Mask:
    """RSTs that may have come from elsewhere: enough signs, or its sender talked on as if nothing had been."""
    votes = np.zeros(rows.size, dtype=np.int64)
    for sign in SIGNS:
        votes += sign(rows)
    spoke = rows.became(FACT_SPOKE_AFTER_RST) & (rows.again == 0)
    return (votes >= ENOUGH) | spoke


def bits(*reasons: str) -> int:
    """The set of these reasons."""
    return sum(1 << REASONS.index(reason) for reason in reasons)


def names(found: int) -> tuple[str, ...]:
    """The reasons of a set, in the order of vocabulary.REASONS."""
    return tuple(reason for number, reason in enumerate(REASONS) if number and found >> number & 1)


def ends(hi: Column, lo: Column, port: Column) -> npt.NDArray[np.uint64]:
    """Each address with its port as one number; two different ones come to the same once in 2**64."""
    mixed = (lo.astype(np.uint64) ^ np.uint64(K1)) * np.uint64(K2)
    mixed = (mixed ^ (mixed >> np.uint64(29)) ^ hi.astype(np.uint64)) * np.uint64(K3)
    return (mixed ^ (mixed >> np.uint64(32)) ^ port.astype(np.uint64)) * np.uint64(K1)


def of(found: Scan) -> Reasons:
    """The reasons of a capture's RSTs; found when they are first asked for."""
    if found.reasons is None:
        found.reasons = Reasons(found)
    return found.reasons
