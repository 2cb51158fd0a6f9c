"""The summary counts every connection once, and puts each into one cluster."""

from __future__ import annotations

from pathlib import Path

from finrst.analyze import verdicts
from finrst.analyze.filter import Filter
from finrst.analyze.scan import scan
from finrst.analyze.summary import summarize
from finrst.analyze.tell import capture_story


def test_endings_add_up_to_the_connections(shared_captures: Path) -> None:
    for path in sorted(shared_captures.glob("*.pcap*")):
        found = scan(str(path))
        summary = summarize(capture_story(found), verdicts.of(found))
        assert sum(e.count for e in summary.endings) == len(found.connections) == summary.connections
        told = summary.clustering
        assert sum(one.count for one in told.clusters) + told.left_out_connections == summary.connections


def test_a_cluster_names_its_server_what_happened_and_an_example(shared_captures: Path) -> None:
    found = scan(str(shared_captures / "zeek__almost-resp.pcap"))
    told = summarize(capture_story(found), verdicts.of(found)).clustering.clusters
    kinds = {(one.place, one.ending, one.ended_by, one.example) for one in told}
    assert kinds == {("[::1]:6379", "refused", "server", 0), ("127.0.0.1:6379", "reset", "server", 1)}


def test_a_filter_leaves_the_others_out(shared_captures: Path) -> None:
    found = scan(str(shared_captures / "zeek__almost-resp.pcap"))
    held = verdicts.of(found)
    summary = summarize(capture_story(found), held, Filter("ending==refused").mask(held.table))
    assert [(e.ending, e.count) for e in summary.endings] == [("refused", 1)]
    assert (summary.total, summary.connections) == (2, 1)


def test_a_capture_without_tcp_has_no_endings(shared_captures: Path) -> None:
    found = scan(str(shared_captures / "pcapng-test-generator__test001.pcapng"))
    summary = summarize(capture_story(found), verdicts.of(found))
    assert (summary.endings, summary.clustering.clusters) == ((), ())
