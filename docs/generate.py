"""Write the pages that are made from the code; with --check, only say which of them are out of date.

python docs/generate.py [--check]
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import json
import pkgutil
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

HERE = Path(__file__).parent
RULE = re.compile(r"=+( +=+)+")


def pages_text(docstring: str | None) -> str:
    """A docstring as Markdown: its tables (columns under `====`) become Markdown's."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    text: list[str] = []
    columns: list[tuple[int, int | None]] = []
    rows: list[list[str]] = []
    for line in lines:
        if RULE.fullmatch(line.strip()):
            indent = len(line) - len(line.lstrip())
            if not columns:
                starts = [indent + match.start() for match in re.finditer("=+", line.strip())]
                columns = list(zip(starts, [*starts[1:], None], strict=True))
            elif len(rows) > 1:  # the rule at the end
                text += table(rows)
                columns, rows = [], []
        elif columns:
            cells = [line[start:end].strip() for start, end in columns]
            if cells[0] or not rows:
                rows.append(cells)
            else:  # the row before goes on
                rows[-1] = [f"{before} {more}".strip() for before, more in zip(rows[-1], cells, strict=True)]
        else:
            text.append(line)
    return "\n".join(text)


def table(rows: list[list[str]]) -> list[str]:
    head, *body = rows
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in body]
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines]


def named_values(source: str) -> Iterator[str]:
    """Groups of constants, each under the comment that introduces it."""
    block = re.compile(r"^# (?P<what>.+)\n(?P<values>(?:[A-Z][A-Z_0-9]* = .+\n)+)", re.MULTILINE)
    for group in block.finditer(source):
        rows = [["name", "value", "meaning"]]
        for line in group["values"].splitlines():
            name, value = line.split(" = ", 1)
            value, _, meaning = value.partition("  # ")
            rows.append([f"`{name}`", value, meaning])
        if not any(meaning for *_, meaning in rows[1:]):  # the names say it
            rows = [row[:2] for row in rows]
        yield "\n".join([f"**{group['what'].rstrip('.')}**", "", *table(rows)])


def packet_table() -> str:
    """capture/table.py and capture/decode.py: The packet table"""
    module = importlib.import_module("finrst.capture.table")
    packet = importlib.import_module("finrst.capture.decode").Packet
    parts = [pages_text(module.__doc__), "## Packet", pages_text(packet.__doc__)]
    for name, found in inspect.getmembers(module, inspect.isclass):
        if found.__module__ == module.__name__:
            parts += [f"## {name}", pages_text(found.__doc__)]
    return "\n\n".join([*parts, "## Values", *named_values(inspect.getsource(module))])


def formats() -> str:
    """capture/formats/: Capture formats"""
    package = importlib.import_module("finrst.capture.formats")
    stream = importlib.import_module("finrst.capture.stream")
    parts = [pages_text(package.__doc__)]
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        parts += [f"## {found.name}", pages_text(module.__doc__)]
    return "\n\n".join([*parts, "## Where the bytes come from", pages_text(stream.__doc__)])


def states() -> str:
    """analyze/states.py: The TCP state table"""
    module = importlib.import_module("finrst.analyze.states")
    rows = [["in state", "event", "goes to"]]
    for (state, event), after in sorted(module.TABLE.items()):
        rows.append([module.STATES[state], module.EVENTS[event], module.STATES[after]])
    unseen = [["in state", "call or time", "goes to"]]
    for (state, call), after in module.UNSEEN.items():
        unseen.append([module.STATES[state], call, module.STATES[after]])
    parts = [pages_text(module.__doc__), "\n".join(table(rows)), "What no packet shows:", "\n".join(table(unseen))]
    return "\n\n".join(parts)


def recordings() -> str:
    """capture/recording.py, capture/facts.py: Recordings"""
    from finrst.capture import facts, recording

    text = [pages_text(recording.__doc__), "", "## truth.jsonl", "", pages_text(facts.__doc__)]
    text += ["", "[truth.schema.json](truth.schema.json) is its JSON Schema.", ""]
    source = inspect.getsource(facts)
    for name, kind in facts.KINDS.items():
        body = re.search(rf"class {kind.__name__}:\n(.+?)\n\n\n", source, re.DOTALL)
        rows = [["field", "type", "meaning"]]
        for line in body[1].splitlines() if body else []:
            if field := re.match(r"    (\w+): (?!ClassVar)([^=#]+?)(?: = [^#]+?)?(?:  # (.+))?$", line):
                rows.append([f"`{field[1]}`", f"`{field[2]}`", field[3] or ""])
        text += [f"### {name}", "", inspect.cleandoc(kind.__doc__ or ""), "", *table(rows), ""]
    text += ["## scenario.toml", "", inspect.cleandoc(recording.Description.__doc__ or ""), ""]
    return "\n".join(text)


