"""A cluster of connections in words, and as a display filter for Wireshark."""

from __future__ import annotations

from ..analyze.story import Cluster, Clustering, Verdict
from . import verdicts
from .axes import clock
from .words import has, number, say, span

KNOWN = 2  # timers that are named


def verdict_sentence(verdict: Verdict, lang: str = "en", key: str | None = None) -> str:
    """The verdict on one connection; `key`: in another sentence."""
    return verdicts.sentence(key or f"rule-{verdict.code}", verdict.values, lang)


def what(cluster: Cluster, lang: str = "en") -> str:
    """What happened to the connections of a cluster, in one sentence or several."""
    own = f"cluster-{cluster.verdict.code}"
    told = [verdict_sentence(cluster.verdict, lang, own if has(own) else None)]
    if cluster.timer is not None:
        known = ", ".join(cluster.timer.known[:KNOWN])
        key = "cluster-timer" if known else "cluster-silence"
        told.append(say(key, lang, time=precise(cluster.timer.silence_ns, cluster.timer.spread_ns), known=known))
    if cluster.burst is not None:
        key = "cluster-burst-all" if cluster.burst.count == cluster.count else "cluster-burst"
        lasted = span(cluster.burst.last_ns - cluster.burst.first_ns)
        told.append(
            say(key, lang, n=number(cluster.burst.count), time=lasted, at=f"{clock(cluster.burst.first_ns)} UTC")
        )
    return ("" if lang == "zh" else " ").join(told)


def where(cluster: Cluster, lang: str = "en") -> str:
    """The server, or how many of them."""
    if cluster.servers > 1:
        return say("cluster-servers", lang, place=cluster.place, n=number(cluster.servers))
    if cluster.ports > 1:
        return say("cluster-ports", lang, place=cluster.place, n=number(cluster.ports))
    return cluster.place


def headline(cluster: Cluster, lang: str = "en") -> str:
    """Where, how many of all, from how many clients, and one to look at."""
    if cluster.of == 1:
        return say("cluster-only", lang, place=where(cluster, lang), example=cluster.example)
    few = cluster.clients == 1
    return say(
        "cluster-one" if cluster.count == 1 else "cluster-place",
        lang,
        place=where(cluster, lang),
        share=share(cluster.count, cluster.of),
        of=number(cluster.of),
        clients=say("cluster-client", lang) if few else say("cluster-clients", lang, n=number(cluster.clients)),
        example=cluster.example,
    )


def sentence(cluster: Cluster, lang: str = "en") -> str:
    """The cluster in one line: how many, where, what."""
    key = "cluster-one-to" if cluster.count == 1 else "cluster-many-to"
    return say(key, lang, n=number(cluster.count), place=where(cluster, lang), what=what(cluster, lang))


def harmless(clustering: Clustering, lang: str = "en") -> str:
    """What ended otherwise than in order and hurt nobody, by verdict; empty where there is none."""
    counts: dict[str, int] = {}
    for cluster in clustering.clusters:
        if cluster.benign and cluster.ending not in ("closed", "open"):
            counts[cluster.verdict.code] = counts.get(cluster.verdict.code, 0) + cluster.count
    listed = say("comma", lang).join(f"{number(many)} {code}" for code, many in counts.items())
    return say("clusters-harmless", lang, list=listed) if listed else ""


def share(count: int, of: int) -> str:
    """A part in per cent; 100 % is all, and 0 % is none."""
    per_cent = 100 * count / of
    if count == of or 0.1 <= per_cent < 99.95:
        return f"{per_cent:.0f} %" if count == of or per_cent >= 10 else f"{per_cent:.1f} %"
    return "<0.1 %" if per_cent < 0.1 else ">99.9 %"


def precise(ns: int, spread_ns: int) -> str:
    """A length of time with as many digits as its spread bears: 5.000 s, 5.0 s, 12 min."""
    if spread_ns * 100 > ns or ns >= 600 * 10**9:
        return span(ns)
    return f"{ns / 1e9:.{3 if spread_ns < 2_000_000 else 2 if spread_ns < 20_000_000 else 1}f} s"


def wireshark_filter(cluster: Cluster) -> str:
    """A Wireshark display filter that shows the packets of these servers; of resets and refusals their RSTs."""
    parts = []
    if cluster.address is not None:
        parts.append(f"{'ipv6' if ':' in cluster.address else 'ip'}.addr == {cluster.address}")
    if cluster.port is not None:
        parts.append(f"tcp.port == {cluster.port}")
    if cluster.ending in ("reset", "refused"):
        parts.append("tcp.flags.reset == 1")
    return " && ".join(parts)
