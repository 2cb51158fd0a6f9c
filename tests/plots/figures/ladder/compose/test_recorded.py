"""Claims about a recording's figure: calls, ends of processes, the kernel's states and reasons, in their lanes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import finrst
from finrst.analyze.story import Call as SystemCall
from finrst.analyze.story import Connection, Exit, KernelEvent, Recorded, Side, Step
from finrst.analyze.vocabulary import WHYS
from finrst.plots import words
from finrst.plots.audit import audit
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.recorded import MOST_CALLS, shorter, written
from finrst.plots.figures.ladder.grid import grid
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.scene import Arrow, Break, Call, Note, Scene, State

from .... import conversations as talk
from ....conversations import START
from ..scenes import sample

MS = 1_000_000
SAMPLES = Path(__file__).parents[5] / "samples"


def call(
    seconds: float, side: Side, name: str, text: str = "", lasts: float | None = 0.000_02, **more: Any
) -> SystemCall:
    t_ns = START + round(seconds * 1e9)
    until_ns = None if lasts is None else t_ns + round(lasts * 1e9)
    fields: dict[str, Any] = {"process": side, "pid": 4 if side == "server" else 5, "result": 0, **more}
    return SystemCall(side=side, t_ns=t_ns, until_ns=until_ns, call=name, text=text or f"{name}(3)", **fields)


def event(seconds: float, side: Side, kind: Any, **more: Any) -> KernelEvent:
    return KernelEvent(side, START + round(seconds * 1e9), kind, **more)


def recorded(connection: Connection | None = None, **more: Any) -> Connection:
    """The notes' experiment with both programs' calls and the kernel's own record."""
    base = connection or talk.write_after_close()
    calls = (
        call(-0.005, "server", "socket"),
        call(-0.004, "server", "bind", on_listener=True),
        call(-0.003, "server", "listen", "listen(3, 16)", on_listener=True),
        call(-0.000_05, "client", "connect", "connect(3, 10.9.0.2:9000)", 0.000_1),
        call(0.000_07, "server", "accept", "accept(3)", result=4),
        call(0.000_08, "server", "setsockopt", "setsockopt(4, TCP_NODELAY, 1)"),
        call(0.000_09, "server", "read", "read(4, 4096)", 0.0505, result=6),
        call(0.050_46, "client", "write", "write(3, 6 bytes)", result=6),
        call(0.050_6, "client", "close"),
        call(2.054_15, "server", "write", "write(4, 18 bytes)", 0.000_07, result=18),
        call(2.554_46, "server", "write", "write(4, 18 bytes)", result=-1, errno="EPIPE", signals=("SIGPIPE",)),
    )
    rst = base.resets[-1].frame
    kernel = (
        event(0.000_03, "client", "state", state="ESTABLISHED", before="SYN_SENT", frame=2),
        event(0.050_65, "client", "state", state="FIN_WAIT_1", before="ESTABLISHED", frame=6),
        event(2.054_24, "client", "reset-sent", state="TIME_WAIT", reason="TCP_TIMEWAIT_SOCKET", frame=rst),
        event(2.054_25, "server", "reset-received", state="CLOSE_WAIT", frame=rst),
        event(2.054_25, "server", "state", state="CLOSED", before="CLOSE_WAIT", frame=rst),
        event(2.054_25, "server", "error", errno="EPIPE"),
    )
    reset = replace(base.resets[-1], kernel_reason="TCP_TIMEWAIT_SOCKET", accepted_proved=True)
    exits = (Exit("client", START + 50_700_000, "client", 5, 0),)
    return replace(base, calls=calls, kernel=kernel, resets=(reset,), exits=exits, **more)


def scene(connection: Connection, lang: str = "en", **more: Any) -> Scene:
    capture = replace(talk.capture(), recorded=Recorded("write-twice", "", "Linux 6.18.44", ("calls", "tracefs")))
    return compose(connection, capture, lang, **more)


def of(figure: Scene, text: str) -> Call:
    return next(item for item in figure.items if isinstance(item, Call) and item.text == text)


# Calls


