"""Claims about what came to one end, and when."""

from __future__ import annotations

from pathlib import Path

from finrst.analyze.outcomes.arrivals import arrivals
from finrst.analyze.scan import scan
from finrst.analyze.story import Side
from finrst.analyze.tell import tell

from ..conversation import Talk


def came(talk: Talk, path: Path, side: Side) -> list[tuple[str, int]]:
    """The events at one end: kind and size, acknowledgements of data left out."""
    (connection,) = tell(scan(str(talk.wire.write(path / "c.pcap"))), [0]).connections
    return [(one.kind, one.size) for one in arrivals(connection, side) if one.kind != "acked"]


def test_data_counts_once_it_is_in_order(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.send("P.", 10, seq=11)
    s.send(".", ack=1)
    c.send("P.", 10, seq=1, gap=0.001)
    s.send(".", ack=21)
    assert came(talk, tmp_path, "server") == [("established", 0), ("data", 20)]


def test_data_sent_again_without_an_acknowledgement_came_with_the_last_copy(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.send("P.", 10, seq=1)
    c.send("P.", 10, seq=1, gap=0.3)
    s.send(".", ack=11)
    (connection,) = tell(scan(str(talk.wire.write(tmp_path / "c.pcap"))), [0]).connections
    (data,) = [one for one in arrivals(connection, "server") if one.kind == "data"]
    assert (data.size, data.frame) == (10, 5)


def test_a_d_sack_says_that_the_first_copy_had_come(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    first = c.send("P.", 10, seq=1)
    c.send("P.", 10, seq=1, gap=0.3)
    s.send(".", ack=11, sack=((1, 11),))
    (connection,) = tell(scan(str(talk.wire.write(tmp_path / "c.pcap"))), [0]).connections
    (data,) = [one for one in arrivals(connection, "server") if one.kind == "data"]
    assert (data.size, data.frame) == (10, first)


def test_data_that_its_receiver_later_does_not_acknowledge_did_not_come(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.send("P.", 10, seq=1)
    s.send("P.", 5, ack=1, gap=0.5)
    assert came(talk, tmp_path, "server") == [("established", 0)]


def test_a_fin_comes_when_everything_before_it_has(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.send("F.", seq=11)
    s.send(".", ack=1)
    c.send("P.", 10, seq=1, gap=0.001)
    s.send(".", ack=12)
    assert came(talk, tmp_path, "server") == [("established", 0), ("data", 10), ("fin", 0)]
    assert ("fin_acknowledged", 0) in came(talk, tmp_path, "client")


def test_a_rst_that_was_ignored_is_no_event(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    c.send("R", seq=c.next + 100_000_000)
    s.data(5), c.ack()
    assert ("rst", 0) not in came(talk, tmp_path, "server")


def test_an_active_rst_without_a_close_was_anothers_doing(tmp_path: Path) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    s.send("R.", seq=s.next)
    (connection,) = tell(scan(str(talk.wire.write(tmp_path / "c.pcap"))), [0]).connections
    closes = [connection.resets[0].ts_ns - 1000]
    assert [one.kind for one in arrivals(connection, "server")][-1] == "destroyed"
    assert "destroyed" not in [one.kind for one in arrivals(connection, "server", closes)]


def test_sequence_numbers_wrap(tmp_path: Path) -> None:
    talk = Talk()
    talk.client.isn = 0xFFFFFFF0
    c, s = talk.open()
    for _ in range(4):
        c.data(10), s.ack()
    assert [size for kind, size in came(talk, tmp_path, "server") if kind == "data"] == [10] * 4
