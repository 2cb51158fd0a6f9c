"""Where Chinese or line-drawing signs cannot be shown: ASCII and English, with one line that says why; never `?`."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

ROOT = Path(__file__).parent.parent
SAMPLE = str(ROOT / "samples" / "write-twice")
UNSET = ("LC_ALL", "LC_CTYPE", "LANG", "PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS", "NO_COLOR")
LOCALES: dict[str, dict[str, str]] = {
    "LC_ALL=C PYTHONUTF8=0": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "LANG=C": {"LANG": "C"},
    "LC_ALL=POSIX": {"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"},
    "PYTHONIOENCODING=ascii": {"PYTHONIOENCODING": "ascii", "LC_ALL": "C.UTF-8"},
}
ascii_locales = pytest.mark.parametrize("locale", LOCALES)


def environment(locale: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100", "TERM": "xterm-256color", **locale}


def finrst(*arguments: str, **locale: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "finrst", *arguments]
    return subprocess.run(command, capture_output=True, env=environment(locale), timeout=60, check=False)


def in_a_terminal(*arguments: str, **locale: str) -> bytes:
    """All that a terminal is sent, standard error with it."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "finrst", *arguments], environment(locale))
    sent = b""
    while True:
        try:
            chunk = os.read(terminal, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        sent += chunk
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return sent


def without_questions(text: str) -> str:
    return text.replace("Why this RST?", "").replace("\x1b[?25", "")


@ascii_locales
def test_a_ladder_in_a_pipe_is_ascii_where_the_locale_is(locale: str) -> None:
    done = finrst("explain", SAMPLE, "--connection", "0", **LOCALES[locale])
    text = done.stdout.decode("ascii")
    assert done.stderr == b""
    assert "?" not in without_questions(text) and "\\" not in text
    assert "o-[S] SYN J, MSS 1460 --" in text and "o=[R] RST ===" in text and "+-^ Why this RST? ---" in text
    assert '"Broken pipe"' in text


TOLD = {
    "a connection": ["explain", SAMPLE, "--connection", "0"],
    "the first screen": ["explain", SAMPLE],
    "a log line": ["explain", SAMPLE, "--error", "Broken pipe"],
    "the overview": ["overview", SAMPLE],
}


@pytest.mark.parametrize("told", TOLD)
def test_in_chinese_it_says_once_why_it_is_in_english(told: str) -> None:
    locale = LOCALES["LC_ALL=C PYTHONUTF8=0"]
    done = finrst(*TOLD[told], "--lang", "zh", **locale)
    (line,) = done.stderr.decode("ascii").splitlines()
    assert line.startswith("finrst: the text is in English: ascii has no Chinese characters")
    assert done.stdout == finrst(*TOLD[told], **locale).stdout and done.stdout.isascii()
    quiet = finrst(*TOLD[told], "--lang", "zh", "--quiet", **locale)
    assert quiet.stderr == b"" and quiet.stdout == done.stdout


@ascii_locales
def test_in_every_ascii_locale_it_is_in_english(locale: str) -> None:
    done = finrst("explain", SAMPLE, "--lang", "zh", **LOCALES[locale])
    assert done.stdout.isascii() and b"What went wrong" in done.stdout and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("columns", ["80", "100"])
def test_chinese_fits_its_columns_with_two_for_each_character(told: str, columns: str) -> None:
    done = finrst(*TOLD[told], "--lang", "zh", LC_ALL="C.UTF-8", COLUMNS=columns)
    lines = done.stdout.decode().splitlines()
    assert done.stderr == b"" and any("个" in line or "客户端" in line for line in lines)
    typed = ("  finrst ", "  在 Wireshark", SAMPLE)  # never cut
    assert all(cell_len(line) <= int(columns) for line in lines if not line.startswith(typed) and SAMPLE not in line)


@pytest.mark.parametrize("arguments", [["explain", SAMPLE], ["scenarios"], ["explain", "--help"], ["doctor"]])
def test_other_texts_are_ascii_too(arguments: list[str]) -> None:
    done = finrst(*arguments, LC_ALL="C", PYTHONUTF8="0")
    text = done.stdout.decode("ascii")
    assert done.returncode == 0 and done.stderr == b""
    assert "??" not in text and "\\u" not in text


def test_a_terminal_whose_locale_is_c_is_sent_ascii() -> None:
    for more in ([], ["--connection", "0"]):
        sent = in_a_terminal("explain", SAMPLE, *more, LC_ALL="C", PYTHONUTF8="0")
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sent.decode("ascii"))
        assert "?" not in without_questions(text) and "\\u" not in text
        assert "\x1b[" in sent.decode("ascii")  # colours stay
    sent = in_a_terminal("explain", SAMPLE, "--connection", "0", "--lang", "zh", LC_ALL="C", PYTHONUTF8="0")
    assert sent.count(b"the text is in English") == 1 and sent.isascii()