def test_calls_stand_in_the_lane_of_their_process_with_what_they_returned() -> None:
    figure = scene(recorded())
    assert [item.text for item in figure.calls("client")] == [
        "connect(3, 10.9.0.2:9000)", "", "write(3, 6 bytes)", "close(3)", "exit(0)",
    ]  # fmt: skip
    assert of(figure, "write(3, 6 bytes)").result == "= 6"
    assert all(item.source == "traced" for item in figure.items if isinstance(item, Call))


def test_an_error_is_told_with_its_meaning_and_its_signal() -> None:
    last = scene(recorded()).calls("server")[-1]
    assert (last.kind, last.result) == ("err", "= -1 EPIPE")
    assert last.note == "“Broken pipe”, and the signal SIGPIPE; no segment is sent"


def test_end_of_file_is_no_mere_zero() -> None:
    eof = call(0.06, "server", "read", "read(4, 4096)", says="EOF")
    shown = of(scene(replace(recorded(), calls=(eof,))), "read(4, 4096)")
    assert (shown.result, shown.note) == ("= 0", "end of file")


@pytest.mark.parametrize("errno", ["EAGAIN", "EINPROGRESS"])
def test_a_call_that_only_has_to_wait_is_no_error(errno: str) -> None:
    waits = call(0.06, "server", "read", result=-1, errno=errno)
    figure = scene(replace(recorded(), calls=(waits,)))
    assert of(figure, "read(3)").kind == "wait"
    assert "failed" not in figure.verdict.text


def test_what_getsockopt_finds_is_an_error() -> None:
    found = call(2.1, "server", "getsockopt", "getsockopt(4, SO_ERROR)", says="SO_ERROR = EPIPE")
    shown = of(scene(replace(recorded(), calls=(found,))), "getsockopt(4, SO_ERROR)")
    assert (shown.kind, shown.result) == ("err", "= 0: SO_ERROR = EPIPE")


def test_what_poll_returns_is_shown() -> None:
    polls = call(2.1, "server", "poll", "poll(4, IN, 0)", result=1, says="IN HUP")
    assert of(scene(replace(recorded(), calls=(polls,))), "poll(4, IN, 0)").result == "= 1: IN HUP"


@pytest.mark.parametrize("name", ["socket", "bind", "setsockopt", "getsockname", "fcntl"])
def test_calls_that_say_nothing_of_the_connection_are_left_out(name: str) -> None:
    plumbing = call(0.06, "server", name)
    assert scene(replace(recorded(), calls=(plumbing,))).calls("server") == ()


def test_plumbing_that_fails_is_shown() -> None:
    plumbing = call(-0.01, "server", "setsockopt", result=-1, errno="EINVAL")
    assert of(scene(replace(recorded(), calls=(plumbing,))), "setsockopt(3)").result == "= -1 EINVAL"


def test_a_linger_option_is_shown() -> None:
    linger = call(0.06, "client", "setsockopt", "setsockopt(3, SO_LINGER, 1, 0)")
    assert of(scene(replace(recorded(), calls=(linger,))), "setsockopt(3, SO_LINGER, {1, 0})")


def test_numbers_of_options_have_their_units() -> None:
    for option, unit in (("TCP_USER_TIMEOUT", "ms"), ("TCP_KEEPIDLE", "s"), ("SO_RCVBUF", "bytes")):
        assert written(f"setsockopt(3, {option}, 700)") == f"setsockopt(3, {option}, 700 {unit})"
    assert written("setsockopt(3, SO_KEEPALIVE, 1)") == "setsockopt(3, SO_KEEPALIVE, 1)"


def test_what_a_virtual_machine_threw_is_no_minus_one() -> None:
    says = "java.net.SocketException: Connection reset"
    thrown = call(0.06, "server", "read", "read(4096)", result=-1, errno="ECONNRESET", says=says)
    shown = of(scene(replace(recorded(), calls=(thrown,))), "read(4096)")
    assert (shown.result, shown.note, shown.kind) == ("throws SocketException", "“Connection reset”", "err")


