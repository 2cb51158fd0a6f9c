"""Claims about finrst in Python: read a file or a recording, ask, draw, and let a notebook show it."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.capture.table import CaptureError

from .analyze.conversation import Talk, Wire


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Three connections: closed, reset by the server, open."""
    wire = Wire()
    for number in range(3):
        c, s = Talk(ports=(40000 + number, 80), wire=wire).open()
        c.data(6), s.ack()
        if number == 0:
            c.fin(), s.ack(), s.fin(), c.ack()
        elif number == 1:
            s.abort()
    return wire.write(tmp_path / "several.pcap")


def test_a_capture_is_read_and_its_connections_are_told(several: Path) -> None:
    reading = finrst.read(several)
    assert reading.capture.packets == 20 and len(reading.connections) == 3
    assert [(c.number, c.ending) for c in reading.connections] == [(0, "closed"), (1, "reset"), (2, "open")]
    assert reading.connections[-1].ending == "open" and len(reading.connections[1:]) == 2
    assert reading.connection(1).story.segments and reading.connection(1) is reading.connection(1)
    assert repr(reading.connection(1)) == "<connection 1, 10.0.0.1:40001 to 10.0.0.2:80: reset, by server>"


def test_a_connection_that_is_not_there_is_a_key_error(several: Path) -> None:
    with pytest.raises(KeyError):
        finrst.read(several).connection(7)


def test_what_is_no_capture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no capture")
    for path in (tmp_path / "text", tmp_path, tmp_path / "missing"):
        with pytest.raises(CaptureError):
            finrst.read(path)


def test_a_recordings_folder_brings_its_calls(sample: Callable[[str], Path]) -> None:
    packets = sample("write-twice")
    with_facts, without = finrst.read(packets.parent).connection(0), finrst.read(packets).connection(0)
    assert with_facts.record()["calls"] and "calls" not in without.record()
    assert "EPIPE" in with_facts.says and "EPIPE" not in without.says
    assert "EPIPE" in with_facts.text(80)


@pytest.mark.parametrize("suffix", ["svg", "txt", "json"])
def test_a_connection_draws_itself(several: Path, tmp_path: Path, suffix: str) -> None:
    written = finrst.read(several).connection(1).draw(tmp_path / f"one.{suffix}", lang="zh")
    assert "RST" in written.read_text(encoding="utf-8")
    assert suffix != "json" or json.loads(written.read_text(encoding="utf-8"))["lang"] == "zh"


def test_a_notebook_shows_a_connection_as_its_figure(several: Path) -> None:
    svg = finrst.read(several).connection(1)._repr_svg_()
    assert ET.fromstring(svg).tag.endswith("svg")


def test_a_notebook_shows_the_first_abnormal_connection_beside_the_summary(several: Path) -> None:
    reading = finrst.read(several)
    html = reading._repr_html_()
    shown = reading.shown()
    assert shown is not None and shown.number == 1
    assert "What went wrong" in html and html.startswith("<pre>")
    image = re.search(r'base64,([^"]+)"', html)
    assert image and ET.fromstring(base64.b64decode(image[1])).tag.endswith("svg")


def test_a_notebook_shows_the_only_connection_alone(sample: Callable[[str], Path]) -> None:
    assert finrst.read(sample("close-client-first").parent)._repr_html_().startswith("<img ")


def test_importing_finrst_imports_nothing_heavy() -> None:
    code = "import sys, finrst; print(sorted({'numpy', 'rich', 'click', 'finrst.analyze'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_scenario_is_recorded_and_shows_itself(tmp_path: Path) -> None:
    reading = finrst.record("write-twice", tmp_path)
    assert [(told.ending, told.ended_by) for told in reading.connections] == [("reset", "client")]
    assert "EPIPE" in reading.connection(0)._repr_svg_()
    assert (tmp_path / "write-twice" / "truth.jsonl").is_file()


def test_a_name_that_no_scenario_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="write-thrice"):
        finrst.record("write-thrice", tmp_path)


