"""The command as a user types it: output, exit status, one line for bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parent.parent


def finrst(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "finrst", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100", **environment},
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def packets(sample: Callable[[str], Path]) -> str:
    return str(sample("write-twice"))


def test_explain_says_how_it_ended_and_what_to_type_next(packets: str) -> None:
    done = finrst("explain", packets)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert "The client closed first; the server's write was answered with RST." in text
    assert f"finrst explain {packets} --connection 0" in text
    assert "tcp.flags.reset == 1" in text


def test_a_connection_is_told_with_its_ladder(packets: str) -> None:
    text = finrst("explain", packets, "--connection", "0").stdout.decode()
    for words in ("WHY IT ENDED", "[S] SYN J", "CLOSE_WAIT", "[R] RST", "Why this RST?"):
        assert words in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_json_of_the_notes_experiment_is_the_contracts(packets: str) -> None:
    record = json.loads(finrst("explain", packets, "--format", "json").stdout)
    assert record["schema"] == 1
    assert record["capture"]["packets"] == record["capture"]["tcp_packets"] == 9
    (connection,) = record["connections"]
    expected = {
        "connection": 0,
        "direction": "seen",
        "first_frame": 1,
        "last_frame": 9,
        "cut": {"start": False, "end": False},
        "packets": {"client": 5, "server": 4},
        "bytes": {"client": 6, "server": 18},
        "syn": {"client": 1, "server": 1},
        "fin": {"client": 1, "server": 0},
        "rst": {"client": 1, "server": 0},
        "psh": {"client": 1, "server": 1},
        "retransmissions": {"client": 0, "server": 0},
        "ending": "reset",
        "ended_by": "client",
        "closed_first": "client",
        "states": {"client": "CLOSED", "server": "CLOSED"},
        "zeek": {"conn_state": "RSTO", "history": "ShADaFdR"},
        "undelivered": {"client": 0, "server": 18},
    }
    assert {name: connection[name] for name in expected} == expected
    (reset,) = connection["resets"]
    assert (reset["frame"], reset["from"], reset["shape"], reset["answers_frame"]) == (9, "client", "reply", 8)
    assert (reset["accepted"], reset["receiver_state"], reset["pending_error"]) == (True, "CLOSE_WAIT", "EPIPE")


def test_jsonl_has_the_capture_first_and_then_a_line_for_each_connection(packets: str) -> None:
    lines = [json.loads(line) for line in finrst("explain", packets, "--format", "jsonl").stdout.splitlines()]
    assert set(lines[0]) == {"capture"}
    assert [line["connection"] for line in lines[1:]] == [0]


def test_standard_input_says_the_same_as_the_file(packets: str) -> None:
    data = Path(packets).read_bytes()
    for more in ([], ["--connection", "0"], ["--format", "json"]):
        whole = finrst("explain", packets, *more).stdout
        piped = finrst("explain", "-", *more, stdin=data).stdout
        assert len(piped.splitlines()) == len(whole.splitlines())
        assert b"finrst-" not in piped


def test_a_figure_is_written_in_the_form_of_its_suffix(packets: str, tmp_path: Path) -> None:
    begins = {
        "svg": b"<svg", "txt": b"After the client", "json": b"{", "png": b"\x89PNG", "pdf": b"%PDF",
        "mmd": b"sequenceDiagram", "pkt": b"// After the", "ansi": b"\x1b[1mAfter the",
    }  # fmt: skip
    for suffix, first in begins.items():
        out = tmp_path / f"figure.{suffix}"
        done = finrst("draw", packets, "--connection", "0", "-o", str(out))
        assert (done.returncode, done.stderr) == (0, b"")
        assert out.read_bytes().lstrip().startswith(first)


def test_of_a_captures_only_connection_draw_needs_no_number(packets: str, tmp_path: Path) -> None:
    for more in ([], ["--connection", "0"]):
        assert finrst("draw", packets, *more, "-o", str(tmp_path / f"{len(more)}.svg")).returncode == 0
    assert (tmp_path / "0.svg").read_bytes() == (tmp_path / "2.svg").read_bytes()
    two = str(Path(packets).parent.parent / "proxy" / "packets.pcapng")
    done = finrst("draw", two, "-o", str(tmp_path / "x.svg"))
    assert (done.returncode, done.stdout) == (2, b"") and not (tmp_path / "x.svg").exists()
    assert done.stderr.decode() == (
        f"finrst: 2 connections in {two}: choose one with --connection N (finrst explain lists them)\n"
    )


def test_the_help_names_every_suffix() -> None:
    from finrst.plots.backends import suffixes

    named = finrst("draw", "--help").stdout.decode().split("The suffix chooses: ")[1].split(".")[0]
    assert sorted(named.split()) == list(suffixes())


def test_an_overview_is_shown_and_written(packets: str, tmp_path: Path) -> None:
    shown = finrst("overview", packets)
    text = shown.stdout.decode()
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert text.startswith("1 connection, to 10.9.0.2:9000: reset by the client")
    assert f"finrst explain {packets} --connection 0" in text and "\x1b" not in text
    begins = {"svg": b"<svg", "txt": b"1 connection", "json": b"{", "png": b"\x89PNG"}
    for suffix, first in begins.items():
        out = tmp_path / f"all.{suffix}"
        done = finrst("overview", packets, "-o", str(out))
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert out.read_bytes().startswith(first)


def test_an_overview_of_folders_and_several_files_is_one(sample: Callable[[str], Path]) -> None:
    files = [sample(name) for name in ("write-twice", "refused", "close-client-first")]
    for several in (files, [file.parent for file in files]):
        text = finrst("overview", *map(str, several)).stdout.decode()
        assert text.startswith("3 connections in ")
        assert "FIN, orderly" in text and "refused" in text and "RST by client" in text


def test_the_overview_of_standard_input_is_that_of_the_file(packets: str) -> None:
    whole, piped = finrst("overview", packets), finrst("overview", "-", stdin=Path(packets).read_bytes())
    assert whole.stdout.splitlines()[0] == piped.stdout.splitlines()[0]


def test_figures_of_a_capture_are_listed_and_chosen(packets: str) -> None:
    listed = finrst("overview", "--figures").stdout.decode()
    names = [line.split()[0] for line in listed.splitlines()]
    assert {"overview", "idle-gaps", "resets"} <= set(names) and "ladder" not in names
    assert b"1 RST: " in finrst("overview", packets, "--figure", "resets").stdout
    assert "1 个 RST" in finrst("overview", packets, "--figure", "resets", "--lang", "zh").stdout.decode()


def test_an_overview_takes_a_filter(packets: str) -> None:
    assert finrst("overview", packets, "--filter", "ending==open").stdout.startswith(
        b"No connection matches the filter"
    )


def test_fail_on_exits_with_1_only_for_that_ending(packets: str) -> None:
    assert finrst("explain", packets, "--fail-on", "reset,refused").returncode == 1
    assert finrst("explain", packets, "--fail-on", "refused").returncode == 0


def test_a_filter_chooses_connections(packets: str) -> None:
    kept = json.loads(finrst("explain", packets, "--format", "json", "--filter", "ending==reset").stdout)
    none = json.loads(finrst("explain", packets, "--format", "json", "--filter", "ending==closed").stdout)
    assert len(kept["connections"]) == 1
    assert none["connections"] == []


def test_a_command_that_fails_leaves_the_file_of_o_as_it_was(packets: str, tmp_path: Path) -> None:
    kept = tmp_path / "told.txt"
    kept.write_text("of yesterday")
    assert finrst("explain", packets, "--connection", "7", "-o", str(kept)).returncode == 2
    assert kept.read_text() == "of yesterday"
    assert finrst("explain", packets, "-o", str(kept)).returncode == 0
    assert "1 connection" in kept.read_text()


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["explain", "no-such-file.pcap"], 3, "no-such-file.pcap"),
        (["explain", "{folder}"], 3, "directory"),
        (["explain", "{text}"], 3, "not a capture file"),
        (["explain", "{empty}"], 3, "empty"),
        (["explain", "{short}"], 3, "short.pcapng: pcapng cut within its section header, after 10 bytes"),
        (["explain", "{packets}", "--connection", "7"], 2, "no connection 7"),
        (["explain", "{packets}", "--filter", "prot==80"], 2, "did you mean port?"),
        (["explain", "{packets}", "--fail-on", "crashed"], 2, "no ending"),
        (["explain", "{packets}", "--connection", "x"], 2, "'x' is not a valid number"),
        (["draw", "{packets}", "--connection", "0", "-o", "x.gif"], 2, "choose from"),
        (["draw", "{packets}", "--connection", "0", "-o", "x"], 2, "no suffix to tell the output by: choose from"),
        (["draw", "{packets}", "--connection", "0", "-o", "/no/such/folder/x.svg"], 3, "/no/such/folder"),
        (["explain", "{packets}", "-o", "/no/such/folder/x.txt"], 3, "/no/such/folder"),
        (["overview", "no-such-file.pcap"], 3, "no-such-file.pcap"),
        (["overview", "{packets}", "-o", "x.gif"], 2, "choose from"),
        (["overview", "{packets}", "-o", "/no/such/folder/x.svg"], 3, "/no/such/folder"),
        (["overview", "{packets}", "--figure", "ladder"], 2, "no figure of a capture"),
        (["overview", "{packets}", "--filter", "prot==80"], 2, "did you mean port?"),
        (
            ["draw", "{packets}", "--connection", "0", "--figure", "overview", "-o", "x.svg"],
            2,
            "no figure of a connection",
        ),
        (["explain"], 2, "Missing argument"),
        (["explane"], 2, "No such command"),
    ],
)
def test_bad_input_is_one_line_and_an_exit_status(
    arguments: list[str], status: int, says: str, packets: str, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("Dear \x1b[31mdiary,")
    (tmp_path / "empty.pcap").touch()
    (tmp_path / "short.pcapng").write_bytes(Path(packets).read_bytes()[:10])
    places = {
        "short": str(tmp_path / "short.pcapng"),
        "folder": str(tmp_path),
        "text": str(tmp_path / "notes.txt"),
        "empty": str(tmp_path / "empty.pcap"),
        "packets": packets,
    }
    done = finrst(*(argument.format(**places) for argument in arguments))
    told = done.stderr.decode()
    assert done.returncode == status
    assert says in told
    assert "Traceback" not in told
    assert "\x1b" not in told
    if status == 3:
        assert len(told.splitlines()) == 1


def test_a_cut_capture_is_told_up_to_the_cut(packets: str, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pcapng"
    cut.write_bytes(Path(packets).read_bytes()[:-100])  # in the last packet: what was counted stands behind it
    record = json.loads(finrst("explain", str(cut), "--format", "json").stdout)
    (damage,) = record["capture"]["damage"]
    assert damage["offset"] > 0
    assert record["capture"]["packets"] == 8


@pytest.mark.parametrize(
    ("more", "status"), [("", 0), ("--format jsonl", 0), ("--connection 0", 0), ("--fail-on reset", 1)]
)
def test_a_reader_that_goes_away_early_is_no_error(packets: str, more: str, status: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m finrst explain {packets} {more} | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == [str(status).encode()]
    assert done.stderr == b""


@pytest.mark.parametrize("more", [[], ["--connection", "0"]])
def test_an_interrupt_ends_a_live_capture_and_what_was_read_is_told(packets: str, more: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "finrst", "explain", "-", *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"},
    ) as running:
        assert running.stdin is not None
        running.stdin.write(Path(packets).read_bytes())
        running.stdin.flush()
        time.sleep(1.5)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert b"Traceback" not in err
    assert b"The client closed first" in out or b"WHY IT ENDED" in out


def test_no_color_and_pipes_carry_no_escapes(packets: str) -> None:
    for more in ([], ["--connection", "0"]):
        assert b"\x1b" not in finrst("explain", packets, *more).stdout


def test_the_version_says_which_engine_runs() -> None:
    text = finrst("--version").stdout.decode()
    assert "compiled" in text or "interpreted" in text


def test_a_log_of_strace_stands_beside_the_packets(packets: str, tmp_path: Path) -> None:
    client, server = "10.9.0.1:47304", "10.9.0.2:9000"
    told = json.loads(finrst("explain", packets, "--format", "json").stdout)["connections"][0]
    end = int(told["last_ns"]) + 50_000_000
    (tmp_path / "LOG").write_text(
        f'9 {end // 10**9}.{end % 10**9:09} write(4<TCP:[{server}->{client}]>, "x", 1) = -1 EPIPE (Broken pipe)\n'
    )
    done = finrst("explain", packets, "--strace", str(tmp_path / "LOG"), "--format", "json")
    (call,) = json.loads(done.stdout)["connections"][0]["calls"]
    assert (call["side"], call["call"], call["predicted"], call["observed"]) == ("server", "write", "EPIPE", "EPIPE")


def test_other_systems_give_other_errors_and_say_where_they_are_from(packets: str) -> None:
    told = json.loads(finrst("explain", packets, "--os", "server=windows", "--format", "json").stdout)
    server = told["connections"][0]["outcomes"]["server"]
    assert (server["os"], server["next"]["write"], server["sigpipe"]) == ("windows", "WSAECONNRESET", False)
    assert server["source"] == "from documentation, not measured"


@pytest.mark.parametrize(
    ("option", "value", "says", "status"),
    [
        ("--os", "plan9", b"'plan9' is no system that is known", 2),
        ("--strace", "pyproject.toml", b"pyproject.toml: no log of strace -f -ttt -yy", 3),
        ("--kernel", "pyproject.toml", b"pyproject.toml: no event of tcp:tcp_send_reset", 3),
        ("--kernel", "nowhere", b"nowhere: No such file or directory", 3),
    ],
)
def test_evidence_that_is_none_is_said(packets: str, option: str, value: str, says: bytes, status: int) -> None:
    done = finrst("explain", packets, option, value)
    assert (done.returncode, done.stdout) == (status, b"") and says in done.stderr


# Captured at both ends


def both(sample: Callable[[str], Path], name: str) -> tuple[str, str, str]:
    near = sample(name)
    return str(near), "--server", str(near.with_name("server.pcapng"))


def test_both_ends_prove_what_one_cannot(sample: Callable[[str], Path]) -> None:
    told = json.loads(finrst("explain", *both(sample, "forged-rst"), "--format", "json").stdout)["connections"][0]
    assert (told["ending"], told["ended_by"]) == ("reset", "path")
    assert told["resets"][0]["forged_possible"] == "proved"
    assert told["seen"] == {"both": 7, "client": 1, "server": 0}
    assert [(one["frame"], one["from"], one["fate"]) for one in told["one_end"]] == [(6, "server", "unsent")]
    assert told["server_connection"]["connection"] == 0
    assert abs(told["clock_offset_ns"]) <= told["clock_uncertainty_ns"], "a recording has one clock"
    lines = finrst("explain", *both(sample, "forged-rst"), "--format", "jsonl").stdout.splitlines()
    assert json.loads(lines[1]) == told


def test_the_first_screen_sums_up_both_ends(sample: Callable[[str], Path]) -> None:
    text = finrst("explain", *both(sample, "lost-rst")).stdout.decode()
    assert "Captured at both ends" in text and "lost on the way, proved: 1 packet (connection 0)" in text


def test_clusters_of_the_first_screen_go_by_both_captures(sample: Callable[[str], Path]) -> None:
    near, *server = both(sample, "forged-rst-both-ends")
    alone, together = (finrst("explain", near, *more).stdout.decode() for more in ([], server))
    assert "The RST came in the server's name, but the server's TCP did not send it." not in alone
    assert "The RST came in the server's name, but the server's TCP did not send it." in together
    assert f"finrst explain {near} {' '.join(server)} --connection 0" in " ".join(together.split())


def test_the_ladder_of_both_ends_is_told_and_drawn(sample: Callable[[str], Path], tmp_path: Path) -> None:
    text = finrst("explain", *both(sample, "lost-rst"), "--connection", "0").stdout.decode()
    assert "lost on the way" in text and "Captured at both ends" in text
    out = tmp_path / "x.svg"
    assert finrst("draw", *both(sample, "lost-rst"), "--connection", "0", "-o", str(out)).returncode == 0
    assert "lost on the way" in out.read_text()


def test_the_overview_goes_by_both_captures(sample: Callable[[str], Path], tmp_path: Path) -> None:
    near, *server = both(sample, "forged-rst-both-ends")
    alone, together = (finrst("overview", near, *more).stdout.decode() for more in ([], server))
    assert "RST by server" in alone and "RST on the path" not in alone
    assert "RST on the path" in together and "RST by server" not in together
    assert finrst("overview", near, *server, "-o", str(tmp_path / "x.svg")).returncode == 0
    assert finrst("overview", near, "--server", "-").returncode == 2


def test_fail_on_goes_by_both_captures(sample: Callable[[str], Path]) -> None:
    assert finrst("explain", *both(sample, "forged-rst"), "--fail-on", "reset").returncode == 1
    assert finrst("explain", *both(sample, "forged-rst"), "--fail-on", "closed").returncode == 0


def test_a_capture_of_other_connections_is_said_to_be_one(sample: Callable[[str], Path], packets: str) -> None:
    done = finrst("explain", str(sample("lost-rst")), "--server", packets)
    assert done.returncode == 2 and done.stdout == b""
    assert done.stderr.count(b"\n") == 1 and b"no connection of" in done.stderr
    assert finrst("explain", packets, "--server", "-").returncode == 2
    assert finrst("explain", packets, "--server", "nowhere.pcap").returncode == 3


def test_a_log_line_leads_to_the_connection(packets: str) -> None:
    done = finrst("explain", packets, "--error", "OSError: [Errno 32] Broken pipe", "--host", "10.9.0.2")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "The server: write returns EPIPE." in done.stdout.decode()
    chinese = finrst("explain", packets, "--error", "broken pipe", "--lang", "zh").stdout.decode()
    assert "服务器：write 返回 EPIPE。" in chinese


def test_a_log_line_for_programs_keeps_the_connections_that_fit(packets: str) -> None:
    from finrst.analyze.schema import schema

    whole = json.loads(finrst("explain", packets, "--error", "Broken pipe", "--format", "json").stdout)
    jsonschema.Draft202012Validator(schema()).validate(whole)
    assert [one["connection"] for one in whole["connections"]] == [0]
    assert whole["connections"][0]["error_matches"][0]["call"] == "write"
    assert (whole["error"]["family"], whole["error"]["found"]) == ("glibc", 1)
    lines = finrst("explain", packets, "--error", "ECONNREFUSED", "--format", "jsonl").stdout.splitlines()
    assert len(lines) == 1 and json.loads(lines[0])["error"]["nearest"] == [0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--error", "\x1b[31mhello"], b"known are those of Envoy, HAProxy, nginx"),
        (["--error", "EOF", "--at", "noon"], b"'noon' is no time"),
        (["--error", "EOF", "--host", "example.com"], b"'example.com' is no address"),
        (["--error", "EOF", "--connection", "0"], b"leave --connection out"),
        (["--at", "12:00:00"], b"belong to --error"),
    ],
)
def test_what_is_not_understood_of_a_log_line_is_one_line(packets: str, more: list[str], said: bytes) -> None:
    done = finrst("explain", packets, *more)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr and b"\x1b" not in done.stderr
