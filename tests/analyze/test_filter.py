"""The filter language: what it selects, and what it says when it cannot be understood."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrst.analyze.connections import ConnectionTable
from finrst.analyze.filter import FIELDS, Filter, FilterError
from finrst.analyze.scan import scan


@pytest.fixture(scope="module")
def table(sample: Callable[[str], Path]) -> ConnectionTable:
    return ConnectionTable(scan(str(sample("write-twice"))))


@pytest.mark.parametrize(
    "text",
    [
        "server.port==9000 and ending==reset",
        "server.port == 9000 && ending == reset",
        "ending != closed",
        "not ending==closed",
        "!(ending==closed or ending==open)",
        "ending in {reset, refused}",
        "server.port in (80, 9000)",
        "server.address==10.9.0.2",
        "address==10.9.0.0/24",
        "port==9000",
        "duration > 0.04 and duration < 60",
        "packets==9 and bytes >= 24",
        "rst.client == 1",
        "state.server == closed",
        "zeek.conn_state == RSTO",
        "ENDING == RESET",
        "ended_by == 'client'",
        "ip.version == 4",
    ],
)
def test_these_select_the_connection_that_was_written_to_twice(table: ConnectionTable, text: str) -> None:
    assert Filter(text).mask(table).tolist() == [True]


@pytest.mark.parametrize(
    "text",
    [
        "server.port==9001",
        "ending==closed",
        "address != 10.9.0.1",
        "port != 9000",
        "address==2001:db8::/32",
        "ending==reset and not port==9000",
    ],
)
def test_these_do_not(table: ConnectionTable, text: str) -> None:
    assert Filter(text).mask(table).tolist() == [False]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected a field at its end"),
        ("endin==reset", "did you mean ending?"),
        ("ending==rst", "never 'rst': it is one of closed, reset"),
        ("ending<reset", "only be compared with == and !="),
        ("port==http", "is a number"),
        ("address==10.0.0.0.1", "no address or network"),
        ("port==80 port==90", "expected 'and', 'or' or the end at column 10"),
        ("(port==80", "expected ')'"),
        ("port 80", "expected ==, !="),
        ("port in 80", "expected '{'"),
        ("port==80 and", "expected a field at its end"),
        ("port==\x1b[31m", "is a number"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(text: str, says: str) -> None:
    with pytest.raises(FilterError) as told:
        Filter(text)
    assert says in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("text", ["(" * 5000 + "port==1", "not " * 5000 + "port==1"])
def test_deep_nesting_is_refused_not_followed(text: str) -> None:
    with pytest.raises(FilterError, match="nested too deeply"):
        Filter(text)


WORDS = st.sampled_from([*FIELDS, "and", "or", "not", "==", "!=", "<", "(", ")", "{", "}", ",", "in", "80", "reset"])


@given(st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=40)))
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    with contextlib.suppress(FilterError):
        Filter(text)
