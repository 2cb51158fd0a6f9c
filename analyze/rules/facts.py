"""What a rule may know of connections: their columns, and those of the RST that decided each.

Columns are attributes, one value per connection (`columns.COLUMNS`); those of the RST begin with `rst_`
(`columns.RESET_COLUMNS`): of the one that ended the connection, else of its first. Where there is none all are 0.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..connections import ConnectionTable, ResetTable
from ..story import Evidence, Side
from ..vocabulary import (
    ACTS,
    ENDINGS,
    FACT_CLOSED,
    FACT_FIN,
    FACT_FIN_ACKED,
    FACT_SPOKE_AFTER_RST,
    REASONS,
    SHAPES,
    WHO,
)

Column = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
CLIENT, SERVER = 0, 1


class Facts:
    """The columns of a capture's connections, as rules see them.

    `reason` and `act` are what was said beside the packets of the deciding RST: its kernel's sk_rst_reason
    (vocabulary.REASONS) and what its sender's program had done (vocabulary.ACTS); 0 where nothing was said.
    """

    def __init__(self, connections: ConnectionTable, resets: ResetTable) -> None:
        self._connections = connections
        self._resets = resets
        rows = len(connections)
        numbers = np.full(int(connections["number"].max()) + 1 if rows else 0, -1, dtype=np.int64)
        numbers[connections["number"]] = np.arange(rows)
        deciding = np.zeros(rows, dtype=np.int64)
        if len(resets) and rows:
            of, first = np.unique(resets["connection"], return_index=True)
            known = (of < len(numbers)) & (numbers[np.minimum(of, len(numbers) - 1)] >= 0)
            deciding[numbers[of[known]]] = first[known] + 1
        by_engine = connections["reset"].astype(np.int64)
        self.deciding = np.where(by_engine > 0, by_engine, deciding)  # row of the resets, from 1; 0: none
        self.reason = np.zeros(rows, dtype=np.uint8)
        self.act = np.zeros(rows, dtype=np.uint8)
        self.proved_forged = np.zeros(rows, dtype=np.bool_)
        self.gave_up = np.full(rows, 255, dtype=np.uint8)  # the side whose kernel said so

    def __len__(self) -> int:
        return len(self._connections)

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            if not name.startswith("rst_") or name in ("rst_client", "rst_server"):
                return self._connections[name]
            column = self._resets[name.removeprefix("rst_")]
        except KeyError:
            raise AttributeError(name) from None
        found = np.zeros(len(self), dtype=column.dtype)
        some = self.deciding > 0
        found[some] = column[self.deciding[some] - 1]
        self.__dict__[name] = found
        return found

    # --- words for conditions

    def ended(self, *endings: str) -> Mask:
        """Rows with one of these endings."""
        return np.isin(self.ending, [ENDINGS.index(one) for one in endings])

    def by(self, who: str) -> Mask:
        """Rows that were ended by: client, server, both, path, nobody, unknown."""
        found: Mask = self.ended_by == WHO.index(who)
        return found

    def said(self, *reasons: str) -> Mask:
        """Rows of whose RST the kernel itself has said so."""
        return np.isin(self.reason, [REASONS.index(one) for one in reasons])

    def did(self, *acts: str) -> Mask:
        """Rows of whose RST's sender's program it is recorded that it did so."""
        return np.isin(self.act, [ACTS.index(one) for one in acts])

    def rst_is(self, *shapes: str) -> Mask:
        """Rows whose RST has one of these shapes."""
        return (self.deciding > 0) & np.isin(self.rst_shape, [SHAPES.index(one) for one in shapes])

    def of_sender(self, fact: int) -> Mask:
        """Rows where it was true of the RST's sender when the RST came."""
        return (self.rst_facts & np.uint64(fact)) != 0

    def of_receiver(self, fact: int) -> Mask:
        """The same of its receiver; `fact` is the sender's bit."""
        return (self.rst_facts & np.uint64(fact << 1)) != 0

    @cached_property
    def any_reason(self) -> Mask:
        """Rows of whose RST the kernel has said why."""
        found: Mask = self.reason > 0
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
    def fin_acknowledged(self) -> Mask:
        """The FIN of the RST's sender had been acknowledged."""
        return self.of_sender(FACT_FIN_ACKED)

    @cached_property
    def after_both_fins(self) -> Mask:
        """The RST came after both FINs were acknowledged."""
        return (self.rst_facts & np.uint64(FACT_CLOSED)) != 0

    @cached_property
    def spoke_on(self) -> Mask:
        """The end in whose name a RST came went on talking afterwards."""
        return (self.facts & np.uint64(FACT_SPOKE_AFTER_RST * 3)) != 0


