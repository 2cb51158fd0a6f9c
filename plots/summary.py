"""The first screen: what the capture is, its endings, what went wrong where, what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..analyze.story import BothEnds, Capture, Clustering, EndingCount, Summary
from .clusters import headline, what, wireshark_filter
from .visible import visible
from .words import number, say

MEANING = {
    "closed": "both FINs were acknowledged",
    "reset": "a RST that its receiver accepted",
    "refused": "a SYN answered by RST",
    "unanswered": "a SYN that nobody answered",
    "handshake-incomplete": "SYN and SYN-ACK, no more",
    "half-closed": "one end closed, the other not yet",
    "timed-out": "sent three times, no answer",
    "open": "in use when the capture ended",
    "unknown": "the capture does not show it",
}
STYLE = {
    "closed": "green",
    "open": "cyan",
    "reset": "bold red",
    "refused": "red",
    "unanswered": "yellow",
    "handshake-incomplete": "yellow",
    "half-closed": "yellow",
    "timed-out": "magenta",
    "unknown": "dim",
}
BAR = 20
SHOWN = 8  # numbers of connections in a line
ROOM = 13  # lines for clusters


def clock(ns: int) -> str:
    """A time of day in UTC."""
    try:
        return datetime.fromtimestamp(ns // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return f"{ns / 1e9:.0f} s"


def span(ns: int) -> str:
    """A duration with three digits that matter."""
    value = ns / 1e9
    if value < 1e-3:
        return f"{value * 1e6:.0f} µs"
    if value < 1:
        return f"{value * 1e3:.3g} ms"
    if value < 120:
        return f"{value:.3g} s"
    if value < 7200:
        return f"{value / 60:.3g} min"
    return f"{value / 3600:.3g} h" if value < 48 * 3600 else f"{value / 86400:.3g} days"


def count(number: int, what: str) -> str:
    """1 packet, 2 packets."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def capture_lines(capture: Capture) -> list[Text]:
    """What the capture is, in two lines, and what is wrong with it."""
    links = ", ".join(capture.link_types) or "no packets"
    lines = [
        Text.assemble(
            (visible(", ".join(capture.files)), "bold"),
            f"  {capture.format}, {links}: {count(capture.packets, 'packet')}, {capture.tcp_packets:,} of them TCP",
        )
    ]
    if capture.first_ns is not None and capture.last_ns is not None:
        lines.append(
            Text(
                f"{clock(capture.first_ns)} to {clock(capture.last_ns)} UTC"
                f" ({span(capture.last_ns - capture.first_ns)})",
                "dim",
            )
        )
    for damage in capture.damage:
        lines.append(
            Text(f"damaged at byte {damage.offset:,}: {visible(damage.what)}; read: {visible(damage.read)}", "yellow")
        )
    remarks = list(capture.notes)
    if capture.one_sided:
        remarks.append("only one direction of each connection was captured")
    if capture.dropped:
        remarks.append(f"{count(capture.dropped, 'packet')} dropped while capturing")
    if remarks:
        lines.append(Text("note: " + "; ".join(visible(remark) for remark in remarks), "dim"))
    return lines


def endings_table(endings: tuple[EndingCount, ...], total: int, width: int) -> Table:
    """Endings with counts and bars; bars are linear, a single connection still shows."""
    most = max((e.count for e in endings), default=1)
    rows = []
    for e in endings:
        eighths = max(1, round(e.count / most * BAR * 8))
        bar = "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
        share = 100 * e.count / total
        rows.append((e, f"{e.count:,}", f"{share:.1f} %" if share >= 0.1 else "<0.1 %", bar))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, min_width=max((len(e.ending) for e in endings), default=0))
    table.add_column(justify="right", no_wrap=True, min_width=max((len(row[1]) for row in rows), default=0))
    table.add_column(justify="right", no_wrap=True, min_width=7)
    table.add_column(no_wrap=True, min_width=BAR)
    meanings = width >= 96
    if meanings:
        table.add_column(no_wrap=True, overflow="ellipsis", style="dim")
    for e, many, percent, bar in rows:
        meaning = (MEANING[e.ending],) if meanings else ()
        table.add_row(Text(e.ending, STYLE[e.ending]), many, percent, Text(bar, STYLE[e.ending]), *meaning)
    return table


