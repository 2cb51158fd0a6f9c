"""Claims about packets as marks: each says what it is, and is its sender's only where that sent it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from finrst.plots.figures.time_sequence.compose import MOST_LABELS, compose
from finrst.plots.figures.time_sequence.scene import TimeSequence

from ... import conversations
from .test_compose import CAPTURE, kinds, seen


def names(figure: TimeSequence) -> set[str]:
    return {mark.name for panel in figure.panels for mark in panel.marks}


def test_a_wait_for_an_answer_is_said() -> None:
    labels = [mark.label for panel in compose(conversations.timed_out(), CAPTURE).panels for mark in panel.marks]
    assert "sent for the 6th time, 3.2 s later" in labels
    assert sum(bool(label) for label in labels) <= MOST_LABELS


def test_a_rst_that_was_ignored_says_so() -> None:
    marks = [mark for panel in compose(conversations.ignored_reset(), CAPTURE).panels for mark in panel.marks]
    (reset,) = [mark for mark in marks if mark.kind == "rst"]
    assert reset.accepted is False and "ignored" in reset.label


def test_packets_captured_twice_are_marked_as_that() -> None:
    scene = compose(conversations.captured_twice(), CAPTURE)
    assert kinds(scene)["copy"] == scene.sums.copies == 10


def test_forged_data_is_not_the_senders(sample: Callable[[str], Path]) -> None:
    figure = seen(sample, "forged-data")
    assert figure.panels[0].head == "The server sends 18 bytes"
    assert "data-foreign" in names(figure)
    assert [mark.label for mark in figure.panels[0].marks if mark.name == "data-foreign"] == ["not the server's"]


def test_only_the_forged_rst_is_in_somebody_elses_name(sample: Callable[[str], Path]) -> None:
    resets = {m.frame: (m.name, m.label) for p in seen(sample, "forged-rst").panels for m in p.marks if m.kind == "rst"}
    assert resets == {6: ("rst-foreign", "RST in the server's name"), 8: ("rst", "RST from the client")}


def test_a_lost_rst_is_lost_and_not_ignored(sample: Callable[[str], Path]) -> None:
    resets = [m for p in seen(sample, "lost-rst").panels for m in p.marks if m.kind == "rst"]
    assert [mark.name for mark in resets] == ["rst-lost", "rst-peer"]
    assert resets[0].label == "RST from the client, lost on the way"


def test_a_copy_that_the_wire_made_was_not_captured_twice(sample: Callable[[str], Path]) -> None:
    figure = seen(sample, "time-wait-assassinated")
    assert figure.sums.copies == 0 and "copy-made" in names(figure) and "copy" not in names(figure)
    sums = figure.sums
    assert sums.marked + sums.acknowledgements + sums.copies + sums.left_out == sums.packets


def test_a_forged_fin_is_not_the_senders_and_takes_no_byte_of_its_data(sample: Callable[[str], Path]) -> None:
    figure = seen(sample, "forged-fin")
    assert figure.panels[0].head == "The server sends 18 bytes, never acknowledged: 18 bytes"
    assert [m.label for m in figure.panels[0].marks if m.kind == "fin"] == ["FIN, not the server's"]
    assert "fin-foreign" in names(figure)
    assert [m.label for m in figure.panels[0].marks if m.kind == "unacked"] == ["never acknowledged"]


def test_what_was_never_sent_is_not_called_unacknowledged(sample: Callable[[str], Path]) -> None:
    figure = seen(sample, "response-cut")
    assert "unacked" not in names(figure)
    assert figure.panels[0].head.endswith("never sent: 15.7 kB")
