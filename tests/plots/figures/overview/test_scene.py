"""What the overview says: the finding first, every number from the capture, and what is typed can be typed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import FIN, RST, SIDES, SYN, Capture, Overview
from finrst.analyze.vocabulary import CLASSES
from finrst.plots import words
from finrst.plots.clusters import what
from finrst.plots.figures.overview.scene import OverviewScene, compose

from ....analyze.tables import START, Row, Rst, overview_of, restart, some

SAMPLES = Path(__file__).parents[4] / "samples"
HAN = re.compile("[⺀-鿿]")


def texts(scene: OverviewScene) -> list[str]:
    return [
        scene.title, scene.subtitle, scene.scale, scene.scale_in_characters, scene.more,
        *(row.label for row in scene.rows), *(row.label for row in scene.endings),
        *(finding.text for finding in scene.findings), *(band.text for band in scene.bands),
    ]  # fmt: skip


def test_the_title_says_the_finding() -> None:
    assert compose(overview_of(*restart())).title == (
        "39 connections in 160 s: 3 resets, then 5 refusals at 10.1.9.81:443 within 4.6 s"
    )


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "No TCP connection in this capture"),
        ([Row()] * 3, "3 connections in 1 s: none ended abnormally"),
        ([Row(ending="refused", who="server")], "1 connection, to 10.0.0.1:80: refused"),
        (
            [Row(), *[Row(ending="reset", who="path", silence=60)] * 4],
            "5 connections in 1 s: 4 to 10.0.0.1:80 reset on the path after 60.0 s of silence",
        ),
    ],
)
def test_the_title_is_a_sentence_for_any_capture(rows: list[Row], title: str) -> None:
    assert compose(overview_of(rows)).title == title


@pytest.mark.parametrize("count", [1, 199, 201, 3000])
def test_counts_add_up_to_the_connections(count: int) -> None:
    scene = compose(overview_of(some(count)))
    assert scene.connections == count
    assert sum(row.count for row in scene.endings) == count
    assert sum(row.count for row in scene.rows) == count
    assert sum(len(row.bars) + sum(map(sum, row.bins)) for row in scene.rows) == count
    assert sum(row.abnormal for row in scene.rows) == sum(row.count for row in scene.endings if row.abnormal)


@pytest.mark.parametrize("told", [overview_of(*restart()), overview_of(some(2000, services=100)), overview_of([])])
def test_both_languages_say_everything(told: Overview) -> None:
    english, chinese = (compose(told, lang) for lang in ("en", "zh"))
    assert not any(HAN.search(text) for text in texts(english))
    assert all(HAN.search(text) for text in (chinese.title, *(row.label for row in chinese.endings)))
    assert english.command == chinese.command
    assert not any(
        re.search(r"[{}]|  | [，。：]", text.replace("{time}", "2 s")) for text in texts(english) + texts(chinese)
    )


def test_the_scale_of_rows_is_said() -> None:
    assert "each row on its own scale" in compose(overview_of(some(300))).scale
    assert "dashes are silence" in compose(overview_of(some(30))).scale


def test_an_incident_stands_for_the_findings_that_it_holds() -> None:
    findings = compose(overview_of(*restart())).findings
    assert [(finding.ending, finding.count) for finding in findings] == [
        ("refused", 8),
        ("reset-path", 4),
        ("timed-out", 1),
    ]


def test_the_next_command_is_of_the_worst_finding() -> None:
    rows = [Row(), Row(), Row(ending="refused", who="server"), Row(ending="refused", who="server"), Row()]
    assert compose(overview_of(rows)).command == "finrst explain capture.pcap --connection 2"
    assert compose(overview_of([Row()])).command == "finrst explain capture.pcap"


def test_a_hostile_name_is_shown_and_typed_safely() -> None:
    scene = compose(overview_of(*restart(), name="/tmp/a\x1b[31m b\u202e$(reboot).pcap"))
    assert "\x1b" not in scene.subtitle + scene.command and "\u202e" not in scene.subtitle + scene.command
    assert scene.command.startswith("finrst explain '/tmp/a\\x1b[31m b\\u202e$(reboot).pcap'")
    long = compose(overview_of([Row()], name="x" * 4000 + ".pcap"))
    assert len(long.subtitle) < 200 and "…" in long.subtitle


def test_several_files_are_counted() -> None:
    told = overview_of([Row()])
    several = Overview(**{name: getattr(told, name) for name in told.__slots__} | {"capture": files(3)})
    assert "0.pcap and 2 more" in compose(several).subtitle
    assert compose(several).command == "finrst explain 0.pcap 1.pcap 2.pcap"
    many = Overview(**{name: getattr(told, name) for name in told.__slots__} | {"capture": files(500)})
    assert compose(many).command == "finrst explain 0.pcap …"
    assert "0.pcap 等 3 个文件" in compose(several, "zh").subtitle


def files(count: int) -> Capture:
    return Capture(tuple(f"{n}.pcap" for n in range(count)), "pcap", (), 1, 1, 0, 0, (), False, None, ())


def test_a_finding_is_a_cluster_of_the_first_screen_by_the_names_of_services() -> None:
    rows = [Row(0, 100, "refused", "server"), Row(0, 5, "refused", "server"), Row(50, 50.5, "unanswered", "nobody")]
    rows += [Row(n, n + 90, "reset", "path", silence=60) for n in range(4)]
    told = overview_of(rows)
    assert [finding.text for finding in compose(told).findings] == [
        "4 of 7 connections to 10.0.0.1:80: The RST came in the client's name, but the client's TCP did not send it."
        " After 60.000 s of silence: the default of AWS ALB idle timeout, nginx proxy_read_timeout."
        " All within 3 s, from 00:01:30 UTC on.",
        "2 of 7 connections to 10.0.0.1:80: The SYN was answered with RST: nothing listens there, or a firewall says"
        " so.",
        "1 of 7 connections to 10.0.0.1:80: Nobody answered the SYN.",
    ]
    for cluster, finding in zip(told.clustering.clusters, compose(told, "zh").findings, strict=True):
        assert what(cluster, "zh") in finding.text and finding.text.startswith("到 10.0.0.1:80 的 7 个连接中有")
    many = [Row(ending="unanswered", who="nobody", server=f"10.0.0.{n}", port=443) for n in range(20)]
    assert compose(overview_of(many)).findings[0].text.startswith("All 20 connections to port 443 (20 servers): ")
    many = [Row(ending="unanswered", who="nobody", port=1 + n) for n in range(20)]
    assert compose(overview_of(many)).findings[0].text.startswith("All 20 connections to 10.0.0.1:* (20 ports): ")
    assert compose(overview_of(many), "zh").title == "1 s 内 20 个连接：到 10.0.0.1:*（20 个端口）的 20 个无应答"


@pytest.mark.parametrize("sides", [None, 6, 9])
def test_what_finds_no_room_is_counted(sides: int | None) -> None:
    rows = [Row(ending="refused", who="server", server=f"10.0.0.{n}", port=n + 1) for n in range(sides or 0)]
    scene = compose(overview_of(rows))
    assert len(scene.findings) == min(len(rows), 6)
    assert scene.more == ("and 3 smaller ones" if sides == 9 else "")


def test_what_hurt_nobody_is_no_finding_but_is_said() -> None:
    told = overview_of([Row()])
    (closed,) = told.clustering.clusters
    probe = replace(closed, ending="reset", count=230, verdict=replace(closed.verdict, code="health-check"))
    scene = compose(replace(told, clustering=replace(told.clustering, clusters=(probe,))))
    assert scene.findings == () and scene.more == "harmless: 230 health-check"
    assert scene.title.endswith(": nobody was hurt")


def test_a_reset_ignored_is_no_end() -> None:
    scene = compose(overview_of([Row()], [Rst(0, 0.5, accepted=0)]))
    assert [bar.ended_ns - START for row in scene.rows for bar in row.bars] == [10**9]


@pytest.mark.parametrize("sample", [path.name for path in sorted(SAMPLES.iterdir()) if path.is_dir()])
def test_a_bar_ends_where_the_connection_ended_and_the_thin_line_is_what_still_came(sample: str) -> None:
    reading = finrst.read(SAMPLES / sample / "packets.pcapng")
    scene = reading.scene()
    assert isinstance(scene, OverviewScene)
    for bar in (bar for row in scene.rows for bar in row.bars):
        segments = reading.connection(bar.number).story.segments
        after = [one for one in segments if one.ts_ns > bar.ended_ns]
        if bar.ending == "closed":
            fins = [min(s.ts_ns for s in segments if s.side == side and s.flags & FIN) for side in SIDES]
            assert bar.ended_ns > min(fins) and bar.ended_ns >= max(fins)
            assert all(one.flags & (RST | SYN) or one.retransmission_of or not one.payload for one in after)
            again = any(one.flags & RST or one.retransmission_of for one in segments if one.ts_ns > max(fins))
            assert again or bar.ended_ns == bar.last_ns
        elif bar.ending.startswith("reset"):
            assert bar.ended_ns in [one.ts_ns for one in segments if one.flags & RST]
        else:
            assert bar.ended_ns == (scene.last_ns if bar.ending == "open" else bar.last_ns)


def test_the_title_counts_as_the_table_of_endings() -> None:
    rows = [Row(n, n + 1, "reset", "client" if n % 5 < 3 else "server") for n in range(10)]
    scene = compose(overview_of(rows))
    assert scene.title.endswith("6 to 10.0.0.1:80 reset by the client")
    assert {row.ending: row.count for row in scene.endings}["reset-client"] == 6


@pytest.mark.parametrize("ending", CLASSES)
def test_every_ending_has_words_for_the_title(ending: str) -> None:
    assert all(words.say(f"did-{ending}", lang) for lang in words.LANGUAGES)
