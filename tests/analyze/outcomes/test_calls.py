"""Claims about predicted calls: every call of every sample, and what times leave open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from finrst.analyze.joining import opened
from finrst.analyze.outcomes.calls import observed
from finrst.analyze.scan import scan
from finrst.analyze.story import Call, Connection
from finrst.analyze.tell import join, tell
from finrst.capture import facts

from ..conversation import Talk
from ..test_joining import call, only, written
from .next_calls import first_after, said

SAMPLES = sorted(path.parent for path in (Path(__file__).parents[3] / "samples").glob("*/packets.pcapng"))
MS = 1_000_000
LATER = 40 * MS  # than a packet of `Talk`, captured at the client's end, has come to the server, whatever the way

#: Calls whose result is no matter of TCP: they make or set a descriptor, or are not the kernel's.
SILENT = {"socket", "bind", "listen", "setsockopt", "fcntl", "strerror", "select"}

#: What packets and calls do not tell, and why: sample, side, call.
KNOWN: dict[tuple[str, str, str], str] = {
    ("forged-syn", "client", "read(3, 4096)"): "at the client a tcp.stream begins with the forged SYN; at the server "
    "there is none, so that the packets of the connection beneath it seem not to arrive",
}


def connections(folder: Path) -> Iterator[Connection]:
    paths, beside = opened([str(folder)])
    found = scan(paths)
    assert beside is not None
    join(found, beside)
    yield from tell(found, [c.number for c in found.connections]).connections


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: str(folder.name))
def test_every_call_of_a_sample_returned_what_is_predicted(folder: Path) -> None:
    wrong = []
    for connection in connections(folder):
        for one in connection.calls:
            if one.on_listener or one.call in SILENT or (one.call == "getsockopt" and "SO_ERROR" not in one.text):
                assert one.predicted is None
                continue
            if one.errno == "EADDRNOTAVAIL":  # on another socket, which found no port
                assert one.predicted is None
                continue
            if one.predicted != observed(one) and (folder.name, one.side, one.text) not in KNOWN:
                wrong.append((connection.number, one.side, one.text, one.predicted, observed(one)))
            if one.predicted_bytes is not None and one.call in ("read", "recv"):
                assert one.predicted_bytes == one.result
    assert wrong == []


#: Where the first call after the last packet is not what the table says, and why.
NEXT: dict[tuple[str, str], str] = {
    ("write-twice-back-to-back", "server"): "the RST is still on its way to the server when the write begins",
}


def test_the_first_call_after_the_last_packet_returned_what_the_table_says() -> None:
    checked, wrong = 0, []
    for folder in SAMPLES:
        for connection in connections(folder):
            assert connection.outcomes is not None
            for side, outcome in (("client", connection.outcomes.client), ("server", connection.outcomes.server)):
                one = first_after(connection, side)  # type: ignore[arg-type]
                if one is not None:
                    checked += 1
                    if not said(outcome, one) and (folder.name, side) not in NEXT:
                        wrong.append((folder.name, side, one.text, observed(one), outcome.next, outcome.may_be))
    assert checked > 40 and wrong == []


def test_the_exceptions_are_still_exceptions() -> None:
    names = {folder.name for folder in SAMPLES}
    assert {sample for sample, _, _ in KNOWN} <= names


def talk_and_calls(tmp_path: Path, talk: Talk, *said: facts.Fact) -> tuple[Call, ...]:
    return only(written(tmp_path / "one", talk, *said, traced=False)).calls


def late_rst() -> tuple[Talk, list[int]]:
    """The client has closed; the server's data is answered with RST."""
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.fin(), s.ack(), s.data(18), c.rst()
    return talk, [ns for ns, _ in talk.wire.packets]


def served(t_ns: int, name: str, *more: Any, **told: Any) -> facts.Call:
    """A call of the server's on its connection."""
    return call(t_ns, name, "server", fd=4, arguments=(4, *more), **told)