def packet_script() -> str:
    """capture/packet_script.py: Packet scripts"""
    module = importlib.import_module("finrst.capture.packet_script")
    told = "`finrst draw FILE --connection N -o OUT.pkt` writes them."
    return f"{pages_text(module.__doc__)}\n\n{told}"


def truth_schema() -> str:
    """The JSON Schema of truth.jsonl."""
    from finrst.capture import facts

    return json.dumps(facts.schema(), indent=1) + "\n"


def reasons() -> str:
    """analyze/resets.py: Why a RST was sent"""
    from finrst.analyze import resets

    rows = [["reason", "function", "what has happened"]]
    rows += [[f"`{name}`", one.where, one.why] for name, one in resets.REASONS_WHEN.items()]
    signs = [["sign", "what it is"]]
    signs += [[sign.__name__.replace("_", " "), sentence(sign.__doc__)] for sign in resets.SIGNS]
    parts = [
        pages_text(resets.__doc__),
        "## Reasons",
        "\n".join(table(rows)),
        "## Signs of another sender",
        f"{resets.ENOUGH} of these, or that its sender went on talking as if nothing had been.",
        "\n".join(table(signs)),
    ]
    return "\n\n".join(parts) + "\n"


def sentence(docstring: str | None) -> str:
    """A docstring in one line."""
    return " ".join((docstring or "").split())


def outcomes() -> str:
    """analyze/outcomes/: What each application sees"""
    from finrst.analyze.outcomes import automaton, bsd, windows, worlds
    from finrst.analyze.outcomes.table import outcome

    happened = {
        "a FIN came": worlds.SINCE["CLOSE_WAIT"],
        "a RST came": (*worlds.SINCE["ESTABLISHED"], "rst"),
        "a FIN came, then a RST": (*worlds.SINCE["CLOSE_WAIT"], "rst"),
        "a FIN came, its own was sent, then a RST came": (*worlds.SINCE["LAST_ACK"], "rst"),
        "it has shut down for writing": worlds.SINCE["FIN_WAIT_2"],
        "it has shut down for writing, then a RST came": (*worlds.SINCE["FIN_WAIT_2"], "rst"),
        "connect was refused": ("syn_sent", "rst"),
        "nobody answered until a limit": (*worlds.SINCE["ESTABLISHED"], "timeout"),
        "`ss -K`": (*worlds.SINCE["ESTABLISHED"], "destroyed"),
    }
    pages = [pages_text(automaton.__doc__)]
    for name, origin in (("linux", ""), ("macos", pages_text(bsd.__doc__)), ("windows", pages_text(windows.__doc__))):
        rows = [["what has happened", "read", "then read", "write", "then write", "SO_ERROR", "poll"]]
        for what, world in happened.items():
            one = outcome(worlds.Seen((world,)), name)
            assert one.next is not None
            signal = " and SIGPIPE" if one.sigpipe else ""
            poll = " ".join(one.next["poll"])
            after = (one.after["read"]["read"], one.after["write"]["write"])
            rows.append([what, str(one.next["read"]), str(after[0]), f"{one.next['write']}{signal}", str(after[1]),
                         str(one.next["so_error"]), poll])  # fmt: skip
        pages += [f"## {name}", origin, "\n".join(table(rows))]
    return "\n\n".join(page for page in pages if page)


def record_schema() -> str:
    """The JSON Schema of what `finrst explain` writes for programs."""
    from finrst.analyze import schema

    return json.dumps(schema.schema(), indent=1) + "\n"


