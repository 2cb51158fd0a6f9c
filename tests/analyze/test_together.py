"""What became of each packet between two captures, and how the connection ended by both."""

from __future__ import annotations

from finrst.analyze.record import connection_record
from finrst.analyze.story import RST

from .two_ends import Ends, fates

MS = 1_000_000


def test_a_lost_packet_is_proved_lost() -> None:
    ends = Ends(offset=9.0)
    c, s = ends.open()
    c.data(100, lost=True), c.data(100, seq=1, gap=0.3), s.ack(gap=0.02), s.data(20, lost=True)
    s.data(20, seq=1, gap=0.3), c.ack(gap=0.02), c.ack(gap=1), s.ack()
    told = ends.told()
    assert [fate for fate in fates(told) if "arrived" not in fate] == ["client data lost", "server data lost"]
    assert told.other_end is not None and (told.other_end.lost.client, told.other_end.lost.server) == (1, 1)
    lost = [s for s in told.segments if s.fate == "lost"]
    assert (lost[0].frame, lost[0].server_frame, lost[0].seen, lost[0].arrived_ns) == (4, None, "client", None)
    assert (lost[1].frame, lost[1].server_frame, lost[1].seen) == (10 + 6, 6, "server")  # counted on from 10
    again = [s for s in told.segments if s.side == "server" and s.payload][1]
    assert again.retransmission_of == lost[1].frame, "only the server's capture knows of the first copy"


def test_a_reset_that_neither_end_sent_is_proved() -> None:
    ends = Ends(offset=-2.0)
    c, s = ends.open()
    (
        c.data(100),
        s.ack(gap=0.02),
        s.rst(forged=True, seq=1),
        s.data(50, gap=0.5),
        c.rst(seq=101, gap=0.02),
        s.ack(gap=1.0),
    )
    told = ends.told()
    forged = told.resets[0]
    assert (forged.sender, forged.unsent, forged.accepted) == ("server", True, True)
    assert (told.ending, told.ended_by) == ("reset", "path")
    assert connection_record(told)["resets"][0]["forged_possible"] == "proved"
    assert next(s.server_state for s in told.segments if s.frame == forged.frame) == "ESTABLISHED"


def test_a_reset_at_the_servers_end_only_ends_what_the_clients_capture_holds_for_open() -> None:
    ends = Ends(offset=4.0)
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), c.rst(forged=True, seq=101), c.ack(gap=1.0)
    told = ends.told()
    assert (told.ending, told.ended_by) == ("reset", "path")
    (forged,) = told.resets
    assert forged.unsent and forged.sender == "client" and forged.frame > 6
    assert any(note.startswith("by one capture alone: open; by both: reset") for note in told.notes)


def test_a_reset_that_is_lost_ends_nothing() -> None:
    ends = Ends()
    c, s = ends.open()
    (
        c.data(100),
        s.ack(gap=0.02),
        c.abort(lost=True),
        s.data(10, gap=0.5, lost=True),
        s.data(10, seq=1, gap=2.0, lost=True),
    )
    told = ends.told()
    (reset,) = told.resets
    assert reset.lost and reset.accepted is False
    assert (told.ending, told.ended_by) == ("open", "nobody")
    assert told.server_state == "ESTABLISHED" and told.client_state == "CLOSED"
    assert any(note.startswith("by one capture alone: reset, by the client; by both: open") for note in told.notes)


def test_a_lost_fin_leaves_the_other_end_as_it_was() -> None:
    ends = Ends()
    c, s = ends.open()
    c.fin(lost=True), s.data(10, gap=0.5), c.ack(gap=0.02), s.ack(gap=1.0)
    told = ends.told()
    (fin,) = (s for s in told.segments if s.flags & 1)
    assert (fin.fate, fin.client_state, fin.server_state) == ("lost", "FIN_WAIT_1", "ESTABLISHED")


def test_an_answer_that_is_lost_was_an_answer() -> None:
    ends = Ends()
    c, s = ends.open()  # so that the clocks can be compared
    c.fin(), s.fin(gap=0.02), c.ack(gap=0.02)
    other = Ends(isn=(5, 6), ports=(999, 80))
    other.talk.wire.ns = ends.talk.wire.ns
    a, b = other.client, other.server
    a.syn(), b.synack(gap=0.02, lost=True), a.syn(gap=1.0), b.synack(gap=0.02, lost=True)
    for end in ("client", "server"):
        ends.captured[end] += other.captured[end]
    ends.captured["client"].append((ends.captured["server"][-1][0] + 10**9, ends.captured["client"][0][1]))
    second = ends.story().connections[1]
    assert (second.ending, second.ended_by) == ("handshake-incomplete", "nobody")