def test_reads_and_writes_around_a_rst_return_what_the_notes_saw(tmp_path: Path) -> None:
    talk, times = late_rst()
    said = [
        served(times[7] - MS, "write", None, 18, result=18, until_ns=times[7] + 1000),
        served(times[-1] + LATER, "write", None, 18, result=-1, errno="EPIPE", signals=("SIGPIPE",)),
        served(times[-1] + LATER + MS, "read", None, 100, result=6),
        served(times[-1] + LATER + 2 * MS, "read", None, 100, result=0, says="EOF"),
        served(times[-1] + LATER + 3 * MS, "poll", "IN OUT RDHUP", 0, result=1, says="IN OUT HUP RDHUP"),
    ]
    calls = talk_and_calls(tmp_path, talk, *said)
    assert [one.predicted for one in calls] == ["ok", "EPIPE", "ok", "EOF", ("IN", "OUT", "HUP", "RDHUP")]
    assert calls[2].predicted_bytes == 6
    assert [one.may_be for one in calls] == [()] * 5


def test_a_prediction_is_not_what_was_observed(tmp_path: Path) -> None:
    talk, times = late_rst()
    said = served(times[-1] + LATER, "write", None, 18, result=-1, errno="ECONNRESET")
    (one,) = talk_and_calls(tmp_path, talk, said)
    assert (one.predicted, observed(one), one.may_be) == ("EPIPE", "ECONNRESET", ())


@pytest.mark.parametrize(("off", "first", "other"), [(-9_000, "0", "ECONNRESET"), (9_000, "ECONNRESET", "0")])
def test_a_call_at_the_time_of_a_packet_may_be_either(tmp_path: Path, off: int, first: str, other: str) -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(5), c.ack()
    s.send("R.", seq=s.next)
    at = talk.wire.packets[-1][0] + off
    said = call(at, "getsockopt", text="getsockopt(3, SO_ERROR)", arguments=(3, "SO_ERROR"), until_ns=at + 2000,
                says=f"SO_ERROR = {other}")  # fmt: skip
    (one,) = talk_and_calls(tmp_path, talk, said)
    assert (one.predicted, one.may_be) == (first, (other,))


def test_a_blocked_read_returns_when_its_data_comes(tmp_path: Path) -> None:
    talk, times = late_rst()
    said = served(times[3] - 5 * MS, "read", None, 100, result=6, until_ns=times[3] + 40_000)
    (one,) = talk_and_calls(tmp_path, talk, said)
    assert (one.predicted, one.predicted_bytes) == ("ok", 6)


def test_a_descriptor_that_does_not_wait_says_eagain(tmp_path: Path) -> None:
    talk, times = late_rst()
    sets = served(times[2] + MS, "fcntl", "F_SETFL", "O_NONBLOCK", local=None, remote=None)
    said = served(times[3] - 5 * MS, "read", None, 100, result=-1, errno="EAGAIN")
    assert [one.predicted for one in talk_and_calls(tmp_path, talk, sets, said)] == [None, "EAGAIN"]


def test_a_read_that_may_have_timed_out_says_so(tmp_path: Path) -> None:
    talk = Talk()
    c, _ = talk.open()
    for gap in (0.1, 0.2, 0.4, 0.8):
        c.send("P.", 100, seq=1, gap=gap)
    last = talk.wire.packets[-1][0]
    said = call(last + 100 * MS, "read", fd=3, arguments=(3, None, 10), result=-1, errno="ETIMEDOUT",
                until_ns=last + 900 * MS)  # fmt: skip
    (one,) = talk_and_calls(tmp_path, talk, said)
    assert (one.predicted, one.may_be) == ("blocks", ("ETIMEDOUT",))


def test_a_write_in_which_the_process_died_is_epipe(tmp_path: Path) -> None:
    talk, times = late_rst()
    said = served(times[-1] + LATER, "write", 18, result=None, until_ns=None, signals=("SIGPIPE",))
    (one,) = talk_and_calls(tmp_path, talk, said)
    assert (one.predicted, observed(one)) == ("EPIPE", "EPIPE")


