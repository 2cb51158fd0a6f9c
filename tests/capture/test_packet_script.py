"""Packet scripts: what a line says is what stands in the packet, and a mistake is named with its line and column."""

from __future__ import annotations

import inspect
import subprocess
from pathlib import Path

import pytest

import finrst
from finrst.capture import facts, packet_script
from finrst.capture.packet_script import Packet, ScriptError, parse

HANDSHAKE = """\
0.000 < S 0:0(0) <mss 1460>
0.001 > S. 0:0(0) ack 1 <mss 1460>
0.002 < . 1:1(0) ack 1
"""


def example() -> str:
    """The script that stands in the module's docstring."""
    text = inspect.cleandoc(packet_script.__doc__ or "")
    block = text.split("\n\n")[1]
    return "\n".join(line.strip() for line in block.splitlines()) + "\n"


def only(line: str) -> Packet:
    (packet,) = parse(line).packets
    return packet


def calls(text: str) -> list[facts.Call]:
    return [fact for fact in parse(text).facts if isinstance(fact, facts.Call)]


def test_the_example_is_the_notes_experiment(tmp_path: Path) -> None:
    parse(example()).write(tmp_path / "notes")
    told = finrst.read(tmp_path / "notes").connection(0)
    assert (told.ending, told.ended_by) == ("reset", "client")
    assert [(s.side[0], s.flags, s.payload) for s in told.story.segments] == [
        ("c", 2, 0), ("s", 18, 0), ("c", 16, 0), ("c", 24, 6), ("c", 17, 0), ("s", 16, 0), ("s", 24, 18), ("c", 4, 0),
    ]  # fmt: skip
    assert [(c.side, c.text, c.result, c.errno, c.signals) for c in told.story.calls] == [
        ("server", "write(4, 18 bytes)", 18, None, ()),
        ("server", "write(4, 18 bytes)", -1, "EPIPE", ("SIGPIPE",)),
    ]
    assert told.story.isn == (1000, 5000)
    assert [s.ts_ns - packet_script.START_NS for s in told.story.segments][-1] == 2_054_000_000


def test_tcpdump_reads_the_same_out_of_the_pcap(tcpdump: str, tmp_path: Path) -> None:
    parse(example()).write(tmp_path / "notes.pcap")
    done = subprocess.run([tcpdump, "-nvttr", str(tmp_path / "notes.pcap")], capture_output=True, text=True, check=True)
    assert done.stdout.count("(correct)") == 8
    assert "Flags [P.]" in done.stdout and "seq 1:19, ack 8" in done.stdout and "options [mss 1460]" in done.stdout


def test_what_is_left_out_is_as_in_the_senders_segment_before() -> None:
    text = "0 < S 0:0(0) win 100 ttl 57 id 9\n0 > S. 0:0(0) ack 1\n0 < . 1:1(0) ack 1\n0 < . 1:1(0) ack 1 id 0 ttl 9\n"
    packets = parse(text + "0 < R 1:1(0)\n").packets
    assert [p.window for p in packets] == [100, 65535, 100, 100, 100]
    assert [p.ttl for p in packets] == [57, 64, 57, 9, 9]
    assert [p.ip_id for p in packets] == [9, 1, 10, 0, 1]


def test_numbers_count_from_the_isn_and_wrap() -> None:
    text = "local isn 4294967295\nremote isn 7\n0 > P. 1:6(5) ack 3 <nop,nop,sack 1:3>\n"
    packet = only(text)
    assert (packet.seq, packet.ack) == (0, 10)
    assert packet.options == b"\x01\x01\x05\x0a" + (8).to_bytes(4) + (10).to_bytes(4)


@pytest.mark.parametrize(
    ("option", "data"),
    [
        ("mss 1460", b"\x02\x04\x05\xb4"),
        ("wscale 7,eol", b"\x03\x03\x07\x00"),
        ("sackOK,nop,nop", b"\x04\x02\x01\x01"),
        ("TS val 1 ecr 258,nop,nop", b"\x08\x0a\0\0\0\x01\0\0\x01\x02\x01\x01"),
        ("kind-30 0x0102", b"\x1e\x04\x01\x02"),
        ("kind-2 0x05", b"\x02\x03\x05\x00"),
        ("bytes 0x0300", b"\x03\x00\x00\x00"),
    ],
)
def test_options_stand_in_the_header_in_their_order(option: str, data: bytes) -> None:
    packet = only(f"0 < S 0:0(0) <{option}>")
    assert packet.options == data
    raw = packet.raw()
    assert raw[40:] == data and raw[32] >> 4 == 5 + len(data) // 4