def test_a_capture_that_missed_a_packet_proves_nothing() -> None:
    """What was acknowledged did arrive, whatever the capture there holds."""
    ends = Ends()
    c, s = ends.open()
    c.data(100, missed="server"), s.ack(gap=0.02), s.abort(missed="server"), c.ack(gap=1.0), s.data(10)
    told = ends.told()
    assert [fate for fate in fates(told) if "arrived" not in fate] == ["client data missed", "server RST missed"]
    assert not told.resets[0].unsent
    assert (told.ending, told.ended_by) != ("reset", "path")


def test_what_a_capture_missed_at_its_own_end_is_not_forged() -> None:
    ends = Ends()
    c, s = ends.open()
    s.data(100, missed="server"), c.ack(gap=0.02), s.data(50), c.ack(gap=0.02), s.ack(gap=1.0)
    assert [fate for fate in fates(ends.told()) if "arrived" not in fate] == ["server data missed"]


def test_forged_data_is_proved_by_the_senders_own() -> None:
    ends = Ends()
    c, s = ends.open()
    s.data(30, forged=True), s.data(100, gap=0.5), c.ack(gap=0.02), s.ack(gap=1.0)
    assert [fate for fate in fates(ends.told()) if "arrived" not in fate] == ["server data unsent"]


def test_before_and_after_a_capture_nothing_is_proved() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), s.abort(gap=5.0, missed="server")
    told = ends.told()
    assert [fate for fate in fates(told) if "arrived" not in fate] == ["server RST missed"]
    assert any("does not reach so far" in note for note in told.notes)
    assert (told.ending, told.ended_by) == ("reset", "server")


def test_a_packet_that_arrives_twice_is_not_forged() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), s.abort(twice=0.2, ip_id=0), c.ack(gap=2.0, lost=True), s.ack(gap=1.0)
    told = ends.told()
    assert "unsent" not in " ".join(fates(told)) and "1 packet arrived twice" in told.notes


def test_equal_resets_leave_one_by_one_and_each_arrives_as_often() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), s.abort(ip_id=0), c.data(50, gap=0.03), c.data(50, gap=0.00001)
    for _ in range(3):
        s.rst(seq=1, gap=0.00002, twice=0.00001, ip_id=0)
    told = ends.told()
    resets = [one for one in told.segments if one.side == "server" and one.flags == RST and one.duplicate_of is None]
    assert [one.deliveries for one in resets] == [2, 2, 2]
    left = [one.ts_ns for one in resets]
    assert len(set(left)) == 3, "each at its own time"
    assert [(one.arrived_ns or 0) - one.ts_ns for one in resets] == [10 * MS] * 3
    assert not any(note.endswith("were captured twice") for note in told.notes)


def test_a_capture_that_holds_everything_twice_proves_no_second_sending() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100), s.ack(gap=0.02), s.data(50), c.ack(gap=0.02)
    for name in ("client", "server"):
        ends.captured[name] = [(at + 1000 * copy, packet) for at, packet in ends.captured[name] for copy in (0, 1)]
    told = ends.told()
    assert {one.deliveries for one in told.segments} == {1}
    assert sum(one.duplicate_of is None for one in told.segments) == 7
    assert any(note.endswith("were captured twice") for note in told.notes)


def test_data_cut_by_a_network_card_has_arrived() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(2920, missed="server")
    ends.talk.client.next = 1
    c.data(1460, missed="client", gap=0), c.data(1460, missed="client", gap=0.001), s.ack(gap=0.02)
    told = ends.told()
    assert fates(told) == ["client SYN arrived", "server SYN arrived", "client ACK arrived", "client data arrived",
                           "server ACK arrived"]  # fmt: skip
    assert (told.segments[3].arrived_ns or 0) - told.segments[3].ts_ns == 11 * MS, "with its last piece"


def test_what_overtakes_arrives_first() -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100, way=0.05), c.data(100, gap=0.005), s.ack(gap=0.06)
    told = ends.told()
    one, two = (s for s in told.segments if s.payload)
    assert one.ts_ns < two.ts_ns and (one.arrived_ns or 0) > (two.arrived_ns or 0)


def test_an_icmp_error_left_when_the_capture_at_its_senders_end_says() -> None:
    ends = Ends(offset=5.0, ways=(0.01, 0.01))
    c, _ = ends.open()

    def refused(*, arrives: bool = True) -> None:
        ends.talk.client.icmp(3, 1, gap=0.02)
        t_ns, packet = ends.talk.wire.packets[-1]
        ends.captured["server"].append((t_ns, packet))
        if arrives:
            ends.captured["client"].append((t_ns + 30 * MS, packet))

    c.data(100)
    refused()
    c.data(100, seq=1, gap=0.3)
    refused()
    took = [None if e.arrived_ns is None else e.arrived_ns - e.ts_ns for e in ends.told().icmp]
    assert took == [30 * MS, 30 * MS]
    assert ends.told().icmp[1].ts_ns - ends.told().icmp[0].ts_ns == 320 * MS
    c.data(100, seq=1, gap=0.3)
    refused(arrives=False)
    assert [e.arrived_ns for e in ends.told().icmp] == [None, None], "which of them was lost, nothing says"
