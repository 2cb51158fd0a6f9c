"""Claims about verdicts: what packets alone hold, and what a recording proves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.analyze.joining import opened
from finrst.analyze.scan import scan
from finrst.analyze.story import Verdict
from finrst.analyze.tell import join
from finrst.analyze.verdicts import of

from .two_ends import Ends

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


def both(ends: Ends) -> Verdict:
    (verdict, *_) = ends.told().verdicts
    return verdict


def test_a_reset_that_neither_end_sent_is_proved_forged_by_two_captures() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), s.rst(forged=True, seq=1), s.data(50, gap=0.5), c.rst(seq=101, gap=0.02)
    s.ack(gap=1.0)
    verdict = both(ends)
    assert (verdict.code, verdict.certainty) == ("reset-forged", "proved")
    assert {one.says for one in verdict.evidence} >= {"not-sent"}


def test_a_reset_that_only_the_servers_capture_has_is_told_with_its_frame() -> None:
    ends = Ends(offset=4.0)
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), c.rst(forged=True, seq=101), c.ack(gap=1.0)
    told = ends.told()
    verdict = told.verdicts[0]
    assert (verdict.code, verdict.certainty) == ("reset-forged", "proved")
    assert all(frame > 0 for one in verdict.evidence for frame in one.frames)
    assert verdict.evidence[0].frames == (told.resets[0].frame,)


def test_a_reset_that_is_known_to_be_lost_ends_nothing() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), c.abort(lost=True), s.data(10, gap=0.5, lost=True)
    s.data(10, seq=1, gap=2.0, lost=True)
    assert both(ends).code in ("reset-ignored", "still-open")


def test_two_resets_that_crossed_are_both_of_the_verdict_by_two_captures(sample: Sample) -> None:
    verdict = by_recording(sample("crossing-resets"))
    told = finrst.read(sample("crossing-resets").parent).connection(0).story.verdicts[0]
    assert verdict.code == told.code == "both-aborted"
    assert all(frame > 0 for one in told.evidence for frame in one.frames)
