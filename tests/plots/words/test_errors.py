"""Every sentence about what an error takes is of an error that some wording stands for."""

from __future__ import annotations

from finrst.analyze.outcomes import worlds
from finrst.analyze.wordings import WORDINGS
from finrst.plots.words.errors import WORDS


def test_no_error_is_explained_that_no_log_line_means() -> None:
    meant = {result for wording in WORDINGS for result in wording.results}
    assert {key.removeprefix("error-why-") for key in WORDS if key.startswith("error-why-")} == meant


def test_every_reason_for_no_next_call_is_said() -> None:
    never = {worlds.LET_GO, worlds.MAYBE_CLOSED}  # they come with next calls
    reasons = {value for name, value in vars(worlds).items() if name.isupper() and isinstance(value, str)} - never
    assert {key.removeprefix("no-call-") for key in WORDS if key.startswith("no-call-")} == reasons
