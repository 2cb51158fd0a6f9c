"""What is told of a capture: frozen records, the only thing that `plots` may see of the analysis.

While millions of packets are scanned there are packed records and columns (`analyze.track`); the
objects below exist for the connections being told. Times are integers of nanoseconds since 1970,
frames are Wireshark's numbers, sides are the strings "client" and "server".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Side = Literal["client", "server"]

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = (1 << bit for bit in range(9))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end's address (text, canonical form) and port."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Options:
    """The TCP options of one segment that a reader of the figure may want; None: not there."""

    mss: int | None = None
    window_scale: int | None = None
    sack_permitted: bool = False
    sack: tuple[tuple[int, int], ...] = ()  # (left, right) edges, absolute
    tsval: int | None = None
    tsecr: int | None = None


@dataclass(frozen=True, slots=True)
class Reset:
    """One RST (contract: "Resets")."""

    frame: int
    ts_ns: int
    sender: Side
    shape: Literal["active", "reply", "syn-reply"]
    answers_frame: int | None  # the segment that it answers
    accepted: bool | None  # None: cannot be known from this capture
    receiver_state: str  # before the RST
    pending_error: str | None  # errno that the receiver's socket then holds
    distance: int | None  # seq minus the receiver's rcv_nxt, bytes
    echo_of: int | None = None  # frame of the RST that this one repeats
    why_not_accepted: str | None = None  # one of vocabulary.WHYS
    kernel_reason: str | None = None  # by its sender's kernel's own record: TCP_TIMEWAIT_SOCKET
    accepted_proved: bool = False  # `accepted` is the receiver's kernel's own record
    forged: bool = False  # its sender's kernel was listened to, and its TCP did not send it


@dataclass(frozen=True, slots=True)
class Segment:
    """One packet of a connection being told, and both ends' states after it.

    seq and ack are the header's absolute numbers; `Connection.isn` makes them relative.
    """

    frame: int
    ts_ns: int
    side: Side  # who sent it
    flags: int  # nine bits, FIN = 1 ... AE = 256
    seq: int
    ack: int
    window: int  # bytes, scaled where the scale is known
    payload: int  # bytes on the wire
    captured: int  # payload bytes in the capture
    ttl: int
    ip_id: int | None  # None: IPv6
    flow_label: int | None  # None: IPv4
    options: Options
    checksum: Literal["good", "offloaded", "bad", "unchecked"]
    client_state: str
    server_state: str
    retransmission_of: int | None = None  # frame of the first copy, as far as known; else its own frame
    duplicate_of: int | None = None  # the same packet captured twice
    out_of_order: bool = False
    keepalive: bool = False
    window_probe: bool = False
    reset: Reset | None = None
    header: bytes = b""  # the TCP header as captured, with its options; shorter where the capture cuts it


@dataclass(frozen=True, slots=True)
class Call:
    """One system call of the program at one end, from a recording."""

    side: Side
    t_ns: int
    until_ns: int | None  # None: it did not return
    process: str
    pid: int
    call: str  # write
    text: str  # write(4, 18 bytes)
    result: int | None = None  # -1 with errno
    errno: str | None = None
    says: str | None = None  # what else came back: IN OUT HUP, SO_ERROR = EPIPE, EOF
    signals: tuple[str, ...] = ()  # that it raised
    on_listener: bool = False  # on the listening socket that the connection came from


@dataclass(frozen=True, slots=True)
class Exit:
    """A process that had the connection has ended."""

    side: Side
    t_ns: int
    process: str
    pid: int
    status: int | None = None
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class KernelEvent:
    """What one end's kernel said of the connection, from a recording."""

    side: Side
    t_ns: int
    kind: Literal["reset-sent", "reset-received", "state", "error"]
    state: str | None = None  # of a change the new one, of a RST the one before it
    before: str | None = None  # of a change
    reason: str | None = None  # of a RST that was sent
    errno: str | None = None  # of an error
    frame: int | None = None  # the packet that it belongs to, where one does
    handed_over: bool = False  # CLOSED means: a minisocket takes over (TIME_WAIT), and says nothing


@dataclass(frozen=True, slots=True)
class Step:
    """What the scenario did to the world between the calls."""

    t_ns: int
    text: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of the making of a recording."""

    name: str
    title: str
    kernel: str  # Linux 6.18.44; "" where it is not known
    sources: tuple[str, ...]  # of facts: calls, tracefs


@dataclass(frozen=True, slots=True)
class Pair:
    """A count for each side."""

    client: int
    server: int


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection's facts (contract: the JSON record); `segments` only where it is being told."""

    number: int  # Wireshark's tcp.stream
    client: Endpoint
    server: Endpoint
    direction: Literal["seen", "guessed"]
    first_ns: int
    last_ns: int
    first_frame: int
    last_frame: int
    cut_start: bool  # the capture starts in the middle of the connection
    cut_end: bool  # ... or ends there
    packets: Pair
    bytes: Pair  # payload bytes, every copy counted
    syn: Pair
    fin: Pair
    rst: Pair
    psh: Pair
    retransmissions: Pair
    isn: tuple[int | None, int | None]  # client's, server's
    handshake_rtt_ns: int | None  # SYN to the ACK of the SYN-ACK
    ending: str
    ended_by: str  # client, server, both, path, nobody, unknown
    closed_first: str | None  # client, server, both
    client_state: str
    server_state: str
    zeek_conn_state: str
    zeek_history: str
    resets: tuple[Reset, ...] = ()
    undelivered: Pair = field(default_factory=lambda: Pair(0, 0))
    notes: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    calls: tuple[Call, ...] = ()  # this and the next three: only from a recording, by time
    exits: tuple[Exit, ...] = ()
    kernel: tuple[KernelEvent, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class DamageReport:
    """Where the capture is damaged: byte offset, what stands there, what was read."""

    offset: int
    what: str
    read: str


@dataclass(frozen=True, slots=True)
class Capture:
    """What is known of the capture as a whole (contract: "capture")."""

    files: tuple[str, ...]
    format: str  # "pcap", "pcapng", with the compression: "pcapng, zstd"
    link_types: tuple[str, ...]  # tcpdump's names: EN10MB, LINUX_SLL2, ...
    packets: int  # records of the file
    tcp_packets: int
    first_ns: int | None
    last_ns: int | None
    damage: tuple[DamageReport, ...]
    one_sided: bool  # every connection has packets of one direction only
    dropped: int | None  # as the capturing program counted them
    notes: tuple[str, ...]
    recorded: Recorded | None = None  # its packets are those of a recording


@dataclass(frozen=True, slots=True)
class Story:
    """A capture and the connections being told of it."""

    capture: Capture
    connections: tuple[Connection, ...]
    total_connections: int


@dataclass(frozen=True, slots=True)
class EndingCount:
    """How many connections ended this way."""

    ending: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Abnormal endings of one kind at one server, with one example."""

    server: Endpoint
    ending: str
    ended_by: str
    count: int
    of: int  # connections to that server in all
    example: int  # tcp.stream
    first_ns: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A capture's endings; `connections` are those that the filter let through."""

    capture: Capture
    total: int
    connections: int
    endings: tuple[EndingCount, ...]
    groups: tuple[Group, ...]  # most connections first
    groups_left_out: int