def test_an_empty_write_that_a_dead_socket_did_not_refuse_never_reached_the_kernel() -> None:
    calls = {item.text: item for item in sample("java-write-twice").items if isinstance(item, Call)}
    assert calls["write(0 bytes)"].note == "an empty buffer: the kernel was not asked"
    asked = [item for item in sample("write-twice-empty").items if isinstance(item, Call) and "0 bytes" in item.text]
    assert asked and all("not asked" not in (item.note or "") for item in asked)


def test_the_accept_that_made_room_says_so() -> None:
    notes = [
        (i.text, i.note) for i in sample("accept-queue-full").items if isinstance(i, Call) and "queue" in f"{i.note}"
    ]
    assert notes == [("accept(3)", "finds the queue empty: there is room now")]


def test_a_read_that_waited_as_long_as_it_may_names_the_option() -> None:
    for waited, note in ((0.2, "SO_RCVTIMEO: 200 ms are over"), (0.05, "“Resource temporarily unavailable”")):
        calls = (
            call(0.06, "server", "setsockopt", "setsockopt(3, SO_RCVTIMEO, 200)"),
            call(0.07, "server", "read", "read(3, 4096)", 0.07 + waited, result=-1, errno="EAGAIN"),
        )
        notes = [one.note for one in scene(replace(recorded(), calls=calls)).items if isinstance(one, Call)]
        assert note in notes


def test_the_end_of_a_bar_says_what_the_call_returned() -> None:
    for name in ("descriptor-after-reset", "three-segment-close"):
        (end,) = (call for call in sample(name).calls("client") if call.ends and call.returns == "close(3)")
        assert end.result == "= 0"


def test_a_call_that_took_long_or_waited_for_packets_is_a_bar() -> None:
    figure = scene(recorded())
    for text in ("read(4, 4096)", "connect(3, 10.9.0.2:9000)"):
        begun = of(figure, text)
        ended = next(item for item in figure.items if isinstance(item, Call) and item.ends == begun.id)
        assert begun.result is None and ended.result in ("= 6", "= 0") and ended.returns == text
    assert of(figure, "write(4, 18 bytes)").id is None


def test_a_call_that_never_returned_says_so() -> None:
    stuck = call(0.06, "server", "read", lasts=None)
    shown = of(scene(replace(recorded(), calls=(stuck,))), "read(3)")
    assert shown.id is not None and shown.note == "does not return"


def test_a_listener_of_long_ago_is_not_this_connections_story() -> None:
    ago = call(-3600, "server", "listen", on_listener=True)
    assert scene(replace(recorded(), calls=(ago,))).calls("server") == ()


def test_too_many_calls_are_counted_and_the_telling_ones_kept() -> None:
    many = tuple(call(0.06 + 0.001 * n, "server", "read", f"read(4, {n})", result=n) for n in range(100))
    last = recorded().calls[-1]
    figure = scene(replace(recorded(), calls=(*many, last)))
    drawn = figure.calls("server")
    assert len(drawn) == MOST_CALLS and drawn[-1].result == "= -1 EPIPE"
    assert any("87 more calls of the server" in item.text for item in figure.items if isinstance(item, Note))


def test_the_write_whose_data_drew_the_rst_is_told_apart_from_one_that_arrived() -> None:
    writes = [item for item in scene(recorded()).calls("server") if item.text.startswith("write")]
    assert [item.note for item in writes] == [
        "“ok” = copied to the kernel",
        "“Broken pipe”, and the signal SIGPIPE; no segment is sent",
    ]