def test_a_capture_draws_its_overview(several: Path, tmp_path: Path) -> None:
    reading = finrst.read(several)
    drawn = reading.overview(tmp_path / "all.svg", lang="zh", theme="dark")
    assert drawn.read_text().startswith("<svg") and 'lang="zh"' in drawn.read_text()
    scene = reading.scene().as_dict()
    assert scene["connections"] == 3 and [row["ending"] for row in scene["endings"]] == [
        "closed",
        "open",
        "reset-server",
    ]
    only = reading.scene(filter="ending==reset").as_dict()
    assert only["connections"] == 1 and "1 of 3 connections, chosen by the filter" in only["subtitle"]
    assert reading.scene(figure="resets").title == "1 RST: sent by the server on its own"
    with pytest.raises(ValueError, match="no figure 'ladder' of a capture"):
        reading.scene(figure="ladder")


def test_a_picture_without_a_font_for_chinese_is_in_english_with_a_warning(
    several: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from finrst.plots.backends import FontWarning, raster

    told = finrst.read(several).connection(0)
    english = told.draw(tmp_path / "en.png").read_bytes()
    monkeypatch.setattr(raster, "HAN", ())
    with pytest.warns(FontWarning, match="the figure is in English: no font with Chinese"):
        assert told.draw(tmp_path / "zh.png", "zh").read_bytes() == english


def test_a_capture_at_the_servers_end_brings_what_one_alone_cannot_prove(sample: Callable[[str], Path]) -> None:
    near = sample("forged-rst")
    reading = finrst.read(near, server=near.with_name("server.pcapng"))
    assert reading.connection(0).record()["resets"][0]["forged_possible"] == "proved"
    assert "Captured at both ends" in reading.summary() and "两端都有抓包" in reading.summary(lang="zh")
    with pytest.raises(ValueError, match=r"no connection of .* was found in"):
        finrst.read(near, server=sample("write-twice"))


def test_logs_of_strace_bring_their_calls(sample: Callable[[str], Path], tmp_path: Path) -> None:
    packets, client, server = sample("write-twice"), "10.9.0.1:47304", "10.9.0.2:9000"
    end = finrst.read(packets).connection(0).story.last_ns + 50_000_000
    line = f'{end // 10**9}.{end % 10**9:09} write(4<TCP:[{server}->{client}]>, "x", 1) = -1 EPIPE (Broken pipe)\n'
    logs = [tmp_path / "one", tmp_path / "two"]
    logs[0].write_text(f"9 {line}"), logs[1].write_text(f"9 {line.replace('EPIPE', 'ECONNRESET')}")
    (call,) = finrst.read(packets, strace=logs[0]).connection(0).story.calls
    assert (call.side, call.errno) == ("server", "EPIPE")
    assert len(finrst.read(packets, strace=logs).connection(0).story.calls) == 2
    with pytest.raises(CaptureError, match="no log of strace"):
        finrst.read(packets, strace=str(packets.parent / "truth.jsonl"))


def test_a_trace_of_the_kernel_brings_its_reasons(sample: Callable[[str], Path], tmp_path: Path) -> None:
    packets = sample("write-twice")
    (reset,) = finrst.read(packets).connection(0).story.resets
    assert reset.kernel_reason is None
    event = "src=10.9.0.1:47304 dest=10.9.0.2:9000 state=UNKNOWN reason=NO_SOCKET"
    at = f"{reset.ts_ns // 10**9}.{reset.ts_ns % 10**9:09}"
    (tmp_path / "TRACE").write_text(f" python-1 [000] {at}: tcp_send_reset: skbaddr=00 skaddr=00 {event}\n")
    (reset,) = finrst.read(packets, kernel=tmp_path / "TRACE").connection(0).story.resets
    assert reset.kernel_reason == "NO_SOCKET"
    with pytest.raises(CaptureError, match="no event of tcp:tcp_send_reset"):
        finrst.read(packets, kernel=[packets.parent / "truth.jsonl"])
    with pytest.raises(FileNotFoundError):
        finrst.read(packets, kernel=tmp_path / "nowhere")


def test_another_system_gives_other_errors(sample: Callable[[str], Path]) -> None:
    reading = finrst.read(sample("write-twice"), os="server=windows")
    outcomes = reading.connection(0).story.outcomes
    assert outcomes is not None and outcomes.server.next is not None
    assert outcomes.server.next["write"] == "WSAECONNRESET"
    with pytest.raises(ValueError, match="'plan9' is no system that is known"):
        finrst.read(sample("write-twice"), os="plan9")
