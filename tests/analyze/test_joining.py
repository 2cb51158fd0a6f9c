"""Claims about what programs and kernels said: whose it is, which packet it belongs to, and who is believed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import finrst
from finrst.analyze.joining import opened
from finrst.analyze.record import capture_record, connection_record
from finrst.analyze.scan import scan
from finrst.analyze.story import Connection, Story
from finrst.analyze.tell import connection_story, join, tell
from finrst.capture import facts, recording
from finrst.capture.table import CaptureError

from .conversation import Talk, Wire

CLIENT, SERVER = "10.0.0.1:40136", "10.0.0.2:80"
MS = 1_000_000


def written(folder: Path, talk: Talk | Wire, *said: facts.Fact, traced: bool = True) -> Path:
    """A recording of these packets and facts."""
    folder.mkdir(exist_ok=True)
    wire = talk.wire if isinstance(talk, Talk) else talk
    wire.write(folder / "packets.pcapng")
    (folder / "truth.jsonl").unlink(missing_ok=True)
    source = facts.Source(t_ns=0, name="tracefs", available=traced, why="" if traced else "needs root")
    facts.write(folder / "truth.jsonl", [source, *said])
    return folder


def told(folder: Path) -> Story:
    paths, beside = opened([str(folder)])
    found = scan(paths)
    assert beside is not None
    join(found, beside)
    story = tell(found, [c.number for c in found.connections])
    for connection, record in zip(story.connections, found.connections, strict=True):
        resets = [r for r in found.resets if r.connection == record.number]
        plain = connection_story(found, record, resets)
        assert plain.resets == connection.resets and plain.ending == connection.ending
    return story


def only(folder: Path) -> Connection:
    (connection,) = told(folder).connections
    return connection


def call(t_ns: int, name: str, process: str = "client", **more: Any) -> facts.Call:
    ends = {"local": CLIENT, "remote": SERVER} if process == "client" else {"local": SERVER, "remote": CLIENT}
    fields: dict[str, Any] = {"until_ns": t_ns + 1000, "pid": 5, "text": f"{name}(3)", "fd": 3, "result": 0, **ends}
    return facts.Call(t_ns=t_ns, process=process, call=name, **(fields | more))


def state(t_ns: int, local: str, old: str, new: str) -> facts.StateChange:
    return facts.StateChange(
        t_ns=t_ns, old=old, new=new, local=local, remote=CLIENT if local == SERVER else SERVER
    )  # fmt: skip


def sent(t_ns: int, local: str, reason: str, name: str = "UNKNOWN") -> facts.ResetSent:
    return facts.ResetSent(
        t_ns=t_ns, reason=reason, state=name, local=local, remote=CLIENT if local == SERVER else SERVER
    )  # fmt: skip


def received(t_ns: int, local: str, name: str) -> facts.ResetReceived:
    return facts.ResetReceived(t_ns=t_ns, state=name, local=local, remote=CLIENT if local == SERVER else SERVER)


def late_data() -> tuple[Talk, list[int]]:
    """The client has closed; the server's data is answered with RST. And the times of all packets."""
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.fin(), s.ack(), s.data(18), c.rst()
    return talk, [ns for ns, _ in talk.wire.packets]


# What stands for what


def test_a_recordings_folder_stands_for_its_packets(tmp_path: Path) -> None:
    talk, _ = late_data()
    folder = written(tmp_path / "one", talk)
    paths, beside = opened(["-", str(folder)])
    assert paths == ("-", str(folder / "packets.pcapng"))
    assert beside is not None and beside.recorded is not None and beside.recorded.name == "one"


def test_plain_files_bring_no_facts_even_out_of_a_recording(tmp_path: Path) -> None:
    talk, _ = late_data()
    packets = str(written(tmp_path / "one", talk) / "packets.pcapng")
    assert opened([packets]) == ((packets,), None)


def test_a_folder_without_packets_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"a directory, and no recording: it holds no packets\.pcapng"):
        opened([str(tmp_path)])


