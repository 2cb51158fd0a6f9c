"""Captures that saw one of two ways: what is missing is said, and nothing is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.utils import PcapWriter, rdpcap

import finrst
from finrst.analyze.story import SIDES, Side
from finrst.analyze.unseen import unseen
from finrst.plots import words
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.scene import Break, Fold, Scene

from ..plots.conversations import Talk

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/expected.json"))


@pytest.fixture(scope="module")
def one_way(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Side], finrst.reading.Told]:
    """All samples' first connections, by name and by the end whose packets alone the capture holds."""
    folder = tmp_path_factory.mktemp("one-way")
    found = {}
    for name in NAMES:
        packets = [p for p in rdpcap(str(SAMPLES / name / "packets.pcapng")) if TCP in p]
        ends = [((p[IP] if IP in p else p[IPv6]).src, p[TCP].sport) for p in packets]
        client = ends[0]
        for side in SIDES:
            kept = [p for p, end in zip(packets, ends, strict=True) if (end == client) == (side == "client")]
            if kept:
                file = folder / f"{name}-{side}.pcap"
                with PcapWriter(str(file)) as writer:
                    writer.write(kept)
                found[name, side] = finrst.read(file).connection(0)
    return found


def told(one_way: dict[tuple[str, Side], finrst.reading.Told]) -> Iterator[tuple[str, Side, Scene]]:
    for (name, side), one in one_way.items():
        if unseen(one.story.segments) is not None:
            yield name, side, compose(one.story, one.capture)


def test_an_end_is_missing_if_what_the_other_one_acknowledges_goes_on() -> None:
    talk = Talk()
    talk.add(0, "client", "S")
    assert unseen(talk.segments) is None, "nobody may have answered"
    talk.add(0.1, "client", ".", 1, 1)
    assert unseen(talk.segments) == "server"
    middle = Talk()
    middle.add(0, "client", "P.", 1, 1, 6)
    middle.add(0.3, "client", "P.", 1, 1, 6)
    assert unseen(middle.segments) is None, "it may have been gone before the capture began"
    middle.add(0.5, "client", ".", 7, 19)
    assert unseen(middle.segments) == "server"
    assert unseen(Talk().handshake().segments) is None


def test_who_answers_with_a_bare_rst_behind_its_syn_was_answered() -> None:
    talk = Talk()
    talk.add(0, "client", "S")
    talk.add(0.1, "client", "R", 1)
    assert unseen(talk.segments) == "server"


def test_of_every_sample_one_direction_is_enough_to_see_that_the_other_is_missing(
    one_way: dict[tuple[str, Side], finrst.reading.Told],
) -> None:
    missing = {(name, side) for name, side, _ in told(one_way)}
    assert {name for name, side in missing if side == "client"} > {"idle-race", "unread-data", "write-once", "proxy"}
    assert not missing & {("connect-timeout", "client"), ("firewall-drops", "client"), ("refused", "client")}


def test_nothing_is_told_of_what_was_not_captured(one_way: dict[tuple[str, Side], finrst.reading.Told]) -> None:
    """Whether data was unread, whether the other end sent any, how long it waited, what its window held back."""
    checked = 0
    for name, side, figure in told(one_way):
        said = " ".join((figure.title, figure.verdict.text, figure.verdict.also or ""))
        why = " ".join(arrow.why.text for arrow in figure.arrows if arrow.why is not None)
        for word in ("Not one byte", "without a byte", "nothing unread", "could have left unread", "waits"):
            assert word not in said and word not in why, (name, side, word)
        for arrow in figure.arrows:
            assert arrow.paused in (None, "RTO", "timer", "loss probe"), (name, side, arrow.frame, arrow.paused)
            assert arrow.unanswered in (None, "") or "again" in arrow.unanswered, (name, side, arrow.unanswered)
        for item in figure.items:
            if isinstance(item, Break) and "later" in item.text and "clock" not in item.text:
                assert item.detail.endswith("are not captured"), (name, side, item.detail)
            elif isinstance(item, Fold):
                way = item.to_client if side == "client" else item.to_server
                assert way == words.say("unseen-segments", "en"), (name, side, way)
        checked += 1
    assert checked > 200


def test_what_is_missing_is_named(one_way: dict[tuple[str, Side], finrst.reading.Told]) -> None:
    for name, side, figure in told(one_way):
        key = figure.verdict.text
        if "cannot be told" in key:
            assert "None of the" in key and "were captured" in key, (name, side, key)
    for name in ("write-once-vanished", "java-vanished"):
        one = one_way[name, "client"]
        scene = compose(one.story, one.capture)
        assert scene.title == "The client answered with RST what was not captured"
        assert "the server's segments are not captured" in scene.verdict.text
