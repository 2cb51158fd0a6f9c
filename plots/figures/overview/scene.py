"""What the figures of a whole capture say: the overview's scene, and the words that all of them share."""

from __future__ import annotations

from dataclasses import dataclass

from ....analyze.story import Bar, Cluster, Counts, Incident, Overview, Place, Service
from ....analyze.vocabulary import CLASSES, ORDINARY
from ... import words
from ...axes import length, moment
from ...clusters import harmless, what
from ...of_capture import label, provenance, share, timer
from ...scene import Said
from ...typed import command

MOST_FILES = 6  # that a command names
MOST_FINDINGS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRow:
    """A line of the table of endings."""

    ending: str  # one of vocabulary.CLASSES
    label: str
    count: int
    share: str  # of all connections
    abnormal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One service: either its bins or its bars are drawn."""

    label: str
    connections: str
    count: int
    abnormal: int
    share: str  # of them abnormal
    mostly: str | None  # the most frequent abnormal ending
    mostly_label: str
    counts: Counts
    bins: tuple[Counts, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A time in which many connections of one service ended at once."""

    first_ns: int
    last_ns: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A finding, with the mark of its ending."""

    ending: str
    text: str
    count: int
    example: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewScene(Said):
    """A whole capture: how its connections ended, by service and time."""

    subtitle: str
    scale: str  # what a row, a column and a height stand for; in a picture, and in characters
    scale_in_characters: str
    connections: int
    first_ns: int
    last_ns: int
    rows: tuple[ServiceRow, ...]
    endings: tuple[EndingRow, ...]
    findings: tuple[Remark, ...]
    more: str  # how many findings are left out, and what hurt nobody
    bands: tuple[Band, ...]
    command: str  # to type next


def compose(overview: Overview, lang: str = "en") -> OverviewScene:
    """The scene of the overview."""
    bars = any(service.bars for service in overview.services)
    remarks = found(overview, lang)
    part = length((overview.last_ns - overview.first_ns) // 150)
    keys = ("overview-bars", "overview-bars") if bars else ("overview-strips", "overview-lines")
    said = overview.connections > 0
    next_command = command(overview.capture, connection=remarks[0].example if remarks else None, most=MOST_FILES)
    return OverviewScene(
        title=title(overview, lang),
        lang=lang,
        subtitle=provenance(overview, lang),
        scale=words.say(keys[0], lang, time=part) if said else "",
        scale_in_characters=words.say(keys[1], lang, time="{time}") if said else "",
        connections=overview.connections,
        first_ns=overview.first_ns,
        last_ns=overview.last_ns,
        rows=tuple(_row(service, lang) for service in overview.services),
        endings=ending_rows(overview.counts, lang),
        findings=tuple(remarks),
        more=more(overview, lang),
        bands=tuple(_band(incident, lang) for incident in overview.incidents),
        command=next_command if said else "",
    )


def place_text(place: Place, lang: str) -> str:
    """A service in words."""
    if place.address is None:
        return words.say("port-of-servers", lang, port=place.port, n=words.number(place.servers))
    return str(place)


def where(cluster: Cluster, lang: str) -> str:
    """The servers of a cluster, as services are called here; in Chinese with a space between Han and other letters."""
    if cluster.servers > 1 and cluster.port is not None:
        return place_text(Place(cluster.port, None, cluster.servers), lang)
    text = cluster.place
    if cluster.ports > 1:
        text = words.say("cluster-ports", lang, place=text, n=words.number(cluster.ports))
    if lang != "zh":
        return text
    return f" {text}" if text.endswith("）") else f" {text} "


def ending_of(cluster: Cluster) -> str:
    """One of vocabulary.CLASSES."""
    if cluster.ending != "reset":
        return cluster.ending
    return f"reset-{cluster.ended_by}" if f"reset-{cluster.ended_by}" in CLASSES else "reset-unknown"


def ending_rows(counts: Counts, lang: str) -> tuple[EndingRow, ...]:
    """The endings that there are, the ordinary ones first."""
    return tuple(
        EndingRow(
            ending=ending,
            label=label(ending, lang),
            count=number,
            share=share(number, sum(counts)),
            abnormal=ending not in ORDINARY,
        )
        for ending, number in zip(CLASSES, counts, strict=True)
        if number
    )


def mostly(counts: Counts) -> str | None:
    """The most frequent abnormal ending."""
    bad = [(number, -place) for place, number in enumerate(counts) if number and CLASSES[place] not in ORDINARY]
    return CLASSES[-max(bad)[1]] if bad else None


def _row(service: Service, lang: str) -> ServiceRow:
    most = mostly(service.counts)
    return ServiceRow(
        label=place_text(service.place, lang)
        if service.place
        else words.say("other-services", lang, n=words.number(service.services)),
        connections=words.count(service.connections, "connection", lang),
        count=service.connections,
        abnormal=service.abnormal,
        share=share(service.abnormal, service.connections),
        mostly=most,
        mostly_label=label(most, lang) if most else "",
        counts=service.counts,
        bins=service.bins,
        bars=service.bars,
    )


def title(overview: Overview, lang: str) -> str:
    """The worst finding, in a sentence."""
    if not overview.connections:
        return words.say("overview-none-left" if overview.total else "overview-none", lang)
    worst = next(iter(_ordered(overview)), None)
    if worst is None:
        orderly = all(one.ending in ORDINARY for one in overview.clustering.clusters)
        finding = words.say("overview-orderly" if orderly else "overview-harmless", lang)
    elif isinstance(worst, Incident):
        finding = words.say(
            "overview-incident",
            lang,
            what=_what(worst, lang),
            place=place_text(worst.place, lang),
            time=length(worst.last_ns - worst.first_ns),
        )
    else:
        ending, count = _counted(worst, overview)
        finding = words.say(
            "overview-one" if overview.connections == 1 else "overview-finding",
            lang,
            n=words.number(count),
            place=where(worst, lang),
            did=words.say(f"did-{ending}", lang),
            silence=words.say("silence-after", lang, time=timer(worst.timer.silence_ns)) if worst.timer else "",
        )
    if worst is not None and overview.connections == 1:
        return finding
    return words.say(
        "overview-title",
        lang,
        connections=words.count(overview.connections, "connection", lang),
        time=length(overview.last_ns - overview.first_ns),
        finding=finding,
    )


def _counted(worst: Cluster, overview: Overview) -> tuple[str, int]:
    """What the title says of the service with the worst finding: an ending, and how many had it.

    Counted as the table of endings counts, whatever the causes, less what hurt nobody: "5 reset by the client" would
    contradict a table with 13. A finding with a timer says itself which ones it counts.
    """
    service = next((one for one in overview.services if one.place is not None and _at(worst, one.place)), None)
    if worst.timer is not None or service is None:
        return ending_of(worst), worst.count
    counts: dict[str, int] = {}
    its = [one for one in overview.clustering.clusters if service.place is not None and _at(one, service.place)]
    for one in sorted(its, key=lambda one: one is not worst):
        if not one.benign:
            counts.setdefault(ending_of(one), service.counts[CLASSES.index(ending_of(one))])
    for one in its:
        if one.benign and ending_of(one) in counts:
            counts[ending_of(one)] -= one.count
    return max(counts.items(), key=lambda item: item[1])


def _at(cluster: Cluster, place: Place) -> bool:
    """Whether a cluster is of that service alone."""
    return cluster.ports == 1 and place == Place(
        cluster.port or 0, cluster.address if cluster.servers == 1 else None, cluster.servers
    )


def found(overview: Overview, lang: str) -> list[Remark]:
    """Findings in words, most connections first."""
    return [
        _incident(one, overview, lang) if isinstance(one, Incident) else _cluster(one, lang)
        for one in _ordered(overview)[:MOST_FINDINGS]
    ]


def more(overview: Overview, lang: str) -> str:
    """How many findings are left out, and what hurt nobody."""
    left_out = overview.clustering.left_out + max(0, len(_ordered(overview)) - MOST_FINDINGS)
    said = [words.say("findings-more", lang, n=words.number(left_out))] if left_out else []
    said += [text for text in (harmless(overview.clustering, lang),) if text]
    return words.say("semicolon", lang).join(said)


def _ordered(overview: Overview) -> list[Cluster | Incident]:
    """Clusters that hurt somebody, and incidents in place of those that they explain; what nobody can tell is last."""
    everything: list[Cluster | Incident] = [*overview.incidents]
    everything += [
        cluster
        for cluster in overview.clustering.clusters
        if not cluster.benign and not any(_explains(incident, cluster) for incident in overview.incidents)
    ]
    return sorted(
        everything, key=lambda one: (isinstance(one, Cluster) and one.verdict.code == "cannot-tell", -one.count)
    )


def _explains(incident: Incident, cluster: Cluster) -> bool:
    """Whether all of the cluster is part of the incident."""
    return (
        (incident.place.address, incident.place.port) == (cluster.address, cluster.port)
        and ending_of(cluster) in ("reset-server", "refused")
        and incident.first_ns <= cluster.first_ns
        and cluster.last_ns <= incident.last_ns
    )


def _when(first_ns: int, last_ns: int, overview: Overview, lang: str) -> str:
    """The time of a finding, where that is not most of the capture's."""
    if 3 * (last_ns - first_ns) > overview.last_ns - overview.first_ns:
        return ""
    start, end = (moment(ns, overview.first_ns, overview.last_ns) for ns in (first_ns, last_ns))
    if start == end:
        return words.say("when-at", lang, start=start)
    return words.say("when-range", lang, start=start, end=end)


