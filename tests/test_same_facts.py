"""Every output of the ladder says the same as its scene: segments, states, what calls returned, and the verdict.

Each output is read back as a reader would see it, not as the program knows it: an SVG by where its texts stand, a text
by its columns, a script by its grammar. Pixels are not compared; of a PNG it is the placed figure that is drawn.
"""

from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

import finrst
from finrst.plots import words
from finrst.plots.backends import render
from finrst.plots.backends.raster import Raster
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.metrics import cells
from finrst.plots.placed import WIDTH, Text
from finrst.plots.scene import Arrow, Call, Fold, Note, Scene, Side, State
from finrst.plots.theme import TINT as STATES

SIDES: tuple[Side, Side] = ("client", "server")
SAMPLES = sorted(path.parent for path in (Path(__file__).parent.parent / "samples").glob("*/packets.pcapng"))
CHIP = re.compile(r"\[(?:[FSRP.UEWe]+|none)\]|ICMP")
RESULT = re.compile(r"= (-?\d+(?: E[A-Z0-9]+)?|E[A-Z0-9]+)")
Placed = tuple[float, float, str]  # x, y, a text


@dataclass
class Facts:
    """What one output says."""

    segments: list[str]  # flags, in their order
    client: list[str]  # its states, each once until the next
    server: list[str]
    results: list[str]  # of calls, sorted: an output may put them where a call begins or where it ends
    words: str  # all of its text, without spaces
    others: tuple[
        str, ...
    ] = ()  # what looks like a result in the scene's notes, which in few columns stand beside calls

    def says(self, sentence: str) -> bool:
        return squeezed(sentence) in self.words


def squeezed(text: str) -> str:
    return "".join(text.split())


def each_once(names: Iterable[str]) -> list[str]:
    return [name for name, _ in groupby(names)]


def results(text: str) -> list[str]:
    return sorted(RESULT.findall(text))


@cache
def connection(folder: Path) -> Any:
    return finrst.read(folder).connection(0)


# --- what the scene says


def of_the_scene(scene: Scene) -> Facts:
    told: list[State] = [scene.client_state, scene.server_state]
    for item in scene.items:
        if isinstance(item, Arrow):
            leaving, there = scene.entered(item)
            told += [*leaving, *there]
        elif isinstance(item, State):
            told.append(item)
    return Facts(
        [arrow.flags for arrow in scene.arrows],
        each_once(state.name for state in told if state.side == "client"),
        each_once(state.name for state in told if state.side == "server"),
        results(" | ".join(item.result or "" for item in scene.items if isinstance(item, Call))),
        squeezed(scene.verdict.text),
        tuple(results(" | ".join(item.text for item in scene.items if isinstance(item, Note)))),
    )


# --- pictures: by where texts stand


def of_a_page(texts: list[Placed], lang: str) -> Facts:
    top = next(y for _, y, text in texts if text == words.say("wire", lang))
    bottom = next(y for _, y, text in texts if text == words.say("legend", lang))
    body = sorted((text for text in texts if top < text[1] < bottom), key=lambda placed: placed[1])
    states = [(x, text) for x, _, text in body if text in STATES]
    left, right = min(x for x, _ in states), max(x for x, _ in states)
    aside = [(x, text) for x, _, text in body if not left <= x <= right]
    return Facts(
        [text for _, _, text in body if CHIP.fullmatch(text)],
        each_once(text for x, text in states if x == left),
        each_once(text for x, text in states if x == right),
        sorted(
            results(" ".join(text for x, text in aside if x < left))
            + results(" ".join(text for x, text in aside if x > right))
        ),
        squeezed("".join(text for _, _, text in texts)),
    )


def of_svg(scene: Scene) -> Facts:
    root = ET.fromstring(render(scene, "svg"))
    texts: list[Placed] = []
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        texts.append((float(element.get("x", "")), float(element.get("y", "")), "".join(element.itertext())))
    return of_a_page(texts, scene.lang)


def of_the_placed_png(scene: Scene) -> Facts:
    display = layout(scene, WIDTH, Raster.measure())
    return of_a_page([(s.x, s.y, s.text) for s in display.shapes if isinstance(s, Text)], scene.lang)


# --- characters: by their columns


def columns(line: str) -> list[str]:
    """A line's cells; behind a wide character stands an empty one."""
    return [cell for char in line for cell in (char, *[""] * (cells(char) - 1))]


