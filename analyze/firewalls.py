"""What a recording's steps gave the firewalls of its ends to do (nft)."""

from __future__ import annotations

import re

from .story import Connection, Side

#: What a firewall does with a packet, and how its rules say so (nft).
RULES = {
    "drop": r"(rule .*\bdrop\b|chain .*\bpolicy drop\b)",
    "reset": r"rule .*\breject with tcp reset\b",
    "icmp": r"rule .*\breject with icmp",
}


def walled(connection: Connection, side: Side, does: str, until_ns: int) -> bool:
    """Whether an end's firewall had been given a rule, or a policy, to do one of RULES by a time."""
    rule = re.compile(rf"^{side}: nft add {RULES[does]}")
    return any(rule.search(step.text) and step.t_ns <= until_ns for step in connection.steps)


def remembers(connection: Connection, side: Side) -> int | None:
    """For how long, in nanoseconds, an end's firewall was told to remember a connection; None: not known."""
    rule = re.compile(rf"{side}: nft add rule .*\btimeout (\d+)(ms|s)\b")
    asked = [found for step in connection.steps if (found := rule.match(step.text))]
    return min((int(one[1]) * (1_000_000 if one[2] == "ms" else 1_000_000_000) for one in asked), default=None)
