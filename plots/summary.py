"""The first screen: what the capture is, its endings, what went wrong where, what to type next."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..analyze.story import BothEnds, Capture, Clustering, EndingCount, Summary
from .clusters import harmless, headline, what, wireshark_filter
from .metrics import cells, wrap
from .of_capture import when
from .typed import command
from .visible import visible
from .words import count, number, say, span
from .words.notes import in_chinese

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
BAR, NARROW_BAR = 20, 15
WIDE = 96  # columns from which on there is room for the longer bar
SHOWN = 8  # numbers of connections in a line
MOST_FILES = 3  # that are named at the top
MOST_TYPED = 6  # ... and in a command
ROOM = 13  # lines for clusters


def in_lines(text: str, width: int, style: str = "") -> Text:
    """Text in lines no wider than `width` columns; Chinese breaks where its punctuation lets it."""
    return Text("\n".join(wrap(text, width, cells)), style)


def capture_lines(capture: Capture, width: int, lang: str) -> list[Text]:
    """What the capture is, in two lines, and what is wrong with it."""
    files = visible(", ".join(capture.files[:MOST_FILES]))
    if len(capture.files) > MOST_FILES:
        files = say("and-more", lang, list=files, n=number(len(capture.files) - MOST_FILES))
    links = ", ".join(capture.link_types) or say("summary-no-packets", lang)
    packets = count(capture.packets, "packet", lang)
    what_it_is = say(
        "summary-packets", lang, format=capture.format, links=links, packets=packets, tcp=number(capture.tcp_packets)
    )
    first = in_lines(f"{files}  {what_it_is}", width)
    first.stylize("bold", 0, len(files))
    lines = [first]
    if capture.first_ns is not None and capture.last_ns is not None:
        lasted = span(capture.last_ns - capture.first_ns)
        lines.append(
            in_lines(
                say("summary-time", lang, when=when(capture.first_ns, capture.last_ns, lang), time=lasted), width, "dim"
            )
        )
    for damage in capture.damage:
        said = say(
            "summary-damaged", lang,
            offset=number(damage.offset), what=told(damage.what, lang), read=told(damage.read, lang),
        )  # fmt: skip
        lines.append(in_lines(said, width, "yellow"))
    remarks = [told(note, lang) for note in capture.notes]
    if capture.one_sided:
        remarks.append(say("summary-one-sided", lang))
    if capture.dropped:
        remarks.append(say("summary-dropped", lang, packets=count(capture.dropped, "packet", lang)))
    if remarks:
        remark = say("summary-note", lang, list=say("semicolon", lang).join(remarks))
        lines.append(in_lines(remark, width, "dim"))
    return lines


def told(note: str, lang: str) -> str:
    """What a capture's reader says of it."""
    return visible(in_chinese(note) if lang == "zh" else note)


def endings_table(endings: tuple[EndingCount, ...], total: int, width: int, lang: str = "en") -> Table:
    """Endings with counts and bars, and what they are where there is room; bars are linear, and one still shows.

    An ending's name is the same in both languages: it is typed, in filters.
    """
    most = max((e.count for e in endings), default=1)
    full = BAR if width >= WIDE else NARROW_BAR
    rows = []
    for e in endings:
        eighths = max(1, round(e.count / most * full * 8))
        bar = "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
        share = 100 * e.count / total
        rows.append((e, number(e.count), f"{share:.1f} %" if share >= 0.1 else "<0.1 %", bar))
    widths = (max(len(e.ending) for e in endings), max(len(row[1]) for row in rows), 7, full)
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for place, least in enumerate(widths):
        table.add_column(no_wrap=True, min_width=least, justify="right" if place in (1, 2) else "left")
    meanings = {e.ending: say(f"ending-{e.ending}", lang) for e in endings}
    shown = sum(widths) + 2 * len(widths) + 2 + max(map(cells, meanings.values())) <= width
    if shown:
        table.add_column(no_wrap=True, style="dim")
    for e, many, percent, bar in rows:
        meaning = (meanings[e.ending],) if shown else ()
        table.add_row(Text(e.ending, STYLE[e.ending]), many, percent, Text(bar, STYLE[e.ending]), *meaning)
    return table


def cluster_lines(clustering: Clustering, width: int, lang: str, room: int) -> list[Text]:
    """What went wrong, as many clusters as there is room for in lines, and at least one; nothing is cut."""
    told = [cluster for cluster in clustering.clusters if not cluster.benign]
    digits = max((len(number(cluster.count)) for cluster in told), default=0)
    beside = max(20, width - digits - 4)
    lines: list[Text] = []
    left_out, connections = clustering.left_out, clustering.left_out_connections
    for place, cluster in enumerate(told):
        its = [Text(line, "bold") for line in wrap(visible(headline(cluster, lang)), beside, cells)]
        its += [Text(line, STYLE[cluster.ending]) for line in wrap(what(cluster, lang), beside, cells)]
        if lines and len(lines) + len(its) > room:
            left_out += len(told) - place
            connections += sum(one.count for one in told[place:])
            break
        for row, text in enumerate(its):
            count_here = number(cluster.count) if row == 0 else ""
            lines.append(Text.assemble((f"  {count_here:>{digits}}  ", "bold"), text))
    if left_out:
        more = say("clusters-more", lang, n=number(left_out), connections=number(connections))
        lines += indented(more, width, "dim")
    if nobody_hurt := harmless(clustering, lang):
        lines += indented(nobody_hurt, width, "dim")
    return lines