def of_characters(text: str) -> Facts:
    lines = [columns(line) for line in text.splitlines()]
    rules = [number for number, line in enumerate(lines) if set(line) == {"─"}]
    body = lines[rules[0] + 1 : rules[-1]]
    upright = Counter(at for line in body for at, char in enumerate(line) if char in "│●")
    left, right = sorted(at for at, _ in upright.most_common(2))
    found: dict[str, list[str]] = {"client": [], "server": []}
    asides: dict[str, list[str]] = {"client": [], "server": [], "wire": []}
    for line in body:
        line += [" "] * (right + 40 - len(line))
        if "╌╌╌╌╌╌" in "".join(line[:12]) or "~~~~~~" in "".join(line[:12]):
            continue  # a break goes through all lanes
        for side, ribbon in (("client", line[left - 11 : left]), ("server", line[right + 1 : right + 12])):
            name = "".join(ribbon).strip()
            found[side] += (
                [name.replace("ESTAB", "ESTABLISHED")] if name.replace("ESTAB", "ESTABLISHED") in STATES else []
            )
        asides["client"].append("".join(line[: left - 11]))
        asides["server"].append("".join(line[right + 12 :]))
        asides["wire"].append("".join(line[left + 1 : right]))
    return Facts(
        [chip for line in asides["wire"] for chip in CHIP.findall(line)],
        each_once(found["client"]),
        each_once(found["server"]),
        sorted(
            found
            for lane in asides.values()
            for found in results(" ".join(re.sub("[┤├║⊗]", " ", " ".join(lane)).split()))
        ),
        squeezed("".join("".join(line).lstrip("▌") for line in lines)),
    )


def of_text(scene: Scene) -> Facts:
    return of_characters(render(scene, "txt", columns=100).decode())


def of_narrow_text(scene: Scene) -> Facts:
    return of_characters(render(scene, "txt", columns=80).decode())


def of_a_terminal(scene: Scene) -> Facts:
    return of_characters(re.sub(r"\x1b\[[0-9;]*m", "", render(scene, "ansi", columns=100).decode()))


# --- text that is read by its grammar


def of_mermaid(scene: Scene) -> Facts:
    shown = re.sub(r"#(\d+);", r"&#\1;", render(scene, "mmd").decode()).replace("<br/>", " ")
    lines = [html.unescape(line).strip() for line in shown.splitlines()]
    notes = [match for line in lines if (match := re.match(r"Note over (client|server): (\w+)$", line))]
    calls = [line for line in lines if "_process" in line.partition(":")[0]]
    return Facts(
        [match[1] for line in lines if (match := re.match(r"(?:client|server|path)-\S+?:? (\[[^]]*\]|ICMP) ", line))],
        each_once(note[2] for note in notes if note[1] == "client"),
        each_once(note[2] for note in notes if note[1] == "server"),
        results(" | ".join(calls)),
        squeezed("".join(lines)),
    )


def of_packet_script(scene: Scene) -> Facts:
    """A script is of one end: a packet that never came there is a remark, and stands where it was sent."""
    lines = render(scene, "pkt").decode().splitlines()
    events = [line.partition("//")[0].strip() for line in lines if not line.startswith(("//", "local", "remote"))]
    segments = [line.split()[2] for line in events if line.split()[1] in "<>"]
    remarked = [match[1] for line in lines if (match := re.match(r"// (\[[^]]+\]) ", line))]
    flags = [
        *("[none]" if one == "-" else f"[{one}]" for one in segments),
        *("ICMP" if one == "[ICMP]" else one for one in remarked),
    ]
    if any(arrow.arrives_ns is not None for arrow in scene.arrows):  # its order is that end's
        order = Counter(arrow.flags for arrow in scene.arrows)
        assert Counter(flags) == order
        flags = [arrow.flags for arrow in scene.arrows]
    said = {words.say(side, scene.lang): side for side in ("client", "server")}
    states = re.findall(r"(\S+) -> (\w+)", "\n".join(line.partition("//")[2] for line in lines))
    return Facts(
        flags,
        each_once(name for side, name in states if said[side] == "client"),
        each_once(name for side, name in states if said[side] == "server"),
        results(" | ".join(line for line in events if line.split()[1] not in "<>")),
        squeezed("".join(line.removeprefix("//") for line in lines)),
    )


