"""The overview counts every connection once, whatever their number, times and addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import finrst
from finrst.analyze import overview as module
from finrst.analyze import verdicts
from finrst.analyze.filter import Filter
from finrst.analyze.overview import BINS, overview
from finrst.analyze.scan import scan
from finrst.analyze.story import Clustering, Overview, Place, ResetCount
from finrst.analyze.summary import summarize
from finrst.analyze.tell import capture_story
from finrst.analyze.vocabulary import ACCEPTED_NO, ACCEPTED_UNKNOWN, CLASSES, ENDINGS, WHO
from finrst.reading import overview_of as read_overview_of

from .tables import (
    MIDNIGHT_1960,
    START,
    Row,
    Rst,
    capture,
    connection_table,
    ns,
    overview_of,
    reset_table,
    restart,
    some,
)

NO_CLUSTERS = Clustering((), 0, 0)


def counted(row: Row) -> str:
    """The class of a row, said once more."""
    return f"reset-{row.who if row.who != 'nobody' else 'unknown'}" if row.ending == "reset" else row.ending


def of(told: Overview, ending: str) -> int:
    return told.counts[CLASSES.index(ending)]


@pytest.mark.parametrize("count", [0, 1, 2, 79, 80, 81, 3000])
def test_every_connection_is_counted_once_in_every_part(count: int) -> None:
    rows = some(count)
    told = overview_of(rows)
    assert told.connections == told.total == count
    assert {name: n for name, n in zip(CLASSES, told.counts, strict=True) if n} == Counter(map(counted, rows))
    assert sum(service.connections for service in told.services) == count
    for service in told.services:
        assert sum(service.counts) == service.connections
        assert service.abnormal == service.connections - service.counts[0] - service.counts[1]
        if count <= 80:
            assert len(service.bars) == service.connections and not service.bins
        else:
            assert tuple(map(sum, service.bins)) == service.counts and not service.bars
    assert told.idle.gaps.total + told.idle.without == count


def test_bins_hold_what_a_loop_over_the_connections_counts() -> None:
    rows = some(2500, seed=3)
    told = overview_of(rows)
    first, last = min(ns(row.start) for row in rows), max(ns(row.end) for row in rows)
    expected: Counter[tuple[str, str, int]] = Counter()
    for row in rows:
        part = min(BINS - 1, (ns(row.end) - first) * BINS // (last - first))
        expected[f"{row.server} {row.port}", counted(row), BINS - 1 if row.ending == "open" else part] += 1
    found = {
        (f"{service.place.address} {service.place.port}", CLASSES[kind], part): n
        for service in told.services
        for kind, counts in enumerate(service.bins)
        for part, n in enumerate(counts)
        if n and service.place
    }
    assert found == expected


def test_every_ending_and_who_has_a_class() -> None:
    assert [[CLASSES[one] for one in line] for line in module.CLASS] == [
        [counted(Row(ending=how, who=who)) for who in WHO] for how in ENDINGS
    ]


def test_all_at_one_instant_is_one_part_of_time() -> None:
    told = overview_of([Row(5, 5, ending="refused", who="server")] * 300)
    assert told.first_ns == told.last_ns
    (service,) = told.services
    assert service.bins[CLASSES.index("refused")] == (300, *[0] * (BINS - 1))
    assert told.incidents == ()


@pytest.mark.parametrize("count", [3, 300])
def test_times_before_1970_are_times(count: int) -> None:
    told = overview_of([Row(n, n + 1) for n in range(count)], start=MIDNIGHT_1960)
    assert (told.first_ns, told.last_ns) == (MIDNIGHT_1960, MIDNIGHT_1960 + count * 10**9)


def test_the_widest_range_of_times_overflows_nothing() -> None:
    table = connection_table([Row(ending="refused", who="server")] * 300)
    table.columns["first_ns"][:] = -(2**63)
    table.columns["last_ns"][:] = np.linspace(-(2**62), 2**62, 300).astype(np.int64)
    table.columns["last_ns"][-1] = 2**63 - 1
    told = overview(capture(), table, reset_table([]), NO_CLUSTERS)
    (service,) = told.services
    bins = service.bins[CLASSES.index("refused")]
    assert bins[-1] == 1 and sum(bins[: BINS // 8]) == 0 and sum(bins) == 300


def test_addresses_of_both_versions_are_services_of_their_own() -> None:
    told = overview_of([Row(server="::a00:1"), Row(server="10.0.0.1"), Row(server="10.0.0.1", port=81)])
    assert {str(service.place) for service in told.services} == {"[::a00:1]:80", "10.0.0.1:80", "10.0.0.1:81"}


@pytest.mark.parametrize(("servers", "services"), [(8, 8), (9, 1)])
def test_a_port_with_more_than_eight_servers_is_one_service(servers: int, services: int) -> None:
    told = overview_of(
        [Row(server=f"10.0.0.{n}", port=443) for n in range(servers)] + [Row(server="10.0.0.1", port=80)]
    )
    ports = [service.place for service in told.services if service.place and service.place.port == 443]
    assert len(ports) == services and len(told.services) == services + 1
    assert services > 1 or ports == [Place(443, None, 9)]


@pytest.mark.parametrize(("services", "rows"), [(8, 8), (9, 9), (10, 9), (100, 9)])
def test_the_services_with_most_abnormal_endings_have_a_row_and_the_others_are_summed(services: int, rows: int) -> None:
    connections = [
        Row(n, ending="reset" if n < service else "closed", who="server", server=f"10.0.0.{service}", port=service)
        for service in range(1, services + 1)
        for n in range(300)
    ]
    told = overview_of(connections)
    assert len(told.services) == rows
    assert [service.abnormal for service in told.services[:8]] == list(range(services, services - 8, -1))
    if services > 9:
        others = told.services[-1]
        assert (others.place, others.services, others.connections) == (None, services - 8, (services - 8) * 300)


def test_few_connections_have_a_bar_for_each_of_eighty_services() -> None:
    told = overview_of([Row(server="10.0.0.1", port=1 + n) for n in range(80)])
    assert [len(service.bars) for service in told.services] == [1] * 80


def test_a_reset_connection_ends_with_the_rst_that_was_accepted() -> None:
    rows = [Row(0, 90, "reset", "server", silence=60)]
    resets = [
        Rst(0, 30, "server", accepted=ACCEPTED_NO, silence=1),
        Rst(0, 70, "server", silence=60),
        Rst(0, 80, "server", silence=None),
    ]
    ((bar,),) = [service.bars for service in overview_of(rows, resets).services]
    assert (bar.ended_ns - START, bar.silence_ns, bar.last_ns - START) == (70 * 10**9, 60 * 10**9, 90 * 10**9)


def test_an_open_connection_reaches_to_the_end() -> None:
    told = overview_of([Row(0, 5, "open", "nobody"), Row(0, 50)])
    ends = {bar.ending: bar.ended_ns - START for service in told.services for bar in service.bars}
    assert ends == {"open": 50 * 10**9, "closed": 50 * 10**9}


def test_the_clusters_and_endings_are_those_of_the_first_screen(shared_captures: Path) -> None:
    for path in sorted(shared_captures.glob("*.pcap*")):
        found = scan(str(path))
        told = read_overview_of(found)
        summary = summarize(capture_story(found), verdicts.of(found))
        assert told.clustering == summary.clustering
        assert {one.ending: one.count for one in summary.endings} == {
            name: sum(
                n for one, n in zip(CLASSES, told.counts, strict=True) if one == name or one.startswith(f"{name}-")
            )
            for name in {one.ending for one in summary.endings}
        }
        assert told.resets.total == len(found.resets)


def test_a_restart_is_an_incident() -> None:
    told = overview_of(*restart())
    (incident,) = told.incidents
    assert (str(incident.place), incident.resets, incident.refused) == ("10.1.9.81:443", 3, 5)
    assert incident.refused_after and incident.count == 8


def test_refusals_all_the_time_are_no_incident() -> None:
    assert overview_of([Row(10 * n, 10 * n, "refused", "server") for n in range(100)]).incidents == ()


def test_resets_among_many_orderly_endings_are_no_incident() -> None:
    rows = [Row(0, 100), *[Row(50, 50 + n / 100) for n in range(20)]]
    rows += [Row(50, 50 + n / 10, "reset", "server") for n in range(5)]
    assert overview_of(rows).incidents == ()


def test_a_length_of_silence_that_many_share_is_a_peak() -> None:
    random = np.random.default_rng(5)
    rows = [Row(silence=float(random.lognormal(-2, 2))) for _ in range(2000)]
    assert overview_of(rows).idle.peaks == ()
    rows += [Row(ending="reset", who="path", silence=60 + n / 100) for n in range(50)]
    (peak,) = overview_of(rows).idle.peaks
    assert abs(peak.silence_ns / 1e9 - 60.2) < 0.3
    assert peak.counts[CLASSES.index("reset-path")] == 50


def test_silences_stand_in_the_bin_between_their_edges() -> None:
    told = overview_of([Row(silence=at) for at in (0.0, 0.0005, 0.001, 1.0, 3599.0, 3600.0, 90000.0)])
    gaps = told.idle.gaps
    assert (gaps.below[0], gaps.above[0]) == (2, 2)
    held = [edge for edge, n in zip(gaps.edges_ns, gaps.counts[0], strict=False) for _ in range(n)]
    assert held == [10**6, 10**9, gaps.edges_ns[-2]]


def test_resets_are_counted_by_sender_shape_and_acceptance() -> None:
    resets = [
        Rst(0, 0.5), Rst(0, 0.5), Rst(1, 1, "server", "reply", ACCEPTED_NO, latency=0.002),
        Rst(1, 1, "server", "reply", ACCEPTED_UNKNOWN, latency=0.004),
    ]  # fmt: skip
    told = overview_of([Row(), Row(), Row()], resets).resets
    assert told.kinds == (
        ResetCount("client", "active", True, 2),
        ResetCount("server", "reply", False, 1),
        ResetCount("server", "reply", None, 1),
    )
    assert (told.total, told.connections, told.median_ns) == (4, 2, (None, 3_000_000))
    assert [sum(side) for side in told.bins] == [2, 2] and told.bins[0][BINS // 2] == 2 and told.bins[1][-1] == 2
    assert told.latency.total == 2


def test_a_filter_leaves_connections_and_their_resets_out() -> None:
    rows = [Row(), Row(ending="refused", who="server", port=9), Row(ending="reset", who="client")]
    table, resets = connection_table(rows), reset_table([Rst(1, 0.5), Rst(2, 0.5), Rst(2, 0.6)])
    told = overview(capture(), table, resets, NO_CLUSTERS, Filter("ending==refused").mask(table))
    assert (told.total, told.connections, told.resets.total) == (3, 1, 1)
    assert [str(service.place) for service in told.services] == ["10.0.0.1:9"]
    none = overview(capture(), table, resets, NO_CLUSTERS, Filter("server.port==7").mask(table))
    assert (none.connections, none.services, none.resets.total) == (0, (), 0)


def test_what_the_kernel_proved_of_a_rst_counts(sample: Callable[[str], Path]) -> None:
    reading = finrst.read(sample("forged-rst").parent)
    scene = reading.scene().as_dict()
    assert [row["ending"] for row in scene["endings"]] == [
        f"reset-{told.ended_by}" if told.ending == "reset" else told.ending for told in reading.connections
    ]
