"""What is told of a capture: frozen records, the only thing that `plots` may see of the analysis.

While millions of packets are scanned there are packed records and columns (`analyze.track`); the
objects below exist for the connections being told. Times are integers of nanoseconds since 1970,
frames are Wireshark's numbers, sides are the strings "client" and "server".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["client", "server"]
SIDES: tuple[Side, Side] = ("client", "server")
#: Recorded; no other cause of this wire picture is known; others are.
Certainty = Literal["proved", "implied", "compatible"]
Returns = str | tuple[str, ...]  # what a call returns: ok, EOF, blocks, 0, an errno; of poll its words

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = (1 << bit for bit in range(9))


def other(side: Side) -> Side:
    """The other end of the connection."""
    return "server" if side == "client" else "client"


def sides(side: Side) -> dict[str, str | int]:
    """The values of a sentence about one end and its peer."""
    return {"side": side, "peer": other(side)}


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
    unsent: bool = False  # the capture at its sender's end is whole, and does not have it
    lost: bool = False  # the capture at its receiver's end is whole, and does not have it
    sender_state: str = "UNKNOWN"  # before the RST
    possible: tuple[str, ...] = ()  # Linux's reasons that the packets allow
    signs: bool = False  # packets speak for another sender

    @property
    def reasons(self) -> tuple[str, ...]:
        """Linux's names of why it was sent: what the kernel said, else all that the packets allow; none if forged."""
        if self.kernel_reason is not None:
            return (self.kernel_reason,)
        return () if self.forged or self.unsent else self.possible

    @property
    def forged_possible(self) -> Literal[True, False, "proved"]:
        """Whether it may have come from elsewhere, and something speaks for that."""
        if self.kernel_reason is not None:
            return False
        return "proved" if self.forged or self.unsent else self.signs

    @property
    def certainty(self) -> Literal["proved", "implied", "compatible"]:
        """Recorded; or the packets leave one reason, and nothing speaks for another sender; or they leave more."""
        if self.kernel_reason is not None or self.forged or self.unsent:
            return "proved"
        return "implied" if len(self.possible) == 1 and not self.signs else "compatible"


#: What became of a packet, by the captures at both ends: it arrived; it was lost on its way, or is one that its sender
#: never sent (both proved; the latter by its program's calls, too: strays.py); or it is in one capture only, and the
#: other may have missed it.
Fate = Literal["arrived", "lost", "unsent", "missed"]


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
    # From here on only where both ends were captured; then `ts_ns` is when it left its sender, all by one clock.
    sent_ns: int | None = None  # None: its sender's capture does not have it
    arrived_ns: int | None = None  # None: its receiver's capture does not have it
    seen: Literal["both", "client", "server"] | None = None  # at which ends; None: one capture only
    fate: Fate | None = None
    server_frame: int | None = None  # in the server's capture
    #: How often it arrived, where the capture at its receiver's end holds nothing twice by itself; of one capture,
    #: where its copies are known to have been made on the way.
    deliveries: int = 1

    @property
    def d_sack(self) -> tuple[int, int] | None:
        """The bytes that an ACK reports to have come twice: a first SACK block below its number (D-SACK, RFC 2883)."""
        block = next(iter(self.options.sack), None)
        return block if block is not None and (self.ack - block[1]) % 2**32 < 2**31 else None

    def at(self, side: Side) -> int:
        """When that end sent or received it, as far as that is known."""
        own = self.sent_ns if side == self.side else self.arrived_ns
        return self.ts_ns if own is None else own


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
    on_listener: bool = False  # on the listening socket that it came from, or another one of the same address
    fd: int | None = None
    arguments: tuple[int | str | None, ...] = ()
    predicted: Returns | None = None  # None: its result is no matter of TCP
    may_be: tuple[Returns, ...] = ()  # what it may as well return, where times do not tell which came first
    predicted_bytes: int | None = None  # where the packets determine how many


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
    earlier: bool = False  # before an earlier connection between the same endpoints began: of that one's story


