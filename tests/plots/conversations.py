"""Connections built by hand, as the analysis would tell them: what the figures' tests draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from finrst.analyze.story import Capture, Connection, Endpoint, Options, Pair, Reset, Segment, Side
from finrst.plots.scene import Call

START = 1_795_303_432_835_108_000
FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, ".": 16, "U": 32, "E": 64, "W": 128, "e": 256}
CLIENT = Endpoint("10.9.0.1", 56740)
SERVER = Endpoint("10.9.0.2", 9000)


class Talk:
    """Collects segments; numbers are relative to the two ISNs."""

    def __init__(
        self,
        client: Endpoint = CLIENT,
        server: Endpoint = SERVER,
        isn: tuple[int, int] = (4106537322, 2810473247),
        first_frame: int = 1,
    ) -> None:
        self.client, self.server, self.isn = client, server, isn
        self.frame = first_frame - 1
        self.segments: list[Segment] = []
        self.resets: list[Reset] = []
        self.states = ["CLOSED", "LISTEN"]

    def add(
        self,
        seconds: float,
        side: Side,
        flags: str,
        seq: int = 0,
        ack: int = 0,
        payload: int = 0,
        states: str = "",
        *,
        window: int = 64240,
        mss: int | None = None,
        reset: dict[str, Any] | None = None,
        **more: Any,
    ) -> Segment:
        """One packet `seconds` after the start; `states` are "client server" after it, if they change."""
        self.frame += 1
        if states:
            self.states = states.split()
        own, other = self.isn if side == "client" else self.isn[::-1]
        told = None
        ts_ns = START + round(seconds * 1e9)
        if reset is not None:
            told = Reset(
                frame=self.frame,
                ts_ns=ts_ns,
                sender=side,
                shape=reset.get("shape", "reply"),
                answers_frame=reset.get("answers"),
                accepted=reset.get("accepted", True),
                receiver_state=reset.get("receiver_state", "ESTABLISHED"),
                pending_error=reset.get("pending_error"),
                distance=reset.get("distance", 0),
                echo_of=reset.get("echo_of"),
                why_not_accepted=reset.get("why"),
            )
            self.resets.append(told)
        segment = Segment(
            frame=self.frame,
            ts_ns=ts_ns,
            side=side,
            flags=sum(FLAGS[letter] for letter in flags),
            seq=(own + seq) % 2**32,
            ack=(other + ack) % 2**32 if "." in flags else 0,
            window=window,
            payload=payload,
            captured=payload,
            ttl=more.pop("ttl", 64),
            ip_id=None if ":" in self.client.address else 0,
            flow_label=0 if ":" in self.client.address else None,
            options=Options(mss=mss),
            checksum="good",
            client_state=self.states[0],
            server_state=self.states[1],
            reset=told,
            **more,
        )
        self.segments.append(segment)
        return segment

    def handshake(self, at: float = 0.0) -> Talk:
        """SYN, SYN-ACK, ACK."""
        self.add(at, "client", "S", mss=1460, states="SYN_SENT SYN_RCVD")
        self.add(at + 0.000020, "server", "S.", 0, 1, mss=1460, states="ESTABLISHED SYN_RCVD")
        self.add(at + 0.000041, "client", ".", 1, 1, states="ESTABLISHED ESTABLISHED")
        return self

    def connection(self, ending: str, ended_by: str, closed_first: str | None, **more: Any) -> Connection:
        """The connection's record with these segments."""

        def pair(bit: int) -> Pair:
            return Pair(
                sum(bool(s.flags & bit) for s in self.segments if s.side == "client"),
                sum(bool(s.flags & bit) for s in self.segments if s.side == "server"),
            )

        def summed(value: Callable[[Segment], int]) -> Pair:
            return Pair(
                sum(value(s) for s in self.segments if s.side == "client"),
                sum(value(s) for s in self.segments if s.side == "server"),
            )

        values: dict[str, Any] = {
            "number": 0,
            "client": self.client,
            "server": self.server,
            "direction": "seen",
            "first_ns": self.segments[0].ts_ns,
            "last_ns": self.segments[-1].ts_ns,
            "first_frame": self.segments[0].frame,
            "last_frame": self.segments[-1].frame,
            "cut_start": False,
            "cut_end": False,
            "packets": summed(lambda s: 1),
            "bytes": summed(lambda s: s.payload),
            "syn": pair(2),
            "fin": pair(1),
            "rst": pair(4),
            "psh": pair(8),
            "retransmissions": summed(lambda s: s.retransmission_of is not None),
            "isn": self.isn,
            "handshake_rtt_ns": 41_000,
            "ending": ending,
            "ended_by": ended_by,
            "closed_first": closed_first,
            "client_state": self.states[0],
            "server_state": self.states[1],
            "zeek_conn_state": "RSTO",
            "zeek_history": "ShADaFdR",
            "resets": tuple(self.resets),
            "segments": tuple(self.segments),
        }
        values.update(more)
        return Connection(**values)