def test_after_close_the_descriptor_is_none(tmp_path: Path) -> None:
    talk, times = late_rst()
    said = [
        served(times[-1] + MS, "close"),
        served(times[-1] + 2 * MS, "read", None, 5, result=-1, errno="EBADF"),
    ]
    assert [one.predicted for one in talk_and_calls(tmp_path, talk, *said)] == ["ok", "EBADF"]


@pytest.mark.parametrize(
    ("acknowledged", "writes", "polls"),
    [(0, "EAGAIN", ()), (2_000, "ok", ()), (30_000, "ok", ("OUT",))],
    ids=["nothing", "one segment", "two thirds"],
)
def test_a_write_that_was_taken_in_part_shows_what_the_send_buffer_holds(
    tmp_path: Path, acknowledged: int, writes: str, polls: tuple[str, ...]
) -> None:
    talk = Talk()
    c, s = talk.open()
    first = talk.wire.packets[-1][0]
    for _ in range(40):
        c.send("P.", 1000, gap=0.000_01)
    s.ack(ack=1 + acknowledged) if acknowledged else None
    at = talk.wire.packets[-1][0] + MS
    said = [
        call(first + 5_000, "send", fd=3, arguments=(3, None, 60_000, "MSG_DONTWAIT"), result=40_000,
             until_ns=first + 6_000),
        call(at, "poll", fd=3, arguments=(3, "OUT", 0), result=len(polls), says=" ".join(polls) or "nothing"),
        call(at + MS, "send", fd=3, arguments=(3, None, 10, "MSG_DONTWAIT"), result=10 if writes == "ok" else -1,
             errno=None if writes == "ok" else "EAGAIN"),
    ]  # fmt: skip
    assert [one.predicted for one in talk_and_calls(tmp_path, talk, *said)] == ["ok", polls, writes]


def test_a_write_that_waited_for_room_when_the_rst_came_may_have_failed(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    first = talk.wire.packets[-1][0]
    for _ in range(40):
        c.send("P.", 1000, gap=0.000_01)
    asked = talk.wire.packets[-1][0] + MS
    c.send("P.", 1000, gap=0.002)  # of what was queued before
    s.send("R.", gap=0.002)
    came = talk.wire.packets[-1][0]
    said = [
        call(first + 5_000, "send", fd=3, arguments=(3, None, 42_000, 0), result=42_000, until_ns=first + 6_000),
        call(asked, "send", fd=3, arguments=(3, None, 60_000, 0), result=-1, errno="ECONNRESET", until_ns=came + MS),
        call(came + 2 * MS, "send", fd=3, arguments=(3, None, 6, 0), result=-1, errno="EPIPE"),
    ]
    _, waited, after = talk_and_calls(tmp_path, talk, *said)
    assert "ECONNRESET" in {waited.predicted, *waited.may_be}
    assert (after.predicted, after.may_be) == ("EPIPE", ()), "the error was taken"


def test_nothing_finds_room_in_a_full_send_buffer(tmp_path: Path) -> None:
    talk = Talk()
    c, _ = talk.open()
    at = talk.wire.packets[-1][0] + MS
    c.send("P.", 1000)
    said = [
        call(at, "send", fd=3, arguments=(3, None, 60_000, "MSG_DONTWAIT"), result=40_000, until_ns=at + 2000),
        call(at + MS, "send", fd=3, arguments=(3, None, 0, "MSG_DONTWAIT"), result=0),
        call(at + 2 * MS, "send", fd=3, arguments=(3, None, 1, "MSG_DONTWAIT"), result=-1, errno="EAGAIN"),
    ]
    assert [one.predicted for one in talk_and_calls(tmp_path, talk, *said)] == ["ok", "ok", "EAGAIN"]
