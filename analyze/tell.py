"""From the engine's records to a story: the connections being told, with every packet.

The packets come from a second pass over the file, in which only these connections are followed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from ..capture.table import (
    CHECKSUM_BAD,
    CHECKSUM_GOOD,
    CHECKSUM_OFFLOADED,
    CHECKSUM_UNCHECKED,
    OPTION_MSS,
    OPTION_SACK,
    OPTION_SACK_PERMITTED,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
)
from .columns import last_state, unacked
from .endings import closed_first, conn_state, ended_by, ending
from .icmp import named
from .outcomes.calls import WRITES
from .outcomes.table import outcomes
from .outcomes.worlds import Left
from .scan import LINK_NAMES, Scan, scan
from .states import CLOSE_WAIT, CLOSED, LISTEN, STATES, SYN_RCVD, SYN_SENT, TIME_WAIT, UNKNOWN
from .story import (
    Capture,
    Connection,
    DamageReport,
    Endpoint,
    IcmpError,
    Options,
    Pair,
    Reset,
    Segment,
    Side,
    Story,
)
from .together import begun_by_forgery, named_as_before
from .track import Connection as Record
from .track import IcmpError as IcmpRecord
from .track import Reset as ResetRecord
from .track import Tracker
from .unreceived import corrected, without_kernels
from .vocabulary import (
    ACCEPTED_NO,
    ACCEPTED_UNKNOWN,
    ACCEPTED_YES,
    ENDING_HALF_CLOSED,
    ENDING_OPEN,
    ENDING_RESET,
    ENDING_TIMED_OUT,
    ENDINGS,
    FACT_ACKED,
    FACT_CHECKSUM,
    FACT_FIN,
    FACT_FIN_ACKED,
    FACT_QUOTED,
    FACT_SEEN,
    FACT_START,
    FACT_SYN,
    FACT_TOP,
    FACT_VOUCHED,
    MARK_DUPLICATE,
    MARK_KEEPALIVE,
    MARK_OUT_OF_ORDER,
    MARK_RETRANSMISSION,
    MARK_WINDOW_PROBE,
    NOBODY_CLOSED,
    SHAPES,
    TWICE,
    WHO,
    WHYS,
    ZEEK_CONN_STATES,
)

if TYPE_CHECKING:
    from .joining import Beside, Folder

CHECKSUMS = {
    CHECKSUM_UNCHECKED: "unchecked",
    CHECKSUM_GOOD: "good",
    CHECKSUM_OFFLOADED: "offloaded",
    CHECKSUM_BAD: "bad",
}
ACCEPTED = {ACCEPTED_NO: False, ACCEPTED_YES: True, ACCEPTED_UNKNOWN: None}
M32 = 0xFFFFFFFF
HALF = 0x80000000
MOST_ICMP = 100  # errors that are told of a connection
MOST_PACKETS = 200_000  # that are held at a time


def address(version: int, hi: int, lo: int) -> str:
    """The canonical text of an address that the engine keeps as two 64-bit halves (RFC 5952)."""
    return str(IPv4Address(lo)) if version == 4 else str(IPv6Address(hi << 64 | lo))


def side_name(c: Record, side: int) -> Side:
    """client or server."""
    return "client" if side == c.client else "server"


def pending_error(receiver_state: int) -> str | None:
    """The errno that an accepted RST leaves at its receiver (Linux tcp_reset; kernel's sk_err)."""
    if receiver_state == SYN_SENT:
        return "ECONNREFUSED"
    if receiver_state == CLOSE_WAIT:
        return "EPIPE"
    if receiver_state in (CLOSED, LISTEN, TIME_WAIT):
        return None
    return "ECONNRESET"


def reset_story(found: Scan, c: Record, r: ResetRecord) -> Reset:
    """One RST in the contract's words."""
    from .resets import of  # most connections have none

    accepted = ACCEPTED[r.accepted]
    possible, signs = of(found).of(r.frame)
    return Reset(
        frame=r.frame,
        ts_ns=r.ts,
        sender=side_name(c, r.side),
        shape=SHAPES[r.shape],  # type: ignore[arg-type]
        answers_frame=r.trigger or None,
        accepted=accepted,
        receiver_state=STATES[r.receiver_state],
        pending_error=pending_error(r.receiver_state) if accepted is not False else None,
        distance=r.distance if c.facts >> r.side & FACT_TOP else None,
        echo_of=r.echo_of or None,
        why_not_accepted=WHYS[r.why] or None,
        sender_state=STATES[r.sender_state],
        possible=possible,
        signs=signs,
    )


def icmp_story(c: Record, e: IcmpRecord) -> IcmpError:
    """One ICMP error."""
    what, errno = named(c.version, e)
    return IcmpError(
        frame=e.frame,
        ts_ns=e.ts,
        to=side_name(c, e.side),
        sender=address(c.version, e.hi, e.lo),
        type=e.kind,
        code=e.code,
        what=what,
        errno=errno,
        seq=e.seq,
        mtu=e.mtu or None,
    )


def unreachable(found: Scan, c: Record, side: int) -> tuple[str, ...]:
    """The errnos that ICMP errors have left at one end since its peer was last heard, the newest first.

    A kernel believes those that quote a packet which is not acknowledged yet (RFC 5927, 4.1).
    """
    first = c.acked[side] if c.facts >> side & FACT_ACKED else c.base[side]
    open_ = (c.top[side] - first) & M32
    said: dict[str, None] = {}
    for e in reversed(found.icmp(c.number)):
        errno = named(c.version, e)[1]
        if e.side == side and errno and e.ts >= c.heard[1 - side] and (e.seq - first) & M32 <= open_:
            said[errno] = None
    return tuple(said)


def undelivered(c: Record, side: int, how: int) -> int:
    """Bytes that the side's kernel took and that the packets prove were never acknowledged."""
    if how not in (ENDING_RESET, ENDING_TIMED_OUT) or not c.facts >> side & FACT_ACKED:
        return 0
    left = (c.top[side] - c.acked[side]) & M32
    if left and c.facts >> side & FACT_FIN and not c.facts >> side & FACT_FIN_ACKED:
        left -= 1
    return left if left < 0x40000000 else 0


def left(found: Scan, c: Record, side: int) -> Left:
    """What is left to happen to one end: how often, and for how long, it has had no answer."""
    other = 1 - side
    last = max(c.heard[side], c.first_ts)
    return Left(
        tries=c.tries[side],
        idle=bool(c.facts >> side & FACT_ACKED and c.facts >> side & FACT_TOP) and not unacked(c, side),
        waited_ns=max(0, last - max(c.heard[other], c.first_ts)),
        silent_ns=max(0, found.tracker.last_ts - last),
        shut_out=c.window[other] == 0 and bool(c.zero_windows[other]),
        unreachable=unreachable(found, c, side),
    )


def with_outcomes(found: Scan, c: Record, told: Connection) -> Connection:
    """What each application's next call returns, by the packets."""
    ends = left(found, c, c.client), left(found, c, 1 - c.client)
    lost = [unsent(c, told, "client"), unsent(c, told, "server")] if told.calls else [0, 0]
    return replace(
        told,
        outcomes=outcomes(told, ends, found.systems),
        undelivered=Pair(max(told.undelivered.client, lost[0]), max(told.undelivered.server, lost[1])),
    )


def unsent(c: Record, told: Connection, side: Side) -> int:
    """Bytes that the side's calls handed over and that the other kernel never acknowledged, sent or not."""
    number = c.client if side == "client" else 1 - c.client
    if told.ending not in ("reset", "timed-out") or not c.facts >> number & FACT_SYN:
        return 0
    handed = sum(
        call.result or 0
        for call in told.calls
        if call.side == side and call.call in WRITES and call.errno is None and call.t_ns <= told.last_ns
    )
    acked = (c.acked[number] - c.base[number] - 1) & M32 if c.facts >> number & FACT_ACKED else 0
    acked -= bool(c.facts >> number & FACT_FIN_ACKED)
    return max(0, handed - acked) if handed < HALF and acked < HALF else 0


def notes(c: Record) -> tuple[str, ...]:
    """What a reader of this connection should know of the capture."""
    said = []
    if not c.facts & FACT_SEEN:
        said.append("no SYN was captured: which end is the client is a guess")
    doubles = c.duplicates[0] + c.duplicates[1]
    if doubles:
        said.append(f"{doubles:,} packets {TWICE}")
    if c.gaps[0] + c.gaps[1]:
        said.append("the capture missed packets that were acknowledged")
    if c.facts & FACT_QUOTED:
        said.append("an ICMP error quoted a packet of this connection")
    return tuple(said)


def history(found: Scan, c: Record) -> str:
    """Zeek's history: upper case for the client; ^ where the first packet was the server's."""
    letters = bytes(c.history_letters()) + bytes(found.tracker.histories.get(c.number, ()))
    text = letters.decode("ascii")
    return "^" + text.swapcase() if c.client == 1 else text


def join(found: Scan, beside: Beside) -> None:
    """From here on, tell this capture's connections with what was said beside the packets."""
    from .joining import Joining  # plain captures need none of it

    found.verdicts = None
    of = folders(found, beside) if len(found.paths) > 1 and beside.folders else None
    found.joining = Joining(
        beside,
        (
            (
                str(Endpoint(address(c.version, c.hi[0], c.lo[0]), c.port[0])),
                str(Endpoint(address(c.version, c.hi[1], c.lo[1]), c.port[1])),
                c.first_ts,
            )
            for c in found.connections
        ),
        of,
    )
    if beside.server:
        own = None if of is None else {number for number, folder in of.items() if folder.server}
        both_ends(found, scan(tuple(beside.server)), recorded=beside.complete, own=own)


def folders(found: Scan, beside: Beside) -> dict[int, Folder]:
    """Whose recording each connection is, by number; of other captures, with the same addresses perhaps, nothing."""
    spans: dict[frozenset[tuple[int, int, int]], list[tuple[int, int, Folder]]] = {}
    for folder in beside.folders:
        for c in scan(folder.packets).connections:
            spans.setdefault(ends(c), []).append((c.first_ts, c.last_ts, folder))
    return {
        c.number: folder
        for c in found.connections
        for first, last, folder in spans.get(ends(c), ())
        if first <= c.last_ts and c.first_ts <= last
    }


def ends(c: Record) -> frozenset[tuple[int, int, int]]:
    """Addresses and ports of both ends."""
    return frozenset((c.hi[side], c.lo[side], c.port[side]) for side in (0, 1))


def connection_story(found: Scan, c: Record, resets: Sequence[ResetRecord] = ()) -> Connection:
    """The contract's facts of one connection, with what was said of it beside the packets."""
    told = by_packets(found, c, resets)
    told = with_outcomes(found, c, told if found.joining is None else found.joining.join(told))
    return with_verdicts(found, told)


def with_verdicts(found: Scan, told: Connection) -> Connection:
    """What is held of a connection."""
    from .verdicts import of  # judged once, all together

    return replace(told, verdicts=of(found).told(told))


def by_packets(found: Scan, c: Record, resets: Sequence[ResetRecord] = ()) -> Connection:
    """What the packets alone tell of a connection."""
    client, server = c.client, 1 - c.client
    how = ending(c)
    first = closed_first(c)
    ends = [Endpoint(address(c.version, c.hi[side], c.lo[side]), c.port[side]) for side in (client, server)]
    return Connection(
        number=c.number,
        client=ends[0],
        server=ends[1],
        direction="seen" if c.facts & FACT_SEEN else "guessed",
        first_ns=c.first_ts,
        last_ns=c.last_ts,
        first_frame=c.first_frame,
        last_frame=c.last_frame,
        cut_start=not c.facts & FACT_START,
        cut_end=how in (ENDING_OPEN, ENDING_HALF_CLOSED),
        packets=Pair(c.packets[client], c.packets[server]),
        bytes=Pair(c.bytes[client], c.bytes[server]),
        syn=Pair(c.syn[client], c.syn[server]),
        fin=Pair(c.fin[client], c.fin[server]),
        rst=Pair(c.rst[client], c.rst[server]),
        psh=Pair(c.psh[client], c.psh[server]),
        retransmissions=Pair(c.retransmissions[client], c.retransmissions[server]),
        isn=(
            c.base[client] if c.facts >> client & FACT_SYN else None,
            c.base[server] if c.facts >> server & FACT_SYN else None,
        ),
        handshake_rtt_ns=c.handshake_rtt if c.handshake_rtt >= 0 else None,
        ending=ENDINGS[how],
        ended_by=WHO[ended_by(c, how)],
        closed_first=None if first == NOBODY_CLOSED else WHO[first],
        client_state=STATES[last_state(c, client)],
        server_state=STATES[last_state(c, server)],
        zeek_conn_state=ZEEK_CONN_STATES[conn_state(c)],
        zeek_history=history(found, c),
        resets=tuple(reset_story(found, c, r) for r in resets),
        continued_by=found.continued.get(c.number),
        replaces=replaces(found, c),
        replaced_by=found.replaced_by.get(c.number),
        icmp=tuple(icmp_story(c, e) for e in found.icmp(c.number)[:MOST_ICMP]),
        undelivered=Pair(undelivered(c, client, how), undelivered(c, server, how)),
        notes=notes(c),
    )


def replaces(found: Scan, c: Record) -> tuple[int, Side] | None:
    """The connection between the same endpoints in whose TIME_WAIT it began, and which end was in it."""
    before = found.replaced.get(c.number)
    return None if before is None else (before[0], side_name(c, before[1]))


def capture_story(found: Scan) -> Capture:
    """What is known of the capture as a whole."""
    tracker, source = found.tracker, found.source
    said = list(source.notes)
    if tracker.offloaded:
        said.append("checksums are offloaded")
    if tracker.bad_checksums:
        one = tracker.bad_checksums == 1
        said.append(f"{tracker.bad_checksums:,} TCP {'checksum is' if one else 'checksums are'} wrong")
    for link, count in tracker.decoder.unknown_links.items():
        said.append(
            f"{count:,} packet{'s' if count != 1 else ''} of link type {LINK_NAMES.get(link, link)} cannot be read"
        )
    if tracker.decoder.fragments.given_up + len(tracker.decoder.fragments.datagrams):
        said.append("some IP datagrams are incomplete: fragments are missing")
    if found.joining is not None:
        said += found.joining.notes
    if found.vantage is not None:
        said += found.vantage.notes
    compression = source.stream.compression
    return Capture(
        files=found.shown,
        format=source.name + (f", {compression}" if compression else ""),
        link_types=tuple(LINK_NAMES.get(link, str(link)) for link in source.link_types),
        packets=found.packets,
        tcp_packets=found.tcp_packets,
        first_ns=tracker.first_ts if tracker.records else None,
        last_ns=tracker.last_ts if tracker.records else None,
        damage=tuple(DamageReport(d.offset, d.what, d.read) for d in source.damage),
        one_sided=bool(found.connections) and all(not (c.packets[0] and c.packets[1]) for c in found.connections),
        dropped=source.dropped,
        notes=tuple(said),
        recorded=None if found.joining is None else found.joining.recorded,
        server_files=() if found.vantage is None or found.vantage.recorded else found.vantage.server.shown,
    )


def both_ends(found: Scan, server: Scan, *, recorded: bool = False, own: Collection[int] | None = None) -> None:
    """From here on, tell this capture's connections with what was captured of them at the server's end.

    `recorded`: both are one recording's, by one clock and complete; `own`: of these connections, where other captures
    were read with it.
    """
    from .vantage import Vantage

    found.verdicts = None
    found.vantage = Vantage(
        found,
        server,
        lambda one, numbers: {number: told.segments for number, told in with_packets(one, numbers).items()},
        recorded=recorded,
        own=own,
    )


def with_packets(
    found: Scan, numbers: Sequence[int], progress: Callable[[int], None] | None = None
) -> dict[int, Connection]:
    """The connections `numbers` as this one capture's packets tell them, with these, from a second pass over it.

    Raises KeyError for a number that the capture does not have.
    """
    by_number = {c.number: c for c in found.connections}
    wanted = [by_number[number] for number in numbers]
    first_frame = min((c.first_frame for c in wanted), default=0)
    if found.tracker.decoder.fragments.seen:
        first_frame = 0
    told: dict[int, list[tuple[int, ...]]] = {}
    second = Tracker(found.tracker.salt)
    if wanted:
        told = second.only(wanted, first_frame)
        if len(found.paths) > 1:  # merged by time: frames are not in order
            second.from_frame, second.to_frame = 0, M32
        scan(found.paths, second, progress)
    chosen = {c.number for c in wanted}
    resets: dict[int, list[ResetRecord]] = {}
    for r in found.resets:
        if r.connection in chosen:
            resets.setdefault(r.connection, []).append(r)
    done = {}
    for c in wanted:
        one = by_packets(found, c, resets.get(c.number, []))
        done[c.number] = replace(one, segments=segments(c, told[c.first_frame], one, second.headers))
    return done


def stories(found: Scan, wanted: Sequence[Record]) -> Iterator[Connection]:
    """These connections one after the other.

    What two captures tell of one, and what its calls should have returned, needs its packets: those are read again, of
    so many connections at a time as fit into memory.
    """
    resets: dict[int, list[ResetRecord]] = {}
    for r in found.resets:
        resets.setdefault(r.connection, []).append(r)
    batch: list[Record] = []
    packets = 0
    if found.vantage is None and found.joining is None:
        for c in wanted:
            yield connection_story(found, c, resets.get(c.number, ()))
        return
    for c in wanted:
        batch.append(c)
        packets += c.packets[0] + c.packets[1] if needs_packets(found, c) else 0
        if packets >= MOST_PACKETS or c is wanted[-1]:
            told = tell(found, [one.number for one in batch if needs_packets(found, one)]).connections
            full = {one.number: one for one in told}
            for one in batch:
                if one.number in full:
                    yield full.pop(one.number)
                else:
                    yield connection_story(found, one, resets.get(one.number, ()))
            batch, packets = [], 0


def needs_packets(found: Scan, c: Record) -> bool:
    """Whether more is told of a connection when its packets are looked at again."""
    if found.vantage is not None:
        return True
    ends = [str(Endpoint(address(c.version, c.hi[side], c.lo[side]), c.port[side])) for side in (0, 1)]
    return found.joining is not None and found.joining.needs_packets(*ends)


def tell(found: Scan, numbers: Sequence[int], progress: Callable[[int], None] | None = None) -> Story:
    """The story of the connections `numbers`, with every packet; reads the capture a second time.

    Where the server's end was captured, too, by both. Raises KeyError for a number that the capture does not have.
    """
    view = found.vantage
    more = [] if view is None else [n for n in view.beside(0, numbers) if n not in set(numbers)]
    more += [] if view is None else [n for n in view.witnesses(numbers) if n not in more]
    told = with_packets(found, [*numbers, *more], progress)
    if view is not None:
        told |= view.together(told, with_packets(view.server, view.there(told), progress), numbers)
    by_number = {c.number: c for c in found.connections}
    stories = []
    for c in [by_number[number] for number in numbers]:
        one, packets = told[c.number], told[c.number].segments
        if view is None:
            from .delivered import as_delivered

            packets = as_delivered(packets)
        if found.joining is not None:
            from .joining import with_states
            from .strays import marked

            packets, one = with_states(packets, found.joining.join(one))
            packets = marked(packets, one)
        elif view is None:
            packets = without_kernels(packets)
        one = replace(with_outcomes(found, c, one), segments=packets)
        if found.joining is not None and one.calls:
            from .outcomes.calls import predicted

            one = predicted(one, tuple(found.joining.settings(one)))
        one = with_verdicts(found, one)
        if begun_by_forgery(one):
            before = next((told[n] for n, after in found.continued.items() if after == c.number and n in told), None)
            one = one if before is None else named_as_before(one, before)
        if needs_packets(found, c):
            from .findings import with_finding
            from .findings.copies import own_packets
            from .ways import Ways

            made = None if found.joining is None else found.joining.recorded
            one = with_finding(one, "" if made is None else made.kernel)
            client, server = Ways(one, made, own_packets(one)).last(one.verdicts[0].finding)
            one = replace(one, client_state=client, server_state=server)
        stories.append(one)
    return Story(capture_story(found), tuple(stories), len(found.connections))


def sack_blocks(header: bytes) -> tuple[tuple[int, int], ...]:
    """The SACK blocks of a TCP header as far as it is captured, the newest first (RFC 2018, 3)."""
    at = 20
    while at + 2 <= len(header) and header[at] != 0:
        kind, size = header[at], header[at + 1]
        if kind == 5:
            edges = header[at + 2 : min(at + size, len(header))]
            numbers = [int.from_bytes(edges[i : i + 4], "big") for i in range(0, len(edges) - 3, 4)]
            return tuple(zip(numbers[::2], numbers[1::2], strict=False))
        at += 1 if kind == 1 else max(size, 2)
    return ()


def checksum_says(c: Record, side: int) -> bool:
    """Whether a wrong checksum of one end means damage: not where all are wrong, or one was acknowledged."""
    if c.facts >> side & FACT_VOUCHED:
        return False
    return bool(c.facts >> side & FACT_CHECKSUM) or c.packets[side] == 1


def segments(
    c: Record, rows: list[tuple[int, ...]], connection: Connection, headers: Mapping[int, bytes]
) -> tuple[Segment, ...]:
    """The packets of a told connection; later packets decide what an earlier one led to.

    A SYN that was never answered, or answered only by RST, did not bring its receiver to SYN_RCVD.
    """
    resets = {r.frame: r for r in connection.resets}
    first_copy: dict[tuple[int, int, int], int] = {}
    last_same: dict[tuple[int, ...], int] = {}
    silent = [c.packets[side] == 0 for side in (0, 1)]
    refuses = [c.packets[side] == c.rst[side] and not silent[side] for side in (0, 1)]
    says = [checksum_says(c, side) for side in (0, 1)]
    done = []
    for row in rows:
        (frame, ts, side, flags, seq, ack, window, length, captured, ttl, ip_id, flow_label, options, mss, wscale) = (
            row[:15]
        )
        (left, right, tsval, tsecr, checksum, _fault, state_0, state_1, marks) = row[15:]
        states = [state_0, state_1]
        for end in (0, 1):
            if silent[end] and end != c.client and c.facts & FACT_START:
                states[end] = UNKNOWN
            elif refuses[end] and states[end] in (SYN_RCVD, LISTEN):
                states[end] = CLOSED
        same = (side, flags, seq, ack, length, ip_id)
        place = (side, flags & 3, seq)
        original = first_copy.setdefault(place, frame) if length or flags & 3 else frame  # no pure ACK
        done.append(
            Segment(
                frame=frame,
                ts_ns=ts,
                side=side_name(c, side),
                flags=flags,
                seq=seq,
                ack=ack,
                window=window,
                payload=length,
                captured=captured,
                ttl=ttl,
                ip_id=ip_id if ip_id >= 0 else None,
                flow_label=flow_label if c.version == 6 else None,
                options=Options(
                    mss=mss if options & OPTION_MSS else None,
                    window_scale=wscale if options & OPTION_WINDOW_SCALE else None,
                    sack_permitted=bool(options & OPTION_SACK_PERMITTED),
                    sack=(sack_blocks(headers.get(frame, b"")) or ((left, right),)) if options & OPTION_SACK else (),
                    tsval=tsval if options & OPTION_TIMESTAMPS else None,
                    tsecr=tsecr if options & OPTION_TIMESTAMPS else None,
                ),
                checksum=CHECKSUMS[  # type: ignore[arg-type]
                    CHECKSUM_UNCHECKED if checksum == CHECKSUM_BAD and not says[side] else checksum
                ],
                client_state=STATES[states[c.client]],
                server_state=STATES[states[1 - c.client]],
                retransmission_of=original if marks & MARK_RETRANSMISSION else None,
                duplicate_of=last_same.get(same) if marks & MARK_DUPLICATE else None,
                out_of_order=bool(marks & MARK_OUT_OF_ORDER),
                keepalive=bool(marks & MARK_KEEPALIVE),
                window_probe=bool(marks & MARK_WINDOW_PROBE),
                reset=resets.get(frame),
                header=headers.get(frame, b""),
            )
        )
        last_same.setdefault(same, frame)
    return corrected(done)