def test_a_gap_in_which_a_program_waited_says_in_which_call() -> None:
    waits = call(0.06, "server", "read", "read(4, 4096)", 1.99)
    cuts = [item for item in scene(replace(recorded(), calls=(waits,))).items if isinstance(item, Break)]
    assert cuts[0].detail == "the server waits in read"


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("write(4, 18 bytes)", ("write(4, 18 B)", "write(18 B)", "write(4, …)", "write(…)")),
        ("connect(3, 10.9.0.2:9000)", ("connect(3, …)", "connect(…)")),
        (
            "setsockopt(3, SO_LINGER, {1, 0})",
            ("setsockopt(SO_LINGER, {1, 0})", "SO_LINGER {1, 0}", "LINGER {1, 0}"),
        ),
        (
            "setsockopt(3, SO_RCVBUF, 4096 bytes)",
            ("setsockopt(SO_RCVBUF, 4096 bytes)", "SO_RCVBUF 4096 bytes", "SO_RCVBUF 4096 B", "RCVBUF 4096 B"),
        ),
        ("getsockopt(4, SO_ERROR)", ("getsockopt(SO_ERROR)", "getsockopt(…)")),
        ("signal(SIGPIPE, SIG_IGN)", ()),
        ("poll(4, IN OUT RDHUP, 0)", ("poll(IN OUT RDHUP)", "poll(…)")),
        ("bind(3, 10.9.0.2:9000)", ("bind(3, …:9000)", "bind(3, …)", "bind(…)")),
        ("bind(3, 0.0.0.0:9000)", ("bind(3, :9000)", "bind(3, …)", "bind(…)")),
        ("shutdown(3, SHUT_RDWR)", ("shutdown(SHUT_RDWR)", "shutdown(…)")),
        ("send(3, 1,000 bytes, MSG_MORE)", ("send(3, 1,000 B, MSG_MORE)", "send(MSG_MORE)", "send(…)")),
        ("close(3)", ("close(…)",)),
        ("exit", ()),
    ],
)
def test_a_long_call_has_shorter_forms(text: str, forms: tuple[str, ...]) -> None:
    assert shorter(text) == forms


def test_steps_are_told_in_the_figures_language_or_quoted() -> None:
    base = recorded()
    steps = (Step(START + 10**6, "the wire is cut"), Step(START + 2 * 10**6, "the moon is full"))
    told = {
        lang: [item.text for item in scene(replace(base, steps=steps), lang=lang).items if isinstance(item, Note)]
        for lang in words.LANGUAGES
    }
    assert "the wire is cut; the moon is full" in told["en"]
    assert "线路断开；“the moon is full”" in told["zh"]


@pytest.mark.parametrize("name", ["accept-queue-full", "accept-queue-full-syn"])
def test_what_was_held_on_the_wire_is_told_of_its_own_connection_only(name: str) -> None:
    capture = finrst.read(SAMPLES / name)
    boxes = []
    for number in (0, 1):
        one = capture.connection(number)
        figure = compose(one.story, one.capture)
        boxes.append([item.text for item in figure.items if isinstance(item, Note) and item.boxed])
    assert any("goes on" in text for text in boxes[0])
    assert not any("held" in text or "goes on" in text for text in boxes[1])


def test_a_step_from_before_an_earlier_connection_is_told_with_that_one() -> None:
    capture = finrst.read(SAMPLES / "time-wait-at-server")
    before, after = capture.connection(0), capture.connection(1)
    assert [step.earlier for step in before.story.steps] == [False]
    assert [step.earlier for step in after.story.steps] == [True]
    figure = compose(after.story, after.capture)
    assert not any(isinstance(item, Note) and item.boxed for item in figure.items)


def test_what_a_virtual_machines_accept_returns_is_no_descriptor() -> None:
    one = finrst.read(SAMPLES / "java-vanished").connection(0)
    (accept,) = [call for call in compose(one.story, one.capture).calls("server") if call.text.startswith("accept")]
    assert accept.result is None


def test_a_write_on_a_closed_descriptor_is_no_word_on_the_connection() -> None:
    base = recorded()
    late = call(2.6, "server", "write", "write(4, 99 bytes)", result=-1, errno="EBADF")
    dead = call(2.6, "server", "write", "write(4, 99 bytes)", result=-1, errno="EPIPE")
    for one, noted in ((late, False), (dead, True)):
        figure = scene(replace(base, calls=(*base.calls[:-1], one)))
        assert ("no segment is sent" in (of(figure, late.text).note or "")) is noted


# Ends of processes


def test_a_process_that_is_gone_ends_its_lane_while_its_kernel_goes_on() -> None:
    gone = of(scene(recorded()), "exit(0)")
    assert (gone.kind, gone.note) == ("exit", "the process is gone, its kernel's socket is not")


def test_a_killing_names_its_signal() -> None:
    killed = (Exit("server", START + 2_554_500_000, "server", 4, signal="SIGPIPE"),)
    figure = scene(replace(recorded(), exits=killed))
    assert of(figure, "killed: SIGPIPE").kind == "exit"
    assert figure.verdict.text.endswith("SIGPIPE killed the server.")


