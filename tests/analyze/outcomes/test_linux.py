"""Linux is the automaton itself."""

from __future__ import annotations

from finrst.analyze.outcomes import automaton, linux


def test_linux_adds_nothing_to_the_automaton_and_is_measured() -> None:
    own = {name for name in vars(linux.System) if not name.startswith("__")}
    assert own == set() and linux.System.MEASURED
    assert linux.System().write() == automaton.Socket().write()