@dataclass(frozen=True, slots=True)
class IcmpError:
    """An ICMP error that quotes a packet of the connection."""

    frame: int
    ts_ns: int
    to: Side  # whose packet it quotes
    sender: str  # address
    type: int
    code: int
    what: str  # port-unreachable
    errno: str | None  # what Linux makes of it; None: nothing
    seq: int  # of the quoted packet, absolute
    mtu: int | None = None  # what would fit, where it says so
    arrived_ns: int | None = None  # only where both ends' captures have it: `ts_ns` is then when it left its sender


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of the making of a recording."""

    name: str
    title: str
    kernel: str  # Linux 6.18.44; "" where it is not known
    sources: tuple[str, ...]  # of facts: calls, tracefs
    wire: str = ""  # between the ends: loopback, where what was captured has arrived


@dataclass(frozen=True, slots=True)
class Pair:
    """A count for each side."""

    client: int
    server: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one end's application gets from its next call (contract: "Outcomes").

    `next`: for each call what it returns if no other is made before; `read` once the data that has arrived is read.
    """

    os: str  # linux, bsd, macos, windows
    next: Mapping[str, Returns] | None  # connect, read, write, so_error, poll; None: there is no next call
    why: str | None = None  # there is none, or may be none
    may_be: Mapping[str, tuple[Returns, ...]] = field(default_factory=dict)
    sigpipe: bool = False  # the next write raises it
    after: Mapping[str, Mapping[str, Returns]] = field(default_factory=dict)  # a call -> read, write
    measured: bool = True  # on this system's own kernel; else from its documentation


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of both ends."""

    client: Outcome
    server: Outcome


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of the server's capture against the client's: at `at_ns` it is `offset_ns` ahead, give or take."""

    offset_ns: int
    at_ns: int  # by the client's clock
    uncertainty_ns: int | None  # None: packets of one direction only, so that the way is not known
    drift_ppm: float = 0.0  # what it gains
    same: bool = False  # both captures were made by one clock

    def offset(self, t_ns: int) -> int:
        """How far the server's clock is ahead at that time of the client's."""
        return self.offset_ns + round((t_ns - self.at_ns) * self.drift_ppm / 1e6)

    def common(self, t_ns: int) -> int:
        """A time of the server's clock by the client's."""
        return t_ns - self.offset(t_ns - self.offset_ns)


@dataclass(frozen=True, slots=True)
class OtherEnd:
    """The same connection in the capture at the server's end, and what the two captures say together."""

    number: int | None  # tcp.stream there; None: nothing of it came there
    client: Endpoint | None  # as the server sees it: behind a NAT another one
    server: Endpoint | None
    clock: Clock
    both: int  # packets seen at both ends
    client_only: int
    server_only: int
    lost: Pair  # by sender: proved to have been lost on the way
    unsent: Pair  # in whose name: proved not to be its own
    way_ns: tuple[int | None, int | None] = (None, None)  # the shortest way of a packet, by sender: client, server
    reversed: bool = False  # "the server's capture" was made at this connection's client


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict rests on: a sentence of the catalogue with its values, and the frames that show it."""

    says: str  # key: plots/words/verdicts.py has it as evidence-KEY
    values: Mapping[str, str | int]
    frames: tuple[int, ...] = ()
    absence: bool = False  # that something did not come


@dataclass(frozen=True, slots=True)
class Rival:
    """Another verdict that these packets allow, and the one observation that would decide."""

    code: str
    decides: str  # key: decides-KEY


@dataclass(frozen=True, slots=True)
class Finding:
    """Who ended a connection and why, more exactly than the general sentence of its verdict.

    Its sentence is `verdict-KEY` of the words, or `rule-KEY`: then `key` is the verdict's own code. Of its values
    `bytes` is a size, `ns` and `..._ns` are lengths of time.
    """

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    kind: Literal["bad", "ok", "open"] = "bad"
    certainty: Certainty = "proved"
    by_rule: bool = False

    @property
    def says(self) -> str:
        """The key of its sentence."""
        return f"{'rule' if self.by_rule else 'verdict'}-{self.key}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is held of one connection. Raises ValueError without evidence."""

    code: str
    certainty: Certainty
    values: Mapping[str, str | int]  # of the sentence rule-CODE
    evidence: tuple[Evidence, ...]
    rivals: tuple[Rival, ...] = ()
    headline: bool = False
    finding: Finding | None = (
        None  # of a headline, told in place of rule-CODE: a recording or a second capture knows more
    )

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"the verdict {self.code} has no evidence")
        if (self.certainty == "compatible") != bool(self.rivals):
            raise ValueError(f"the verdict {self.code} is {self.certainty}, with {len(self.rivals)} rivals")


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
    client_state: str  # after the last packet; of a recording, when that ended
    server_state: str
    zeek_conn_state: str
    zeek_history: str
    resets: tuple[Reset, ...] = ()
    icmp: tuple[IcmpError, ...] = ()  # the first hundred
    continued_by: int | None = None  # the number under which it goes on: a SYN came in its middle
    replaces: tuple[int, Side] | None = None  # the one between the same endpoints in whose TIME_WAIT, and where
    replaced_by: int | None = None  # the one that began in its own TIME_WAIT
    continues: int | None = None  # the number under which it began, where a forged SYN made two of it
    undelivered: Pair = field(default_factory=lambda: Pair(0, 0))
    outcomes: Outcomes | None = None
    notes: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    calls: tuple[Call, ...] = ()  # this and the next three: only from a recording, by time
    exits: tuple[Exit, ...] = ()
    kernel: tuple[KernelEvent, ...] = ()
    steps: tuple[Step, ...] = ()
    socket_before: tuple[Side, str] | None = None  # the connection before of the same socket, that was connected anew:
    socket_after: tuple[Side, str] | None = None  # ... and the one after; whose socket, and its address there
    failed_elsewhere: tuple[Side, str, Call] | None = None  # a proxy's: whose, its other peer, and the call that failed
    verdicts: tuple[Verdict, ...] = ()  # the headline first
    other_end: OtherEnd | None = None  # only where a capture at the server's end was read, too