def capture(*files: str) -> Capture:
    """A capture that holds one connection."""
    return Capture(
        files=files or ("write-after-close.pcapng",),
        format="pcapng",
        link_types=("EN10MB",),
        packets=9,
        tcp_packets=9,
        first_ns=START,
        last_ns=START + 2_554_464_000,
        damage=(),
        one_sided=False,
        dropped=None,
        notes=(),
    )


def write_after_close() -> Connection:
    """The notes' experiment, N7b: as in the reference picture 01."""
    talk = Talk().handshake()
    talk.add(0.050475, "client", "P.", 1, 1, 6)
    talk.add(0.050515, "server", ".", 1, 7)
    talk.add(0.050644, "client", "F.", 7, 1, states="FIN_WAIT_1 CLOSE_WAIT")
    talk.add(0.097770, "server", ".", 1, 8, states="FIN_WAIT_2 CLOSE_WAIT")
    talk.add(2.054200, "server", "P.", 1, 8, 18)
    talk.add(
        2.054241, "client", "R", 8, states="CLOSED CLOSED", window=0,
        reset={"answers": 8, "receiver_state": "CLOSE_WAIT", "pending_error": "EPIPE"},
    )  # fmt: skip
    return talk.connection("reset", "client", "client", undelivered=Pair(0, 18))


def write_after_close_calls() -> tuple[Call, ...]:
    """What both programs of `write_after_close` did, as their own logs say."""

    def call(seconds: float, side: Side, text: str, **more: Any) -> Call:
        return Call(t_ns=round(seconds * 1e9), side=side, text=text, **more)

    return (
        call(-0.0002, "server", "listen()"),
        call(-0.0001, "server", "accept()", id=1),
        call(-0.00005, "client", "connect()", id=2),
        call(0.000030, "client", "= 0", kind="ok", ends=2),
        call(0.000050, "server", "= 4", kind="ok", ends=1),
        call(0.050470, "client", 'write(3,"hello\\n",6)', kind="call", result="= 6"),
        call(0.050490, "server", "read(4,…)", kind="call", result="= 6"),
        call(0.050600, "server", "sleep(2)", id=3),
        call(0.050640, "client", "close(3); exit(0)", kind="exit", note="the process is gone, its socket is not"),
        call(2.054100, "server", "= 0", kind="ok", ends=3),
        call(2.054190, "server", "write(4,…,18)", result="= 18", note="“ok” = copied to the kernel"),
        call(
            2.554464, "server", "write(4,…,18)", kind="err", result="= -1 EPIPE",
            note="“Broken pipe”, and the signal SIGPIPE",
        ),
    )  # fmt: skip


def orderly() -> Connection:
    """Handshake, a question and an answer, four-way close."""
    talk = Talk().handshake()
    talk.add(0.001, "client", "P.", 1, 1, 120)
    talk.add(0.0012, "server", "P.", 1, 121, 1448)
    talk.add(0.0013, "client", ".", 121, 1449)
    talk.add(0.002, "client", "F.", 121, 1449, states="FIN_WAIT_1 CLOSE_WAIT")
    talk.add(0.0021, "server", ".", 1449, 122, states="FIN_WAIT_2 CLOSE_WAIT")
    talk.add(0.0030, "server", "F.", 1449, 122, states="TIME_WAIT LAST_ACK")
    talk.add(0.0031, "client", ".", 122, 1450, states="TIME_WAIT CLOSED")
    return talk.connection("closed", "client", "client")


