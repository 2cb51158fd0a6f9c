"""The samples are golden: what finrst says of each recording, and draws, is what stands beside it.

`./dev samples --told` writes it again, after a change that was meant.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import finrst
from finrst.capture import recording
from finrst.capture.scenarios import scenarios
from finrst.laboratory import ending_of

ROOT = Path(__file__).parent.parent
SAMPLES = sorted(path.parent for path in (ROOT / "samples").glob("*/packets.pcapng"))
each = pytest.mark.parametrize("sample_folder", SAMPLES, ids=lambda folder: folder.name)


@pytest.fixture(scope="module")
def recorder() -> ModuleType:
    """samples/record.py, which made them."""
    spec = importlib.util.spec_from_file_location("record_samples", ROOT / "samples" / "record.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@each
def test_what_is_told_of_a_sample_is_what_stands_beside_it(sample_folder: Path, recorder: ModuleType) -> None:
    told = recorder.told(sample_folder)
    beside = {path.name for path in sample_folder.iterdir()} - {*recorder.FILES}
    assert {file: (sample_folder / file).read_text(encoding="utf-8") for file in beside} == told


@each
def test_a_sample_is_whole_and_came_as_its_scenario_expects(sample_folder: Path) -> None:
    one = recording.read(sample_folder)
    assert one.truth.notes == []
    assert (one.description.ended, one.description.differences, one.description.dropped) == ("complete", [], 0)
    by_packets = finrst.read(sample_folder / "packets.pcapng").connection(0)
    expect = one.description.expect
    if "ending" in expect:
        assert (by_packets.ending, by_packets.ended_by) == (expect["ending"], expect["ended_by"])


@each
def test_the_headline_of_a_sample_is_the_one_that_its_scenario_names(sample_folder: Path) -> None:
    expect = scenarios()[sample_folder.name].expect
    _, _, by_packets, by_recording = ending_of(sample_folder / "packets.pcapng")
    assert by_packets == expect.verdict
    assert by_recording == (expect.proved or expect.verdict)


def test_every_scenario_has_its_sample_and_no_sample_has_lost_its_scenario() -> None:
    assert {folder.name for folder in SAMPLES} == set(scenarios())


def test_samples_are_small() -> None:
    assert all(file.stat().st_size <= 300_000 for folder in SAMPLES for file in folder.iterdir())
