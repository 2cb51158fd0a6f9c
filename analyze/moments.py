"""A time as people and logs write it, in nanoseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400 * 10**9
OF_DAY = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
NUMBER = re.compile(r"\d+(?:\.\d{1,9})?")
FORMATS = ("%d/%b/%Y:%H:%M:%S %z", "%d/%b/%Y:%H:%M:%S", "%d/%b/%Y:%H:%M:%S.%f")  # Apache, HAProxy


def moment(text: str, first_ns: int, last_ns: int) -> int:
    """ISO 8601, nginx's and Apache's forms, seconds (ms, µs, ns) since 1970, or HH:MM:SS of the capture's day.

    A time without a zone is this machine's local time. `first_ns`, `last_ns`: of the capture; of a time of day that
    comes there more than once, or never, the nearest is taken. Raises ValueError.
    """
    text = text.strip().strip("[]").replace(",", ".")
    if NUMBER.fullmatch(text):
        whole, _, part = text.partition(".")
        one: int = {4: 10**6, 5: 10**3, 6: 1}.get((len(whole) - 1) // 3, 10**9)  # by its digits
        return int(whole) * one + int((part + "0" * 9)[:9]) * one // 10**9
    if OF_DAY.fullmatch(text):
        return _of_day(time.fromisoformat(text.zfill(5) if text[1] != ":" else f"0{text}"), first_ns, last_ns)
    for form in FORMATS:
        try:
            return _ns(datetime.strptime(text, form))
        except ValueError:
            continue
    try:
        return _ns(datetime.fromisoformat(re.sub(r"^(\d{4})/(\d{2})/", r"\1-\2-", text)))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time: 2026-01-31T12:00:00Z, 12:00:00 and seconds since 1970 are") from None


def _ns(moment: datetime) -> int:
    """Without a zone: local time."""
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1) * 1000


def _of_day(clock: time, first_ns: int, last_ns: int) -> int:
    """That time of the day of the capture to which it lies nearest."""
    days = {min(max(ns, 0) // DAY, 2_900_000) + step for ns in (first_ns, last_ns) for step in (-1, 0, 1)}
    found = [_ns(datetime.combine(date(1970, 1, 1) + timedelta(days=day), clock)) for day in days if day >= 1]
    return min(found or [0], key=lambda ns: (max(first_ns - ns, ns - last_ns, 0), ns))