def test_a_source_that_was_not_there_is_said_once(tmp_path: Path) -> None:
    talk, _ = late_data()
    capture = told(written(tmp_path / "one", talk, traced=False)).capture
    assert "tracefs: needs root" in capture_record(capture)["notes"]


def test_damaged_facts_are_noted_and_the_others_told(tmp_path: Path) -> None:
    talk, times = late_data()
    folder = written(tmp_path / "one", talk, call(times[3] - MS, "write", result=6))
    with (folder / "truth.jsonl").open("a") as file:
        file.write('{"fact": "call", "t_ns": 1, "un')
    story = told(folder)
    assert [c.call for c in story.connections[0].calls] == ["write"]
    assert any("line 3: no JSON; passed over" in note for note in story.capture.notes)


# Whose it is


def test_a_call_belongs_to_the_end_that_is_its_local_endpoint(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        call(times[3] - MS, "write"),
        call(times[4], "read", "server"),
        call(0, "write", local="10.0.0.9:1"),
    ]
    assert [(c.side, c.call) for c in only(written(tmp_path / "one", talk, *said)).calls] == [
        ("client", "write"),
        ("server", "read"),
    ]


def test_the_listeners_calls_belong_to_what_was_accepted_from_it(tmp_path: Path) -> None:
    talk, times = late_data()
    listener: dict[str, Any] = {"remote": None, "pid": 4}
    said: list[facts.Fact] = [
        call(times[0] - 9 * MS, "listen", "server", **listener),
        call(times[0] - 8 * MS, "listen", "server", local="0.0.0.0:80", remote=None, pid=4, fd=9),
        call(times[0] - 7 * MS, "listen", "server", local="0.0.0.0:81", remote=None, pid=4),
        call(times[2] + MS, "accept", "server", pid=4, result=4),
    ]
    calls = only(written(tmp_path / "one", talk, *said)).calls
    assert [(c.call, c.t_ns, c.on_listener) for c in calls] == [
        ("listen", said[0].t_ns, True),
        ("accept", said[3].t_ns, False),
    ]


def test_options_set_before_a_socket_has_its_address_are_of_the_connection(tmp_path: Path) -> None:
    talk, times = late_data()
    unbound: dict[str, Any] = {"local": None, "remote": None}
    said: list[facts.Fact] = [
        call(times[0] - 9 * MS, "setsockopt", **unbound),  # of another socket: this one is made below
        call(times[0] - 8 * MS, "socket", fd=None, result=3, **unbound),
        call(times[0] - 7 * MS, "setsockopt", **unbound),
        call(times[0] - 6 * MS, "setsockopt", fd=4, **unbound),
        call(times[0] - 5 * MS, "setsockopt", "server", **unbound),
        call(times[0] - 4 * MS, "listen", "server", remote=None),
        call(times[0] - MS, "connect"),
        call(times[2] + MS, "accept", "server", result=4),
    ]
    calls = only(written(tmp_path / "one", talk, *said)).calls
    assert [(c.side, c.t_ns, c.on_listener) for c in calls if c.call == "setsockopt"] == [
        ("client", said[2].t_ns, False),
        ("server", said[4].t_ns, True),
    ]


def test_what_a_process_does_about_signals_belongs_to_the_connections_that_it_has(tmp_path: Path) -> None:
    talk, times = late_data()
    everybodys: dict[str, Any] = {"local": None, "remote": None, "fd": None}
    said: list[facts.Fact] = [
        call(times[0] - 9 * MS, "signal", "server", **everybodys),
        call(times[0] - 8 * MS, "signal", "server", pid=6, **everybodys),  # has no call on the connection
        call(times[2] + MS, "accept", "server", result=4),
        call(times[4] - 1000, "write", "server"),
        call(times[5] + MS, "signal", "server", **everybodys),  # too late
    ]
    calls = only(written(tmp_path / "one", talk, *said)).calls
    assert [(c.side, c.t_ns) for c in calls if c.call == "signal"] == [("server", said[0].t_ns)]


