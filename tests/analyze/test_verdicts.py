"""Claims about verdicts: what packets alone hold, and what a recording proves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from finrst.analyze.joining import opened
from finrst.analyze.scan import scan
from finrst.analyze.story import Verdict
from finrst.analyze.tell import join
from finrst.analyze.verdicts import of

Sample = Callable[[str], Path]


def by_packets(path: Path) -> Verdict:
    return of(scan(str(path))).of(0)[0]


def by_recording(path: Path) -> Verdict:
    paths, beside = opened((str(path.parent),))
    found = scan(paths)
    assert beside is not None
    join(found, beside)
    return of(found).of(0)[0]


def test_the_notes_experiment_is_a_write_after_the_peer_closed(sample: Sample) -> None:
    verdict = by_packets(sample("write-twice"))
    assert (verdict.code, verdict.certainty) == ("write-after-peer-closed", "implied")
    fin, trigger, rst = verdict.evidence
    assert (fin.frames, trigger.frames, rst.frames) == ((6,), (8, 9), (9,))


@pytest.mark.parametrize(
    ("name", "alone", "proved"),
    [
        ("unread-data", "aborted", "aborted-with-unread-data"),
        ("unread-data-linger-0", "aborted", "aborted-without-unread-data"),
        ("forged-rst-both-ends", "unprompted-reset", "reset-forged"),
        ("firewall-rejects", "refused", "reset-by-firewall"),
    ],
)
def test_what_packets_cannot_split_the_kernels_record_does(sample: Sample, name: str, alone: str, proved: str) -> None:
    packets, recording = by_packets(sample(name)), by_recording(sample(name))
    assert (packets.code, packets.certainty) == (alone, "compatible")
    assert packets.rivals
    assert (recording.code, recording.certainty, recording.rivals) == (proved, "proved", ())


def test_a_connection_that_is_not_there_has_no_verdict(sample: Sample) -> None:
    with pytest.raises(KeyError):
        of(scan(str(sample("write-twice")))).of(7)
