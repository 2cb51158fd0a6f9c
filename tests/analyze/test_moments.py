"""Times as logs write them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from finrst.analyze.moments import moment

SECOND = 10**9
NOON = 1_767_268_800 * SECOND  # 2026-01-01T12:00:00Z


@pytest.fixture(autouse=True)
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T12:00:00Z", "2026-01-01 12:00:00+00:00", "2026-01-01T21:00:00", "2026/01/01 21:00:00",
        "[01/Jan/2026:13:00:00 +0100]", "01/Jan/2026:21:00:00.000", "1767268800", "1767268800.0", "1767268800000",
        "1767268800000000", "1767268800000000000", "12:00:00Z", "21:00:00", "21:00:00,000", "14:00:00+02:00", "21:00",
    ],
)  # fmt: skip
def test_each_form_is_read(text: str) -> None:
    assert moment(text, NOON - SECOND, NOON + SECOND) == NOON


def test_fractions_count() -> None:
    assert moment("1767268800.25", 0, 0) == NOON + SECOND // 4
    assert moment("21:00:00.250", NOON, NOON) == NOON + SECOND // 4


def test_a_time_of_day_is_of_the_day_of_the_capture_that_lies_nearest() -> None:
    midnight = NOON + 12 * 3600 * SECOND
    assert moment("23:59:59Z", midnight - SECOND, midnight + SECOND) == midnight - SECOND
    assert moment("00:00:01Z", midnight - SECOND, midnight + SECOND) == midnight + SECOND


@pytest.mark.parametrize("text", ["", "noon", "25:00:00", "2026-13-01T00:00:00Z", "1.2.3", "\x1b[0m", "9" * 5000 + "x"])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|hour"):
        moment(text, 0, 0)


@pytest.mark.parametrize("capture", [(-(2**63), 2**63 - 1), (0, 0), (2**63 - 1, 2**63 - 1)])
def test_no_time_of_a_capture_breaks_it(capture: tuple[int, int]) -> None:
    assert isinstance(moment("12:00:00", *capture), int)
