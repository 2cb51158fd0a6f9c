"""Claims about the textbook's time line, over recordings of each way to open and close."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots.audit import audit
from finrst.plots.figures import figures
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.scene import Break, Call, Scene, State

CLOSES = ["close-client-first", "close-server-first", "three-segment-close", "simultaneous-open", "half-close"]
ALL = [*CLOSES, "refused", "unread-data"]


def drawn(path: Path, lang: str = "en") -> Scene:
    scene = finrst.read(path.parent).connection(0).scene(lang, figure="timeline")
    assert isinstance(scene, Scene)
    return scene


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [900, 1200])
def test_nothing_overlaps(sample: Callable[[str], Path], name: str, lang: str, width: int) -> None:
    assert audit(layout(drawn(sample(name), lang), width)) == []


@pytest.mark.parametrize("name", CLOSES)
def test_it_says_what_untimed_says(sample: Callable[[str], Path], name: str) -> None:
    told = finrst.read(sample(name).parent).connection(0)
    scene = told.scene(figure="timeline")
    assert scene == told.scene(figure="ladder", timed=False)
    assert "timed" not in figures()["timeline"].options, "it has one form"


@pytest.mark.parametrize("name", CLOSES)
def test_after_2_msl_who_waited_is_closed_and_nothing_comes_after(sample: Callable[[str], Path], name: str) -> None:
    items = drawn(sample(name)).items
    (cut,) = (place for place, item in enumerate(items) if isinstance(item, Break))
    states = [state for arrow in drawn(sample(name)).arrows for state in (arrow.sender_state, arrow.receiver_state)]
    (last,) = (state.side for state in states if state is not None and state.name == "TIME_WAIT")
    assert items[cut + 1 :] == (State(side=last, name="CLOSED"),)


def test_connect_blocks_until_the_handshake_is_through(sample: Callable[[str], Path]) -> None:
    items = drawn(sample("close-client-first")).items
    (begun,) = (item for item in items if isinstance(item, Call) and item.text.startswith("connect"))
    (ended,) = (item for item in items if isinstance(item, Call) and begun.id and item.ends == begun.id)
    arrows = [place for place, item in enumerate(items) if not isinstance(item, Call)]
    assert (begun.note, begun.result, ended.result) == ("active open", None, "= 0")
    assert items.index(begun) < arrows[0] and arrows[1] < items.index(ended)


@pytest.mark.parametrize(
    ("name", "turns"),
    [
        ("close-client-first", {"connect": "active open", "listen": "passive open", "close": "active close"}),
        ("half-close", {"shutdown": "active close", "close": None}),
        ("unread-data", {"connect": "active open", "close": None}),
    ],
)
def test_calls_that_open_and_close_are_named(
    sample: Callable[[str], Path], name: str, turns: dict[str, str | None]
) -> None:
    calls = [item for item in drawn(sample(name)).items if isinstance(item, Call)]
    for call, note in turns.items():
        side = "server" if call == "listen" or (name == "unread-data" and call == "close") else "client"
        notes = [one.note for one in calls if one.side == side and one.text.startswith(f"{call}(")]
        assert notes == [note], (call, notes)


def test_the_passive_side_reads_end_of_file_and_closes(sample: Callable[[str], Path]) -> None:
    calls = drawn(sample("close-server-first")).calls("client")
    ends = [call.note for call in calls if call.result == "= 0" and (call.text or call.returns).startswith("read")]
    assert ends == ["end of file"]
    assert calls[-1].note == "passive close"


def test_no_clock_and_no_relative_number_is_promised(sample: Callable[[str], Path]) -> None:
    scene = drawn(sample("close-client-first"))
    assert not scene.timed and all(not arrow.detail for arrow in scene.arrows)
    assert "relative" not in scene.subtitle and "J, K, M and N" in scene.subtitle
    labels = [arrow.label for arrow in scene.arrows]
    assert labels[0].startswith("SYN J, MSS") and labels[3:] == ["FIN M", "ACK M+1", "FIN N", "ACK N+1"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("close-client-first", "J, K, M and N are sequence numbers; SYN and FIN use up one each."),
        ("unread-data", "J and K are sequence numbers; SYN uses up one."),
        ("stray-segment", "In order, not to scale. "),
    ],
)
def test_letters_are_explained_where_they_stand_and_no_others(
    sample: Callable[[str], Path], name: str, said: str
) -> None:
    scene = drawn(sample(name))
    assert said in scene.subtitle
    explained = scene.subtitle.partition("not to scale.")[2].partition("sequence number")[0]
    labels = " ".join(arrow.label for arrow in scene.arrows)
    for letter in "JKMN":
        assert bool(re.search(rf"\b{letter}\b", explained)) == bool(re.search(rf"\b{letter}\b", labels)), letter


def test_no_reason_speaks_of_a_number_that_the_figure_does_not_show(sample: Callable[[str], Path]) -> None:
    for name in ("wire-cut", "ignored-rst", "ignored-rst-outside-window"):
        reasons = [arrow.why.text for arrow in drawn(sample(name)).arrows if arrow.why]
        assert reasons
        assert not any(re.search(r"seq, \d", text) for text in reasons), name


def test_a_probe_that_was_answered_is_drawn_with_its_answer(sample: Callable[[str], Path]) -> None:
    arrows = drawn(sample("zero-window-user-timeout")).arrows
    assert [(arrow.frame, arrow.side) for arrow in arrows[-3:]] == [(12, "server"), (13, "client"), (14, "server")]
