"""The proof against the kernel: random socket operations, and what packets and calls alone say of their results.

`FINRST_SEEDS` says how many connections; `FINRST_SEED` where to begin.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from finrst.capture import lab
from finrst.capture.truth import tracefs

from .operations import AT_ONCE, Verdict, judged, record

SEED = int(os.environ.get("FINRST_SEED", "1"))
SEEDS = int(os.environ.get("FINRST_SEEDS", "100"))
WRONG = 0.001  # of all calls, at most
OPEN = 0.01  # of all calls, at most: right as the other value, where packets and calls came at the same time


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """Of all seeds."""
    there, why = lab.available()
    if not there:
        pytest.skip(why)
    whole = Verdict()
    for start in range(SEED, SEED + SEEDS, AT_ONCE):
        folder: Path = tmp_path_factory.mktemp("operations")
        record(folder, range(start, min(start + AT_ONCE, SEED + SEEDS)))
        whole.add(judged(folder))
    return whole


def test_nearly_every_call_returned_what_packets_and_calls_say(verdict: Verdict) -> None:
    print(verdict)
    assert len(verdict.wrong) <= max(1, WRONG * verdict.calls), verdict.wrong
    assert len(verdict.open) <= max(3, OPEN * verdict.calls), verdict.open


def test_every_read_brought_as_many_bytes_as_had_come(verdict: Verdict) -> None:
    assert verdict.sizes > SEEDS // 10
    assert verdict.wrong_sizes == []


def test_every_error_that_a_rst_left_is_the_one_that_the_kernel_reported(verdict: Verdict) -> None:
    there, why = tracefs.available()
    if not there:
        pytest.skip(why)
    assert verdict.errors > SEEDS // 10
    assert verdict.wrong_errors == []


def test_the_first_call_after_the_last_packet_returned_what_the_table_says(verdict: Verdict) -> None:
    assert verdict.nexts > SEEDS // 10
    assert len(verdict.wrong_nexts) <= max(1, WRONG * verdict.nexts), verdict.wrong_nexts


def test_the_operations_come_to_everything_that_a_socket_says(verdict: Verdict) -> None:
    said = {kind.split(" ", 1)[1] for kind in verdict.kinds}
    assert {"ok", "EOF", "EAGAIN", "EPIPE", "ECONNRESET", "0", "('IN', 'OUT', 'ERR', 'HUP', 'RDHUP')"} <= said
