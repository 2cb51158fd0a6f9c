"""Every sentence about what an error takes is of an error that some wording stands for."""

from __future__ import annotations

from finrst.analyze.wordings import WORDINGS
from finrst.plots.error_words import ERRORS


def test_no_error_is_explained_that_no_log_line_means() -> None:
    meant = {result for wording in WORDINGS for result in wording.results}
    assert {key.removeprefix("error-why-") for key in ERRORS if key.startswith("error-why-")} == meant
