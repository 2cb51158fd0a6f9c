"""The audit finds what it is there to find."""

from __future__ import annotations

from finrst.plots.audit import audit, box, hidden, overlap
from finrst.plots.placed import Display, Line, Rect, Run, Shape, Text


def display(*shapes: Shape) -> Display:
    return Display(width=200, height=100, shapes=shapes, title="", description="", lang="en")


def text(x: float, y: float, said: str = "words", angle: float = 0.0, owner: int = 0) -> Text:
    return Text(x=x, y=y, runs=(Run(said, "ink"),), size=10, measured=40, angle=angle, owner=owner)


def test_text_on_text_is_found() -> None:
    assert audit(display(text(10, 50), text(30, 52, "others"))) == ["text on text: 'words' and 'others'"]
    assert audit(display(text(10, 50), text(60, 52))) == []


def test_clipped_text_is_found() -> None:
    assert audit(display(text(180, 50))) == ["clipped: 'words'"]


def test_text_on_a_line_is_found_and_its_own_chip_is_not() -> None:
    line = Line(x1=0, y1=48, x2=200, y2=48, stroke="ink", role="line")
    assert audit(display(line, text(10, 50))) == ["text on line: 'words'"]
    chip = Rect(x=5, y=38, w=60, h=20, role="mark", owner=3)
    own = Line(x1=0, y1=48, x2=200, y2=48, stroke="ink", role="line", owner=3)
    assert audit(display(own, chip, text(10, 50, owner=3))) == []
    assert audit(display(chip, text(50, 50, owner=4))) == ["text on mark: 'words'"]


def test_boxes_turn_with_their_text() -> None:
    steep = box(text(100, 50, angle=90))
    assert max(x for x, _ in steep) - min(x for x, _ in steep) < 11
    assert not overlap(steep, box(text(112, 50)))


def test_marks_of_different_owners_on_each_other_are_found() -> None:
    chip = Rect(x=5, y=38, w=60, h=20, role="mark", owner=3)
    other = Rect(x=50, y=40, w=60, h=20, role="mark", owner=4)
    assert audit(display(chip, other)) == ["mark on mark at (35, 48) and (80, 50)"]
    assert audit(display(chip, Rect(x=50, y=40, w=60, h=20, role="mark", owner=3))) == []
    assert audit(display(chip, other), to_scale=True) == []


def test_what_is_cut_out_of_a_line_is_counted() -> None:
    pieces = [Line(x1=a, y1=50, x2=b, y2=50, stroke="ink", role="line", owner=2) for a, b in ((0, 40), (60, 100))]
    assert hidden(display(*pieces)) == [20.0]
    assert hidden(display(pieces[0])) == []
