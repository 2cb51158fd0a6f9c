"""What a `.pxd` declares `cdef` is gone from Python once compiled: nobody may import it, or name it, from there."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from ..engines import is_compiled

ROOT = Path(__file__).parents[2]
FOLDERS = ("capture", "analyze", "plots", "src/finrst", "tests", "docs", "bench", "samples")
COMPILED = {
    "finrst." + ".".join(pxd.relative_to(ROOT).with_suffix("").parts): pxd
    for folder in ("capture", "analyze")
    for pxd in (ROOT / folder).rglob("*.pxd")
    if pxd.with_suffix(".py").is_file()
}


def hidden(pxd: Path) -> set[str]:
    """Names at a `.pxd`'s top level that only C can see."""
    text = re.sub(r"#.*", "", pxd.read_text(encoding="utf-8"))
    names: set[str] = set()
    for line in re.findall(r"^cdef (?!class |extern |enum |struct )([^\n]+)", text, re.M):
        if "(" in line:
            names.add(line.split("(")[0].split()[-1].strip("*"))
        else:
            first, *others = line.split(",")
            names |= {first.split()[-1].strip("*"), *(name.strip(" *") for name in others)}
    return names


def cimported(pxd: Path) -> set[tuple[str, str]]:
    """(module, name) of what a module's own `.pxd` takes over on the C side."""
    found = re.findall(r"^from (finrst\S+) cimport ([^\n]+)", pxd.read_text(encoding="utf-8"), re.M)
    return {(module, name.strip()) for module, names in found for name in names.split(",")}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[1:] if parts[0] == "src" else ("finrst", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def wanted_of(path: Path) -> set[tuple[str, str]]:
    """(compiled module, name) of everything that a source file imports from one, or names as its attribute."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    aliases: dict[str, str] = {}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            aliases |= {name.asname: name.name for name in node.names if name.asname and name.name in COMPILED}
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for name in node.names:
                if module in COMPILED:
                    found.add((module, name.name))
                elif f"{module}.{name.name}" in COMPILED:
                    aliases[name.asname or name.name] = f"{module}.{name.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            found.add((aliases[node.value.id], node.attr))
    return found


SOURCES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if not (folder == "src/finrst" and path.parent.name != "finrst")
)


def test_the_pxd_files_are_read() -> None:
    assert {"M32", "WORDS"} <= hidden(COMPILED["finrst.analyze.recent"])
    assert "last_state" not in hidden(COMPILED["finrst.analyze.columns"])
    assert {"word_sum", "LAYER_IP"} <= hidden(COMPILED["finrst.capture.decode"])
    assert not {"Decoder", "Packet"} & hidden(COMPILED["finrst.capture.decode"])
    assert ("finrst.analyze.endings", "ending") in wanted_of(ROOT / "analyze" / "columns.py")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_taken_from_a_compiled_module_is_there_when_it_is_compiled(path: Path) -> None:
    pxd = path.with_suffix(".pxd")
    on_the_c_side = cimported(pxd) if pxd.is_file() else set()
    lost = {(module, name) for module, name in wanted_of(path) - on_the_c_side if name in hidden(COMPILED[module])}
    assert lost == set()


def test_the_compiled_modules_have_every_name_that_is_taken_from_them() -> None:
    for module, name in sorted(set().union(*(wanted_of(path) for path in SOURCES))):
        assert hasattr(importlib.import_module(module), name), f"{module} has no {name}"
    if is_compiled():
        for module, pxd in COMPILED.items():
            assert hidden(pxd) & set(vars(importlib.import_module(module))) == set(), f"{module}: misread .pxd"