def commands(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below and not below.hidden:
                yield from commands(below, click.Context(below, parent=context, info_name=name, terminal_width=100))


def command_line() -> str:
    """src/finrst/cli.py: The command line"""
    module = importlib.import_module("finrst.cli")
    top = module.finrst
    context = click.Context(top, info_name="finrst", terminal_width=100, **top.context_settings)
    return "\n\n".join(commands(top, context))


def documented(thing: object, name: str) -> Iterator[str]:
    """What is called, and what its docstring says."""
    yield f"### {name}\n"
    if callable(thing):
        signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(thing)))
        for long, short in (
            ("str | PathLike[str] | Sequence[str | PathLike[str]]", "Paths"), ("str | PathLike[str]", "Path"),
            ("(self, ", "("), ("(self)", "()"),
        ):  # fmt: skip
            signature = signature.replace(long, short)
        yield f"```python\n{name}{signature}\n```\n"
    yield f"{inspect.getdoc(thing)}\n"


def python() -> str:
    """src/finrst/__init__.py and src/finrst/reading.py: In Python"""
    finrst, reading = importlib.import_module("finrst"), importlib.import_module("finrst.reading")
    text = [
        "A `Path` is a str or a pathlib.Path; `Paths` is one of them, or several. `analyze/story.py` names every fact",
        "of a story, [the JSON Schema](record.schema.json) every fact of a record.\n",
        "## finrst\n",
    ]
    for name in ("read", "record"):
        text += documented(getattr(finrst, name), f"finrst.{name}")
    for kind in (reading.Reading, reading.Connections, reading.Told):
        text += [f"## {kind.__name__}\n", f"{inspect.getdoc(kind)}\n"]
        for name, member in vars(kind).items():
            if not name.startswith("_"):
                text += documented(member, f".{name}")
    return "\n".join(text).rstrip()


def scenarios() -> str:
    """capture/scenarios/: The scenarios"""
    package = importlib.import_module("finrst.capture.scenarios")
    parts = [
        "Each runs with real sockets on the reader's own kernel: `finrst record NAME -o DIR`.",
        "`finrst scenarios` lists them.",
    ]
    pages = [" ".join(parts)]
    for name, one in package.scenarios().items():
        pages += [f"## {name}", f"{one.title}."]
        facts = [f"measures {', '.join(one.claims)}"] if one.claims else []
        facts += [f"changes {one.perturbs}"] if one.perturbs else []
        facts += [f"needs {', '.join(one.needs)}"] if one.needs else []
        if facts:
            pages.append(f"*{'; '.join(facts)}*")
        pages += [f"**{heading}.** {text}" for heading, text in one.sections().items()]
    return "\n\n".join(pages)


def gallery() -> str:
    """capture/scenarios/: The gallery"""
    package = importlib.import_module("finrst.capture.scenarios")
    families: dict[str, list[tuple[str, str, str]]] = {}
    for name, one in package.scenarios().items():
        family = one.__module__.rsplit(".", 1)[1].replace("_", "-")
        files = ["diagram.svg", *(f"diagram-{number}.svg" for number in one.pictured[1:])]
        shown = "\n\n".join(f"![{one.title}](../samples/{name}/{file})" for file in files)
        families.setdefault(family, []).append((name, one.title, shown))
    figures = importlib.import_module("finrst.plots.figures").figures()
    one = [figure for figure in figures.values() if figure.of == "connection" and figure.name != "ladder"]
    pages = [
        "## Figures",
        "Of one connection (`finrst draw FILE --connection N --figure NAME`), here of the scenario write-twice:",
        *(f"**{figure.name}**: {first_line(figure)}\n\n![{figure.name}](pictures/{figure.name}.svg)" for figure in one),
        "## Scenarios",
        "The figure of every scenario, drawn from its recording in [samples](../samples/README.md):"
        " what [each of them](scenarios.md) does is written there.",
        " · ".join(f"[{family}](#{family})" for family in families),
    ]
    for family, members in families.items():
        pages.append(f"### {family}")
        first, *others = members
        pages.append(first[2])
        pages += [
            f"<details><summary>{name}: {title}</summary>\n\n{shown}\n\n</details>" for name, title, shown in others
        ]
    return "\n\n".join(pages)


def claims() -> str:
    """analyze/claims/: The claims"""
    package = importlib.import_module("finrst.analyze.claims")
    pages = [
        pages_text(package.__doc__),
        "`finrst claims` replays all of them; `finrst claims N7` those of one number.",
    ]
    for code, one in package.claims().items():
        pages += [f"## {code}", f"> {one.says}", pages_text(one.__doc__)]
        pages.append(f"Recorded: {', '.join(f'`{name}`' for name in one.scenarios)}.")
        if one.changed:
            pages.append(f"Changed, to come out otherwise: {', '.join(f'`{name}`' for name in one.changed)}.")
    return "\n\n".join(pages)