def of_json(scene: Scene) -> Facts:
    told = json.loads(render(scene, "json"))
    items = told["items"]
    states = [told["client_state"], told["server_state"]]
    crossed = {item["crosses"]: item for item in items if item["mark"] == "arrow" and item["crosses"]}
    for item in items:
        if item["mark"] == "state":
            states.append(item)
        elif item["mark"] == "arrow":
            held = [
                one["receiver_state"] for one in items if one["mark"] == "arrow" and one["frame"] == item["crosses"]
            ]
            own = [] if item["frame"] in crossed else [item["receiver_state"]]
            states += [state for state in (item["sender_state"], *held, *own) if state]
    return Facts(
        [item["flags"] for item in items if item["mark"] == "arrow"],
        each_once(state["name"] for state in states if state["side"] == "client"),
        each_once(state["name"] for state in states if state["side"] == "server"),
        results(" | ".join(item["result"] or "" for item in items if item["mark"] == "call")),
        squeezed(told["verdict"]["text"]),
    )


OUTPUTS: dict[str, Callable[[Scene], Facts]] = {
    "svg": of_svg, "png": of_the_placed_png, "txt": of_text, "txt at 80 columns": of_narrow_text, "ansi": of_a_terminal,
    "mmd": of_mermaid, "pkt": of_packet_script, "json": of_json,
}  # fmt: skip


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_every_output_says_what_the_scene_says(folder: Path, lang: str) -> None:
    scene = connection(folder).scene(lang)
    expected = of_the_scene(scene)
    assert expected.segments and expected.client and expected.server
    for output, read in OUTPUTS.items():
        facts = read(scene)
        if output in ("svg", "png") and scene.slants:
            # A chip may stand below its departure, out of the way of others: tests/test_checklist.py has the order.
            assert (output, Counter(facts.segments)) == (output, Counter(expected.segments))
        else:
            assert (output, facts.segments) == (output, expected.segments)
        assert (output, facts.client, facts.server) == (output, expected.client, expected.server)
        lost = Counter(expected.results) - Counter(facts.results)
        assert (output, lost) == (output, Counter())
        made_up = Counter(facts.results) - Counter(expected.results) - Counter(expected.others)
        if output == "pkt":  # there a call that is only done, as close(4), has its `= 0`
            made_up.pop("0", None)
        assert (output, made_up) == (output, Counter())
        assert facts.says(scene.verdict.text), output
        for arrow in scene.arrows if output != "json" else ():
            assert facts.says(arrow.held or ""), (output, arrow.held)
            assert facts.says(arrow.wait or "") or output == "pkt", (output, arrow.wait)  # it has its own times
        for item in scene.items if output not in ("json", "pkt") else ():
            assert facts.says((isinstance(item, Call | Fold) and item.wait) or ""), (output, item)


def test_a_fact_that_an_output_lost_would_be_seen() -> None:
    """The readers read: what is taken out of an output is missing in its facts."""
    scene = connection(next(folder for folder in SAMPLES if folder.name == "write-twice")).scene("en")
    text = render(scene, "txt", columns=100).decode()
    whole = of_characters(text)
    assert "-1 EPIPE" in whole.results and whole.segments[-1] == "[R]" and whole.server[-1] == "CLOSED"
    assert "-1 EPIPE" not in of_characters(text.replace("= -1 EPIPE", "          ")).results
    assert of_characters(text.replace("━[R]", "━━━━")).segments == whole.segments[:-1]
    assert of_characters(text.replace("CLOSE_WAIT", "          ")).server != whole.server
    assert not of_characters(text.replace("answered with RST", "answered")).says(scene.verdict.text)


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_the_record_says_what_the_figure_says(folder: Path, lang: str) -> None:
    for one in finrst.read(folder).connections:
        scene, record = one.scene(lang), one.record(lang)
        assert isinstance(scene, Scene)
        ends = {side: scene.states(side)[-1].name for side in SIDES}
        assert record["states"] == ends
        head = record["verdicts"][0]
        assert (head["says"], head["certainty"]) == (scene.verdict.answer, scene.verdict.certainty)


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_by_packets_alone_the_figure_is_as_sure_as_the_record(folder: Path) -> None:
    for one in finrst.read(folder / "packets.pcapng").connections:
        scene = one.scene()
        assert isinstance(scene, Scene)
        assert scene.verdict.certainty == one.story.verdicts[0].certainty
