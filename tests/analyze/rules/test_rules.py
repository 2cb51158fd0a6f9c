"""Claims about the catalogue: every rule has its words, an order without circles, and evidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from finrst.analyze.connections import ConnectionTable, ResetTable
from finrst.analyze.rules import FALLBACK, Facts, Verdict, judge, rules, verdicts
from finrst.analyze.scan import Scan, scan
from finrst.analyze.story import Evidence, Rival
from finrst.plots import words

ROOT = Path(__file__).parents[3]
EACH = pytest.mark.parametrize("code", list(rules()))
FIN = Evidence("fin", {"side": "client"}, (1,))


@EACH
def test_a_rule_is_named_as_its_file_and_has_its_sentence(code: str) -> None:
    rule = rules()[code]
    assert rule.__module__.rsplit(".", 1)[1].replace("_", "-") == code
    assert words.has(f"rule-{code}")


@EACH
def test_the_stronger_stands_before_the_weaker(code: str) -> None:
    order = list(rules())
    assert all(order.index(code) < order.index(weaker) for weaker in rules()[code].stronger_than)


def test_a_verdict_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no evidence"):
        Verdict("closed", "implied", {}, ())


def test_a_compatible_verdict_names_its_rivals_and_no_other_does() -> None:
    with pytest.raises(ValueError, match="rivals"):
        Verdict("aborted", "compatible", {}, (FIN,))
    with pytest.raises(ValueError, match="rivals"):
        Verdict("aborted", "proved", {}, (FIN,), (Rival("closed", "calls"),))


def facts(found: Scan) -> Facts:
    return Facts(ConnectionTable(found), ResetTable(found))


def test_every_connection_of_the_samples_has_one_headline_and_its_words() -> None:
    for path in sorted(ROOT.glob("samples/*/packets.pcapng")):
        found = scan(str(path))
        f = facts(found)
        judged = judge(f)
        for row in range(len(f)):
            told = verdicts(f, judged, row)
            assert [verdict.headline for verdict in told] == [True] + [False] * (len(told) - 1)
            for verdict in told:
                assert words.has(f"rule-{verdict.code}")
                assert all(words.has(f"evidence-{one.says}") for one in verdict.evidence), verdict
                assert all(words.has(f"decides-{one.decides}") and one.code in rules() for one in verdict.rivals)


def test_a_row_is_judged_alone_as_among_others(shared_captures: Path) -> None:
    for path in sorted(shared_captures.glob("*.pcap*")):
        found = scan(str(path))
        together = judge(facts(found))
        everything = found.connections
        for row, c in enumerate(everything):
            found.connections = [c]
            assert (judge(facts(found)).matched[:, 0] == together.matched[:, row]).all(), (path.name, c.number)


def test_no_connection_is_judged_twice_and_none_is_left_out() -> None:
    found = scan(str(ROOT / "samples" / "write-twice" / "packets.pcapng"))
    found.connections = []
    empty = judge(facts(found))
    assert empty.matched.shape == (len(rules()), 0) and len(empty.headline) == 0
    assert FALLBACK in empty.codes
    assert np.issubdtype(empty.headline.dtype, np.integer)