# The kernel


def test_states_that_the_kernel_recorded_are_traced_and_the_others_inferred() -> None:
    figure = scene(recorded())
    entered = {
        (state.side, state.name): state.source
        for arrow in figure.arrows
        for state in (arrow.sender_state, arrow.receiver_state)
        if state is not None
    }
    assert entered["client", "ESTABLISHED"] == entered["server", "CLOSED"] == "traced"
    assert entered["client", "SYN_SENT"] == entered["client", "CLOSED"] == "inferred"
    assert figure.server_state.source == "traced"  # its listen() has said so
    assert "inferred: client CLOSED, SYN_SENT" in figure.subtitle


def test_a_state_that_no_packet_brought_stands_where_the_kernel_entered_it() -> None:
    alone = event(2.3, "server", "state", state="CLOSING", before="CLOSED")
    figure = scene(replace(recorded(), kernel=(*recorded().kernel, alone)))
    assert State(side="server", name="CLOSING", t_ns=2_300 * MS, source="traced") in figure.items


def test_the_kernels_reason_stands_in_the_callout_and_proves_the_verdict() -> None:
    figure = scene(recorded())
    (why,) = [arrow.why for arrow in figure.arrows if arrow.why]
    assert why.proof == "TCP_TIMEWAIT_SOCKET: proved, by the kernel's own record"
    assert why.source == "traced" and figure.verdict.certainty == "proved"
    plain = scene(talk.write_after_close())
    assert plain.verdict.certainty != "proved" and all(not arrow.why.proof for arrow in plain.arrows if arrow.why)


def test_title_and_verdict_say_what_the_other_program_was_told() -> None:
    figure = scene(recorded())
    assert figure.title == "Write after the client has closed: RST, then Broken pipe"
    assert figure.verdict.text.endswith("The server's next write failed: EPIPE.")


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("TCP_ABORT_ON_CLOSE", "still unread"),
        ("TCP_STATE", "on demand"),
        ("TCP_KEEPALIVE_TIMEOUT", "no keepalive probe"),
        ("INVALID_SYN", "accept queue was full"),
        ("TCP_ABORT_ON_LINGER", "TCP_LINGER2"),
        ("TCP_ABORT_ON_MEMORY", "no memory"),
        ("SOMETHING_NEW", "RST"),
    ],
)
def test_every_reason_has_its_sentence_and_a_new_one_still_its_name(reason: str, says: str) -> None:
    base = talk.active_reset()
    reset = replace(base.resets[-1], kernel_reason=reason, accepted_proved=True)
    for lang in words.LANGUAGES:
        figure = scene(replace(base, resets=(reset,), calls=recorded().calls[3:4]), lang)
        assert (figure.verdict.certainty == "proved") == (reason != "SOMETHING_NEW")
        assert any(arrow.why and arrow.why.proof and reason in arrow.why.proof for arrow in figure.arrows)
        assert len(figure.verdict.text.split()) <= 40
        if lang == "en":
            assert says in figure.verdict.text


def test_what_tore_a_socket_down_is_read_off_the_calls() -> None:
    base = talk.active_reset()
    reset = replace(base.resets[-1], kernel_reason="TCP_STATE")
    at = (reset.ts_ns - START) / 1e9
    calls = (
        call(at - 0.002, reset.sender, "setsockopt", "setsockopt(3, SO_LINGER, 1, 0)"),
        call(at - 0.000_05, reset.sender, "close"),
    )
    assert "SO_LINGER, 0 seconds" in scene(replace(base, resets=(reset,), calls=calls)).verdict.text
    closes = (call(at - 0.000_05, "server", "close", on_listener=True),)
    reset = replace(reset, sender="server")
    segments = tuple(replace(s, side="server") if s.frame == reset.frame else s for s in base.segments)
    figure = scene(replace(base, resets=(reset,), segments=segments, calls=closes))
    assert "listening socket was closed" in figure.verdict.text


