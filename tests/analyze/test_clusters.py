"""Equal endings become one cluster; a timer, a burst, many servers and many ports are seen."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from finrst.analyze.clusters import MOST, clusters
from finrst.analyze.connections import ConnectionTable, Mask
from finrst.analyze.rules import Facts, judge
from finrst.analyze.story import Cluster, Clustering
from finrst.analyze.vocabulary import TIMERS
from tests.analyze.tables import SECOND, START, Row, Rst, connection_table, reset_table, restart, some

REFUSED = Row(ending="refused", who="server")


def clustered(rows: Sequence[Row], resets: Sequence[Rst] = (), mask: Mask | None = None) -> Clustering:
    return of_table(connection_table(rows), resets, mask)


def of_table(table: ConnectionTable, resets: Sequence[Rst] = (), mask: Mask | None = None) -> Clustering:
    f = Facts(table, reset_table(resets))
    return clusters(table, f, judge(f), mask)


def reset(number: int, end: float, silence: float, server: str = "10.0.0.7") -> tuple[Row, Rst]:
    return Row(0, end, "reset", "server", server, 443, silence), Rst(number, end, "server")


def test_every_connection_is_in_one_cluster() -> None:
    told = clustered(some(3000))
    assert sum(one.count for one in told.clusters) + told.left_out_connections == 3000


def test_what_hurt_most_connections_comes_first_and_what_hurt_nobody_last() -> None:
    rows = [Row()] * 50 + [REFUSED] * 3 + [Row(ending="unanswered", who="nobody", port=81)] * 9
    rows += [Row(ending="unknown", who="unknown", port=82)] * 20
    told = clustered(rows).clusters
    assert [(one.verdict.code, one.count) for one in told] == [
        ("unanswered", 9), ("refused", 3), ("cannot-tell", 20), ("closed", 50)
    ]  # fmt: skip
    assert [one.benign for one in told] == [False, False, False, True]


def test_the_rate_is_of_all_connections_to_the_server_whatever_the_filter() -> None:
    rows = [REFUSED] * 3 + [Row()] * 9 + [Row(port=81)] * 5
    assert (clustered(rows).clusters[0].count, clustered(rows).clusters[0].of) == (3, 12)
    mask = np.array([row.ending == "refused" for row in rows])
    (only,) = clustered(rows, mask=mask).clusters
    assert (only.count, only.of) == (3, 12)


def test_a_timer_is_a_cluster_of_its_own_with_its_name() -> None:
    pairs = [reset(n, 100 + 7 * n, 5 + 0.0001 * (n % 5)) for n in range(40)]
    pairs += [reset(40 + n, 100 + 7 * n, 0.3 + 1.7 * n) for n in range(12)]
    told = clustered([row for row, _ in pairs], [rst for _, rst in pairs]).clusters
    timed = [one for one in told if one.timer]
    assert [one.count for one in timed] == [40] and sum(one.count for one in told) == 52
    assert timed[0].timer and abs(timed[0].timer.silence_ns - 5 * SECOND) < SECOND // 1000
    assert timed[0].timer.known == TIMERS[5]
    assert timed[0].timer.spread_ns < 500_000


def test_silences_of_all_lengths_are_no_timer() -> None:
    random = np.random.default_rng(3)
    pairs = [reset(n, 100 + 7 * n, float(random.uniform(1, 60))) for n in range(60)]
    assert all(one.timer is None for one in clustered([a for a, _ in pairs], [b for _, b in pairs]).clusters)


def test_a_timer_that_nobody_has_by_default_has_no_name() -> None:
    pairs = [reset(n, 100 + 7 * n, 41.5) for n in range(30)]
    (told,) = clustered([a for a, _ in pairs], [b for _, b in pairs]).clusters
    assert told.timer and told.timer.known == ()


def test_a_restart_is_a_burst_and_a_steady_rate_is_none() -> None:
    steady = [Row(9 * n, 9 * n, "refused", "server", "10.0.0.8") for n in range(100)]
    at_once = [Row(400, 400 + n / 10, "refused", "server", "10.0.0.9") for n in range(20)]
    told = {one.address: one.burst for one in clustered(steady + at_once).clusters}
    assert told["10.0.0.8"] is None
    burst = told["10.0.0.9"]
    assert burst and (burst.count, burst.first_ns, burst.last_ns) == (
        20,
        START + 400 * SECOND,
        START + 4019 * SECOND // 10,
    )


def test_what_ends_together_with_everything_else_is_no_burst() -> None:
    rows = [Row(0, 10 + n / 100, "refused", "server", "10.0.0.9") for n in range(50)]
    rows += [Row(0, 10 + n / 100) for n in range(50)] + [Row(0, 1000)]
    assert [one.burst for one in clustered(rows).clusters] == [None, None]


def test_a_port_that_fails_at_many_servers_is_one_cluster() -> None:
    rows = [Row(ending="unanswered", who="nobody", server=f"10.0.{n // 200}.{n % 200}", port=443) for n in range(500)]
    rows += [Row(server="10.0.0.1", port=443)] * 7
    first = clustered(rows).clusters[0]
    assert (first.place, first.servers, first.count, first.of) == ("*:443", 500, 500, 507)


def test_a_server_that_fails_at_many_ports_is_one_cluster() -> None:
    (scan,) = clustered([Row(ending="refused", who="server", port=1 + n) for n in range(900)]).clusters
    assert (scan.place, scan.ports, scan.servers, scan.count) == ("10.0.0.1:*", 900, 1, 900)


def test_few_servers_are_named_one_by_one() -> None:
    rows = [Row(ending="refused", who="server", server=f"10.0.0.{n}") for n in range(8)]
    assert sorted(one.place for one in clustered(rows).clusters) == [f"10.0.0.{n}:80" for n in range(8)]


def test_ipv4_and_ipv6_servers_with_the_same_bits_are_two() -> None:
    rows = [Row(ending="refused", who="server", server=one) for one in ("0.0.0.1", "::1")]
    assert sorted(one.place for one in clustered(rows).clusters) == ["0.0.0.1:80", "[::1]:80"]


def test_clients_are_counted_by_address() -> None:
    table = connection_table([REFUSED] * 12)
    table.columns["client_lo"][:] = [1] * 6 + [2] * 6
    assert of_table(table).clusters[0].clients == 2
    table.columns["client_hi"][:3] = 9
    assert of_table(table).clusters[0].clients == 3


def test_who_did_it_tells_clusters_apart() -> None:
    rows = [Row(ending="reset", who=who) for who in ("client", "server", "server")]
    resets = [Rst(0, 1, "client"), Rst(1, 1, "server"), Rst(2, 1, "server")]
    told = clustered(rows, resets).clusters
    assert [(one.ended_by, one.count, one.verdict.values["side"]) for one in told] == [
        ("server", 2, "server"), ("client", 1, "client")
    ]  # fmt: skip


def test_only_so_many_are_told_and_the_others_counted() -> None:
    rows = [Row(ending="refused", who="server", server=f"10.0.0.{1 + n % 8}", port=1 + n // 8) for n in range(64)]
    rows += [Row(ending="half-closed", who="nobody", server=f"10.0.0.{1 + n % 8}", port=1 + n // 8) for n in range(64)]
    told = clustered(rows)
    assert len(told.clusters) == MOST
    assert told.left_out_connections == told.left_out == 128 - MOST


def test_no_connections_make_no_clusters() -> None:
    assert clustered([]) == Clustering((), 0, 0)
    assert clustered([Row()], mask=np.array([False])) == Clustering((), 0, 0)


def test_a_hundred_thousand_connections_take_a_moment() -> None:
    table = connection_table(some(1000))
    table.columns = {name: np.tile(column, 100) for name, column in table.columns.items()}
    table.columns["number"][:] = np.arange(100_000)
    table.size = 100_000
    f = Facts(table, reset_table([]))
    judged = judge(f)
    start = time.process_time()
    told = clusters(table, f, judged)
    assert time.process_time() - start < 1
    assert sum(one.count for one in told.clusters) + told.left_out_connections == 100_000


def test_the_restart_is_told() -> None:
    rows, resets = restart()
    told: dict[tuple[str, str], Cluster] = {(one.place, one.ending): one for one in clustered(rows, resets).clusters}
    timer = told["10.1.9.80:5432", "reset"].timer
    assert timer and timer.silence_ns == 60 * SECOND and timer.known == TIMERS[60]
    assert told["10.1.9.81:443", "refused"].burst
