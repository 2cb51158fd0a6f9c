"""An arrow's words, in two lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from finrst.plots.figures.ladder.layout.lines import DETAIL, LABEL, Lines, Row
from finrst.plots.metrics import wider
from finrst.plots.scene import Arrow

PLAIN = Arrow(
    frame=1, t_ns=0, side="server", kind="rst", flags="[R]", label="RST", detail="seq 1, no ACK, win 0",
    shorter_details=("seq 1, no ACK", "seq 1"),
)  # fmt: skip
MARKS = {
    "ignored": "ignored: no connection left",
    "because": "answers the data (18 bytes)",
    "took": "takes 150 ms",
    "dropped": "dropped at the client's end",
}


def two(arrow: Arrow, room: float, below: float = 0.0) -> tuple[Row, ...]:
    pen = Lines("en", wider)
    return pen.two(arrow, pen.remarks(arrow, crowded=False), room, below)[1]


def marked(*names: str) -> Arrow:
    short = {"shorter_ignored": "ignored", "shorter_because": ("answers the data",)}
    return replace(PLAIN, **{name: MARKS[name] for name in names}, **short)  # type: ignore[arg-type]


def test_without_marks_the_lines_are_label_and_detail() -> None:
    assert [row.text for row in two(PLAIN, 400)] == ["RST", "seq 1, no ACK, win 0"]
    assert [row.text for row in two(replace(PLAIN, detail="", shorter_details=()), 400)] == ["RST"]


@pytest.mark.parametrize("names", [names for names in product(MARKS, repeat=2) if names[0] < names[1]])
def test_where_there_is_room_every_remark_stands_in_the_two_lines(names: tuple[str, str]) -> None:
    rows = two(marked(*names), 450)
    assert len(rows) == 2
    written = rows[0].text + rows[1].text
    assert all(MARKS[name] in written for name in names) and "seq 1, no ACK, win 0" in written


@pytest.mark.parametrize("room", [130, 160, 200, 240, 300, 400])
@pytest.mark.parametrize("names", [(), ("ignored",), ("took",), ("ignored", "because"), tuple(MARKS)])
def test_no_line_is_wider_than_its_room_nor_smaller_than_can_be_read(names: tuple[str, ...], room: float) -> None:
    for row in two(marked(*names), room):
        assert row.measured <= room
        assert row.size >= (DETAIL if row.mono else (LABEL[0], 9.5))[1]


def test_a_reason_that_is_told_is_told_wherever_there_is_more_room() -> None:
    written = [" ".join(row.text for row in two(marked("ignored", "because"), room)) for room in range(120, 420, 10)]
    told = [MARKS["ignored"] in one for one in written]
    assert told == sorted(told) and True in told and False in told
    assert all("ignored" in one and "answers the data" in one for one in written)


def test_a_remark_without_a_shorter_form_is_never_left_out() -> None:
    for room in range(110, 400, 10):
        assert MARKS["took"] in " ".join(row.text for row in two(marked("took", "because"), room)), room


def test_remarks_that_fit_in_no_way_have_lines_of_their_own() -> None:
    rows = two(marked("dropped", "took"), 90)
    assert len(rows) > 2
    assert "dropped" in " ".join(row.text for row in rows[2:])


def test_below_the_chip_there_is_room_for_more() -> None:
    assert "win 0" not in two(PLAIN, 80)[1].text
    assert two(PLAIN, 60, 400)[1].text == PLAIN.detail
