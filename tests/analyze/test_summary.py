"""The summary counts every connection once and groups the abnormal ones."""

from __future__ import annotations

from pathlib import Path

from finrst.analyze.connections import ConnectionTable
from finrst.analyze.filter import Filter
from finrst.analyze.scan import scan
from finrst.analyze.summary import summarize
from finrst.analyze.tell import capture_story


def test_endings_add_up_to_the_connections(shared_captures: Path) -> None:
    for path in sorted(shared_captures.glob("*.pcap*")):
        found = scan(str(path))
        summary = summarize(capture_story(found), ConnectionTable(found), most=1000)
        assert sum(e.count for e in summary.endings) == len(found.connections) == summary.connections
        abnormal = sum(e.count for e in summary.endings if e.ending not in ("closed", "open"))
        assert sum(g.count for g in summary.groups) == abnormal
        assert summary.groups_left_out == 0


def test_a_group_names_its_server_kind_and_an_example(shared_captures: Path) -> None:
    found = scan(str(shared_captures / "zeek__almost-resp.pcap"))
    summary = summarize(capture_story(found), ConnectionTable(found))
    kinds = {(g.server.address, g.server.port, g.ending, g.ended_by, g.example) for g in summary.groups}
    assert kinds == {("::1", 6379, "refused", "server", 0), ("127.0.0.1", 6379, "reset", "server", 1)}


def test_a_filter_leaves_the_others_out(shared_captures: Path) -> None:
    found = scan(str(shared_captures / "zeek__almost-resp.pcap"))
    table = ConnectionTable(found)
    summary = summarize(capture_story(found), table, Filter("ending==refused").mask(table))
    assert [(e.ending, e.count) for e in summary.endings] == [("refused", 1)]
    assert (summary.total, summary.connections) == (2, 1)


def test_a_capture_without_tcp_has_no_endings(shared_captures: Path) -> None:
    found = scan(str(shared_captures / "pcapng-test-generator__test001.pcapng"))
    summary = summarize(capture_story(found), ConnectionTable(found))
    assert (summary.endings, summary.groups) == ((), ())