def three_packet_close() -> Connection:
    """The passive side's FIN carries the acknowledgement and data."""
    talk = Talk().handshake()
    talk.add(0.5, "server", "P.", 1, 1, 512)
    talk.add(0.6, "client", "F.", 1, 513, states="FIN_WAIT_1 CLOSE_WAIT")
    talk.add(0.7, "server", "FP.", 513, 2, 30, states="TIME_WAIT LAST_ACK")
    talk.add(0.8, "client", ".", 2, 544, states="TIME_WAIT CLOSED")
    return talk.connection("closed", "client", "client")


def simultaneous_close() -> Connection:
    """Both FINs are on their way at once."""
    talk = Talk().handshake()
    talk.add(0.100, "client", "F.", 1, 1, states="FIN_WAIT_1 ESTABLISHED")
    talk.add(0.101, "server", "F.", 1, 1, states="CLOSING FIN_WAIT_1")
    talk.add(0.1011, "client", ".", 2, 2, states="CLOSING TIME_WAIT")
    talk.add(0.130, "server", ".", 2, 2, states="TIME_WAIT TIME_WAIT")
    return talk.connection("closed", "both", "both")


def refused() -> Connection:
    """No listener."""
    talk = Talk(server=Endpoint("10.9.0.2", 81), isn=(4106537322, 0))
    talk.states = ["CLOSED", "CLOSED"]
    talk.add(0.0, "client", "S", mss=1460, states="SYN_SENT CLOSED")
    talk.add(
        0.000013, "server", "R.", 0, 1, states="CLOSED CLOSED", window=0,
        reset={"shape": "syn-reply", "answers": 1, "receiver_state": "SYN_SENT", "pending_error": "ECONNREFUSED"},
    )  # fmt: skip
    return talk.connection("refused", "server", "server", isn=(4106537322, None))


def unanswered() -> Connection:
    """Four SYNs, no answer."""
    talk = Talk(isn=(4106537322, 0))
    for number, at in enumerate((0.0, 1.02, 3.07, 7.1)):
        again: dict[str, Any] = {"retransmission_of": 1} if number else {}
        talk.add(at, "client", "S", mss=1460, states="SYN_SENT UNKNOWN", **again)
    return talk.connection("unanswered", "nobody", None, isn=(4106537322, None))


def unanswered_once() -> Connection:
    """One SYN, nothing else."""
    talk = Talk(isn=(7, 0))
    talk.add(0.0, "client", "S", mss=1460, states="SYN_SENT UNKNOWN")
    return talk.connection("unanswered", "nobody", None, isn=(7, None))


def active_reset() -> Connection:
    """The server resets while the client's data is in flight."""
    talk = Talk(client=Endpoint("192.168.100.200", 65535), server=Endpoint("192.168.100.201", 65534)).handshake()
    talk.add(0.01, "client", "P.", 1, 1, 1448)
    talk.add(0.0101, "server", ".", 1, 1449)
    talk.add(0.0102, "client", "P.", 1449, 1, 1448)
    talk.add(0.0103, "client", "P.", 2897, 1, 1448)
    talk.add(
        0.0110, "server", "R.", 1, 1449, states="CLOSED CLOSED", window=63,
        reset={"shape": "active", "pending_error": "ECONNRESET"},
    )  # fmt: skip
    talk.add(
        0.0111, "server", "R", 1, states="CLOSED CLOSED", window=0,
        reset={"shape": "reply", "answers": 6, "receiver_state": "CLOSED", "echo_of": 8, "accepted": False},
    )  # fmt: skip
    return talk.connection("reset", "server", "server", undelivered=Pair(2896, 0))


def unknown_connection() -> Connection:
    """Retransmissions into silence, then a host that forgot the connection: as in picture 01b."""
    talk = Talk().handshake()
    talk.add(10.0, "client", "P.", 1, 1, 100)
    frame = talk.frame
    for at in (10.204, 10.612, 11.428, 13.06, 16.324, 22.852, 36.212):
        talk.add(at, "client", "P.", 1, 1, 100, retransmission_of=frame)
    talk.add(
        36.2134, "server", "R", 1, states="CLOSED CLOSED", window=0,
        reset={"answers": talk.frame, "pending_error": "ECONNRESET"},
    )  # fmt: skip
    return talk.connection("reset", "server", "server", undelivered=Pair(100, 0))