@pytest.mark.parametrize(("letters", "bits"), [("S", 2), ("P.U", 56), ("SEWe", 450), ("-", 0), ("FSRP.", 31)])
def test_flags_are_tcpdumps_letters(letters: str, bits: int) -> None:
    ack = " ack 1" if "." in letters else ""
    packet = only(f"0 < {letters} 0:0(0){ack}")
    assert packet.flags == bits
    raw = packet.raw()
    assert ((raw[32] & 1) << 8 | raw[33]) == bits


def test_over_ipv6_there_is_a_flow_label_and_no_id(tmp_path: Path) -> None:
    ends = "local [2001:db8::2]:80\nremote [2001:db8:0::1]:4000\n"
    parse(ends + "0 < S 0:0(0) flow 74565 ttl 3\n0.001 > R. 0:0(0) ack 1\n").write(tmp_path / "six.pcap")
    first, second = finrst.read(tmp_path / "six.pcap").connection(0).story.segments
    assert (first.flow_label, first.ttl, first.ip_id, first.checksum) == (74565, 3, None, "good")
    assert (second.flow_label, second.ttl) == (0, 64)
    with pytest.raises(ScriptError, match="line 3, column 14: IPv6 has no id"):
        parse(ends + "0 < S 0:0(0) id 3\n")


def test_a_checksum_can_be_bad(tmp_path: Path) -> None:
    parse(HANDSHAKE + "0.1 < R 1:1(0) bad-checksum\n").write(tmp_path / "bad.pcap")
    segments = finrst.read(tmp_path / "bad.pcap").connection(0).story.segments
    assert [segment.checksum for segment in segments] == ["good", "good", "good", "bad"]


def test_times_are_absolute_or_after_the_line_before() -> None:
    text = "-0.5 < S 0:0(0)\n+0.25 > S. 0:0(0) ack 1\n2 < . 1:1(0) ack 1\n+.5 < . 1:1(0) ack 1\n"
    with pytest.raises(ScriptError, match=r"line 4, column 1: '\+\.5' is no time"):
        parse(text)
    times = [packet.t_ns for packet in parse(text.replace("+.5", "+0.000000001")).packets]
    assert times == [-500_000_000, -250_000_000, 2_000_000_000, 2_000_000_001]