def cluster_lines(clustering: Clustering, console: Console, lang: str, room: int) -> list[Text]:
    """What went wrong, as many clusters as there is room for in lines, and at least one; nothing is cut."""
    told = [cluster for cluster in clustering.clusters if not cluster.benign]
    digits = max((len(number(cluster.count)) for cluster in told), default=0)
    lines: list[Text] = []
    left_out, connections = clustering.left_out, clustering.left_out_connections
    for place, cluster in enumerate(told):
        head = Text.assemble((visible(headline(cluster, lang)), "bold"))
        its = [*head.wrap(console, max(20, console.width - digits - 4))]
        its += Text(what(cluster, lang), STYLE[cluster.ending]).wrap(console, max(20, console.width - digits - 4))
        if lines and len(lines) + len(its) > room:
            left_out += len(told) - place
            connections += sum(one.count for one in told[place:])
            break
        for row, text in enumerate(its):
            count_here = number(cluster.count) if row == 0 else ""
            text.rstrip()
            lines.append(Text.assemble((f"  {count_here:>{digits}}  ", "bold"), text))
    if left_out:
        lines.append(
            Text("  " + say("clusters-more", lang, n=number(left_out), connections=number(connections)), "dim")
        )
    harmless: dict[str, int] = {}
    for cluster in clustering.clusters:
        if cluster.benign and cluster.ending not in ("closed", "open"):
            harmless[cluster.verdict.code] = harmless.get(cluster.verdict.code, 0) + cluster.count
    if harmless:
        listed = ", ".join(f"{number(many)} {code}" for code, many in harmless.items())
        lines.append(Text("  " + say("clusters-harmless", lang, list=listed), "dim"))
    return lines


def listed(numbers: Sequence[int]) -> str:
    """Connections by number, the first ones."""
    shown = ", ".join(str(number) for number in numbers[:SHOWN])
    return shown + (f" and {len(numbers) - SHOWN:,} more" if len(numbers) > SHOWN else "")


def both_ends_lines(ends: BothEnds) -> list[str]:
    """What the capture at the server's end adds to the first screen."""
    file = visible(", ".join(ends.server_files))
    lines = [f"{ends.there:,} of {count(ends.connections, 'connection')} in {file} too"]
    if ends.ambiguous:
        lines[0] += f"; {ends.ambiguous:,} fit several there, and are told from one capture"
    if ends.clock is not None:
        offset = ends.clock.offset_ns
        way = f"{span(abs(offset))} {'ahead' if offset > 0 else 'behind'}" if offset else "the same"
        give = "" if ends.clock.uncertainty_ns is None else f", ± {span(ends.clock.uncertainty_ns)}"
        give = ", by packets of one direction only" if ends.clock.uncertainty_ns is None else give
        drift = f", gaining {ends.clock.drift_ppm:.3g} ppm" if ends.clock.drift_ppm else ""
        lines.append(f"the server's clock: {way}{'' if ends.clock.same else give}{drift}")
    if ends.lost_packets:
        lines.append(f"lost on the way, proved: {count(ends.lost_packets, 'packet')} (connection {listed(ends.lost)})")
    if ends.unsent_packets:
        lines.append(
            f"sent by neither end, proved: {count(ends.unsent_packets, 'packet')} (connection {listed(ends.unsent)})"
        )
    if ends.corrected:
        lines.append(f"ended otherwise than one capture alone tells: connection {listed(ends.corrected)}")
    return lines


def print_both_ends(ends: BothEnds, console: Console) -> None:
    """Write that to `console`."""
    console.print()
    console.print(Text("Captured at both ends", "bold"))
    for line in both_ends_lines(ends):
        console.print(Text(f"  {line}"), soft_wrap=True)


def print_summary(summary: Summary, console: Console, lang: str = "en") -> None:
    """Write the screen to `console`."""
    for line in capture_lines(summary.capture):
        console.print(line)
    console.print()
    if not summary.total:
        console.print("There is no TCP connection in this capture.")
        return
    heading = count(summary.connections, "connection")
    if summary.connections != summary.total:
        heading += f" of {summary.total:,} match the filter"
    console.print(Text(heading, "bold"))
    if not summary.connections:
        return
    console.print(endings_table(summary.endings, summary.connections, console.width))
    file = " ".join(shlex.quote(visible(name)) for name in summary.capture.files)
    clusters = summary.clustering.clusters
    lines = cluster_lines(summary.clustering, console, lang, ROOM)
    if lines:
        console.print()
        console.print(
            Text.assemble((say("clusters-title", lang), "bold"), ("  " + say("clusters-example", lang), "dim"))
        )
        for one in lines:
            console.print(one, soft_wrap=True)
    example = clusters[0].example
    console.print()
    console.print(Text("Next", "bold"))
    width = max(len(f"finrst explain {file} --connection {example}"), 0)
    rows = [(f"finrst explain {file} --connection {example}", "its story, packet by packet")]
    rows.append((f"finrst draw {file} --connection {example} -o {example}.svg", "the same as a figure"))
    for command, does in rows:
        line = Text.assemble("  ", (command, "cyan"))
        if len(command) + len(does) + 5 <= console.width:
            line.append(" " * max(3, width + 14 - len(command)) if len(command) < width + 14 else "   ")
            line.append(does, "dim")
        console.print(line, soft_wrap=True)
    if lines:
        console.print(Text.assemble("  in Wireshark: ", (wireshark_filter(clusters[0]), "cyan")), soft_wrap=True)
