"""Compile the engine while the wheel is built: a hook for hatchling.

A `.pxd` beside a `.py` of the same name in `capture/` or `analyze/` makes that module a compiled one;
that is the whole list. A `.pxd` without such a `.py` is only included by others.

What is compiled is a copy, in which the numbers that the `.pxd` names are constants of C (`built_in`): Cython keeps
them in variables, which a C compiler loads again and again.

FINRST_NO_COMPILE=1        plain Python, nothing is compiled
FINRST_REQUIRE_COMPILED=1  a failed compilation fails the build (otherwise: a warning, and plain Python)
FINRST_SANITIZE=address    with AddressSanitizer, for the mutation tests
"""

from __future__ import annotations

import ast
import os
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")

# "inline" in a .pxd is meant: the methods that see every packet have one caller each, and are long.
INLINING = "--param max-inline-insns-single=2000 --param large-function-growth=1000 --param inline-unit-growth=300"

# Runs in the copy of the package, so that extensions get their qualified names and no path of this machine.
COMPILE = """
import sys
from pathlib import Path
from Cython.Build import cythonize
from setuptools import Extension, setup
flags, link, jobs, *sources = sys.argv[1:]
extra = dict(extra_compile_args=flags.split(), extra_link_args=link.split())
extensions = [Extension(".".join(Path(source).with_suffix("").parts), [source], **extra) for source in sources]
directives = dict(language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True)
directives["annotation_typing"] = False  # the types are the .pxd's; `int` in the source is a promise to mypy
modules = cythonize(extensions, compiler_directives=directives, force=True, quiet=True, nthreads=int(jobs))
setup(name="engine", packages=[], ext_modules=modules, script_args=["-q", "build_ext", "--inplace", "--parallel", jobs])
"""


def compiled_modules(root: Path) -> list[Path]:
    """The sources to compile, relative to the repository."""
    types = [found for folder in ("capture", "analyze") for found in (root / folder).rglob("*.pxd")]
    sources = [pxd.with_suffix(".py") for pxd in types if pxd.stem != "__init__"]
    return sorted(source.relative_to(root) for source in sources if source.is_file())


# A line of a .pxd that gives named numbers their type, and one that takes functions with their bodies.
NUMBERS = re.compile(r"^cdef (u?int64_t) ([A-Z][A-Z0-9_]*(?:, [A-Z][A-Z0-9_]*)*)$", re.MULTILINE)
INLINE = re.compile(r"^from finrst\.capture\.inline cimport (.+)$", re.MULTILINE)


def built_in(source: Path) -> tuple[str, str]:
    """The texts of a module and of its .pxd, the named numbers made constants of C; every line keeps its number."""
    text, types = source.read_text(), source.with_suffix(".pxd").read_text()
    kinds = {name: kind for kind, names in NUMBERS.findall(types) for name in names.split(", ")}
    inline = {name for names in INLINE.findall(types) for name in names.split(", ")}
    values: dict[str, Any] = {}
    lines = text.splitlines()
    for node in ast.parse(text).body:
        left = ""
        if isinstance(node, ast.ImportFrom) and node.module:
            wanted = {alias.name for alias in node.names}
            others = sorted(wanted - kinds.keys() - inline)
            if len(others) == len(wanted):
                continue
            if wanted & kinds.keys():
                folder = source.parents[node.level - 1]
                values |= runpy.run_path(str(folder.joinpath(*node.module.split(".")).with_suffix(".py")))
            if others:
                left = f"from {'.' * node.level}{node.module} import {', '.join(others)}"
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in kinds:
            values[node.targets[0].id] = eval(ast.unparse(node.value), values)
        else:
            continue
        lines[node.lineno - 1 : node.end_lineno] = [left, *[""] * ((node.end_lineno or 0) - node.lineno)]
    constants = ["cdef extern from *:", '    """']
    for name, kind in kinds.items():
        suffix = "ULL" if kind == "uint64_t" else "LL"
        constants.append(f"    #define finrst_{source.stem}_{name} (({kind}) {values[name]:#x}{suffix})")
    constants.append('    """')
    constants += [f'    {kind} {name} "finrst_{source.stem}_{name}"' for name, kind in kinds.items()]
    return "\n".join([*lines, ""]), "\n".join([NUMBERS.sub("", types), *(constants if kinds else []), ""])


class CompileEngine(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sources = compiled_modules(root)
        in_place = version == "editable"
        if in_place:  # what an earlier build left would shadow the source that is there now
            for folder in ("capture", "analyze"):
                for old in (root / folder).rglob(f"*{SUFFIX}"):
                    old.unlink(missing_ok=True)
        if not sources or os.environ.get("FINRST_NO_COMPILE") == "1":
            return
        self.workshop = Path(tempfile.mkdtemp(prefix="finrst-build-"))
        failure = self.compile(root, sources)
        if failure:
            shutil.rmtree(self.workshop)
            if os.environ.get("FINRST_REQUIRE_COMPILED") == "1":
                raise RuntimeError(f"the engine was not compiled:\n{failure}")
            self.app.display_warning(f"{failure}\nThe engine was NOT compiled: about 100 times slower.")
            return
        for source in sources:
            extension = source.parent / (source.stem + SUFFIX)
            built = self.workshop / "finrst" / extension
            if in_place:  # beside the source, where the links in src/finrst reach it
                arriving = root / f"{extension}.{os.getpid()}"
                shutil.copy(built, arriving)
                arriving.replace(root / extension)
            else:
                build_data["force_include"][str(built)] = f"finrst/{extension.as_posix()}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def compile(self, root: Path, sources: list[Path]) -> str:
        """Build all extensions in a copy of the package; what went wrong, or nothing."""
        package = self.workshop / "finrst"
        package.mkdir()
        package.joinpath("__init__.py").touch()
        for folder in ("capture", "analyze"):
            wanted = [*(root / folder).rglob("*.pxd"), *(root / folder).rglob("__init__.py")]
            for path in [*wanted, *(root / source for source in sources)]:
                copy = package / path.relative_to(root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        for source in sources:
            copy = package / source
            module, types = built_in(root / source)
            copy.write_text(module)
            copy.with_suffix(".pxd").write_text(types)
        flags, link = f"-O3 -g0 {INLINING}", ""
        if sanitizer := os.environ.get("FINRST_SANITIZE"):
            flags, link = f"-fsanitize={sanitizer} -fno-omit-frame-pointer -g1 -O0", f"-fsanitize={sanitizer}"
        names = [f"finrst/{source.as_posix()}" for source in sources]
        command = [sys.executable, "-c", COMPILE, flags, link, str(os.cpu_count() or 1), *names]
        done = subprocess.run(command, cwd=self.workshop, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout[-8000:] or "the compiler failed without a word" if done.returncode else ""

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if hasattr(self, "workshop"):
            shutil.rmtree(self.workshop, ignore_errors=True)
