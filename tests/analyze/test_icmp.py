"""Claims about ICMP errors: what they are called, which errno Linux makes of them, and of what they are told."""

from __future__ import annotations

import errno
import json
from typing import Any

import jsonschema
import pytest

from finrst.analyze.icmp import ERRORS, HARMLESS, NAMES, named
from finrst.analyze.schema import schema
from finrst.analyze.track import IcmpError

from .conversation import Talk, explained


def error(kind: int, code: int) -> IcmpError:
    found = IcmpError()
    found.kind, found.code = kind, code
    return found


def test_every_errno_is_one() -> None:
    assert all(hasattr(errno, name) for _, name in ERRORS.values() if name)


def test_a_code_that_is_not_known_has_no_name_and_no_errno() -> None:
    assert named(4, error(3, 16)) == named(6, error(1, 7)) == named(4, error(99, 0)) == (NAMES[0], None)
    assert named(4, error(12, 200)) == ("parameter-problem", "EPROTO")


def test_what_ends_no_attempt_is_what_linux_makes_no_error_of() -> None:
    assert set(HARMLESS) == {"fragmentation-needed", "packet-too-big", "redirect", "source-quench"}


@pytest.mark.parametrize(
    ("version", "kind", "code", "what", "result"),
    [
        (4, 3, 3, "port-unreachable", "ECONNREFUSED"),
        (4, 3, 1, "host-unreachable", "EHOSTUNREACH"),
        (4, 3, 0, "net-unreachable", "ENETUNREACH"),
        (4, 3, 13, "admin-prohibited", "EHOSTUNREACH"),
        (4, 3, 2, "protocol-unreachable", "ENOPROTOOPT"),
        (4, 11, 0, "ttl-exceeded", "EHOSTUNREACH"),
        (6, 1, 4, "port-unreachable", "ECONNREFUSED"),
        (6, 1, 1, "admin-prohibited", "EACCES"),
        (6, 1, 0, "no-route", "ENETUNREACH"),
        (6, 1, 3, "address-unreachable", "EHOSTUNREACH"),
    ],
)
def test_connect_fails_with_the_errno_of_the_code(version: int, kind: int, code: int, what: str, result: str) -> None:
    talk = Talk(version=version)
    talk.client.syn()
    frame = talk.client.icmp(kind, code)
    told = explained(talk)
    (one,) = told["icmp"]
    assert (one["frame"], one["to"], one["what"], one["errno"]) == (frame, "client", what, result)
    assert told["outcomes"]["client"]["next"]["connect"] == result
    assert [verdict["code"] for verdict in told["verdicts"]] == ["refused-by-icmp", "unanswered"]
    assert told["verdicts"][0]["evidence"][0]["frames"] == [frame]


def test_who_sent_the_error_is_told_and_what_would_fit() -> None:
    talk = Talk()
    c, _s = talk.open()
    c.data(1460, lost=True)
    c.icmp(3, 4, by="10.0.0.254", mtu=1400)
    told = explained(talk)
    (one,) = told["icmp"]
    assert (one["from"], one["mtu"], one["errno"], one["seq"]) == ("10.0.0.254", 1400, None, 1_000_001)
    assert told["outcomes"]["client"]["next"]["so_error"] == "0"


@pytest.mark.parametrize(("kind", "code"), [(3, 4), (4, 0), (5, 1)])
def test_an_error_that_linux_passes_over_refuses_nothing(kind: int, code: int) -> None:
    talk = Talk()
    talk.client.syn(), talk.client.icmp(kind, code)
    told = explained(talk)
    assert [verdict["code"] for verdict in told["verdicts"]] == ["unanswered"]
    assert told["outcomes"]["client"]["next"]["connect"] == "blocks"


def retried() -> tuple[Talk, Any]:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    return talk, c


def test_of_an_open_connection_the_error_is_kept_and_told_when_a_timer_gives_up() -> None:
    talk, c = retried()
    c.data(10, lost=True)
    for gap in (0.2, 0.4, 0.8):
        c.icmp(3, 0), c.data(10, seq=7, gap=gap, lost=True)
    told = explained(talk)
    client = told["outcomes"]["client"]
    assert (client["next"]["so_error"], client["next"]["read"]) == ("ENETUNREACH", "blocks")
    assert client["may_be"]["read"][0] == "ENETUNREACH"
    assert [one.says for one in told.story.verdicts[0].evidence] == ["no-answer", "icmp"]


def test_what_the_peer_has_answered_since_is_forgotten() -> None:
    """tcp_ack takes a kept error away."""
    talk, c = retried()
    c.data(10, lost=True), c.icmp(3, 1), c.data(10, seq=7, gap=0.2), c.peer.ack()
    told = explained(talk)
    assert len(told["icmp"]) == 1
    assert told["outcomes"]["client"]["next"]["so_error"] == "0"
    assert "may_be" not in told["outcomes"]["client"] or not told["outcomes"]["client"]["may_be"].get("read")


def test_an_error_that_quotes_what_was_never_sent_is_not_believed() -> None:
    """RFC 5927, 4.1: anybody can make one."""
    talk, c = retried()
    c.send("P.", 10, seq=900_000, hidden=True), c.icmp(3, 3)
    told = explained(talk)
    assert told["icmp"][0]["seq"] == 1_900_000
    assert told["outcomes"]["client"]["next"]["so_error"] == "0"


def test_the_ladder_says_which_copy_was_answered() -> None:
    talk, c = retried()
    c.data(10, lost=True), c.data(10, seq=7, gap=0.2, lost=True), c.icmp(3, 13, by="10.0.0.254")
    told = explained(talk)
    from finrst.plots.figures.ladder.compose.facts import answered_by_icmp

    (frame,) = answered_by_icmp(told.story)
    assert frame == told.segments[-1].frame


def test_the_record_with_errors_is_that_of_its_schema() -> None:
    talk = Talk()
    talk.client.syn(), talk.client.icmp(3, 4, mtu=1400), talk.client.icmp(3, 3), talk.client.icmp(3, 99)
    record = json.loads(json.dumps(explained(talk)))
    known = schema()
    jsonschema.validate(record, {"$ref": "#/$defs/connection", "$defs": known["$defs"]})
    assert [one["what"] for one in record["icmp"]] == ["fragmentation-needed", "port-unreachable", "error"]