def first_line(documented: object) -> str:
    """Of a docstring."""
    return inspect.cleandoc(documented.__doc__ or "").splitlines()[0]


def verdicts() -> str:
    """analyze/rules/: The verdicts"""
    package = importlib.import_module("finrst.analyze.rules")
    known = dict(sorted(package.rules().items()))
    about, unseen = pages_text(package.__doc__).split("## ", 1)
    rows = [["verdict", "a connection that ended by", "nobody is hurt"]]
    rows += [[f"[{code}](#{code})", one.first_line(), "yes" if one.benign else ""] for code, one in known.items()]
    pages = [
        about.rstrip(),
        "`finrst rules` lists them, `finrst rule CODE` shows one. Examples are [packet scripts](packet-script.md).",
        "\n".join(table(rows)),
    ]
    for code, one in known.items():
        where = f"pictures/verdicts/{code}.svg" if one.examples() else f"../samples/{one.recorded()}/diagram.svg"
        pages += [f"## {code}", one.page(), f"![{one.first_line()}]({where})"]
    signatures = importlib.import_module("finrst.analyze.rules.signatures")
    rows = [["", "stage", "pattern"]]
    rows += [[str(number), *one] for number, one in enumerate(signatures.SIGNATURES, 1)]
    pages += ["## Signatures of tampering", pages_text(signatures.__doc__), "\n".join(table(rows))]
    return "\n\n".join([*pages, f"## {unseen}"])


def example(script: str) -> str:
    """The ladder of a packet script's first connection."""
    packet_script = importlib.import_module("finrst.capture.packet_script")
    with tempfile.TemporaryDirectory() as scratch:
        packet_script.parse(script).write(Path(scratch) / "example")
        return drawn(Path(scratch) / "example")


def picture(figure: str = "ladder") -> str:
    """A figure of the notes' experiment; the ladder is the one in the README."""
    return drawn(HERE.parent / "samples" / "write-twice", figure)


def drawn(recording: Path, figure: str = "ladder") -> str:
    """What `finrst draw` writes of a recording's first connection."""
    program = importlib.import_module("finrst.cli").finrst
    with tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch) / "figure.svg"
        arguments = ["draw", str(recording), "--connection", "0", "--figure", figure, "-o", str(written)]
        program(arguments, standalone_mode=False)
        return written.read_text(encoding="utf-8")


FIGURES = ("header", "listing", "states", "time-sequence", "timeline")

PAGES: dict[str, Callable[[], str]] = {
    "claims.md": claims,
    "command-line.md": command_line,
    "formats.md": formats,
    "gallery.md": gallery,
    "packet-script.md": packet_script,
    "packet-table.md": packet_table,
    "pictures/write-twice.svg": picture,
    **{f"pictures/{name}.svg": partial(picture, name) for name in FIGURES},
    "outcomes.md": outcomes,
    "reasons.md": reasons,
    "python.md": python,
    "record.schema.json": record_schema,
    "scenarios.md": scenarios,
    "recordings.md": recordings,
    "states.md": states,
    "truth.schema.json": truth_schema,
    "verdicts.md": verdicts,
}


def pictures() -> dict[str, Callable[[], str]]:
    """The figure of each verdict's first example."""
    known = importlib.import_module("finrst.analyze.rules").rules()
    return {
        f"pictures/verdicts/{code}.svg": partial(example, one.examples()[0])
        for code, one in sorted(known.items())
        if one.examples()
    }


def page(name: str, write: Callable[[], str]) -> str:
    if not name.endswith(".md"):
        return write()
    origin, title = (write.__doc__ or "").split(": ", 1)
    return f"<!-- Made from {origin} by docs/generate.py: change it there. -->\n\n# {title}\n\n{write()}\n"


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        print(__doc__, file=sys.stderr)
        return 2
    stale = 0
    for name, write in (PAGES | pictures()).items():
        path = HERE / name
        new = page(name, write)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if new == old:
            continue
        stale += 1
        if check:
            print("".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), f"docs/{name}", "made now")))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
            print(f"docs/{name}")
    if check and stale:
        print("Pages are out of date: run ./dev docs", file=sys.stderr)
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
