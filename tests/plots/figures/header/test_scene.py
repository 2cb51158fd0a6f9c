"""What the header figure says: of every bit, and what each row proves."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots.figures.header import scene as header_scene
from finrst.plots.figures.header.scene import Bits, HeaderScene

from ... import headers
from ...conversations import capture


def scene(path: Path, number: int = 0, frame: int | None = None) -> HeaderScene:
    told = finrst.read(path).connection(number)
    return header_scene.compose(told.story, told.capture, frame=frame)


def cells(figure: HeaderScene) -> dict[str, Bits]:
    return {cell.name: cell for row in figure.rows for cell in row.cells}


def says(figure: HeaderScene) -> dict[int, str]:
    return {row.byte: row.says for row in figure.rows}


def test_without_a_frame_it_is_the_rst_that_ended_the_connection(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("write-twice"))
    assert (figure.frame, figure.title, figure.token) == (9, "The RST, bit by bit", "rst")
    assert [flag.name for flag in figure.flags if flag.set] == ["RST"]
    assert figure.filters == ("tcp[13] & 4 != 0", "tcp[tcpflags] & tcp-rst != 0")
    assert "frame 8" in says(figure)[4] and cells(figure)["sequence number"].state == "used"
    assert cells(figure)["sequence number"].below.endswith("=  J + 8")
    assert set(figure.used) == {4, 5, 6, 7}


def test_what_has_no_meaning_says_so(sample: Callable[[str], Path]) -> None:
    found = cells(scene(sample("write-twice")))
    assert found["acknowledgment number"].state == found["urgent pointer"].state == "void"
    assert "no ACK flag" in found["acknowledgment number"].below
    assert "no URG flag" in found["urgent pointer"].below
    urgent = cells(scene(sample("urgent-byte"), frame=4))["urgent pointer"]
    assert (urgent.state, urgent.value) == ("plain", "1")


def test_without_a_rst_it_is_the_first_fin_and_without_that_the_first_packet(sample: Callable[[str], Path]) -> None:
    assert scene(sample("close-client-first")).title == "The FIN, bit by bit"
    alone = headers.connection(headers.packet(headers.header("S"), frame=7))
    assert header_scene.compose(alone, capture()).frame == 7


def test_a_frame_of_another_connection_is_refused_in_one_line(sample: Callable[[str], Path]) -> None:
    with pytest.raises(ValueError, match="frame 99 is not of connection 0") as told:
        scene(sample("write-twice"), frame=99)
    assert "\n" not in str(told.value)
    with pytest.raises(ValueError, match="does not hold the TCP header of frame 1"):
        header_scene.compose(headers.connection(headers.packet(b"")), capture())


def test_the_segment_that_the_rst_answers_shows_where_its_number_comes_from(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("write-twice"), frame=8)
    assert says(figure)[8] == "The RST in frame 9 takes its sequence number from here."
    assert cells(figure)["acknowledgment number"].state == "used"


def test_a_refusal_proves_by_its_ack_number_which_syn_it_answers(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("refused"))
    assert "proves that it answers frame 1" in says(figure)[8]
    assert figure.title == "The RST+ACK, bit by bit"


def test_options_are_told_one_by_one(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("write-twice"), frame=1)
    found = cells(figure)
    assert found["MSS"].value == "1460" and found["shift"].below == "× 1,024"
    assert found["TSval"].value == "4211248315"
    assert {row.byte for row in figure.rows} == set(range(0, 40, 4))
    assert "SACK permitted" in says(figure)[24] and "NOP" in says(figure)[36]


def test_a_window_is_scaled_where_the_scale_is_known(sample: Callable[[str], Path]) -> None:
    assert cells(scene(sample("write-twice"), frame=3))["window"].below == "0x003f  × 1,024 = 64,512 bytes"
    assert cells(scene(sample("write-twice"), frame=1))["window"].below == "0xfaf0  never scaled in a SYN"


@pytest.mark.parametrize("told", ["good", "offloaded", "bad", "unchecked"])
def test_the_checksum_is_what_the_story_says(told: str) -> None:
    figure = header_scene.compose(headers.connection(headers.packet(headers.header(), checksum=told)), capture())
    said = {"good": "right", "offloaded": "not filled in", "bad": "wrong", "unchecked": "not checked"}
    assert cells(figure)["checksum"].below == said[told]


def test_the_filters_find_the_packet(sample: Callable[[str], Path], shared_captures: Path, tcpdump: str) -> None:
    for path, number, frame in (
        (sample("write-twice"), 0, 9),
        (sample("write-twice"), 0, 2),
        (sample("urgent-byte"), 0, 4),
        (shared_captures / "zeek__almost-resp.pcap", 0, 2),  # IPv6
    ):
        figure = scene(path, number, frame=frame)
        assert figure.filters
        for filter_ in figure.filters:
            command = [tcpdump, "-n", "-#", "-r", str(path), filter_]
            everything = [tcpdump, "-n", "-r", str(path)]
            found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            whole = subprocess.run(everything, capture_output=True, text=True, check=True).stdout
            assert figure.line.split(",")[0] in found and 0 < len(found.splitlines()) < len(whole.splitlines())


def test_every_row_is_filled_whatever_the_bytes() -> None:
    rng = random.Random(5)
    for _ in range(400):
        whole = headers.header(
            rng.getrandbits(9), headers.hostile_options(rng), size=rng.choice((None, None, 0, 4, 15))
        )
        cut = whole[: rng.randrange(1, len(whole) + 1)]
        for lang in ("en", "zh"):
            figure = header_scene.compose(headers.connection(headers.packet(cut)), capture(), lang)
            for row in figure.rows:
                bit = 0
                for cell in row.cells:
                    assert cell.bit == bit and cell.bits > 0
                    bit += cell.bits
                assert bit == 32
            assert figure.bytes == tuple(cut)


def test_a_flag_means_something_else_in_a_syn() -> None:
    def text(flags: str) -> str:
        figure = header_scene.compose(headers.connection(headers.packet(headers.header(flags))), capture())
        return next(flag.text for flag in figure.flags if flag.name == "ECE")

    assert "agrees on ECN" in text("SEW") and "congestion" in text(".E")
    assert "congestion" in text("S")


def test_a_forged_segment_is_nowhere_told_as_its_senders_own(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("accurate-ecn").parent, frame=4)
    assert "In the name of the server" in figure.subtitle
    assert says(figure)[0].startswith("In the server's name") and says(figure)[4].startswith("Set to pass")
    assert "tells nothing" in says(figure)[8]
    reset = scene(sample("forged-rst").parent)
    assert "refuses" not in says(reset)[12] and says(reset)[12].startswith("RST in the server's name")


def test_an_ae_flag_marks_byte_12_too(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("accurate-ecn").parent, frame=4)
    assert figure.marked == (12, 13) and figure.filters[0] == "tcp[12] & 1 != 0"
    assert "ACK with AE" in says(figure)[12]
    assert scene(sample("accurate-ecn").parent, frame=5).marked == (13,)


def test_a_bad_checksum_is_the_reason_in_its_own_row(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("ignored-rst-bad-checksum").parent)
    assert "checksum" not in says(figure)[4] and cells(figure)["sequence number"].state == "plain"
    assert cells(figure)["checksum"].state == "used" and set(figure.used) == {16, 17}
    assert next(flag.text for flag in figure.flags if flag.name == "RST").endswith("ignored here")


def test_a_timestamp_older_than_the_one_before_is_said(sample: Callable[[str], Path]) -> None:
    assert "older than that of frame 5" in says(scene(sample("forged-rst-old-timestamp").parent))[20]


def test_the_time_is_that_of_the_file_that_holds_the_frame(sample: Callable[[str], Path]) -> None:
    assert "760 ms after the first packet" in scene(sample("crossing-data").parent, frame=9).subtitle


def test_a_copy_made_on_the_way_is_no_packet_that_its_sender_sent(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("time-wait-assassinated").parent, frame=10)
    assert "a copy of frame 4, made on the way to the client" in figure.subtitle
    assert "nobody sent it again" in says(figure)[4]
    assert "Sent by" not in says(figure)[0]


def test_a_rst_that_time_wait_ignores_says_so(sample: Callable[[str], Path]) -> None:
    kept, ended = (scene(sample(f"time-wait-{name}").parent, frame=12) for name in ("protected", "assassinated"))
    assert "the client ignores it in TIME_WAIT" in says(kept)[12]
    assert "ignored here" in next(flag.text for flag in kept.flags if flag.name == "RST")
    assert "ignore" not in says(ended)[12] + next(flag.text for flag in ended.flags if flag.name == "RST")


def test_data_that_no_program_wrote_rests_on_calls_or_on_the_capture_at_its_senders_end(
    sample: Callable[[str], Path],
) -> None:
    one = scene(sample("stray-segment-known").parent, frame=4)
    told = finrst.read(sample("forged-data").parent).connection(0).story
    both = scene(sample("forged-data").parent, frame=next(s.frame for s in told.segments if s.fate == "unsent"))
    assert "whose program had not written it" in one.subtitle and "capture at its end" not in one.subtitle
    assert "the capture at its end is whole, and does not have it" in both.subtitle


def test_a_rst_for_a_segment_without_ack_counts_its_own_numbers(sample: Callable[[str], Path]) -> None:
    said = says(scene(sample("stray-segment-no-ack").parent))
    assert said[4].startswith("0: frame 1 carries no ack number")
    assert said[8].startswith("1000 + 6 bytes: the number behind frame 1")


def test_where_no_number_is_relative_nothing_says_from_where_they_count(sample: Callable[[str], Path]) -> None:
    assert "Numbers count" not in scene(sample("stray-segment").parent).subtitle
    assert "Numbers count from J" in scene(sample("write-twice")).subtitle


def test_an_ack_alone_may_close_the_window_and_open_it_again(sample: Callable[[str], Path]) -> None:
    assert "window 0: the server may send no data" in says(scene(sample("zero-window"), frame=11))[12]
    told = finrst.read(sample("zero-window-read-on")).connection(0).story
    shut = next(s for s in told.segments if s.window == 0)
    after = next(s for s in told.segments if s.side == shut.side and s.frame > shut.frame and s.window)
    assert "opens the window again" in says(scene(sample("zero-window-read-on"), frame=after.frame))[12]


def test_of_an_urgent_segment_the_urg_is_shown(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("urgent-byte"), frame=4)
    assert figure.title == "The URG, bit by bit" and figure.filters[0] == "tcp[13] & 32 != 0"
    assert says(figure)[12].startswith("URG:")


def test_the_ends_of_a_recording_are_named_by_their_roles(sample: Callable[[str], Path]) -> None:
    figure = scene(sample("proxy").parent)
    assert "from the proxy to the client" in figure.subtitle and says(figure)[0].startswith("Sent by the proxy.")
