"""The house: where things stand, who may import whom, and that what is generated or compiled is up to date."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("capture", "analyze", "plots")

#: Modules that have no test file of their own. This list only shrinks.
WITHOUT_TESTS: set[str] = set()

#: What no text of the project says: paths of one machine, and how the work was shared out.
FOREIGN = re.compile(
    r"/wor[k]/|/roo[t]/|/home/[a-z]|/tmp/[v]env|workplac[e]|\bfounder[s]?\b|\bsubagen[t]|\bCE[O]\b|\bLL[M]\b"
)


def modules() -> list[Path]:
    """Every module of the three folders, packages left out, relative to the repository."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if path.stem != "__init__"]
    return sorted(path.relative_to(ROOT) for path in found)


def packages() -> list[Path]:
    """Every package of the three folders, as if it were a module: its own tests stand beside those of its modules."""
    found = [path.parent for folder in FOLDERS for path in (ROOT / folder).rglob("__init__.py")]
    return sorted(path.relative_to(ROOT).with_suffix(".py") for path in found)


def place_of_tests(module: Path) -> Path:
    """Where the tests of a module stand, relative to tests/.

    Scenarios, claims and rules have one for all of them, and so have the words, but for those with a test of their own.
    """
    own, shared = module.with_name(f"test_{module.name}"), module.with_name(f"test_{module.parent.name}.py")
    if module.parent.name in ("scenarios", "claims", "rules"):
        return shared
    if module.parent.name == "words" and not (ROOT / "tests" / own).is_file():
        return shared
    return own


def project_files() -> list[Path]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(ROOT / "src")} | os.environ
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_every_module_has_its_test_file() -> None:
    missing = {str(module) for module in modules() if not (ROOT / "tests" / place_of_tests(module)).is_file()}
    assert missing - WITHOUT_TESTS == set()
    assert WITHOUT_TESTS - missing == set(), "has its tests by now: take it off the list"


def test_no_test_file_has_lost_its_module() -> None:
    wanted = {place_of_tests(module) for module in [*modules(), *packages()]}
    tests = [path for folder in FOLDERS for path in (ROOT / "tests" / folder).rglob("test_*.py")]
    assert [str(path) for path in sorted(tests) if path.relative_to(ROOT / "tests") not in wanted] == []


def test_the_links_reach_the_folders() -> None:
    for folder in FOLDERS:
        link = ROOT / "src" / "finrst" / folder
        assert link.is_symlink() and link.resolve() == ROOT / folder


def test_nothing_flows_back() -> None:
    done = run(str(Path(sys.executable).with_name("lint-imports")))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "arguments", [["--help"], ["explain", "samples/write-twice/packets.pcapng"]], ids=lambda words: str(words[0])
)
def test_heavy_libraries_are_not_imported_for(arguments: list[str]) -> None:
    program = (
        "import json, runpy, sys\n"
        "try: runpy.run_module('finrst', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "finally: print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    done = run(sys.executable, "-c", program, *arguments)
    assert done.returncode == 0, done.stderr
    imported = set(json.loads(done.stderr.splitlines()[-1]))
    assert not imported & {"scapy", "pyshark", "matplotlib"}


def test_the_compiled_engine_is_not_older_than_its_source() -> None:
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    types = [pxd for folder in ("capture", "analyze") for pxd in (ROOT / folder).rglob("*.pxd")]
    compiled = [pxd for pxd in types if pxd.with_suffix(".py").is_file()]
    numbers = [ROOT / "analyze/states.py", ROOT / "analyze/vocabulary.py", ROOT / "capture/table.py"]
    for pxd in compiled:
        source, extension = pxd.with_suffix(".py"), pxd.with_suffix(suffix)
        if not extension.exists():
            required = os.environ.get("FINRST_REQUIRE_COMPILED") == "1" and os.environ.get("FINRST_NO_COMPILE") != "1"
            assert not required, f"{source} is not compiled: run ./dev test"
            continue
        newer = [str(path) for path in (source, *types, *numbers) if path.stat().st_mtime > extension.stat().st_mtime]
        assert not newer, f"{extension.name} is older than {newer}: run ./dev test, or pip install -e . again"


def test_no_text_speaks_of_the_machine_or_of_how_the_work_was_done() -> None:
    found = []
    for path in project_files():
        data = path.read_bytes()
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if match := FOREIGN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core", "base"}
    assert [str(path.relative_to(ROOT)) for path in project_files() if path.stem in empty] == []


def test_the_generated_pages_are_up_to_date() -> None:
    done = run(sys.executable, "docs/generate.py", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