def test_a_socket_that_wanted_its_address_again_is_told_with_a_connection(tmp_path: Path) -> None:
    talk, times = late_data()
    for end, process in ((CLIENT, "client"), (SERVER, "server")):
        used: dict[str, Any] = {"remote": None, "fd": 7, "arguments": [7, end]}
        said: list[facts.Fact] = [
            call(times[0] - 9 * MS, "bind", process, local=end, **used),  # before: the connection's own, or another's
            call(times[-1] + MS, "bind", process, local=None, **(used | {"result": -1, "errno": "EADDRINUSE"})),
            call(times[-1] + 2 * MS, "bind", process, local=end, **used),
            call(times[-1] + 3 * MS, "bind", process, local="10.0.0.9:1", **used),
            call(times[2] + MS, "accept", "server", result=4),
        ]
        calls = only(written(tmp_path / "one", talk, *said)).calls
        assert [(c.side, c.errno) for c in calls if c.call == "bind"] == [(process, "EADDRINUSE"), (process, None)]


def test_a_connection_that_nobody_accepted_has_all_listeners_of_its_port(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [call(times[0] - 8 * MS, "listen", "server", local="0.0.0.0:80", remote=None)]
    assert [c.call for c in only(written(tmp_path / "one", talk, *said)).calls] == ["listen"]


def test_a_connect_whose_address_was_taken_back_is_found_by_its_time(tmp_path: Path) -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse()
    at = talk.wire.packets[0][0]
    refused: dict[str, Any] = {"local": None, "result": -1, "errno": "ECONNREFUSED", "until_ns": at + 20 * MS}
    said: list[facts.Fact] = [
        call(at - MS, "connect", **refused),
        call(at + 9_000 * MS, "connect", **refused | {"until_ns": None}),
    ]
    assert [(c.side, c.errno) for c in only(written(tmp_path / "one", talk, *said)).calls] == [
        ("client", "ECONNREFUSED")
    ]


def test_endpoints_that_were_used_again_have_each_their_own_calls(tmp_path: Path) -> None:
    wire = Wire()
    begun = []
    for number in range(3):
        talk = Talk(isn=(number * 10**6, number * 10**7), wire=wire)
        begun.append(len(wire.packets))
        c, s = talk.open()
        c.fin(), s.ack(), s.fin(), c.ack()
        wire.ns += 90 * 10**9
    times = [wire.packets[place][0] for place in begun]
    said: list[facts.Fact] = []
    for number, t_ns in enumerate(times):
        said.append(call(t_ns - MS, "connect", until_ns=t_ns + MS, result=number))
        said.append(call(t_ns + 80_000 * MS, "close", result=number))
        said.append(state(t_ns + 15 * MS, CLIENT, "SYN_SENT", "ESTABLISHED"))
    story = told(written(tmp_path / "one", wire, *said))
    assert [[c.result for c in connection.calls] for connection in story.connections] == [[0, 0], [1, 1], [2, 2]]
    assert [len(connection.kernel) for connection in story.connections] == [1, 1, 1]


def test_the_end_of_a_process_belongs_to_the_connections_that_it_had(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        call(times[3] - MS, "write"),
        facts.Exit(t_ns=times[5], process="client", pid=5, signal="SIGKILL"),
        facts.Exit(t_ns=times[5], process="client", pid=6, status=0),
    ]
    assert [(end.side, end.signal) for end in only(written(tmp_path / "one", talk, *said)).exits] == [
        ("client", "SIGKILL")
    ]


def test_steps_are_told_with_the_connections_of_their_time(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        facts.Step(t_ns=times[4], text="cut"),
        facts.Step(t_ns=times[0] - 60_000 * MS, text="long ago"),
    ]
    assert [step.text for step in only(written(tmp_path / "one", talk, *said)).steps] == ["cut"]


# The kernel's own record of a RST


def test_a_rst_has_the_reason_of_its_senders_kernel(tmp_path: Path) -> None:
    talk, times = late_data()
    connection = only(written(tmp_path / "one", talk, sent(times[-1] - 12_000, CLIENT, "TCP_TIMEWAIT_SOCKET")))
    (reset,) = connection_record(connection)["resets"]
    assert (reset["reasons"], reset["certainty"]) == (["TCP_TIMEWAIT_SOCKET"], "proved")
    assert connection.kernel[0].frame == 9


def test_without_the_kernels_record_nothing_is_proved(tmp_path: Path) -> None:
    talk, times = late_data()
    for said in ([], [sent(times[-1], SERVER, "NO_SOCKET")], [sent(times[-1] - 900 * MS, CLIENT, "NO_SOCKET")]):
        (reset,) = connection_record(only(written(tmp_path / "one", talk, *said)))["resets"]
        assert (reset["reasons"], reset["certainty"]) == (["TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA"], "compatible")
        assert not reset["accepted_proved"]


def test_as_many_reasons_as_rsts_are_theirs_in_order(tmp_path: Path) -> None:
    """The wire lets the RSTs out in a row, the last one later: the nearest reason is not always its own."""
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack()
    for _ in range(4):
        s.data(18, gap=0.000_01)
    for gap in (0.000_2, 0.000_009, 0.000_006, 0.000_005):
        c.rst(gap=gap)
    last = talk.wire.packets[-4][0]
    reasons = ["TCP_TIMEWAIT_SOCKET", "NO_SOCKET", "TCP_FLAGS", "TCP_FLAGS"]
    befores = (77_000, 45_000, 29_000, 15_000)
    said = [sent(last - before, CLIENT, reason) for before, reason in zip(befores, reasons, strict=True)]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [reset.kernel_reason for reset in connection.resets] == reasons


def test_reasons_come_to_the_nearest_rst_and_in_order(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.data(18), s.data(18, gap=0.000_010), c.rst(gap=0.000_020), c.rst(gap=0.000_015)
    first, second = (ns for ns, _ in talk.wire.packets[-2:])
    said: list[facts.Fact] = [
        sent(first - 3_000, CLIENT, "TCP_TIMEWAIT_SOCKET"),
        sent(second + 4_000, CLIENT, "NO_SOCKET"),
    ]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [reset.kernel_reason for reset in connection.resets] == ["TCP_TIMEWAIT_SOCKET", "NO_SOCKET"]


def test_a_forged_rst_has_no_reason(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.send("R", seq=7, gap=0.3), s.data(10, gap=0.3), c.rst()
    said: list[facts.Fact] = [sent(talk.wire.packets[-1][0] + 5_000, CLIENT, "NO_SOCKET")]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [reset.kernel_reason for reset in connection.resets] == [None, "NO_SOCKET"]


def test_a_rst_that_a_kernel_has_received_was_accepted(tmp_path: Path) -> None:
    talk, times = late_data()
    connection = only(written(tmp_path / "one", talk, received(times[-1] + 20_000, SERVER, "CLOSE_WAIT")))
    assert [(r.accepted, r.accepted_proved, r.receiver_state) for r in connection.resets] == [
        (True, True, "CLOSE_WAIT")
    ]
    assert connection.notes == ()


def test_the_kernel_is_believed_that_a_rst_was_ignored_and_the_record_says_so(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        state(times[2] + 10, SERVER, "SYN_RCVD", "ESTABLISHED"),
        state(times[5] + 10, SERVER, "ESTABLISHED", "CLOSE_WAIT"),
        state(times[8] + 1000 * MS, SERVER, "CLOSE_WAIT", "LAST_ACK"),
    ]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [(r.accepted, r.accepted_proved, r.pending_error) for r in connection.resets] == [(False, True, None)]
    assert connection.notes == (
        "frame 9: by the packets the server accepted this RST; its kernel says that it ignored it",
    )
    assert (connection.ending, connection.ended_by, connection.closed_first) == ("half-closed", "nobody", "client")
    assert connection.segments[-1].server_state == "CLOSE_WAIT"


def test_the_kernel_is_believed_that_a_rst_was_accepted(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), s.send("R", seq=40_000)
    at = talk.wire.packets[-1][0]
    said: list[facts.Fact] = [
        state(talk.wire.packets[1][0], CLIENT, "SYN_SENT", "ESTABLISHED"),
        received(at + 5_000, CLIENT, "ESTABLISHED"),
        state(at + 6_000, CLIENT, "ESTABLISHED", "CLOSED"),
    ]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [(r.accepted, r.pending_error, r.why_not_accepted) for r in connection.resets] == [
        (True, "ECONNRESET", None)
    ]
    assert (connection.ending, connection.ended_by) == ("reset", "server")
    assert "its kernel says that it accepted it" in connection.notes[0]
    assert connection.segments[-1].client_state == "CLOSED"


@pytest.mark.parametrize("said_states", [(), (("SYN_SENT", "ESTABLISHED"),)])
def test_silence_of_the_kernel_proves_nothing_where_it_may_take_a_rst_without_a_word(
    tmp_path: Path, said_states: tuple[tuple[str, str], ...]
) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        state(times[2], SERVER, *one) for one in said_states
    ]  # and no word of what became of the socket
    assert [(r.accepted, r.accepted_proved) for r in only(written(tmp_path / "one", talk, *said)).resets] == [
        (True, False)
    ]


def test_a_rst_in_time_wait_needs_no_event_to_be_accepted(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.fin(), c.ack(), s.send("R", seq=2)
    times = [ns for ns, _ in talk.wire.packets]
    said: list[facts.Fact] = [
        state(times[3], CLIENT, "ESTABLISHED", "FIN_WAIT_1"),
        state(times[4], CLIENT, "FIN_WAIT_1", "FIN_WAIT_2"),
        state(times[5] + 9_000, CLIENT, "FIN_WAIT_2", "CLOSED"),
        state(times[7] + 9_000 * MS, CLIENT, "ESTABLISHED", "CLOSED"),
    ]
    connection = only(written(tmp_path / "one", talk, *said[:3]))
    assert [r.accepted_proved for r in connection.resets] == [False]


def test_a_minisocket_is_no_closed_connection(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        state(times[5] + 5_000, CLIENT, "FIN_WAIT_1", "FIN_WAIT_2"),
        state(times[5] + 9_000, CLIENT, "FIN_WAIT_2", "CLOSED"),
        sent(times[-1], CLIENT, "TCP_TIMEWAIT_SOCKET", "TIME_WAIT"),
    ]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [(e.state, e.handed_over) for e in connection.kernel if e.kind == "state"] == [
        ("FIN_WAIT_2", False),
        ("CLOSED", True),
    ]


def test_a_socket_that_a_rst_ends_in_fin_wait_2_is_closed(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.abort()
    times = [ns for ns, _ in talk.wire.packets]
    said: list[facts.Fact] = [
        state(times[4] + 5_000, CLIENT, "FIN_WAIT_1", "FIN_WAIT_2"),
        received(times[5] + 5_000, CLIENT, "FIN_WAIT_2"),
        state(times[5] + 6_000, CLIENT, "FIN_WAIT_2", "CLOSED"),
    ]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [(e.state, e.handed_over, e.frame) for e in connection.kernel if e.kind == "state"] == [
        ("FIN_WAIT_2", False, 5),
        ("CLOSED", False, 6),
    ]


def test_a_state_belongs_to_the_packet_that_brought_it(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        state(times[1] + 9_000, CLIENT, "SYN_SENT", "ESTABLISHED"),
        state(times[2] + 9_000, SERVER, "SYN_RCVD", "ESTABLISHED"),
        state(times[5] + 3_000, CLIENT, "ESTABLISHED", "FIN_WAIT_1"),
        state(times[8] + 3_000, CLIENT, "FIN_WAIT_1", "CLOSING"),  # that no packet of these brings
    ]
    kernel = only(written(tmp_path / "one", talk, *said)).kernel
    assert [(e.side, e.state, e.frame) for e in kernel] == [
        ("client", "ESTABLISHED", 2),
        ("server", "ESTABLISHED", 3),
        ("client", "FIN_WAIT_1", 6),
        ("client", "CLOSING", None),
    ]


# The record


def test_calls_stand_in_the_record_as_the_contract_says(tmp_path: Path) -> None:
    talk, times = late_data()
    at = times[-1]
    said: list[facts.Fact] = [
        call(at + 1, "write", "server", result=18),
        call(at + 2, "read", "server", says="EOF"),
        call(at + 3, "read", "server", result=-1, errno="ECONNRESET"),
        call(at + 4, "getsockopt", "server", says="SO_ERROR = EPIPE"),
        call(at + 5, "getsockopt", "server", says="SO_ERROR = 0"),
        call(at + 6, "poll", "server", result=1, says="IN HUP"),
        call(at + 7, "close", "server"),
        call(at + 8, "write", "server", result=-1, errno="EPIPE", signals=("SIGPIPE",)),
        call(at + 9, "read", "server", until_ns=None, result=None),
    ]
    record = connection_record(only(written(tmp_path / "one", talk, *said)))
    assert [one["observed"] for one in record["calls"]] == [
        "ok", "EOF", "ECONNRESET", "EPIPE", "0", ["IN", "HUP"], "ok", "EPIPE", "blocks",
    ]  # fmt: skip
    assert all({"side", "call", "t_ns", "predicted", "observed"} <= set(one) for one in record["calls"])
    assert [one["predicted"] for one in record["calls"]][-3:] == ["ok", "EBADF", "EBADF"]  # after close
    assert [one["signals"] for one in record["calls"]][-2:] == [["SIGPIPE"], []]


# RSTs that their sender's kernel did not send


def described(folder: Path, **more: Any) -> Path:
    """... with a description of a complete recording in a lab."""
    hosts = {"10.0.0.1": "client", "10.0.0.2": "server"}
    fields: dict[str, Any] = {"ended": "complete", "kernel": "Linux 6.18.44", "hosts": hosts, **more}
    recording.write(folder, recording.Description(name="one", title="one", **fields))
    return folder


def test_a_rst_that_its_senders_kernel_did_not_send_is_proved_to_be_anothers(tmp_path: Path) -> None:
    talk, _ = late_data()
    connection = only(described(written(tmp_path / "one", talk)))
    (reset,) = connection_record(connection)["resets"]
    assert (reset["forged_possible"], reset["reasons"], reset["certainty"]) == ("proved", [], "proved")
    assert (connection.ending, connection.ended_by) == ("reset", "path")


@pytest.mark.parametrize("name", ["half-open", "middlebox-forgets"])  # without and with a capture at the server's end
def test_a_recording_proves_nothing_of_a_capture_that_is_read_with_it(
    name: str, sample: Callable[[str], Path], tmp_path: Path
) -> None:
    other = tmp_path / "other.pcapng"
    other.write_bytes(sample("write-twice").read_bytes())  # the same addresses, at another time
    alone, there = finrst.read(sample(name).parent), finrst.read(other)
    own, stranger = finrst.read(sample(name).parent, other).connections
    assert own.record()["verdicts"] == alone.connection(0).record()["verdicts"]
    assert stranger.record()["ended_by"] == there.connection(0).record()["ended_by"] == "client"
    assert stranger.record()["verdicts"][0]["code"] == "write-after-peer-closed"
    assert not {"server_connection", "calls"} & set(stranger.record())


def test_each_of_two_recordings_proves_what_its_own_kernels_told(tmp_path: Path) -> None:
    talk, _ = late_data()
    heard = described(written(tmp_path / "heard", talk))
    other = Talk(ports=(40137, 80))
    c, s = other.open()
    c.abort(), s.ack()
    unheard = described(written(tmp_path / "unheard", other, traced=False))
    paths, beside = opened([str(heard), str(unheard)])
    assert beside is not None
    found = scan(paths)
    join(found, beside)
    told = tell(found, [c.number for c in found.connections]).connections
    assert [reset.forged for one in told for reset in one.resets] == [True, False]


@pytest.mark.parametrize(
    "why",
    [{"ended": "interrupted"}, {"kernel": "Linux 6.11.2"}, {"kernel": ""}, {"hosts": {"10.0.0.2": "server"}}],
)
def test_silence_is_no_proof_where_the_kernel_may_not_have_been_heard(tmp_path: Path, why: dict[str, Any]) -> None:
    talk, _ = late_data()
    connection = only(described(written(tmp_path / "one", talk), **why))
    assert not connection.resets[0].forged and connection.ended_by == "client"


def test_silence_is_no_proof_without_the_trace(tmp_path: Path) -> None:
    talk, _ = late_data()
    assert not only(described(written(tmp_path / "one", talk, traced=False))).resets[0].forged


def test_records_of_rsts_that_lag_behind_their_events_find_each_other(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    s.abort(), c.data(6, gap=0.000_5), c.data(6, gap=0.000_5)
    s.rst(gap=0.05), s.rst(gap=0.000_7)
    packets = [ns for ns, _ in talk.wire.packets]
    lag = 9 * MS  # captured at the client, sent by the server
    reasons = ["TCP_ABORT_ON_CLOSE", "NO_SOCKET", "TCP_FLAGS"]
    times = (packets[5], packets[8], packets[9])
    said = [sent(t_ns - lag, SERVER, reason) for t_ns, reason in zip(times, reasons, strict=True)]
    connection = only(written(tmp_path / "one", talk, *said))
    assert [reset.kernel_reason for reset in connection.resets] == reasons


def test_a_record_without_a_recording_has_no_calls(sample: Callable[[str], Path]) -> None:
    found = scan(str(sample("write-twice")))
    assert "calls" not in connection_record(tell(found, [0]).connections[0])


def test_a_rst_in_an_ends_name_does_not_close_it(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), s.send("R", seq=1, gap=0.2), s.data(18), c.rst()
    times = [ns for ns, _ in talk.wire.packets]
    said: list[facts.Fact] = [
        state(times[2] + 9_000, SERVER, "SYN_RCVD", "ESTABLISHED"),
        received(times[5] + 9_000, CLIENT, "ESTABLISHED"),
        sent(times[7] - 9_000, CLIENT, "NO_SOCKET"),
        received(times[7] + 8_000, SERVER, "ESTABLISHED"),
        state(times[7] + 9_000, SERVER, "ESTABLISHED", "CLOSED"),
    ]
    connection = only(described(written(tmp_path / "one", talk, *said)))
    assert [reset.forged for reset in connection.resets] == [True, False]
    assert [segment.server_state for segment in connection.segments[-3:]] == ["ESTABLISHED", "ESTABLISHED", "CLOSED"]
    assert [event.frame for event in connection.kernel if event.state == "CLOSED"] == [8]


def test_a_change_of_state_long_before_a_packet_is_not_that_packets(tmp_path: Path) -> None:
    talk, times = late_data()
    said: list[facts.Fact] = [
        state(times[2] + 9_000, SERVER, "SYN_RCVD", "ESTABLISHED"),
        state(times[7] + 9_000, SERVER, "CLOSE_WAIT", "CLOSED"),
        received(times[8] + 9_000, SERVER, "UNKNOWN"),
    ]
    kernel = only(written(tmp_path / "one", talk, *said)).kernel
    assert [event.frame for event in kernel if event.state == "CLOSED"] == [None]


def test_a_fin_that_was_captured_late_still_has_its_state(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.ack(), s.fin(gap=1.0), c.ack()
    at = talk.wire.packets[4][0]
    said: list[facts.Fact] = [state(at - 900 * MS, SERVER, "ESTABLISHED", "FIN_WAIT_1")]
    (event,) = only(written(tmp_path / "one", talk, *said)).kernel
    assert event.frame == 5


def test_a_socket_that_is_connected_anew_has_its_syn_sent_though_its_kernel_named_the_old_address() -> None:
    capture = finrst.read(Path(__file__).parents[2] / "samples" / "disconnect")
    first, second = capture.connection(0).story, capture.connection(1).story
    sent = [(event.before, event.frame) for event in second.kernel if event.state == "SYN_SENT"]
    assert sent == [("CLOSED", second.segments[0].frame)]
    assert not any(event.state == "SYN_SENT" for event in first.kernel)
