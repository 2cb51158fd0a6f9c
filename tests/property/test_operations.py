"""The proof against the kernel: random socket operations, and what packets and calls alone say of their results.

`FINRST_SEEDS` says how many connections; `FINRST_SEED` where to begin.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from finrst.analyze.story import Reset
from finrst.capture import lab
from finrst.capture.truth import tracefs

from .operations import AT_ONCE, Verdict, judged, reasons, record

SEED = int(os.environ.get("FINRST_SEED", "1"))
SEEDS = int(os.environ.get("FINRST_SEEDS", "100"))
WRONG = 0.001  # of all calls, at most
FAR_WRONG = 0.002  # the same over a wire that takes its time
OPEN = 0.01  # of all calls, at most: right as the other value, where packets and calls came at the same time


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Of all seeds, on loopback."""
    return list(recorded(tmp_path_factory, SEEDS))


def recorded(
    tmp_path_factory: pytest.TempPathFactory, seeds: int, wire: lab.Wired = "loopback", way: float = 0
) -> Iterator[Path]:
    there, why = lab.available()
    if not there:
        pytest.skip(why)
    for start in range(SEED, SEED + seeds, AT_ONCE):
        folder: Path = tmp_path_factory.mktemp("operations")
        record(folder, range(start, min(start + AT_ONCE, SEED + seeds)), wire, way=way)
        yield folder


@pytest.fixture(scope="module")
def verdict(recordings: list[Path]) -> Verdict:
    """Of all seeds."""
    whole = Verdict()
    for folder in recordings:
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


def said_why(folders: Iterable[Path]) -> list[tuple[str, Reset]]:
    """The RSTs that kernels gave a reason for."""
    there, why = tracefs.available()
    if not there:
        pytest.skip(why)
    return [one for folder in folders for one in reasons(folder)]


def test_the_kernels_reason_for_each_rst_is_among_those_that_the_packets_allow(recordings: list[Path]) -> None:
    said = said_why(recordings)
    sizes = Counter(len(reset.possible) for _, reset in said)
    print(f"{len(said)} RSTs, reasons allowed: {sorted(sizes.items())}")
    assert len(said) > SEEDS // 2
    assert [
        (where, one.kernel_reason, one.possible) for where, one in said if one.kernel_reason not in one.possible
    ] == []
    assert sum(number for size, number in sizes.items() if size > 3) <= max(2, len(said) // 100), (
        "only answers that may have overtaken others"
    )
    assert sizes[1] > len(said) // 12
    assert [where for where, one in said if one.signs] == [], "no kernel's RST is held for another sender's"


@pytest.fixture(scope="module", params=[0.002, 0.01], ids=lambda way: f"{1000 * way:.0f} ms")
def far(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Over a wire on which everything takes so long, captured at both ends."""
    return list(recorded(tmp_path_factory, min(SEEDS, AT_ONCE), "tun", way=request.param))


def test_on_a_long_wire_the_kernels_reason_is_among_them_from_either_end(far: list[Path]) -> None:
    said = said_why(far)
    assert {Path(where.split(" ")[0]).name for where, _ in said} == {"packets.pcapng", "server.pcapng"}
    assert [
        (where, one.kernel_reason, one.possible) for where, one in said if one.kernel_reason not in one.possible
    ] == []
    assert [where for where, one in said if one.signs] == []


def test_on_a_long_wire_captured_at_both_ends_calls_return_what_packets_and_calls_say(far: list[Path]) -> None:
    whole = Verdict()
    for folder in far:
        whole.add(judged(folder))
    print(whole)
    assert whole.calls > SEEDS
    assert len(whole.wrong) <= max(1, FAR_WRONG * whole.calls), whole.wrong
    assert len(whole.open) <= max(3, OPEN * whole.calls), whole.open
    assert len(whole.wrong_sizes) <= 1 and len(whole.wrong_nexts) <= 1, (whole.wrong_sizes, whole.wrong_nexts)
