"""The package as users get it: built, installed into an empty environment elsewhere, and used from there."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("capture", "analyze", "plots")


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "FINRST_NO_COMPILE"}}
    done = subprocess.run(command, cwd=cwd, env=environment | variables, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


def build(target: str, source: Path, into: Path, **variables: str) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, cwd=source, **variables)
    return next(into.iterdir())


def inside(wheel: Path) -> set[str]:
    """The files of a wheel, without its metadata and without what the compiler made."""
    names = zipfile.ZipFile(wheel).namelist()
    return {name for name in names if ".dist-info/" not in name and not name.endswith((".so", ".pyd"))}


@pytest.fixture(scope="module")
def plain_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the tree, nothing compiled."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("plain"), FINRST_NO_COMPILE="1")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the unpacked source archive, compiled: the longest way to a user."""
    archive = build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    return build("wheel", next(unpacked.iterdir()), tmp_path_factory.mktemp("wheel"), FINRST_REQUIRE_COMPILED="1")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site-packages of an environment that held nothing before."""
    place = tmp_path_factory.mktemp("elsewhere")
    venv.create(place / "environment", with_pip=False)
    python = place / "environment" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", wheel, cwd=place)
    return next((place / "environment" / "lib").glob("python*/site-packages"))


def test_the_wheel_holds_every_module_of_the_tree_and_nothing_else(plain_wheel: Path) -> None:
    tree = {
        f"finrst/{path.relative_to(ROOT).as_posix()}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".so", ".pyd", ".c"}
    }
    own = [place for place in (ROOT / "src" / "finrst").iterdir() if not place.is_symlink()]
    files = [path for place in own for path in ([place] if place.is_file() else place.rglob("*.py"))]
    face = {path.relative_to(ROOT / "src").as_posix() for path in files}
    assert inside(plain_wheel) == tree | face


def test_the_source_archive_builds_the_same_wheel(plain_wheel: Path, wheel: Path) -> None:
    assert inside(wheel) == inside(plain_wheel)
    for name in inside(wheel):
        assert zipfile.ZipFile(wheel).read(name) == zipfile.ZipFile(plain_wheel).read(name)


def test_the_wheel_holds_the_engine_for_this_python(wheel: Path) -> None:
    compiled = {name.split(".")[0] for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".so")}
    types = [pxd for folder in ("capture", "analyze") for pxd in (ROOT / folder).rglob("*.pxd")]
    wanted = {f"finrst/{pxd.relative_to(ROOT).with_suffix('')}" for pxd in types if pxd.with_suffix(".py").is_file()}
    assert compiled == wanted
    assert f"cp{sys.version_info.major}{sys.version_info.minor}" in wheel.name


def test_installing_adds_finrst_and_no_other_name(wheel: Path, installed: Path) -> None:
    record = next(installed.glob("finrst-*.dist-info/RECORD")).read_text(encoding="utf-8")
    top = {line.split(",")[0].split("/")[0] for line in record.splitlines()}
    script = ".."  # bin/finrst
    assert {name for name in top if not name.endswith(".dist-info")} == {"finrst", script}
    assert not [name for name in FOLDERS if (installed / name).exists()]


def test_the_installed_engine_is_compiled(installed: Path, tmp_path: Path) -> None:
    python = installed.parents[2] / "bin" / "python"
    told = run(python, "-c", "import finrst.capture.decode as m; print(m.__file__)", cwd=tmp_path).strip()
    assert told.startswith(str(installed)) and not told.endswith(".py")


def test_the_installed_program_does_the_main_job(installed: Path, tmp_path: Path) -> None:
    finrst = installed.parents[2] / "bin" / "finrst"
    capture = ROOT / "samples" / "write-twice" / "packets.pcapng"
    told = run(finrst, "explain", capture, cwd=tmp_path)
    assert "10.9.0.2:9000" in told and "The client closed first" in told
    run(finrst, "explain", capture, "--connection", "0", cwd=tmp_path)
    run(finrst, "draw", capture, "--connection", "0", "-o", tmp_path / "figure.svg", cwd=tmp_path)
    assert (tmp_path / "figure.svg").read_text(encoding="utf-8").lstrip().startswith(("<svg", "<?xml"))