def test_an_error_that_no_packet_brought_is_noted() -> None:
    gives_up = event(2.9, "server", "error", errno="ETIMEDOUT")
    figure = scene(replace(recorded(), kernel=(*recorded().kernel, gives_up)))
    assert "The server's kernel reports ETIMEDOUT to the socket" in [
        item.text for item in figure.items if isinstance(item, Note)
    ]


def test_steps_of_the_scenario_are_boxed_notes() -> None:
    figure = scene(recorded(steps=(Step(START + 1_000 * MS, "nft drops everything"),)))
    (note,) = [item for item in figure.items if isinstance(item, Note) and item.boxed]
    assert (note.text, note.source) == ("nft drops everything", "traced")


# The page


def everything() -> Connection:
    return recorded(steps=(Step(START + 1_000 * MS, "nft drops everything"),))


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("width", [700, 900, 1400])
def test_nothing_overlaps(lang: str, width: int) -> None:
    assert audit(layout(scene(everything(), lang), width)) == []


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_every_call_and_reason_stands_in_the_terminal(lang: str, columns: int) -> None:
    text = grid(scene(everything(), lang), columns).text()
    assert "EPIPE" in text and "TCP_TIMEWAIT_" in text and "SIGPIPE" in text  # a long name is parted at its joint
    assert ("║" in text) == (columns >= 96)


def test_time_never_runs_upwards() -> None:
    items = scene(everything()).items
    times = [item.t_ns for item in items if isinstance(item, Arrow | Call)]
    assert times == sorted(times)


def test_the_textbooks_line_has_the_turning_points_without_clock() -> None:
    figure = scene(recorded(), timed=False)
    assert [item.text or item.returns for item in figure.items if isinstance(item, Call)] == [
        "listen(3, 16)", "connect(3, 10.9.0.2:9000)", "connect(3, 10.9.0.2:9000)", "accept(3)", "close(3)", "exit(0)",
        "write(4, 18 bytes)", "write(4, 18 bytes)",
    ]  # fmt: skip
    assert not any(isinstance(item, Break) and item.dt_ns for item in figure.items)


# What calls and kernels add to the verdict


def forged(base: Connection) -> Connection:
    return replace(base, resets=tuple(replace(reset, forged=True) for reset in base.resets))


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_refusal_that_its_tcp_did_not_send_is_drawn_from_the_path(lang: str) -> None:
    listening = (call(-0.003, "server", "listen", "listen(3, 16)", on_listener=True),)
    figure = scene(replace(forged(talk.refused()), calls=listening), lang)
    (rst,) = [arrow for arrow in figure.arrows if arrow.kind == "rst"]
    assert rst.origin and rst.why and rst.why.proof and figure.verdict.certainty == "proved"
    assert figure.title == words.say("title-refused-path", lang, side="server")
    assert figure.server_state.name == "LISTEN" and rst.sender_state is None
    assert audit(layout(figure)) == []


def test_a_rst_that_its_tcp_did_not_send_is_no_guess_any_more() -> None:
    figure = scene(forged(talk.from_the_path()))
    assert "TCP did not send it" in figure.verdict.text and figure.verdict.certainty == "proved"


def test_rsts_of_both_ends_are_told_as_both_ends() -> None:
    figure = scene(replace(talk.active_reset(), ended_by="both"))
    assert figure.title == "Both sides reset the connection at once"


def test_a_connection_that_only_a_kernel_gave_up_is_not_told_as_open() -> None:
    base = replace(talk.half_closed(), ending="open")
    last = (base.last_ns - START) / 1e9
    gave_up = event(last + 1, "server", "error", errno="ETIMEDOUT")
    figure = scene(replace(base, kernel=(gave_up,)))
    assert figure.title == "The server's kernel gave the connection up"
    assert (figure.verdict.certainty, figure.verdict.kind) == ("proved", "bad")


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("connect", "connect(3, AF_UNSPEC)", "disconnect"),
        ("read", "read(3, 4096)", "destroyed"),
    ],
)
def test_other_ways_to_tear_a_socket_down_are_read_off_the_calls(name: str, text: str, key: str) -> None:
    base = talk.active_reset()
    reset = replace(base.resets[-1], kernel_reason="TCP_STATE")
    at = (reset.ts_ns - START) / 1e9
    figure = scene(replace(base, resets=(reset,), calls=(call(at - 0.002, reset.sender, name, text),)))
    assert figure.title == words.say(f"title-{key}", side=reset.sender)


