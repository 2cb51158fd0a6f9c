"""The command line: arguments in, exit status out. Heavy imports wait until a command needs them."""

from __future__ import annotations

import gc
import importlib
import io
import os
import pkgutil
import sys

import click

from . import __version__, commands
from .captures import compiled


def version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """--version: also says whether the engine is compiled."""
    if wanted and not context.resilient_parsing:
        how = (
            "compiled"
            if compiled()
            else "interpreted: reading is about 100 times slower; install a C compiler, reinstall"
        )
        click.echo(f"finrst {__version__} (engine {how})")
        context.exit()


class Commands(click.Group):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(found.name for found in pkgutil.iter_modules(commands.__path__))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        command = getattr(importlib.import_module(f"{commands.__name__}.{name}"), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=version, help="Print the version.")
def finrst() -> None:
    """How a TCP connection ended, who ended it, and why.

    \b
    finrst explain capture.pcap                    what ended how, and where it went wrong
    finrst explain capture.pcap --connection 3     the story of one connection
    finrst draw capture.pcap --connection 3 -o 3.svg
    finrst overview capture.pcap -o all.svg        the whole capture in one figure
    tcpdump -w - | finrst explain -
    """


def main() -> None:
    """The command `finrst`."""
    # NumPy's linear algebra is not used here; its threads would only wait, and waiting costs processor time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name in a locale that cannot write it
    gc.disable()  # a run is short, and the records of the engine make no cycles
    finrst(prog_name="finrst")
