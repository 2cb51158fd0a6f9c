"""Damaged captures through the whole of reading, following, telling and JSON: nothing but CaptureError, no hang.

The seeded mutations of `damage` run here in process over both engines, which must find the same; then over the
installed engine under a memory limit, and over one that is built with AddressSanitizer. `FINRST_MUTATIONS` says how
many; `FINRST_SEED` where to begin.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ..engines import COMPILED, INTERPRETED, Engine, account, both, compiled_only, is_compiled
from .damage import PATIENCE_S, ROOT, damaged_captures, damaged_packets, originals, read_packets

SEED = int(os.environ.get("FINRST_SEED", "1"))


def test_damaged_captures_raise_nothing_and_both_engines_find_the_same(tmp_path: Path, mutations: int) -> None:
    path = tmp_path / "damaged"
    for number, content in enumerate(damaged_captures(SEED, mutations)):
        path.write_bytes(content)
        began = time.monotonic()
        found = account(INTERPRETED, path)
        assert time.monotonic() - began < PATIENCE_S, f"mutation {number} of seed {SEED}"
        if is_compiled():
            assert account(COMPILED, path) == found, f"mutation {number} of seed {SEED}"


@both
def test_damaged_packets_are_never_read_beyond_their_end(engine: Engine, mutations: int) -> None:
    """Each in memory of its own size: interpreted, a read beyond it is an IndexError."""
    seen = read_packets(engine, damaged_packets(INTERPRETED, SEED, mutations * 20))
    assert seen["counts"][4] == mutations * 20 and seen["counts"][0] > mutations


@compiled_only
def test_both_engines_find_the_same_in_damaged_packets(mutations: int) -> None:
    compiled, interpreted = (
        read_packets(engine, damaged_packets(INTERPRETED, SEED + 1, mutations * 10))
        for engine in (COMPILED, INTERPRETED)
    )
    assert compiled == interpreted


def test_what_stands_before_the_damage_is_found(tmp_path: Path) -> None:
    """Cut at every byte (of large captures: at some), the connections are those of the packets before the cut."""
    path = tmp_path / "cut"
    for content in originals():
        path.write_bytes(content)
        whole = account(COMPILED, path, 0)
        packets = 0
        for cut in range(0, len(content), max(1, len(content) // 150)):
            path.write_bytes(content[:cut])
            found = account(COMPILED, path, 0)
            if "error" in found:
                assert cut < 64, (cut, found["error"])
                continue
            if found["counts"][4] < 4:
                continue  # variants of pcap are told apart by the first three records: so short, it may be another
            assert found["counts"][4] >= packets, "a longer part has fewer packets"
            packets = found["counts"][4]
            if packets < whole["counts"][4] and not found["damage"]:
                continue  # cut between two records
            for mine, full in zip(found["connections"], whole["connections"], strict=False):
                same = ("number", "version", "lo", "hi", "port", "first_frame", "first_ts")
                assert [mine[name] for name in same] == [full[name] for name in same]
                assert all(a <= b for a, b in zip(mine["packets"], full["packets"], strict=True))


def run_apart(folder: Path, count: int, **environment: str) -> str:
    """`damage` as a program; what it said. Fails with its last words and the capture that it was reading."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.property.damage", str(folder), str(SEED), str(count)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60 + count,
    )
    at_hand = [f"{path.name}: {path.read_bytes().hex()[:4000]}" for path in folder.iterdir()]
    assert done.returncode == 0, "\n".join([done.stdout, done.stderr[-6000:], *at_hand])
    return done.stdout


def where_finrst_is() -> str:
    import finrst

    return str(Path(finrst.__file__).parents[1])


def test_damaged_captures_need_no_more_memory_than_others(tmp_path: Path, mutations: int) -> None:
    said = run_apart(tmp_path / "at-hand", mutations, PYTHONPATH=where_finrst_is(), FINRST_MEMORY_MIB="250")
    assert said.startswith(f"{mutations} captures, {mutations * 5} packets")


def test_addresssanitizer_finds_nothing_on_damaged_captures(tmp_path: Path, mutations: int) -> None:
    if os.environ.get("FINRST_NO_COMPILE") == "1":
        return  # there is no engine for it to look at
    library = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    target = tmp_path / "sanitized"
    install = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation", "--target"]
    built = subprocess.run(
        [*install, str(target), str(ROOT)],
        env=os.environ | {"FINRST_SANITIZE": "address", "FINRST_REQUIRE_COMPILED": "1"},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    most = min(mutations * 5, 5000)  # ./dev fuzz reads more
    said = run_apart(
        tmp_path / "at-hand",
        most,
        LD_PRELOAD=library.stdout.strip(),
        ASAN_OPTIONS="detect_leaks=0",
        PYTHONMALLOC="malloc",
        PYTHONPATH=str(target),
        FINRST_COMPILED="1",
    )
    assert said.startswith(f"{most} captures, {most * 5} packets")