def test_what_getsockopt_said_is_no_failed_call() -> None:
    found = call(2.1, "server", "getsockopt", "getsockopt(4, SO_ERROR)", says="SO_ERROR = EPIPE")
    figure = scene(replace(recorded(), calls=(found,)))
    assert figure.verdict.text.endswith("The server's getsockopt then said EPIPE.")


def test_a_bad_descriptor_is_nothing_that_the_rst_did() -> None:
    closed = call(2.1, "server", "read", result=-1, errno="EBADF")
    assert "EBADF" not in scene(replace(recorded(), calls=(closed,))).verdict.text


def test_every_reason_to_ignore_a_rst_has_its_words() -> None:
    for why in WHYS[1:]:
        assert words.has(f"why-{why}") and words.has(f"why-ignored-{why}")


# The kernel's states against the packets'


def moved(seconds: float, before: str, after: str, frame: int | None = None, side: Side = "server") -> KernelEvent:
    return event(seconds, side, "state", before=before, state=after, frame=frame)


def entered(figure: Scene, side: Side) -> list[str]:
    """The states of one end as the figure enters them."""
    names = []
    for item in figure.items:
        states = [item] if isinstance(item, State) else []
        if isinstance(item, Arrow):
            states = [state for state in (item.sender_state, item.receiver_state) if state is not None]
        names += [state.name for state in states if state.side == side]
    return names


def test_a_state_that_the_kernel_was_not_in_is_not_drawn() -> None:
    base = talk.write_after_close()  # by the packets ESTABLISHED from frame 3 on: the accept queue had no room
    kernel = (
        moved(0.9, "LISTEN", "SYN_RCVD"),
        moved(0.9, "SYN_RCVD", "ESTABLISHED"),
        moved(0.9, "ESTABLISHED", "CLOSE_WAIT"),
    )
    figure = scene(replace(base, kernel=kernel))
    assert entered(figure, "server")[:3] == ["SYN_RCVD", "ESTABLISHED", "CLOSE_WAIT"]
    assert all(
        arrow.receiver_state is None or arrow.receiver_state.name != "ESTABLISHED" for arrow in figure.arrows[2:]
    )


def test_a_state_that_the_kernel_entered_before_is_entered_once() -> None:
    kernel = (
        moved(0.000_05, "SYN_RCVD", "ESTABLISHED", 3),
        moved(0.050_7, "ESTABLISHED", "CLOSE_WAIT", 6),
        moved(1.0, "CLOSE_WAIT", "CLOSED"),
    )
    figure = scene(replace(talk.write_after_close(), kernel=kernel))
    assert entered(figure, "server").count("CLOSED") == 1
    assert State(side="server", name="CLOSED", t_ns=1_000 * MS, source="traced") in figure.items


def test_states_that_linux_goes_through_in_passing_do_not_come_after_what_follows_them() -> None:
    last = talk.three_packet_close()
    at = (last.last_ns - START) / 1e9
    kernel = (moved(at + 0.001, "FIN_WAIT_1", "FIN_WAIT_2", side="client"),)
    assert "FIN_WAIT_2" not in entered(scene(replace(last, kernel=kernel)), "client")


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("keepalive-death", "TCP_KEEPCNT"),
        ("idle-race", "SO_RCVTIMEO"),
        ("push-low-water", "SO_RCVLOWAT"),
        ("lost-data-one-of-many", "TCP_NODELAY"),
        ("half-open", "TCP_REPAIR"),
    ],
)
def test_options_that_explain_what_follows_are_drawn(name: str, option: str) -> None:
    figure = sample(name)
    assert any(option in item.text for item in figure.items if isinstance(item, Call))


def test_a_close_under_repair_is_no_close_on_the_wire() -> None:
    notes = [item.note for item in sample("half-open").items if isinstance(item, Call) and item.text == "close(4)"]
    assert notes == ["without a packet: TCP_REPAIR"]


