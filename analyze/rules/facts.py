"""What a rule may know of connections: their columns, and those of the RST that decided each.

Columns are attributes, one value per connection (`columns.COLUMNS`); those of the RST begin with `rst_`
(`columns.RESET_COLUMNS`): of the one that ended the connection, else of its first. Where there is none all are 0.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ...capture.table import OPTION_TIMESTAMPS
from ..columns import COLUMNS, RESET_COLUMNS
from ..vocabulary import (
    ACTS,
    ENDINGS,
    FACT_CLOSED,
    FACT_FIN,
    FACT_FIN_ACKED,
    FACT_SPOKE_AFTER_RST,
    FACT_SYN_ACK,
    REASONS,
    SHAPES,
    WHO,
    WHY_LOST,
    WHY_NOT_THERE,
)
from . import signatures

Column = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
CLIENT, SERVER = 0, 1
LEARNT = ("icmp", "icmp_frame", "continued", "continued_frame")  # of a connection, beside its columns


ACK = 0x10  # of a header's flags
READ_UNKNOWN, READ_SOME, READ_ALL = range(3)
IDLE_NS = 60_000_000_000
LONG_WAY_NS = 5_000_000
FAR_AWAY_NS = 50_000_000
HOPS = 1  # of difference that routes make by themselves
IP_ID_STEP = 4096  # packets to others, of a host that counts them all
VERDICT_OF_VOTES = 3


def _bits(words: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    return sum(1 << words.index(one) for one in wanted)


def _hops(ttl: Column) -> Column:
    """Hops from the nearest initial TTL above: 64, 128, 255."""
    return (np.select([ttl <= 64, ttl <= 128], [64, 128], 255) - ttl).astype(np.int16)


class Columns(Protocol):
    """NumPy columns of the same length, by name: ConnectionTable, ResetTable."""

    def __getitem__(self, name: str) -> Column: ...

    def __len__(self) -> int: ...


class Cut(dict[str, Column]):
    """Some rows of a table."""

    def __len__(self) -> int:
        return len(next(iter(self.values())))


class Facts:
    """The columns of a capture's connections, as rules see them.

    `reason`, `act` and `read` are what was said beside the packets of the deciding RST: its kernel's sk_rst_reason
    (vocabulary.REASONS), and what its sender's program had done (vocabulary.ACTS) and read (READ_*); 0 where nothing
    was said.
    """

    def __init__(self, connections: Columns, resets: Columns) -> None:
        self._connections = connections
        self._resets = resets
        rows = len(connections)
        numbers = np.full(int(connections["number"].max()) + 1 if rows else 0, -1, dtype=np.int32)
        numbers[connections["number"]] = np.arange(rows)
        self._row_of_reset = np.full(len(resets), -1, dtype=np.int32)  # -1: of a connection that is not here
        if len(resets) and rows:
            of = resets["connection"]
            self._row_of_reset = np.where(of < len(numbers), numbers[np.minimum(of, len(numbers) - 1)], -1)
        here = np.flatnonzero(self._row_of_reset >= 0)[::-1]  # backwards: the first of a connection is set last
        deciding = np.zeros(rows, dtype=np.uint32)
        deciding[self._row_of_reset[here]] = here + 1
        by_engine = connections["reset"]
        self.deciding = np.where(by_engine > 0, by_engine, deciding)  # row of the resets, from 1; 0: none
        self.reason = np.zeros(rows, dtype=np.uint8)
        self.act = np.zeros(rows, dtype=np.uint8)
        self.read = np.zeros(rows, dtype=np.uint8)  # READ_*
        self.proved_forged = np.zeros(rows, dtype=np.bool_)
        self.never_accepted = np.zeros(rows, dtype=np.bool_)  # by its calls, the server's program accepted nothing
        self.gave_up = np.full(rows, 255, dtype=np.uint8)  # the side whose kernel said so
        self.icmp = np.zeros(rows, dtype=np.uint8)  # the last error that quotes it: its place in icmp.NAMES
        self.icmp_frame = np.zeros(rows, dtype=np.uint32)
        self.continued = np.zeros(rows, dtype=np.uint32)  # one more than the number under which it goes on; 0: none
        self.continued_frame = np.zeros(rows, dtype=np.uint32)

    def __len__(self) -> int:
        return len(self._connections)

    def alone(self, row: int, more: int = 0) -> Facts:
        """One row with its RSTs, copied: what is learnt of it can be written into its columns.

        Behind its RSTs are so many `more`, empty ones.
        """
        order = self._resets_by_row
        begin, end = np.searchsorted(self._row_of_reset[order], [row, row + 1])
        its = np.sort(order[begin:end])
        connections = Cut({name: self._connections[name][row : row + 1].copy() for name in COLUMNS})
        decided = int(self._connections["reset"][row])
        connections["reset"][0] = np.searchsorted(its, decided - 1) + 1 if decided else 0
        resets = Cut({name: np.pad(self._resets[name][its], (0, more)) for name in RESET_COLUMNS})
        resets["connection"][:] = connections["number"][0]
        one = Facts(connections, resets)
        for name in LEARNT:
            getattr(one, name)[0] = getattr(self, name)[row]
        return one

    def block(self, rows: slice | Column) -> Facts:
        """These rows only, all different; what rules gather for them goes with them, and not with all."""
        part = object.__new__(Facts)
        part._connections = Cut({name: self._connections[name][rows] for name in COLUMNS})
        part._resets = self._resets
        place = np.full(len(self) + 1, -1, dtype=np.int32)  # the last is row -1's: that of no connection
        place[:-1][rows] = np.arange(len(part), dtype=np.int32)
        part._row_of_reset = place[self._row_of_reset]
        for name in ("deciding", "reason", "act", "read", "proved_forged", "never_accepted", "gave_up", *LEARNT):
            setattr(part, name, getattr(self, name)[rows])
        return part

    @property
    def row_of_reset(self) -> Column:
        """For each RST its connection's row; -1 where that is not here."""
        return self._row_of_reset

    @cached_property
    def _decided(self) -> tuple[Column, Column]:
        """The rows with a RST, and its place among the RSTs."""
        rows = np.flatnonzero(self.deciding)
        return rows, self.deciding[rows] - 1

    def resets(self, name: str) -> Column:
        """A column of all RSTs, those that decided nothing among them."""
        return self._resets[name]

    @cached_property
    def _resets_by_row(self) -> Column:
        return np.argsort(self._row_of_reset, kind="stable")

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            if not name.startswith("rst_") or name in ("rst_client", "rst_server"):
                self.__dict__[name] = own = self._connections[name]
                return own
            column = self._resets[name.removeprefix("rst_")]
        except KeyError:
            raise AttributeError(name) from None
        found = np.zeros(len(self), dtype=column.dtype)
        rows, places = self._decided
        found[rows] = column[places]
        self.__dict__[name] = found
        return found

    # --- words for conditions

    @cached_property
    def _ending_bit(self) -> Column:
        return np.left_shift(np.uint16(1), self.ending.astype(np.uint16))

    @cached_property
    def _shape_bit(self) -> Column:
        return np.where(self.deciding > 0, np.left_shift(np.uint8(1), self.rst_shape), np.uint8(0))

    def ended(self, *endings: str) -> Mask:
        """Rows with one of these endings."""
        found: Mask = (self._ending_bit & np.uint16(_bits(ENDINGS, endings))) != 0
        return found

    def by(self, who: str) -> Mask:
        """Rows that were ended by: client, server, both, path, nobody, unknown."""
        found: Mask = self.ended_by == WHO.index(who)
        return found

    def said(self, *reasons: str) -> Mask:
        """Rows of whose RST the kernel itself has said so."""
        return self._one_of(self.reason, REASONS, reasons)

    def did(self, *acts: str) -> Mask:
        """Rows of whose RST's sender's program it is recorded that it did so."""
        return self._one_of(self.act, ACTS, acts)

    def _one_of(self, column: Column, words: tuple[str, ...], wanted: tuple[str, ...]) -> Mask:
        if not column.any():
            return np.zeros(len(self), dtype=np.bool_)
        return np.isin(column, [words.index(one) for one in wanted])

    def rst_is(self, *shapes: str) -> Mask:
        """Rows whose RST has one of these shapes."""
        found: Mask = (self._shape_bit & np.uint8(_bits(SHAPES, shapes))) != 0
        return found

    def of_sender(self, fact: int) -> Mask:
        """Rows where it was true of the RST's sender when the RST came."""
        return (self.rst_facts & np.uint64(fact)) != 0

    def of_receiver(self, fact: int) -> Mask:
        """The same of its receiver; `fact` is the sender's bit."""
        return (self.rst_facts & np.uint64(fact << 1)) != 0

    def sender(self, name: str) -> Column:
        """A column that each end has, of the RST's sender: sender("unacked") is unacked_client or unacked_server."""
        return np.where(self.rst_sender == SERVER, getattr(self, f"{name}_server"), getattr(self, f"{name}_client"))

    def receiver(self, name: str) -> Column:
        """The same of its receiver."""
        return np.where(self.rst_sender == SERVER, getattr(self, f"{name}_client"), getattr(self, f"{name}_server"))

    def stood(self, side: str) -> Mask:
        """Rows in which the window of one end was closed when it was last heard of."""
        found: Mask = (getattr(self, f"window_{side}") == 0) & (getattr(self, f"zero_windows_{side}") > 0)
        return found

    @cached_property
    def accused(self) -> Mask:
        """Rows whose RST was not sent by the end in whose name it came: so it is recorded, or said by enough votes."""
        found: Mask = self.by("path") | self.proved_forged | self.votes_accuse
        return found

    @cached_property
    def by_firewall(self) -> Mask:
        """Rows whose RST something on the way answered a segment with that never reached the TCP it was for."""
        swallowed = (self.ended("refused") & ((self.facts & np.uint64(FACT_SYN_ACK)) == 0)) | (
            self.ended("reset") & (self.receiver("unacked") > 0)
        )
        answers = self.rst_is("reply", "syn-reply") & (self.rst_answers_frame > 0)
        return (self.by("path") | self.proved_forged) & answers & swallowed

    @cached_property
    def reset_itself(self) -> Mask:
        """Rows that ended by a RST of which nothing says that it is not its sender's own."""
        return self.ended("reset") & ~self.accused

    @cached_property
    def idle(self) -> Mask:
        """Rows that were silent before the end for as long as the shortest timers of middleboxes."""
        found: Mask = self.silence_ns >= IDLE_NS
        return found

    @cached_property
    def after_silence(self) -> Mask:
        """Rows whose RST answers the first segment after such a silence."""
        found: Mask = (self.rst_answers_frame > 0) & (self.rst_quiet_ns >= IDLE_NS)
        return found

    def ever(self, side: str, fact: int) -> Mask:
        """Rows where it became true of one end at any time; `fact` is the first bit of the pair."""
        found: Mask = (self.facts & np.uint64(fact << (side == "server"))) != 0
        return found

    @cached_property
    def lost_before(self) -> Mask:
        """The end whose RST decided had sent one before, of which its receiver did not know."""
        return self._lost(np.True_)

    @cached_property
    def crossed_before(self) -> Mask:
        """That one answered data that had crossed its sender's FIN: its receiver had yet to hear of both."""
        return self._lost((self._resets["distance"] == -1) & (self._resets["space"] > 0))

    def _lost(self, which: Mask | np.bool_) -> Mask:
        found = np.zeros(len(self), dtype=np.bool_)
        why = self._resets["why"]
        lost = ((why == WHY_LOST) | (why == WHY_NOT_THERE)) & (self._row_of_reset >= 0) & which
        rows = self._row_of_reset[lost]
        found[rows[self._resets["sender"][lost] == self.rst_sender[rows]]] = True
        return found

    @cached_property
    def left_unread(self) -> Mask:
        """By the calls of the RST's sender's program, less was read than had come."""
        found: Mask = self.read == READ_SOME
        return found

    @cached_property
    def read_all(self) -> Mask:
        """By the same calls, everything had been read."""
        found: Mask = self.read == READ_ALL
        return found

    @cached_property
    def any_reason(self) -> Mask:
        """Rows of whose RST the kernel has said why."""
        found: Mask = self.reason > 0
        return found

    @cached_property
    def bare(self) -> Mask:
        """Rows whose RST has no ACK flag: the form of an answer."""
        found: Mask = (self.deciding > 0) & ((self.rst_flags & np.uint16(ACK)) == 0)
        return found

    @cached_property
    def any_rst(self) -> Mask:
        """Rows with at least one RST."""
        found: Mask = self.deciding > 0
        return found

    @cached_property
    def sender_closed(self) -> Mask:
        """The RST's sender had sent its FIN before."""
        return self.of_sender(FACT_FIN)

    @cached_property
    def receiver_closed(self) -> Mask:
        """The RST's receiver had sent its FIN before."""
        return self.of_receiver(FACT_FIN)

    @cached_property
    def closed_end_answered(self) -> Mask:
        """The end that had closed first answered a segment with its RST."""
        found: Mask = self.reset_itself & self.rst_is("reply") & self.sender_closed
        return found & (self.closed_first == self.rst_sender)

    @cached_property
    def fin_acknowledged(self) -> Mask:
        """The FIN of the RST's sender had been acknowledged."""
        return self.of_sender(FACT_FIN_ACKED)

    @cached_property
    def waited_ns(self) -> Column:
        """How long the RST's sender was in FIN_WAIT_2; since its FIN, where it is not known when that was taken."""
        return np.where(self.rst_fin_acked_ns >= 0, self.rst_fin_acked_ns, self.rst_fin_ns)

    @cached_property
    def after_both_fins(self) -> Mask:
        """The RST came after both FINs were acknowledged."""
        return (self.rst_facts & np.uint64(FACT_CLOSED)) != 0

    # --- votes that a RST is not its sender's own (field notes: SIGCOMM 2023, NDSS 2009). None accuses alone.

    @cached_property
    def way_ns(self) -> Column:
        """How long the RST's sender needs for an answer, as the handshake showed it from here; 0: not known."""
        return self.sender("turn").astype(np.int64) * 1000

    @cached_property
    def early(self) -> Mask:
        """It came sooner than an answer can: within half of its sender's way from here and back."""
        found: Mask = (
            (self.deciding > 0)
            & (self.rst_answers_frame > 0)
            & (self.way_ns >= LONG_WAY_NS)
            & (self.rst_latency_ns * 2 < self.way_ns)
            & (self.rst_latency_ns >= 0)
        )
        return found

    @cached_property
    def much_too_early(self) -> Mask:
        """Within a tenth of a long way: no jitter and no slow listener makes such a difference."""
        found: Mask = self.early & (self.way_ns >= FAR_AWAY_NS) & (self.rst_latency_ns * 10 < self.way_ns)
        return found

    @cached_property
    def guessed_on(self) -> Mask:
        """A later RST in the same name carries a number beyond all that was sent, as who races with data guesses."""
        found = np.zeros(len(self), dtype=np.bool_)
        several = (self.rst_client > 1) | (self.rst_server > 1)
        if several.any():
            guess = (self._resets["distance"] > 0) & (self._resets["answers_frame"] == 0)
            rows = self._row_of_reset[guess & (self._row_of_reset >= 0)]
            found[rows] = True
            found &= several & ~self.sender_closed & ~self.receiver_closed
        return found

    @cached_property
    def other_way(self) -> Mask:
        """It made more or fewer hops than its sender's packets; another initial TTL alone (255, 128, 64) is no vote."""
        before, now = _hops(self.rst_ttl_before), _hops(self.rst_ttl)
        apart = np.where(before > now, before - now, now - before)
        found: Mask = (self.deciding > 0) & (self.rst_ttl_before > 0) & (apart > HOPS)
        return found

    @cached_property
    def other_counter(self) -> Mask:
        """Its IP-ID is far from its sender's last; 0 is what kernels put into answers, and is no vote."""
        step = (self.rst_ip_id - self.rst_ip_id_before) & np.uint16(0xFFFF)  # u16: wraps as the field does
        found: Mask = (
            (self.deciding > 0)
            & (self.version == 4)
            & (self.rst_ip_id > 0)
            & (self.rst_ip_id_before > 0)
            & (step > IP_ID_STEP)
            & (step < 0x10000 - IP_ID_STEP)
        )
        return found

    @cached_property
    def no_timestamps(self) -> Mask:
        """A socket that has negotiated timestamps puts them into its own RST, too; answers have none."""
        had, has = self.rst_options_before & OPTION_TIMESTAMPS, self.rst_options & OPTION_TIMESTAMPS
        found: Mask = self.rst_is("active") & (had > 0) & (has == 0)
        return found

    @cached_property
    def signature(self) -> Column:
        """The number of the tampering signature that the client's packets match (signatures.SIGNATURES); 0: none."""
        return signatures.signature(self)

    @cached_property
    def acks_differ(self) -> Mask:
        """Its sender's RSTs without ACK flag have different ACK numbers; Linux and the BSDs put 0 there."""
        return signatures.acks_differ(self)

    @cached_property
    def votes(self) -> Column:
        """What speaks against the RST's sender, weighed."""
        if not self.any_rst.any():
            return np.zeros(len(self), dtype=np.uint8)
        total = 2 * self.early.astype(np.uint8) + self.much_too_early
        total += 2 * self.guessed_on.astype(np.uint8) + self.other_way + self.other_counter + self.no_timestamps
        total += self.acks_differ
        return total

    @cached_property
    def votes_accuse(self) -> Mask:
        """Enough of them: three, of which none counts so much alone but a RST that came much too early."""
        found: Mask = self.ended("reset", "refused") & (self.votes >= VERDICT_OF_VOTES)
        return found

    @cached_property
    def spoke_on(self) -> Mask:
        """The end in whose name a RST came went on talking afterwards."""
        return (self.facts & np.uint64(FACT_SPOKE_AFTER_RST * 3)) != 0
