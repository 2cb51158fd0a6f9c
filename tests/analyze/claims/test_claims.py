"""Every claim, on this machine's kernel: its verdict, and that what perturbs its scenario turns it round."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from finrst.analyze.claims import Claim, Evidence, NotMeasuredError, claims
from finrst.analyze.claims.n4 import letters
from finrst.capture import recording
from finrst.capture.scenarios import missing, scenarios

ALL = claims()
each = pytest.mark.parametrize("claim", ALL.values(), ids=ALL)

#: What Linux does; the verdicts of another kernel may be others, the measurements are the same.
ON_LINUX = {
    "N1": "holds",
    "N2": "holds-only-if",
    "N3": "holds",
    "N4": "holds",
    "N5a": "holds",
    "N5b": "holds-only-if",
    "N5c": "holds",
    "N5d": "does-not-hold",
    "N6": "holds",
    "N7a": "does-not-hold",
    "N7b": "holds",
    "N7c": "does-not-hold",
    "N8": "holds-only-if",
}

Recorded = Callable[[str, Literal[4, 6]], Evidence]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """`recorded(name, family)`: a scenario's recording, made once."""
    folder, seen = tmp_path_factory.mktemp("claims"), dict[tuple[str, int], Evidence]()

    def one(name: str, family: Literal[4, 6]) -> Evidence:
        if why := missing(scenarios()[name].needs):
            pytest.skip(why)
        if (name, family) not in seen:
            made = recording.record(scenarios()[name], folder / str(family), family)
            if made.description.differences:  # a machine that stood still for a moment: now it must come
                recording.record(scenarios()[name], folder / str(family), family)
            seen[name, family] = Evidence(recording.read(folder / str(family) / name))
        return seen[name, family]

    return one


def names_of(claim: type[Claim], family: int) -> tuple[list[str], list[str]]:
    """The claim's scenarios that have a form over IPv4 or IPv6: those that it covers, and those that are changed."""
    found = [
        [name for name in names if family in scenarios()[name].families] for names in (claim.scenarios, claim.changed)
    ]
    return found[0], found[1]


@each
def test_a_claim_says_what_it_is(claim: type[Claim]) -> None:
    assert re.fullmatch(r"N[1-8][a-d]?", claim.code)
    assert claim.says.endswith((".", '."', '".')) and len(claim.says) < 250
    assert claim.__doc__ and len(claim.__doc__.strip().splitlines()) > 2
    for name in (*claim.scenarios, *claim.changed):
        assert name in scenarios()


@each
@pytest.mark.parametrize("family", [4, 6])
def test_the_verdict_is_the_one_of_linux(claim: type[Claim], family: Literal[4, 6], recorded: Recorded) -> None:
    covered, _ = names_of(claim, family)
    measured = claim.measure([recorded(name, family) for name in covered])
    assert measured.verdict == ON_LINUX[claim.code], measured.text
    assert (measured.condition != "") == (measured.verdict == "holds-only-if")
    assert measured.text


@each
@pytest.mark.parametrize("family", [4, 6])
def test_the_perturbed_form_turns_the_verdict_round(
    claim: type[Claim], family: Literal[4, 6], recorded: Recorded
) -> None:
    covered, changed = names_of(claim, family)
    plain = claim.measure([recorded(covered[0], family)]).verdict
    perturbed = {name: claim.measure([recorded(name, family)]).verdict for name in (*covered[1:], *changed)}
    assert plain in ("holds", "does-not-hold")
    turned = {name for name, verdict in perturbed.items() if verdict != plain}
    assert turned, "nothing turns it round: is the answer hard-coded?"
    assert turned >= set(changed)


@each
def test_scenarios_that_perturb_the_claim_s_own_do_not_confirm_its_verdict(
    claim: type[Claim], recorded: Recorded
) -> None:
    for name, scenario in scenarios().items():
        measures = claim.code in scenario.claims and scenario.perturbs in claim.scenarios
        if not measures or name in claim.scenarios:
            continue
        plain = claim.measure([recorded(scenario.perturbs, 4)]).verdict
        with contextlib.suppress(NotMeasuredError):  # what the claim speaks of does not happen there at all
            assert claim.measure([recorded(name, 4)]).verdict != plain, name


def test_what_is_not_in_a_recording_is_not_judged(recorded: Recorded) -> None:
    with pytest.raises(NotMeasuredError, match="did not write twice"):
        ALL["N7b"].measure([recorded("write-once", 4)])
    with pytest.raises(NotMeasuredError, match="no recording"):
        ALL["N7b"].measure([])


def test_verdicts_follow_the_recorded_calls(recorded: Recorded, tmp_path: Path) -> None:
    """The same packets, but for one word in what a program said."""
    folder = recorded("write-twice", 4).folder
    copy = tmp_path / "write-twice"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    truth = copy / "truth.jsonl"
    truth.write_text(truth.read_text().replace('"EPIPE"', '"ECONNRESET"'))
    assert ALL["N7b"].measure([Evidence(recording.read(copy))]).verdict == "does-not-hold"


def test_verdicts_follow_the_recorded_packets(recorded: Recorded, tmp_path: Path) -> None:
    """The same calls, but the last packets are cut off."""
    folder = recorded("close-client-first", 4).folder
    copy = tmp_path / "close-client-first"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    packets = copy / "packets.pcapng"
    packets.write_bytes(packets.read_bytes()[:-400])
    assert ALL["N1"].measure([Evidence(recording.read(copy))]).verdict == "does-not-hold"


def test_the_letters_are_tcpdump_s(recorded: Recorded, tcpdump: str) -> None:
    one = recorded("write-twice", 4)
    packets = one.folder / "packets.pcapng"
    done = subprocess.run([tcpdump, "-n", "-r", packets, "tcp"], capture_output=True, text=True, check=True)
    assert re.findall(r"Flags \[([^]]+)\]", done.stdout) == [letters(segment) for segment in one.packets]
    assert {"S", "S.", ".", "P.", "F.", "R"} == {letters(segment) for segment in one.packets}