#: How sure it is that a call returned it: the next call does; the call after another one; packets cannot decide; only
#: where the application had not closed its socket, but shut down its own direction.
Sure = Literal["next", "after", "may-be", "if-shutdown"]


@dataclass(frozen=True, slots=True)
class Sight:
    """One call of one application that returns what a log line says."""

    side: Side
    call: str  # read, write, connect, so_error; close: no call failed
    returns: str
    sure: Sure
    after: str | None = None  # the call that was made before


@dataclass(frozen=True, slots=True)
class Match:
    """A connection in which an application can have seen what a log line says."""

    connection: Connection
    verdict: Verdict
    sights: tuple[Sight, ...]  # the surest first
    from_ns: int  # since when it could be seen
    away_ns: int | None  # from there to the time asked for; None: none was

    @property
    def sure(self) -> Sure:
        """How sure the surest is."""
        return self.sights[0].sure


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found for a log line; where nothing fits, the connections that come nearest."""

    text: str  # what was understood of the line
    family: str
    calls: tuple[str, ...]
    results: tuple[str, ...]
    system: str | None  # that both ends are taken to run on, where the words are of one
    found: tuple[Match, ...]  # those that are told: the surest first; with a time, the nearest
    numbers: tuple[int, ...]  # of all that fit, in that order
    weak: int  # of them only if a FIN was a shutdown
    too_late: int  # that came to it only after the time asked for
    nearest: tuple[Match, ...]  # without sights
    looked_at: int  # connections, of those asked for


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
    server_files: tuple[str, ...] = ()  # the same traffic, captured at the server's end


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
class Timer:
    """Many connections were silent for the same time before their end: FIN, RST, or a goodbye just before it."""

    silence_ns: int  # their median
    spread_ns: int  # half of what eight of ten lie within
    known: tuple[str, ...]  # who has such a timer by default


@dataclass(frozen=True, slots=True)
class Burst:
    """Most of a cluster's connections ended within a short time: a restart, a rollout."""

    first_ns: int
    last_ns: int
    count: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Connections that ended in the same way at one server, at one port of many servers or at many ports of one."""

    verdict: Verdict  # of the example
    benign: bool  # nobody was hurt
    ending: str  # of the example
    ended_by: str
    address: str | None  # None: of several servers
    port: int | None  # None: several ports
    servers: int
    ports: int
    count: int
    of: int  # connections to these servers and ports in all
    clients: int  # addresses
    first_ns: int  # of their last packets
    last_ns: int
    timer: Timer | None
    burst: Burst | None
    example: int  # tcp.stream

    @property
    def place(self) -> str:
        """The server: 10.0.0.7:443, *:443, 10.0.0.7:*."""
        name = "*" if self.address is None else f"[{self.address}]" if ":" in self.address else self.address
        return f"{name}:{'*' if self.port is None else self.port}"


@dataclass(frozen=True, slots=True)
class Clustering:
    """The clusters that are told, most connections hurt first; of the others how many there are, and connections."""

    clusters: tuple[Cluster, ...]
    left_out: int
    left_out_connections: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A capture's endings; `connections` are those that the filter let through."""

    capture: Capture
    total: int
    connections: int
    endings: tuple[EndingCount, ...]
    clustering: Clustering


