"""A firewall does what a recording's steps gave it to do, at its own end and from then on."""

from __future__ import annotations

from dataclasses import replace

from finrst.analyze.firewalls import remembers, walled
from finrst.analyze.story import Step

from .findings.recorded import story

TOLD = replace(
    story("close-client-first"),
    steps=(
        Step(100, "server: nft add rule inet finrst in tcp dport 80 drop"),
        Step(300, "client: nft add chain inet finrst in { type filter hook input priority 0; policy drop; }"),
        Step(300, "server: nft add rule inet finrst in update @known { ip saddr timeout 500ms } accept"),
        Step(300, "server: nft add rule inet finrst in update @known { ip saddr timeout 2s } accept"),
    ),
)


def test_a_rule_holds_at_its_end_and_once_it_was_given() -> None:
    assert walled(TOLD, "server", "drop", 200) and not walled(TOLD, "server", "drop", 50)
    assert not walled(TOLD, "client", "drop", 200) and walled(TOLD, "client", "drop", 300), "a policy is a rule, too"
    assert not walled(TOLD, "server", "reset", 400)


def test_a_firewall_remembers_for_the_shortest_time_that_it_was_told() -> None:
    assert remembers(TOLD, "server") == 500_000_000
    assert remembers(TOLD, "client") is None