@pytest.mark.parametrize("locale", [{"LC_ALL": "C.UTF-8"}, {}, {"LC_ALL": "C", "PYTHONUTF8": "1"}])
def test_utf_8_is_written_where_it_is_wanted_and_where_no_locale_is_named(locale: dict[str, str]) -> None:
    done = finrst("explain", SAMPLE, "--connection", "0", "--lang", "zh", **locale)
    assert "●─[S] SYN J" in done.stdout.decode() and "服务器" in done.stdout.decode()
    assert done.stderr == b""


def test_an_encoding_that_has_chinese_gets_chinese() -> None:
    done = finrst("explain", SAMPLE, "--connection", "0", "--lang", "zh", PYTHONIOENCODING="gbk")
    text = done.stdout.decode("gbk")
    assert "服务器" in text and "[R] RST" in text and "\\u" not in text
    assert done.stderr == b""


def test_a_file_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    done = finrst(
        "explain",
        SAMPLE,
        "--connection",
        "0",
        "--lang",
        "zh",
        "-o",
        str(tmp_path / "x.txt"),
        LC_ALL="C",
        PYTHONUTF8="0",
    )
    assert done.stderr == b""
    assert "服务器" in (tmp_path / "x.txt").read_text(encoding="utf-8")


def test_a_file_s_name_that_the_locale_cannot_write_shows_its_numbers(
    sample: Callable[[str], Path], tmp_path: Path
) -> None:
    named = tmp_path / "抓包.pcapng"
    named.write_bytes(sample("write-twice").read_bytes())
    done = finrst("explain", str(named), "--connection", "0", PYTHONIOENCODING="ascii")
    assert "\\u6293\\u5305.pcapng" in done.stdout.decode("ascii")


NO_FONTS = "from finrst.plots.backends import raster; raster.HAN = (); from finrst.cli import main; main()"


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_without_a_chinese_font_a_picture_is_in_english_and_one_line_names_the_package(
    suffix: str, tmp_path: Path
) -> None:
    def draw(lang: str, *more: str) -> tuple[bytes, str]:
        out = tmp_path / f"{lang}.{suffix}"
        command = [sys.executable, "-c", NO_FONTS, "draw", SAMPLE, "--connection", "0", "--lang", lang, "-o", str(out)]
        done = subprocess.run([*command, *more], capture_output=True, env=environment({}), timeout=120, check=True)
        return out.read_bytes(), done.stderr.decode()

    english, silent = draw("en")
    chinese, said = draw("zh")
    assert silent == ""
    (line,) = said.splitlines()
    assert line.startswith("finrst: the figure is in English: no font with Chinese characters")
    assert "fonts-noto-cjk" in line and "fonts-wqy-microhei" in line
    assert chinese == english
    assert draw("zh", "--quiet") == (english, "")


def test_without_a_chinese_font_a_chinese_name_is_drawn_as_its_numbers(
    sample: Callable[[str], Path], tmp_path: Path
) -> None:
    named = tmp_path / "抓包.pcapng"
    named.write_bytes(sample("write-twice").read_bytes())
    command = [sys.executable, "-c", NO_FONTS, "draw", str(named), "--connection", "0", "-o", str(tmp_path / "x.png")]
    done = subprocess.run(command, capture_output=True, env=environment({}), timeout=120, check=True)
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("finrst: no font with Chinese characters: install fonts-noto-cjk")


def test_an_svg_needs_no_font(tmp_path: Path) -> None:
    command = [sys.executable, "-c", NO_FONTS, "draw", SAMPLE, "--connection", "0", "--lang", "zh"]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "x.svg")], capture_output=True, env=environment({}), timeout=120, check=True
    )
    assert done.stderr == b"" and "服务器" in (tmp_path / "x.svg").read_text(encoding="utf-8")
