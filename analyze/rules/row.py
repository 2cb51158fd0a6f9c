"""One row of a capture's connections as plain numbers, and the evidence that can be taken from it: what tells."""

from __future__ import annotations

from typing import Any, Literal

from ..icmp import NAMES
from ..story import Evidence, Side
from ..vocabulary import ACTS, ENDINGS, FACT_QUOTED, REASONS, SHAPES, WHO
from . import signatures
from .facts import READ_SOME, Facts


class Row:
    """One row of Facts, as plain numbers, and the evidence that can be taken from it."""

    def __init__(self, f: Facts, place: int) -> None:
        self.f = f
        self.place = place

    def __getattr__(self, name: str) -> Any:
        return getattr(self.f, name).item(self.place)

    @property
    def sender(self) -> Side:
        """Who sent the deciding RST."""
        return "server" if self.rst_sender else "client"

    @property
    def receiver(self) -> Side:
        """Its peer."""
        return "client" if self.rst_sender else "server"

    @property
    def tried_most(self) -> Side:
        """Who sent the same most often without an answer."""
        return "client" if self.tries_client >= self.tries_server else "server"

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

    def first_fin(self) -> Evidence:
        """The FIN that came first."""
        return self.fin(self.closer() or "client")

    def count(self, name: str, side: str) -> int:
        """A column that each end has, of one end."""
        return int(getattr(self, f"{name}_{side}"))

    def unacked(self, side: Side) -> Evidence:
        """How many sequence numbers of one end were never acknowledged."""
        return Evidence("unacked", {"side": side, "n": self.count("unacked", side)}, (self.last_frame,))

    def stood(self, side: Side) -> Evidence:
        """That one end's window was closed."""
        return Evidence("window-closed", {"side": side, "n": self.count("zero_windows", side)}, (self.last_frame,))

    def ages(self) -> Evidence:
        """How long the RST's sender had been closed, since its FIN was taken if that is known."""
        if self.rst_fin_acked_ns >= 0:
            return Evidence("fin-taken", {"side": self.sender, "ns": self.rst_fin_acked_ns}, (self.rst_frame,))
        return Evidence("fin-age", {"side": self.sender, "ns": self.rst_fin_ns}, (self.rst_frame,))

    def against(self) -> tuple[Evidence, ...]:
        """What speaks against the end in whose name the RST came."""
        at = (self.rst_frame,)
        told = []
        if self.by_path or self.proved_forged:
            told.append(self.not_its_own())
        if self.early:
            told.append(Evidence("early", {"side": self.sender, "ns": self.rst_latency_ns, "way_ns": self.way_ns}, at))
        if self.guessed_on:
            told.append(Evidence("guessed-on", {"side": self.sender}, at))
        if self.other_way:
            told.append(Evidence("other-way", {"side": self.sender, "n": self.rst_ttl, "m": self.rst_ttl_before}, at))
        if self.other_counter:
            values = {"side": self.sender, "n": self.rst_ip_id, "m": self.rst_ip_id_before}
            told.append(Evidence("other-counter", values, at))
        if self.no_timestamps:
            told.append(Evidence("no-timestamps", {"side": self.sender}, at))
        if self.acks_differ:
            told.append(Evidence("acks-differ", {"side": self.sender}, at))
        return tuple(told)

    def signed(self) -> tuple[Evidence, ...]:
        """The tampering signature that the client's packets match, which honest ends make, too."""
        if not self.signature:
            return ()
        stage, pattern = signatures.SIGNATURES[self.signature - 1]
        frame = self.rst_frame if self.rst_client else self.last_frame
        return (Evidence("signature", {"stage": stage, "pattern": pattern}, (frame,)),)

    @property
    def by_path(self) -> bool:
        """The end in whose name the RST came spoke on."""
        return bool(self.ended_by == WHO.index("path"))

    def rst(self) -> Evidence:
        """The deciding RST, and its shape."""
        return Evidence(f"rst-{SHAPES[self.rst_shape]}", {"side": self.sender}, (self.rst_frame,))

    def trigger(self) -> Evidence:
        """The segment that the RST answers; where none is known, that it answers nothing in the capture."""
        if not self.rst_answers_frame:
            return Evidence("answers-nothing", {"side": self.sender}, (self.rst_frame,))
        key = "answers-data" if self.rst_space else "answers-ack"
        return Evidence(key, {"side": self.receiver, "n": self.rst_space}, (self.rst_answers_frame, self.rst_frame))

    def by_icmp(self) -> tuple[Evidence, ...]:
        """The ICMP error that quotes one of its packets, where there is one."""
        if not self.facts & FACT_QUOTED:
            return ()
        return (Evidence("icmp", {"what": NAMES[self.icmp]}, (self.icmp_frame,) if self.icmp_frame else ()),)

    def ends(self) -> Evidence:
        """The first and the last packet, where nothing else can be named."""
        return Evidence(
            "packets", {"n": self.packets_client + self.packets_server}, (self.first_frame, self.last_frame)
        )

    def silence(self) -> Evidence:
        """How long nothing was sent before the first FIN or RST, or the goodbye just before it."""
        return Evidence("silence", {"ns": self.silence_ns}, ())

    def silence_before_trigger(self) -> Evidence:
        """How long nothing was sent before the segment that the RST answers."""
        return Evidence("silence-before-trigger", {"ns": self.rst_quiet_ns}, (self.rst_answers_frame,))

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

    @property
    def ended_reset(self) -> bool:
        """Whether a RST ended it."""
        return bool(self.ending == ENDINGS.index("reset"))

    def by_calls(self) -> tuple[Evidence, ...]:
        """What the calls of the RST's sender's program say, where they are known."""
        told = []
        if self.act:
            told.append(Evidence(f"act-{ACTS[self.act]}", {"side": self.sender}, (self.rst_frame,)))
        if self.read:
            key = "left-unread" if self.read == READ_SOME else "read-all"
            told.append(Evidence(key, {"side": self.sender}, (self.rst_frame,)))
        return tuple(told)

    def by_kernel(self) -> tuple[Evidence, ...]:
        """The kernel's own reason, where there is one."""
        if not self.reason:
            return ()
        return (Evidence("kernel", {"reason": REASONS[self.reason]}, (self.rst_frame,)),)
