"""From a log line to the packets: what `finrst explain --error` does."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from .analyze.wordings import Wording, families, understood

if TYPE_CHECKING:
    from rich.console import Console

    from .analyze.filter import Filter
    from .analyze.scan import Scan
    from .analyze.story import Clustering, Matches


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: a line of a log, when it was written, and who is meant. Checked before a capture is read."""

    wording: Wording
    at: str | None
    host: str | None


def asked(line: str, at: str | None, host: str | None) -> Asked:
    """Raises ValueError with one line that says what is not understood."""
    from .analyze.moments import moment

    wording = understood(line)
    if wording is None:
        raise ValueError(f"these words are not known; known are those of {', '.join(families())}")
    if at is not None:
        moment(at, 0, 0)
    if host is not None:
        try:
            ipaddress.ip_network(host.strip("[]"), strict=False)
        except ValueError:
            raise ValueError(f"{host!r} is no address, and no network") from None
    return Asked(wording, at, host)


@dataclass(frozen=True, slots=True)
class Answer:
    """The connections behind a log line, clustered, and the time that it was taken to have."""

    matches: Matches
    clustering: Clustering
    at_ns: int | None


def answered(found: Scan, wanted: Asked, chosen: Filter | None = None, form: str = "json") -> Answer:
    """What a capture has to say to it; as text, only the connections that are shown have their stories."""
    import numpy as np

    from .analyze import verdicts
    from .analyze.clusters import clusters
    from .analyze.errors import matches
    from .analyze.moments import moment
    from .plots.errors import SHOWN

    at_ns = None
    if wanted.at is not None:
        at_ns = moment(wanted.at, found.tracker.first_ts, found.tracker.last_ts)
    if wanted.wording.system is not None and found.systems == ("linux", "linux"):
        found.systems = (wanted.wording.system, wanted.wording.system)
    held = verdicts.of(found)
    mask = None if chosen is None else chosen.mask(held.table)
    told = matches(found, wanted.wording, at_ns, wanted.host, mask, SHOWN if form == "text" else None)
    fits = np.isin(held.table["number"], np.array(told.numbers, dtype=np.uint32))
    return Answer(told, clusters(held.table, held.facts, held.judged, fits), at_ns)


def show(found: Scan, answer: Answer, console: Console, lang: str) -> None:
    """The answer in a terminal."""
    from .analyze.tell import capture_story
    from .plots.errors import print_matches

    print_matches(answer.matches, answer.clustering, capture_story(found), answer.at_ns, console, lang)


def write(found: Scan, answer: Answer, form: str, stream: BinaryIO, lang: str = "en") -> None:
    """The records of these connections only, nearest first, each with `error_matches`; the question as "error"."""
    from .analyze.record import SCHEMA, capture_record, cluster_record, connection_record, error_record, sight_record
    from .analyze.tell import capture_story
    from .plots.clusters import sentence
    from .plots.verdicts import speaker_of

    told = capture_story(found)
    capture = capture_record(told)
    error = error_record(answer.matches, answer.at_ns)
    connections: list[dict[str, Any]] = [
        connection_record(match.connection, speaker_of(match.connection, told, lang))
        | {"error_matches": [sight_record(sight, match) for sight in match.sights]}
        for match in answer.matches.found
    ]
    if form == "jsonl":
        for line in ({"capture": capture, "error": error}, *connections):
            stream.write(json.dumps(line).encode() + b"\n")
        return
    clusters = [cluster_record(one, sentence(one, lang)) for one in answer.clustering.clusters]
    whole = {"schema": SCHEMA, "capture": capture, "error": error, "connections": connections, "clusters": clusters}
    stream.write(json.dumps(whole).encode() + b"\n")
