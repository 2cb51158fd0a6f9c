"""Claims about stories: packets with both states, what was not delivered, and one answer from both passes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

import finrst
from finrst.analyze.scan import scan
from finrst.analyze.tell import sack_blocks, tell
from finrst.plots.figures.ladder.compose import compose

from .conversation import START, End, Talk, Wire, explained, explained_all
from .tables import capture

CAPTURE = capture()


def opened(**more: object) -> tuple[Talk, End, End]:
    talk = Talk(**more)  # type: ignore[arg-type]
    c, s = talk.open()
    c.data(6), s.ack()
    return talk, c, s


# undelivered: what the packets prove was never acknowledged


def test_data_answered_by_rst_is_undelivered() -> None:
    talk, c, s = opened()
    c.fin(), s.ack(), s.data(18), c.rst()
    assert explained(talk)["undelivered"] == {"client": 0, "server": 18}


def test_copies_of_undelivered_data_count_once() -> None:
    talk, c, _s = opened()
    for number in range(4):
        c.data(100, seq=7, lost=True, gap=0.2 * 2**number)
    assert explained(talk)["undelivered"] == {"client": 100, "server": 0}


def test_a_fin_is_no_undelivered_byte() -> None:
    talk, c, s = opened()
    c.data(50, lost=True), c.fin(lost=True), s.rst(seq=1)
    assert explained(talk)["undelivered"] == {"client": 50, "server": 0}


def test_a_rst_that_acknowledges_the_data_proves_that_its_kernel_had_it() -> None:
    talk, c, s = opened()
    c.data(900), s.abort()
    assert explained(talk)["undelivered"] == {"client": 0, "server": 0}


def test_a_rst_acknowledges_no_more_than_it_says() -> None:
    talk, c, s = opened()
    c.data(500), c.data(400, lost=True), s.abort(ack=507)
    assert explained(talk)["undelivered"] == {"client": 400, "server": 0}


@pytest.mark.parametrize("how", ["closed", "open", "half-closed"])
def test_nothing_is_undelivered_while_it_may_still_arrive(how: str) -> None:
    talk, c, s = opened()
    if how != "open":
        c.fin(), s.ack()
    if how == "closed":
        s.fin(), c.ack()
    else:
        s.data(10, lost=True)
    told = explained(talk)
    assert told["ending"] == how
    assert told["undelivered"] == {"client": 0, "server": 0}


# Packets of a told connection


def test_every_packet_is_told_with_time_side_and_numbers() -> None:
    talk, _c, _s = opened()
    told = explained(talk)
    assert [segment.frame for segment in told.segments] == [1, 2, 3, 4, 5]
    assert [segment.side for segment in told.segments] == ["client", "server", "client", "client", "server"]
    assert told.segments[0].ts_ns == START + 10_000_000
    assert told.story.isn == (1_000_000, 7_000_000)
    assert told.segments[3].seq == 1_000_001 and told.segments[3].payload == 6
    assert told["handshake_rtt_ns"] == 20_000_000


def test_options_are_told() -> None:
    talk = Talk()
    talk.client.syn(mss=1460, wscale=7, sack_permitted=True, tsval=77)
    options = explained(talk).segments[0].options
    assert (options.mss, options.window_scale, options.sack_permitted, options.tsval) == (1460, 7, True, 77)


def test_sack_edges_are_told() -> None:
    talk, _c, s = opened()
    s.ack(sack=((17, 27),))
    assert explained(talk).segments[-1].options.sack == ((1_000_017, 1_000_027),)


def test_all_sack_blocks_are_told_the_newest_first_and_the_ladder_says_what_fits() -> None:
    talk, c, s = opened()
    c.data(10, lost=True), c.data(10), c.data(10, lost=True), c.data(10), c.data(10, lost=True), c.data(10)
    s.ack(ack=1, sack=((51, 61), (31, 41), (11, 21)))
    told = explained(talk)
    isn = told.story.isn[0] or 0
    assert [(left - isn, right - isn) for left, right in told.segments[-1].options.sack] == [
        (51, 61),
        (31, 41),
        (11, 21),
    ]
    arrow = compose(told.story, CAPTURE).arrows[-1]
    assert arrow.detail == "ack 1, sack 51:61 31:41 11:21"
    assert arrow.shorter_details == ("ack 1, sack 51:61 …", "ack 1")


@pytest.mark.parametrize(
    ("captured", "blocks"), [(8, ((1, 2), (3, 4))), (7, ((1, 2),)), (0, ((1, 2),)), (-1, ()), (-9, ())]
)
def test_of_a_header_that_is_cut_the_blocks_are_told_that_are_there(
    captured: int, blocks: tuple[tuple[int, int], ...]
) -> None:
    header = bytes(20) + b"\1\1\5\x12" + b"".join(number.to_bytes(4, "big") for number in (1, 2, 3, 4))
    assert sack_blocks(header[: len(header) - 8 + captured]) == blocks


@pytest.mark.parametrize("damaged", [b"\5\0", b"\5\1", b"\5\2", b"\5", b"\0\5\x0a" + bytes(8), b"\x08\0" * 10])
def test_options_that_make_no_sense_have_no_blocks(damaged: bytes) -> None:
    assert sack_blocks(bytes(20) + damaged) == ()


@pytest.mark.parametrize(("version", "ip_id", "flow_label"), [(4, 1001, None), (6, None, 0)])
def test_an_ip_id_is_ipv4s_and_a_flow_label_ipv6s(version: int, ip_id: int | None, flow_label: int | None) -> None:
    talk = Talk(version=version)
    talk.client.syn(ttl=61)
    segment = explained(talk).segments[0]
    assert (segment.ip_id, segment.flow_label, segment.ttl) == (ip_id, flow_label, 61)


def test_a_rst_is_told_at_its_packet() -> None:
    talk, _c, s = opened()
    frame = s.abort()
    told = explained(talk)
    assert [segment.frame for segment in told.segments if segment.reset] == [frame]
    assert told.segments[-1].reset is not None and told.segments[-1].reset.frame == frame


def test_the_server_is_told_as_the_server_even_if_it_was_captured_first() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.next = s.heard = 1
    s.synack(), c.ack(), s.abort()
    told = explained(talk)
    assert [segment.side for segment in told.segments] == ["server", "client", "server"]
    assert (told["ended_by"], told.reset["from"]) == ("server", "server")
    assert told["states"] == {"client": "CLOSED", "server": "CLOSED"}


def test_last_packet_and_record_agree_on_the_states() -> None:
    wire = Wire()
    for number in range(3):
        talk = Talk(ports=(40000 + number, 80), wire=wire)
        c, s = talk.open()
        if number:
            c.fin(), s.ack()
        if number == 2:
            s.abort()
    for told in explained_all(wire):
        assert told.states[-1] == f"{told['states']['client']} {told['states']['server']}"


def test_one_connection_told_alone_is_told_as_among_all(tmp_path: Path) -> None:
    wire = Wire()
    talks = [Talk(ports=(40000 + number % 3, 80), isn=(number * 1000, number * 5000), wire=wire) for number in range(6)]
    for talk in talks:
        c, s = talk.open()
        c.data(10), s.ack(), s.data(10), c.ack(), c.fin(), s.ack(), s.data(5), c.rst()
    path = str(wire.write(tmp_path / "talk.pcap"))
    found = scan(path)
    numbers = [c.number for c in found.connections]
    together = tell(found, numbers).connections
    assert numbers == [0, 1, 2, 3, 4, 5]
    for number in numbers:
        assert tell(found, [number]).connections == (together[number],)


def test_a_number_that_the_capture_does_not_have_is_an_error(sample: Callable[[str], Path]) -> None:
    with pytest.raises(KeyError):
        tell(scan(str(sample("write-twice"))), [7])


def test_damaged_and_offloaded_checksums_are_notes_of_the_capture(tmp_path: Path) -> None:
    talk, c, _s = opened()
    c.data(5, checksum="bad"), c.data(5, checksum="offloaded")
    notes = tell(scan(str(talk.wire.write(tmp_path / "talk.pcap"))), [0]).capture.notes
    assert "checksums are offloaded" in notes
    assert "1 TCP checksum is wrong" in notes


def test_a_capture_of_one_direction_says_so(tmp_path: Path) -> None:
    talk = Talk()
    c, _ = talk.established()
    c.data(5), c.data(5)
    assert tell(scan(str(talk.wire.write(tmp_path / "talk.pcap"))), [0]).capture.one_sided


# headers, as captured


def test_a_told_packet_brings_its_tcp_header(sample: Callable[[str], Path]) -> None:
    path = sample("write-twice")
    first, *_, last = tell(scan(str(path)), [0]).connections[0].segments
    assert len(first.header) == 40 and first.header[13] == first.flags & 0xFF == 0x02
    assert int.from_bytes(first.header[4:8], "big") == first.seq
    assert len(last.header) == 4 * (last.header[12] >> 4) and last.header[13] & 4


# silence before the end


def test_the_silence_before_the_first_fin_is_kept(tmp_path: Path) -> None:
    talk, c, s = opened()
    c.fin(gap=5.0), s.ack(), s.fin(gap=9.0), c.ack()
    assert scan(str(talk.wire.write(tmp_path / "talk.pcap"))).connections[0].silence == 5_000_000_000


def test_a_goodbye_just_before_the_end_does_not_hide_the_silence(tmp_path: Path) -> None:
    talk, c, s = opened()
    c.data(31, gap=60.0), s.ack(), c.fin(gap=0.01), s.ack()
    assert scan(str(talk.wire.write(tmp_path / "fin.pcap"))).connections[0].silence == 60_000_000_000
    talk, c, s = opened()
    c.data(31, gap=60.0), c.abort()
    found = scan(str(talk.wire.write(tmp_path / "rst.pcap")))
    assert found.connections[0].silence == 60_000_000_000 and found.resets[0].silence < 1_000_000_000


def test_a_talk_after_the_silence_is_no_goodbye(tmp_path: Path) -> None:
    def silence(name: str, *after: str) -> int:
        talk, c, s = opened()
        c.data(100, gap=60.0)
        for what in after:
            {"answer": lambda: s.data(100), "more": lambda: c.data(100)}[what]()
        c.fin()
        return scan(str(talk.wire.write(tmp_path / f"{name}.pcap"))).connections[0].silence

    assert silence("goodbye") == 60_000_000_000
    assert silence("answered", "answer") < 1_000_000_000
    assert silence("long", "more") < 1_000_000_000
    talk, c, s = opened()
    c.data(100, gap=60.0), s.fin()
    assert scan(str(talk.wire.write(tmp_path / "other.pcap"))).connections[0].silence < 1_000_000_000


def test_the_silence_before_a_rst_is_kept_of_each(tmp_path: Path) -> None:
    talk, _c, s = opened()
    s.abort(gap=2.0), s.abort(gap=3.0)
    found = scan(str(talk.wire.write(tmp_path / "talk.pcap")))
    assert found.connections[0].silence == 2_000_000_000
    assert [reset.silence for reset in found.resets] == [2_000_000_000, 3_000_000_000]


def test_an_end_that_sends_a_fin_of_its_own_had_not_received_the_other(shared_captures: Path) -> None:
    told = finrst.read(shared_captures / "zeek__pppoe-over-qinq.pcap").connection(0).story.segments
    ways = [
        [name for name, _ in groupby(s.client_state if side == "client" else s.server_state for s in told)]
        for side in ("client", "server")
    ]
    assert ways[1][-2:] == ["ESTABLISHED", "FIN_WAIT_1"] and "CLOSE_WAIT" not in ways[1]
    assert ways[0][-3:] == ["ESTABLISHED", "FIN_WAIT_1", "CLOSING"]