@dataclass(frozen=True, slots=True)
class BothEnds:
    """What two captures say together of the connections asked for."""

    server_files: tuple[str, ...]
    connections: int
    there: int  # in the server's capture, too
    ambiguous: int  # that may be one or another there
    clock: Clock | None
    lost: tuple[int, ...] = ()  # connections with packets proved to be lost on the way, and how many packets
    lost_packets: int = 0
    unsent: tuple[int, ...] = ()  # connections with packets that the end in whose name they came did not send
    unsent_packets: int = 0
    corrected: tuple[int, ...] = ()  # connections that one capture alone takes to have ended otherwise


Counts = tuple[int, ...]  # of connections, one number per class of `vocabulary.CLASSES`


@dataclass(frozen=True, slots=True)
class Place:
    """A service: one server's port, or a port that many servers have."""

    port: int
    address: str | None  # None: of several servers
    servers: int = 1

    def __str__(self) -> str:
        return f"*:{self.port}" if self.address is None else str(Endpoint(self.address, self.port))


@dataclass(frozen=True, slots=True)
class Bar:
    """One connection on the time axis of an overview; it ends with its RST or its last FIN, packets may follow."""

    number: int  # tcp.stream
    start_ns: int
    last_ns: int
    ended_ns: int
    ending: str  # one of vocabulary.CLASSES
    silence_ns: int | None = None  # before the RST that ended it


@dataclass(frozen=True, slots=True)
class Service:
    """The connections to one service, or to all those that have no row of their own."""

    place: Place | None  # None: the others, summed
    services: int
    connections: int
    abnormal: int
    counts: Counts
    bins: tuple[Counts, ...] = ()  # per class: endings in each of the equal parts of the time range
    bars: tuple[Bar, ...] = ()  # by start; instead of bins where a capture has few connections


@dataclass(frozen=True, slots=True)
class Incident:
    """Resets and refusals of one service's server, crowded into a short time."""

    place: Place
    first_ns: int
    last_ns: int
    resets: int
    refused: int
    refused_after: bool  # every refusal came after every reset
    example: int  # tcp.stream

    @property
    def count(self) -> int:
        """Connections affected."""
        return self.resets + self.refused


@dataclass(frozen=True, slots=True)
class Peak:
    """Many connections with the same length of silence: a timer."""

    silence_ns: int  # their median
    counts: Counts

    @property
    def count(self) -> int:
        """Connections in it."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Lengths of time in bins between `edges_ns`, one row of counts for each of several kinds."""

    edges_ns: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    below: tuple[int, ...]  # per kind: shorter than the first edge
    above: tuple[int, ...]

    @property
    def total(self) -> int:
        """Everything counted."""
        return sum(map(sum, self.counts)) + sum(self.below) + sum(self.above)


@dataclass(frozen=True, slots=True)
class IdleGaps:
    """How long connections were silent before their end, by class of ending."""

    gaps: Histogram
    without: int  # connections without FIN and RST, or with nothing before it
    peaks: tuple[Peak, ...]  # most connections first


@dataclass(frozen=True, slots=True)
class ResetCount:
    """RSTs of one kind."""

    sender: Side
    shape: str  # one of vocabulary.SHAPES
    accepted: bool | None  # None: cannot be known
    count: int


@dataclass(frozen=True, slots=True)
class ResetFigures:
    """The RSTs of a capture: of which kinds, when, and how soon they answered."""

    total: int
    connections: int  # with at least one
    kinds: tuple[ResetCount, ...]
    bins: tuple[tuple[int, ...], ...]  # client's and server's in each part of the overview's time range
    latency: Histogram  # of those that answer a segment, client's and server's
    median_ns: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole capture at a glance; `connections` are those that the filter let through."""

    capture: Capture
    total: int
    connections: int
    first_ns: int  # of their packets
    last_ns: int
    counts: Counts
    services: tuple[Service, ...]  # most abnormal endings first; the others, summed, last
    clustering: Clustering
    incidents: tuple[Incident, ...]
    idle: IdleGaps
    resets: ResetFigures