def _cluster(cluster: Cluster, lang: str) -> Remark:
    key = "finding"
    if cluster.count == cluster.of:
        key = "finding-only" if cluster.of == 1 else "finding-all"
    text = words.say(
        key,
        lang,
        n=words.number(cluster.count),
        of=words.number(cluster.of),
        place=where(cluster, lang),
        what=what(cluster, lang),
    )
    return Remark(ending=ending_of(cluster), text=_sentence(text), count=cluster.count, example=cluster.example)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _what(incident: Incident, lang: str) -> str:
    """3 resets, then 5 refusals."""
    resets = words.say("incident-resets", lang, n=words.number(incident.resets))
    refused = words.say("incident-refused", lang, n=words.number(incident.refused))
    if not incident.refused:
        return resets
    if not incident.resets:
        return refused
    key = "incident-then" if incident.refused_after else "incident-and"
    return words.say(key, lang, resets=resets, refused=refused)


def _incident(incident: Incident, overview: Overview, lang: str) -> Remark:
    text = words.say(
        "incident",
        lang,
        place=place_text(incident.place, lang),
        what=_what(incident, lang),
        time=length(incident.last_ns - incident.first_ns),
        when=_when(incident.first_ns, incident.last_ns, overview, lang),
        like=words.say("like-a-restart", lang) if incident.refused_after else "",
    )
    ending = "reset-server" if incident.resets >= incident.refused else "refused"
    return Remark(ending=ending, text=_sentence(text), count=incident.count, example=incident.example)


def _band(incident: Incident, lang: str) -> Band:
    text = f"{place_text(incident.place, lang)}: {_what(incident, lang)}"
    return Band(first_ns=incident.first_ns, last_ns=incident.last_ns, text=text)