def indented(text: str, width: int, style: str = "") -> list[Text]:
    """Lines two columns in."""
    return [Text(f"  {line}", style) for line in wrap(text, width - 2, cells)]


def listed(numbers: Sequence[int], lang: str) -> str:
    """Connections by number, the first ones."""
    shown = ", ".join(str(number) for number in numbers[:SHOWN])
    return say("and-more", lang, list=shown, n=number(len(numbers) - SHOWN)) if len(numbers) > SHOWN else shown


def both_ends_lines(ends: BothEnds, lang: str = "en") -> list[str]:
    """What the capture at the server's end adds to the first screen."""
    file = visible(", ".join(ends.server_files))
    connections = count(ends.connections, "connection", lang)
    lines = [say("both-there", lang, n=number(ends.there), connections=connections, file=file)]
    if ends.ambiguous:
        lines[0] += say("both-ambiguous", lang, n=number(ends.ambiguous))
    if ends.clock is not None:
        offset = ends.clock.offset_ns
        key = "both-clock-ahead" if offset > 0 else "both-clock-behind" if offset else "both-clock-same"
        give = say("both-clock-one-way", lang)
        if ends.clock.uncertainty_ns is not None:
            give = say("both-clock-give", lang, time=span(ends.clock.uncertainty_ns))
        drift = say("both-clock-drift", lang, n=f"{ends.clock.drift_ppm:.3g}") if ends.clock.drift_ppm else ""
        way = say(key, lang, time=span(offset))
        lines.append(say("both-clock", lang, way=way, give="" if ends.clock.same else give, drift=drift))
    for key, packets, numbers in (
        ("both-lost", ends.lost_packets, ends.lost),
        ("both-unsent", ends.unsent_packets, ends.unsent),
    ):
        if packets:
            lines.append(say(key, lang, packets=count(packets, "packet", lang), list=listed(numbers, lang)))
    if ends.corrected:
        lines.append(say("both-corrected", lang, list=listed(ends.corrected, lang)))
    return lines


def print_both_ends(ends: BothEnds, console: Console, lang: str = "en") -> None:
    """Write that to `console`."""
    console.print()
    console.print(Text(say("both-title", lang), "bold"))
    for line in both_ends_lines(ends, lang):
        for text in indented(line, console.width):
            console.print(text, soft_wrap=True)


def print_summary(summary: Summary, console: Console, lang: str = "en") -> None:
    """Write the screen to `console`."""
    for line in capture_lines(summary.capture, console.width, lang):
        console.print(line, soft_wrap=True)
    console.print()
    if not summary.total:
        console.print(say("summary-none", lang))
        return
    heading = count(summary.connections, "connection", lang)
    if summary.connections != summary.total:
        heading = say("summary-filtered", lang, n=number(summary.connections), total=number(summary.total))
    console.print(Text(heading, "bold"))
    if not summary.connections:
        return
    console.print(endings_table(summary.endings, summary.connections, console.width, lang))
    clusters = summary.clustering.clusters
    lines = cluster_lines(summary.clustering, console.width, lang, ROOM)
    if lines:
        console.print()
        console.print(Text(say("clusters-title", lang), "bold"))
        for one in lines:
            console.print(one, soft_wrap=True)
    console.print()
    console.print(Text(say("summary-next", lang), "bold"))
    for one in next_commands(summary.capture, clusters[0].example, console.width, lang):
        console.print(one, soft_wrap=True)
    if lines:
        its_filter = (wireshark_filter(clusters[0]), "cyan")
        console.print(Text.assemble("  " + say("summary-wireshark", lang), its_filter), soft_wrap=True)


def next_commands(capture: Capture, example: int, width: int, lang: str) -> list[Text]:
    """What to type for one connection's story, never cut; beside them what they do, where there is room."""
    rows = [
        (command(capture, "explain", example, MOST_TYPED), say("summary-story", lang)),
        (command(capture, "draw", example, MOST_TYPED) + f" -o {example}.svg", say("summary-figure", lang)),
    ]
    column = max(cells(typed) for typed, _ in rows) + 3
    shown = 2 + column + max(cells(does) for _, does in rows) <= width
    return [
        Text.assemble("  ", (typed, "cyan"), (" " * (column - cells(typed)) + does if shown else "", "dim"))
        for typed, does in rows
    ]
