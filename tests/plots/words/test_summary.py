"""The first screen has a sentence for every ending, and none for what is no ending."""

from __future__ import annotations

from finrst.analyze.vocabulary import ENDINGS
from finrst.plots.words.summary import WORDS


def test_no_ending_is_explained_that_there_is_not() -> None:
    assert {key.removeprefix("ending-") for key in WORDS if key.startswith("ending-")} == set(ENDINGS)