def test_a_script_may_hold_several_connections_on_one_clock(tmp_path: Path) -> None:
    text = "local 10.0.0.1:80\nremote 10.0.0.2:5000\n0 < S 0:0(0)\n0.2 > R. 0:0(0) ack 1\n"
    text += "remote :5001\n0.1 < S 0:0(0)\n0.3 > R. 0:0(0) ack 1\n"
    text += "local :81\n0.15 < S 0:0(0)\n0.16 listen(3, 5) = 0\n"
    script = parse(text)
    assert [packet.t_ns // 10**7 for packet in script.packets] == [0, 10, 15, 20, 30]
    script.write(tmp_path / "three.pcap")
    ends = [(str(c.story.client), str(c.story.server)) for c in finrst.read(tmp_path / "three.pcap").connections]
    assert ends == [
        ("10.0.0.2:5000", "10.0.0.1:80"), ("10.0.0.2:5001", "10.0.0.1:80"), ("10.0.0.2:5001", "10.0.0.1:81"),
    ]  # fmt: skip
    (listening,) = script.facts
    assert isinstance(listening, facts.Call) and (listening.local, listening.remote) == ("10.0.0.1:81", None)


def test_calls_become_facts() -> None:
    text = HANDSHAKE + (
        "-0.1 listen(3, 16) = 0\n0.002 accept(3) = 4\n0.003...0.5 read(4, ..., 4096) = 0\n"
        "0.1...+0.25 remote poll(3, IN OUT, 1000) = 1: IN HUP  // the peer has closed\n"
        "0.6... read(4, ..., 10)\n0.7 send(4, ..., 1448, MSG_OOB) = -1 EPIPE (Broken pipe) SIGPIPE\n"
        "0.8 getsockopt(4, SO_ERROR) = 0: SO_ERROR = EPIPE\n0.9 close(3) = 0\n"
        "1 exit(0)\n1 remote killed(SIGKILL)\n"
    )
    told = [(c.process, c.text, c.t_ns // 10**6, c.until_ns and c.until_ns // 10**6, c.result) for c in calls(text)]
    assert told == [
        ("server", "listen(3, 16)", -100, -100, 0),
        ("server", "accept(3)", 2, 2, 4),
        ("server", "read(4, 4096)", 3, 500, 0),
        ("client", "poll(3, IN OUT, 1000)", 100, 350, 1),
        ("server", "read(4, 10)", 600, None, None),
        ("server", "send(4, 1,448 bytes, MSG_OOB)", 700, 700, -1),
        ("server", "getsockopt(4, SO_ERROR)", 800, 800, 0),
        ("server", "close(3)", 900, 900, 0),
    ]
    assert [c.says for c in calls(text)] == [None, None, "EOF", "IN HUP", None, None, "SO_ERROR = EPIPE", None]
    assert [c.remote is None for c in calls(text)] == [True, False, False, False, False, False, False, True]
    assert (calls(text)[5].errno, calls(text)[5].signals, calls(text)[5].fd) == ("EPIPE", ("SIGPIPE",), 4)
    exits = [fact for fact in parse(text).facts if isinstance(fact, facts.Exit)]
    assert [(e.process, e.status, e.signal) for e in exits] == [("server", 0, None), ("client", None, "SIGKILL")]


def test_the_client_is_who_sent_the_first_syn() -> None:
    (call,) = calls("0 > S 0:0(0)\n0 connect(3, 192.0.2.1:40000) = -1 EINPROGRESS (Operation now in progress)\n")
    assert call.process == "client"


def test_comments_and_empty_lines_say_nothing() -> None:
    assert parse("// nothing\n\n  // 0 < S 0:0(0)\n").packets == ()
    assert len(parse("0 < S 0:0(0)//x\n").packets) == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("hello", "column 1: 'hello' is no time"),
        ("0", "column 2: '<', '>' or call is missing"),
        ("0 ? S 0:0(0)", "column 3: '?' is no '<', '>' or call"),
        ("0 < X 0:0(0)", "column 5: 'X' is no flags"),
        ("0 < S 0:1(0)", "column 7: 0 and 0 bytes are 0, not 1"),
        ("0 < S 4294967296:0(0)", "column 7: sequence number is at most 4294967295"),
        ("0 < . 1:1(0)", "column 13: a segment with '.' has an ack"),
        ("0 < S 0:0(0) win 65536", "column 18: win is at most 65535"),
        ("0 < S 0:0(0) win 1 win 2", "column 20: that stands here twice"),
        ("0 < S 0:0(0) <mss>", "column 18: '>' is no mss"),
        ("0 < S 0:0(0) <mss 1", "column 20: ',' or '>' is missing"),
        ("0 < S 0:0(0) <kind-300 0x>", "column 15: an option's kind is at most 255"),
        ("0 < S 0:0(0) <bytes 0x" + "00" * 41 + ">", "column 15: 44 bytes of options: 40 is the most"),
        ("0 < S 0:65535(65535)", "column 7: the packet is longer than 65,535 bytes"),
        ("0 < S 0:0(0) flow 3", "column 14: IPv4 has no flow"),
        ("0 < S 0:0(0) syn", "column 14: 'syn' is no ack, win, urg"),
        ("0 write(4, ..., 18", "column 19: ')' is missing"),
        ("0 write(4, ..., 18)", "column 20: '=' and the result is missing"),
        ("0 write(4, ..., 18) = EPIPE", "column 23: 'EPIPE' is no result"),
        ("0 write(4, ..., 18) = 1 EPIPE", "column 25: 'EPIPE' is not expected here"),
        ("1...0 read(4, ..., 1) = 0", "column 7: the call ends before it begins"),
        ("1 killed(9)", "column 12: killed has the name of a signal"),
        ("1 exit(x)", "column 10: exit has a status"),
        ("local 1.2.3:80", "column 7: '1.2.3' is no IP address"),
        ("local 1.2.3.4:0", "column 7: a port is 1 to 65535"),
        ("local 1.2.3.4", "column 7: '1.2.3.4' is no ADDRESS:PORT"),
        ("local isn x", "column 11: 'x' is no initial sequence number"),
        ("99999999999 < S 0:0(0)", "column 1: a time is at most 1000000000 s"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_column(line: str, says: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse(f"// a script\n{line}\n")
    assert str(caught.value).startswith(f"line 2, {says}")
    assert "\n" not in str(caught.value)


def test_both_ends_are_of_one_family() -> None:
    with pytest.raises(ScriptError, match="line 2, column 1: one end is IPv4, the other IPv6"):
        parse("local [::1]:80\n0 < S 0:0(0)\n")