def timed_out() -> Connection:
    """Data six times, never an answer."""
    talk = Talk().handshake()
    talk.add(1.0, "client", "P.", 1, 1, 100)
    frame = talk.frame
    for at in (1.2, 1.6, 2.4, 4.0, 7.2):
        talk.add(at, "client", "P.", 1, 1, 100, retransmission_of=frame)
    return talk.connection("timed-out", "nobody", None)


def long_connection(packets: int = 3000) -> Connection:
    """Thousands of packets, a minute of silence, then a reset in answer to data."""
    talk = Talk(client=Endpoint("10.1.4.22", 51514), server=Endpoint("10.1.9.80", 5432)).handshake()
    sent, received, at = 1, 1, 0.01
    for number in range((packets - 7) // 3):
        data = talk.add(at, "client", "P.", sent, received, 1400).frame
        if number in (100, 101, 500):
            talk.add(at + 0.0002, "client", "P.", sent, received, 1400, retransmission_of=data)
        sent += 1400
        talk.add(at + 0.0004, "server", "P.", received, sent, 88)
        received += 88
        talk.add(at + 0.00045, "client", ".", sent, received)
        at += 0.07
    talk.add(at, "server", "P.", received, sent, 88)
    talk.add(at + 0.00004, "client", ".", sent, received + 88)
    talk.add(at + 60.03, "client", "P.", sent, received + 88, 143)
    talk.add(
        at + 60.0307, "server", "R", received + 88, states="CLOSED CLOSED", window=0,
        reset={"answers": talk.frame, "pending_error": "ECONNRESET"},
    )  # fmt: skip
    return talk.connection("reset", "server", "server", number=4, undelivered=Pair(143, 0))


def from_the_path() -> Connection:
    """A RST in the server's name that the evidence says it did not send."""
    return replace(long_connection(60), ended_by="path")


def cut_both() -> Connection:
    """The capture starts in mid-connection and ends before its end."""
    talk = Talk()
    talk.states = ["ESTABLISHED", "ESTABLISHED"]
    talk.add(0.0, "client", "P.", 1701001, 44, 1448)
    talk.add(0.001, "server", ".", 44, 1702449)
    talk.add(0.5, "server", "P.", 44, 1702449, 3000)
    talk.add(0.501, "client", ".", 1702449, 3044)
    return talk.connection("open", "nobody", None, cut_start=True, cut_end=True, isn=(None, None), direction="guessed")


def half_closed() -> Connection:
    """The client's FIN is acknowledged; the server keeps its end open."""
    talk = Talk().handshake()
    talk.add(0.1, "client", "F.", 1, 1, states="FIN_WAIT_1 CLOSE_WAIT")
    talk.add(0.14, "server", ".", 1, 2, states="FIN_WAIT_2 CLOSE_WAIT")
    talk.add(0.3, "server", "P.", 1, 2, 1)
    talk.add(0.3001, "client", ".", 2, 2)
    return talk.connection("half-closed", "client", "client", cut_end=True)


def ignored_reset() -> Connection:
    """A RST in the window but not exact: challenged, and the connection goes on."""
    talk = Talk().handshake()
    talk.add(0.01, "client", "P.", 1, 1, 100)
    talk.add(0.0101, "server", ".", 1, 101)
    talk.add(
        0.02, "client", "R", 600, window=0,
        reset={
            "shape": "active", "accepted": False, "why": "in the window, but not exact: challenge ACK", "distance": 499,
        },
    )  # fmt: skip
    talk.add(0.0201, "server", ".", 1, 101)
    talk.add(0.03, "client", "P.", 101, 1, 100)
    talk.add(0.0301, "server", ".", 1, 201)
    return talk.connection("open", "nobody", None, cut_end=True)


def ignored_with_every_flag() -> Connection:
    """As hostile captures have it: all flags at once."""
    talk = Talk().handshake()
    talk.add(0.02, "client", "FSRP.UEWe", 70000, window=0, reset={"accepted": False, "why": "outside the window"})
    return talk.connection("open", "nobody", None, cut_end=True)


def closed_then_reset() -> Connection:
    """A RST after the close changes nothing."""
    talk = Talk().handshake()
    talk.add(0.1, "server", "F.", 1, 1, states="CLOSE_WAIT FIN_WAIT_1")
    talk.add(0.2, "client", "F.", 1, 2, states="LAST_ACK TIME_WAIT")
    talk.add(0.3, "server", ".", 2, 2, states="CLOSED TIME_WAIT")
    talk.add(
        9.0, "client", "R.", 2, 2, window=0,
        reset={"shape": "active", "accepted": False, "why": "connection already closed"},
    )  # fmt: skip
    return talk.connection("closed", "server", "server")


def captured_twice() -> Connection:
    """An interface that shows every packet twice."""
    plain = orderly()
    doubled: list[Segment] = []
    for number, segment in enumerate(plain.segments):
        first = replace(segment, frame=2 * number + 1)
        doubled += [first, replace(first, frame=2 * number + 2, ts_ns=first.ts_ns + 900, duplicate_of=first.frame)]
    return replace(plain, segments=tuple(doubled), packets=Pair(10, 10), last_frame=20)


def ipv6() -> Connection:
    """Addresses as long as they come, sequence numbers of ten digits, a capture of a lifetime."""
    talk = Talk(
        client=Endpoint("2001:db8:85a3:1234:5678:8a2e:1370:7334", 65535),
        server=Endpoint("fe80:1111:2222:3333:4444:5555:6666:7777%enp0s31f6", 65534),
        isn=(4294967290, 4294967291),
    ).handshake()
    talk.add(1234567.891011, "client", "P.", 3234567890, 3123456789, 65495)
    talk.add(1234567.891040, "server", ".", 3123456789, 3234567890 + 65495)
    talk.add(98765432.1, "server", "F.", 3123456789, 3234633385, states="CLOSE_WAIT FIN_WAIT_1")
    talk.add(98765432.2, "client", ".", 3234633385, 3123456790, states="CLOSE_WAIT FIN_WAIT_2")
    talk.add(
        98765432.3, "client", "R.", 3234633385, 3123456790, states="CLOSED CLOSED",
        reset={"shape": "active", "receiver_state": "FIN_WAIT_2"},
    )  # fmt: skip
    return talk.connection("reset", "client", "server")


def hostile_names() -> Connection:
    """Strings that try to drive a terminal or to break out of markup."""
    talk = Talk(client=Endpoint('fe80::1%\x1b[31m<b>&"', 1), server=Endpoint("fe80::2%\u202eeth0", 2)).handshake()
    return talk.connection("unknown", "unknown", None, notes=("\x1b]0;x\x07",))


def lone_reset() -> Connection:
    """Nothing but one RST."""
    talk = Talk(isn=(0, 0))
    talk.states = ["UNKNOWN", "UNKNOWN"]
    talk.add(0.0, "server", "R", 5, window=0, reset={"accepted": None, "receiver_state": "UNKNOWN"})
    return talk.connection("unknown", "unknown", None, cut_start=True, isn=(None, None), direction="guessed")


def syn_flags() -> Connection:
    """ECN handshake, keepalive probes, a window probe, simultaneous open with odd flags."""
    talk = Talk()
    talk.add(0.0, "client", "SEW", mss=1460, states="SYN_SENT SYN_RCVD")
    talk.add(0.01, "server", "S.E", 0, 1, mss=1460, states="ESTABLISHED SYN_RCVD")
    talk.add(0.02, "client", ".", 1, 1, states="ESTABLISHED ESTABLISHED")
    for number in range(3):
        talk.add(60.0 + 75 * number, "client", ".", 0, 1, keepalive=True)
        talk.add(60.001 + 75 * number, "server", ".", 1, 1)
    talk.add(300.0, "server", ".U", 1, 1, 1, window_probe=True)
    return talk.connection("open", "nobody", None, cut_end=True)


ALL: dict[str, Callable[[], Connection]] = {
    builder.__name__: builder
    for builder in (
        write_after_close, orderly, three_packet_close, simultaneous_close, refused, unanswered, unanswered_once,
        active_reset, unknown_connection, timed_out, long_connection, from_the_path, cut_both, half_closed,
        ignored_reset, ignored_with_every_flag, closed_then_reset, captured_twice, ipv6, hostile_names,
        lone_reset, syn_flags,
    )
}  # fmt: skip
