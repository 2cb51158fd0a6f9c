"""Claims about the table of next calls, and the systems that it can be asked for."""

from __future__ import annotations

import pytest

from finrst.analyze.outcomes.table import OTHERS, outcome, parse_systems
from finrst.analyze.outcomes.worlds import SINCE, Seen


def test_asking_one_call_first_does_not_change_what_the_others_return() -> None:
    one = outcome(Seen(((*SINCE["ESTABLISHED"], "rst"),)))
    assert one.next is not None
    assert [one.next[call] for call in ("read", "write", "so_error")] == ["ECONNRESET"] * 3
    assert one.after["so_error"] == {"read": "EOF", "write": "EPIPE"}


def test_connect_is_asked_only_while_it_is_undecided_or_has_failed() -> None:
    tables = [outcome(Seen((world,))).next for world in (SINCE["ESTABLISHED"], ("syn_sent",), ("syn_sent", "rst"))]
    assert [table is not None and table.get("connect") for table in tables] == [None, "blocks", "ECONNREFUSED"]


def test_at_most_two_other_values_are_told_and_none_twice() -> None:
    base = SINCE["ESTABLISHED"]
    others = [(*base, f"unreachable {name}", "timeout") for name in ("EHOSTUNREACH", "ECONNREFUSED", "ENETUNREACH")]
    table = outcome(Seen((base, (*base, "timeout"), *others)))
    assert table.may_be["read"] == ("ETIMEDOUT", "EHOSTUNREACH") and len(table.may_be["write"]) == OTHERS
    assert table.next is not None and table.next["read"] not in table.may_be["read"]


def test_other_systems_are_marked_as_not_measured() -> None:
    seen = Seen(((*SINCE["ESTABLISHED"], "rst"),))
    assert [outcome(seen, name).measured for name in ("linux", "macos", "windows")] == [True, False, False]
    assert [outcome(seen, name).os for name in ("linux", "macos", "windows")] == ["linux", "macos", "windows"]


def test_systems_are_named_for_one_end_or_for_both() -> None:
    assert parse_systems("windows") == ("windows", "windows")
    assert parse_systems("client=macos,server=windows") == ("macos", "windows")
    assert parse_systems("server=bsd") == ("linux", "bsd")


@pytest.mark.parametrize("text", ["plan9", "proxy=linux", "client=", ""])
def test_an_unknown_system_or_end_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse_systems(text)
