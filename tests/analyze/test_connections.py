"""The connection table says the same as the engine's records, column by column."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from pathlib import Path

import pytest

from finrst.analyze.columns import COLUMNS
from finrst.analyze.connections import NUMBERS, WORDS, ConnectionTable
from finrst.analyze.scan import scan
from finrst.analyze.tell import connection_story


def test_every_field_of_the_filter_language_names_columns_that_exist() -> None:
    for columns in NUMBERS.values():
        assert set(columns) <= set(COLUMNS)
    for column, words in WORDS.values():
        assert column in COLUMNS
        assert words


def test_the_columns_agree_with_the_stories(shared_captures: Path) -> None:
    for path in sorted(shared_captures.glob("*.pcap*")):
        found = scan(str(path))
        table = ConnectionTable(found)
        assert len(table) == len(found.connections)
        for row, record in enumerate(found.connections):
            story = connection_story(found, record)
            assert story.number == table["number"][row]
            assert (story.packets.client, story.packets.server) == (
                table["packets_client"][row],
                table["packets_server"][row],
            )
            for field, value in (
                ("ending", story.ending),
                ("ended_by", story.ended_by),
                ("state.client", story.client_state),
                ("state.server", story.server_state),
                ("zeek.conn_state", story.zeek_conn_state),
            ):
                column, words = WORDS[field]
                assert words[table[column][row]] == value, (path.name, field)
            network = ipaddress.ip_network(story.server.address)
            assert table.in_network("server", network)[row]


@pytest.mark.parametrize(
    ("network", "inside"),
    [("10.9.0.0/16", True), ("10.9.0.2/32", True), ("10.9.0.3/32", False), ("0.0.0.0/0", True), ("::/0", False)],
)
def test_an_address_lies_in_a_network_of_its_own_version_only(
    sample: Callable[[str], Path], network: str, inside: bool
) -> None:
    table = ConnectionTable(scan(str(sample("write-twice"))))
    assert table.in_network("server", ipaddress.ip_network(network))[0] == inside
