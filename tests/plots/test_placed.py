"""Claims about the pen: what it writes is as wide as it says, and fits."""

from __future__ import annotations

import pytest

from finrst.plots.metrics import wider
from finrst.plots.placed import MARGIN, Line, Pen, Rect, Shape, Text, octagon
from finrst.plots.scene import Said, Verdict
from finrst.plots.words import say


def test_a_text_that_does_not_fit_is_shortened_in_the_middle() -> None:
    shown, size = Pen("en", wider).fit(["a very long text for a narrow lane"], 60, 12, 10)
    assert size == 10 and "…" in shown and wider(shown, size) <= 60


def test_the_first_text_that_fits_is_taken() -> None:
    assert Pen("en", wider).fit(["far too long for this", "short"], 40, 12, 11)[0] == "short"


def test_the_heading_stays_between_the_margins() -> None:
    shapes: list[Shape] = []
    bottom = Pen("en", wider).heading(shapes, 400, "A title that needs more than one line here", "and where from " * 9)
    texts = [shape for shape in shapes if isinstance(shape, Text)]
    assert len(texts) > 3
    assert all(text.x >= MARGIN and text.x + text.measured <= 400 - MARGIN + 1e-6 for text in texts)
    assert max(text.y for text in texts) <= bottom


def test_a_page_is_what_was_drawn_on_its_ground_with_words_for_those_who_do_not_see_it() -> None:
    line = Line(x1=0, y1=0, x2=9, y2=9, stroke="ink")
    page = Pen("zh", wider).page(Said(title="T", lang="zh"), 300, 200, [line], "what is there")
    assert page.shapes == (Rect(x=0, y=0, w=300, h=200, fill="bg"), line)
    assert (page.title, page.description, page.lang) == ("T", "what is there", "zh")
    assert Pen("en", wider).page(Said(title="T"), 300, 200, [line], "", ground=False).shapes == (line,)


def test_an_octagon_is_as_wide_and_as_high_as_asked_for() -> None:
    corners = octagon(50, 20, 15, 10, 4)
    assert {x for x, _ in corners} == {35, 39, 61, 65} and {y for _, y in corners} == {10, 14, 26, 30}
    assert len(set(corners)) == 8


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_proved_is_said_in_one_piece_and_not_alone_on_a_line(lang: str) -> None:
    said = {
        "en": "The client closed with 4,368 bytes unread: its kernel sent RST.",
        "zh": "客户端关闭时有 4,368 字节未读：内核发出 RST。",
    }
    for width in range(420, 900, 7):
        shapes: list[Shape] = []
        verdict = Verdict(text=said[lang] * 2, kind="bad", certainty="proved", source="traced")
        Pen(lang, wider).bar(shapes, 0, width, verdict)
        last = [shape for shape in shapes if isinstance(shape, Text)][-1]
        assert [run.text for run in last.runs][1:] == [say("proved", lang)], width
        assert last.runs[0].text.strip(), width


def test_the_answer_stands_out_from_what_else_happened() -> None:
    also = " The server's next write failed: EPIPE."
    text = "The client closed first; the server's data was answered with RST." + also
    for width in (420, 900):
        shapes: list[Shape] = []
        verdict = Verdict(text=text, also=also, kind="bad", certainty="proved", source="traced")
        end = Pen("en", wider).bar(shapes, 0, width, verdict)
        _, *told = [shape for shape in shapes if isinstance(shape, Text)]
        by_colour = {run.fill: "" for shape in told for run in shape.runs}
        for run in (run for shape in told for run in shape.runs):
            by_colour[run.fill] += run.text.rstrip() + " "
        assert by_colour["ink"].strip() == verdict.answer
        assert by_colour["muted"].strip() == also.strip()
        assert max(shape.y for shape in told) < end


def test_no_word_stands_alone_in_the_last_line_of_an_evened_text() -> None:
    pen, said = Pen("en", wider), "the wire lets the SYN-ACK go to the client, and nothing else so"
    room = wider(said, 12) - 5
    plain, even = pen.lines(said, room, 12), pen.evened(said, room, 12)
    assert len(plain) == len(even) == 2 and plain[1] == "so"
    assert abs(wider(even[0], 12) - wider(even[1], 12)) < room / 3
    assert pen.evened("short", 200, 12) == ["short"]
    assert pen.evened("TCP_TIMEWAIT_SOCKET：已由内核记录证实", 220, 11.5)[0] == "TCP_TIMEWAIT_SOCKET："


def test_the_grey_line_takes_two_lines_at_most_where_small_letters_do() -> None:
    said = "words of provenance " * 15
    shapes: list[Shape] = []
    Pen("en", wider).heading(shapes, 900, "A title", said.strip())
    grey = [shape for shape in shapes if isinstance(shape, Text) and shape.runs[0].fill == "muted"]
    assert len(grey) == 2 and 10 <= grey[0].size < 12


def test_chinese_is_never_slanted() -> None:
    shapes: list[Shape] = []
    Pen("zh", wider).text(shapes, 0, 0, "SYN K", 11, italic=True)
    Pen("en", wider).text(shapes, 0, 0, "SYN K", 11, italic=True)
    assert [shape.italic for shape in shapes if isinstance(shape, Text)] == [False, True]
