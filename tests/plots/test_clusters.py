"""A cluster in words says no more than is in it, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.rules import rules
from finrst.analyze.story import Burst, Cluster, Evidence, Timer, Verdict
from finrst.plots import words
from finrst.plots.clusters import headline, precise, sentence, share, what, where, wireshark_filter

SECOND = 10**9
NOON = 1_767_268_800 * SECOND
VERDICT = Verdict("aborted", "implied", {"side": "server", "peer": "client"}, (Evidence("rst-active", {}, (1,)),))
CLUSTER = Cluster(
    verdict=VERDICT, benign=False, ending="reset", ended_by="server", address="10.0.0.7", port=443, servers=1, ports=1,
    count=412, of=9120, clients=37, first_ns=NOON, last_ns=NOON + SECOND, timer=None, burst=None, example=8,
)  # fmt: skip
NODE = Timer(5_000_400_000, 300_000, ("Node.js server.keepAliveTimeout",))


def test_the_sentence_of_the_issue() -> None:
    verdict = replace(VERDICT, code="idle-timeout-race", values={"side": "server", "peer": "client"})
    assert sentence(replace(CLUSTER, verdict=verdict, timer=NODE)) == (
        "412 connections to 10.0.0.7:443: The server closed the idle connection: its FIN and the client's next request"
        " crossed on the way. After 5.000 s of silence: the default of Node.js server.keepAliveTimeout."
    )


def test_a_burst_says_how_many_of_all_and_when() -> None:
    some = replace(CLUSTER, burst=Burst(NOON, NOON + 1_200_000_000, 380))
    assert what(some).endswith("380 of them within 1.2 s, from 12:00:00 UTC on.")
    assert what(replace(some, count=380)).endswith("All within 1.2 s, from 12:00:00 UTC on.")
    assert what(some, "zh").endswith("其中 380 个集中在 12:00:00 UTC 起的 1.2 s 内。")


@pytest.mark.parametrize(
    ("changes", "said", "shown"),
    [
        ({}, "10.0.0.7:443", "ip.addr == 10.0.0.7 && tcp.port == 443 && tcp.flags.reset == 1"),
        ({"address": "::1"}, "[::1]:443", "ipv6.addr == ::1 && tcp.port == 443 && tcp.flags.reset == 1"),
        ({"address": None, "servers": 9, "ending": "unanswered"}, "*:443 (9 servers)", "tcp.port == 443"),
        ({"port": None, "ports": 90, "ending": "open"}, "10.0.0.7:* (90 ports)", "ip.addr == 10.0.0.7"),
    ],
)
def test_a_place_and_its_display_filter(changes: dict[str, object], said: str, shown: str) -> None:
    one = replace(CLUSTER, **changes)  # type: ignore[arg-type]
    assert where(one) == said
    assert wireshark_filter(one) == shown


def test_its_line_has_the_rate_the_clients_and_an_example() -> None:
    assert headline(CLUSTER) == "10.0.0.7:443: 4.5 % of 9,120, 37 clients, e.g. connection 8"
    assert headline(replace(CLUSTER, clients=1)) == "10.0.0.7:443: 4.5 % of 9,120, 1 client, e.g. connection 8"
    assert headline(replace(CLUSTER, count=1, clients=1)) == "10.0.0.7:443: <0.1 % of 9,120, 1 client, connection 8"
    assert headline(CLUSTER, "zh") == "10.0.0.7:443：9,120 个连接中的 4.5 %，37 个客户端，例如连接 8"


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [(1, 1, "100 %"), (1, 3, "33 %"), (1, 50, "2.0 %"), (1, 100_000, "<0.1 %"), (99_999, 100_000, ">99.9 %")],
)
def test_a_share_is_all_only_where_it_is_all(count: int, of: int, said: str) -> None:
    assert share(count, of) == said


@pytest.mark.parametrize(
    ("ns", "spread", "said"),
    [
        (5 * SECOND, 300_000, "5.000 s"),
        (5 * SECOND, 9_000_000, "5.00 s"),
        (60 * SECOND, 90_000_000, "60.0 s"),
        (60 * SECOND, SECOND, "60 s"),
        (7200 * SECOND, 0, "2 h 0 min"),
    ],
)
def test_a_timer_has_no_more_digits_than_it_bears(ns: int, spread: int, said: str) -> None:
    assert precise(ns, spread) == said


def test_of_an_only_connection_no_share_is_told() -> None:
    assert headline(replace(CLUSTER, count=1, of=1, clients=1)) == "10.0.0.7:443: its only connection, number 8"


@pytest.mark.parametrize("code", [code for code in rules() if words.has(f"rule-{code}")])
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_cluster_of_each_verdict_can_be_said_without_numbers_of_its_example(code: str, lang: str) -> None:
    sides = {"side": "client", "peer": "server"}
    assert what(replace(CLUSTER, verdict=replace(VERDICT, code=code, values=sides)), lang)