class Row:
    """One row of Facts, as plain numbers, and the evidence that can be taken from it."""

    def __init__(self, f: Facts, place: int) -> None:
        self.f = f
        self.place = place

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.f, name)[self.place]
        return value.item() if isinstance(value, np.generic) else value

    @property
    def sender(self) -> Side:
        """Who sent the deciding RST."""
        return "server" if self.rst_sender else "client"

    @property
    def receiver(self) -> Side:
        """Its peer."""
        return "client" if self.rst_sender else "server"

    @property
    def certainty(self) -> Literal["proved", "implied"]:
        """Proved where the kernel itself has said why its RST was sent."""
        return "proved" if self.reason else "implied"

    def closer(self) -> Side | None:
        """Who sent the first FIN or accepted RST, if one end did."""
        return {0: "client", 1: "server"}.get(self.closed_first)  # type: ignore[return-value]

    def fin(self, side: Side) -> Evidence:
        """The FIN of one side; where there is none, its absence."""
        frame = self.fin_frame_server if side == "server" else self.fin_frame_client
        if not frame:
            return Evidence("no-fin", {"side": side}, (), absence=True)
        return Evidence("fin", {"side": side}, (frame,))

    def rst(self) -> Evidence:
        """The deciding RST, and its shape."""
        return Evidence(f"rst-{SHAPES[self.rst_shape]}", {"side": self.sender}, (self.rst_frame,))

    def trigger(self) -> Evidence:
        """The segment that the RST answers; where none is known, that it answers nothing in the capture."""
        if not self.rst_answers_frame:
            return Evidence("answers-nothing", {"side": self.sender}, (self.rst_frame,))
        key = "answers-data" if self.rst_space else "answers-ack"
        return Evidence(key, {"side": self.receiver, "n": self.rst_space}, (self.rst_answers_frame, self.rst_frame))

    def ends(self) -> Evidence:
        """The first and the last packet, where nothing else can be named."""
        return Evidence(
            "packets", {"n": self.packets_client + self.packets_server}, (self.first_frame, self.last_frame)
        )

    def silence(self) -> Evidence:
        """How long nothing was sent before the first FIN or RST."""
        return Evidence("silence", {"ns": self.silence_ns}, ())

    def nothing_sent(self, side: Side) -> Evidence:
        """That one side never sent a byte."""
        return Evidence("sent-nothing", {"side": side}, (), absence=True)

    def nothing_received(self, side: Side) -> Evidence:
        """That nothing had come that one side could have left unread."""
        return Evidence("received-nothing", {"side": side}, (), absence=True)

    def not_its_own(self) -> Evidence:
        """That the RST was not sent by the end in whose name it came."""
        key = "not-sent" if self.proved_forged else "spoke-on"
        return Evidence(key, {"side": self.sender}, (self.rst_frame, self.last_frame))

    def by_kernel(self) -> tuple[Evidence, ...]:
        """The kernel's own reason, where there is one."""
        if not self.reason:
            return ()
        return (Evidence("kernel", {"reason": REASONS[self.reason]}, (self.rst_frame,)),)