def test_the_close_of_a_listener_in_mid_connection_is_drawn_as_its() -> None:
    closes = [item for item in sample("listener-closed-after-accept").calls("server") if item.text == "close(3)"]
    assert [call.note for call in closes] == ["the listening socket"]


@pytest.mark.parametrize(
    ("name", "call"), [("time-wait", "connect(3, 10.9.0.2:9000)"), ("time-wait-restart", "bind(3, 10.9.0.2:9000)")]
)
def test_calls_that_time_wait_makes_fail_are_told_with_it(name: str, call: str) -> None:
    figure = sample(name)
    assert any(
        item.kind == "err" and call in (item.text, item.returns) for item in figure.items if isinstance(item, Call)
    )
    assert "was in TIME_WAIT" in figure.verdict.text


def test_a_proxy_is_called_a_proxy() -> None:
    named = [(sample("proxy", number).client.called, sample("proxy", number).server.called) for number in (0, 1)]
    assert sorted(named) == [("client", "proxy"), ("proxy", "server")]
    blamed = next(sample("proxy", n) for n in (0, 1) if sample("proxy", n).server.called == "proxy")
    assert blamed.title.startswith("The proxy closed") and "The proxy's program" in blamed.verdict.text


def test_a_connect_that_does_not_wait_is_no_bar_and_says_why() -> None:
    calls = sample("connect-timeout-cancelled").calls("client")
    assert calls[0].text == "fcntl(3, F_SETFL, O_NONBLOCK)" and "fcntl(O_NONBLOCK)" in calls[0].shorter_texts
    connect = calls[1]
    assert connect.text.startswith("connect(") and connect.result == "= -1 EINPROGRESS" and connect.id is None


def test_a_signal_that_the_program_ignores_is_told_where_it_would_have_come() -> None:
    ignored, died = sample("sigpipe-ignored"), sample("sigpipe")
    assert of(ignored, "signal(SIGPIPE, SIG_IGN)").result is None
    notes = [item.note for item in ignored.items if isinstance(item, Call) and item.result == "= -1 EPIPE"]
    assert notes == ["“Broken pipe”; SIGPIPE is ignored; no segment is sent"]
    assert "The program ignores SIGPIPE, and goes on." in ignored.verdict.text
    assert "ignores SIGPIPE" not in died.verdict.text


@pytest.mark.parametrize(
    ("name", "number", "made"),
    [("time-wait-restart", 0, ["= 3", "= 4"]), ("time-wait", 0, ["= 3"]), ("refused", 0, [])],
)
def test_a_new_socket_under_a_closed_ones_number_is_drawn(name: str, number: int, made: list[str]) -> None:
    one = finrst.read(SAMPLES / name).connection(number)
    figure = compose(one.story, one.capture)
    calls = [call for side in ("client", "server") for call in figure.calls(side) if call.text.startswith("socket(")]
    assert [call.result for call in calls] == made


def test_a_new_socket_whose_number_was_closed_in_another_connections_figure_is_not_drawn() -> None:
    one = finrst.read(SAMPLES / "time-wait-reused").connection(1)
    assert any(call.call == "socket" for call in one.story.calls)
    assert not any(call.text.startswith("socket(") for call in compose(one.story, one.capture).calls("client"))


def test_a_step_stands_before_the_calls_that_carry_it_out() -> None:
    items = sample("rebooted-peer").items
    box = next(place for place, item in enumerate(items) if isinstance(item, Note) and "forgets" in item.text)
    after = [item.text for item in items[box:] if isinstance(item, Call) and item.side == "server"]
    assert after[:2] == ["setsockopt(4, TCP_REPAIR, 1)", "close(4)"]
    assert any(isinstance(item, State) and item.name == "CLOSED" for item in items[box:])


def test_a_note_tells_what_of_it_one_can_type() -> None:
    rules = [item for item in sample("firewall-drops-mid-stream").items if isinstance(item, Note) and item.typed]
    assert [(note.text, note.typed) for note in rules] == [
        ("server's firewall: tcp dport 9000 drop", ("tcp dport 9000 drop",))
    ]
    assert not any(isinstance(item, Note) and item.typed for item in sample("rebooted-peer").items)
