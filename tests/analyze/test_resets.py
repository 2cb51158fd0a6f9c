"""Claims about why a RST was sent: the set of Linux's reasons that its packets allow, and signs of another sender."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from finrst.analyze import resets
from finrst.analyze.joining import opened
from finrst.analyze.record import connection_record
from finrst.analyze.scan import scan
from finrst.analyze.story import Reset
from finrst.analyze.tell import by_packets, join
from finrst.analyze.track import Reset as ResetRecord
from finrst.analyze.vocabulary import REASONS

from .conversation import Talk, Wire, explained, explained_all

SAMPLES = Path(__file__).parents[2] / "samples"
STAMPED = {"tsval": 1000}


def why(talk: Talk | Wire | Path, number: int = 0, at: int = -1) -> tuple[str, ...]:
    """The reasons of one RST of a connection, its last if not said otherwise."""
    return explained_all(talk)[number].story.resets[at].reasons


def recorded(path: Path) -> list[Reset]:
    """The RSTs of a recording, with what its kernels said of them."""
    paths, beside = opened([str(path)])
    assert beside is not None
    found = scan(paths)
    join(found, beside)
    assert found.joining is not None
    of: dict[int, list[ResetRecord]] = {}
    for one in found.resets:
        of.setdefault(one.connection, []).append(one)
    by_number = {c.number: c for c in found.connections}
    told = [found.joining.join(by_packets(found, by_number[number], own)) for number, own in of.items()]
    return [reset for connection in told for reset in connection.resets]


def all_recorded() -> list[tuple[str, Reset]]:
    return [
        (path.parent.name, reset)
        for path in sorted(SAMPLES.glob("*/packets.pcapng"))
        for reset in recorded(path.parent)
    ]


# The truth: what kernels said


def test_the_kernels_own_reason_is_in_the_set_that_the_packets_allow() -> None:
    said = [(name, reset) for name, reset in all_recorded() if reset.kernel_reason]
    assert len(said) > 70
    assert [(name, one.frame, one.possible) for name, one in said if one.kernel_reason not in one.possible] == []
    sizes = Counter(len(one.possible) for name, one in said if not name.startswith("stray"))
    assert max(sizes) <= 3, sizes
    assert sizes[1] > 12, sizes


def test_no_rst_of_a_kernel_is_held_for_another_senders() -> None:
    assert [(name, one.frame) for name, one in all_recorded() if one.kernel_reason and one.signs] == []


def test_every_injected_rst_of_the_recordings_is_noticed_but_a_closed_ports_double() -> None:
    missed = {name for name, one in all_recorded() if (one.forged or one.unsent) and not one.signs}
    assert missed == {"firewall-rejects"}, "it answers a SYN exactly as a closed port would"


def test_what_the_kernel_said_wins(sample: Callable[[str], Path]) -> None:
    (reset,) = recorded(sample("write-twice").parent)
    assert (reset.reasons, reset.certainty) == (("TCP_TIMEWAIT_SOCKET",), "proved")
    assert reset.possible == ("TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA")


def test_a_rst_that_no_tcp_sent_has_no_reason(sample: Callable[[str], Path]) -> None:
    reset = recorded(sample("forged-rst").parent)[0]
    assert (reset.reasons, reset.forged_possible, reset.certainty) == ((), "proved", "proved")


# A socket that gives up


def test_nothing_was_received_so_nothing_is_unread() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.abort()
    told = explained(talk)
    assert (told.reset["reasons"], told.reset["certainty"]) == (["TCP_STATE"], "implied")


def test_with_data_received_unread_data_and_linger_0_look_alike() -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(6), c.ack(), c.abort()
    told = explained(talk)
    assert (told.reset["reasons"], told.reset["certainty"]) == (["TCP_ABORT_ON_CLOSE", "TCP_STATE"], "compatible")


def test_after_an_acknowledged_fin_linger2_may_have_run_out() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), c.abort()
    assert why(talk) == ("TCP_STATE", "TCP_ABORT_ON_LINGER")


def test_after_a_fin_that_is_not_acknowledged_memory_may_have_run_out() -> None:
    talk = Talk()
    c, _ = talk.open()
    c.fin(), c.abort()
    assert why(talk) == ("TCP_STATE", "TCP_ABORT_ON_MEMORY")


def test_in_last_ack_only_unread_data_resets() -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(6), c.ack(), s.fin(), c.fin(), c.abort()
    assert "TCP_STATE" not in why(talk) and "TCP_ABORT_ON_CLOSE" in why(talk)


def test_probes_without_an_answer_may_have_been_the_last_straw() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack()
    for _ in range(3):
        c.send(".", seq=c.next - 1, gap=75)
    c.abort(gap=75)
    assert why(talk) == ("TCP_STATE", "TCP_KEEPALIVE_TIMEOUT")


def test_of_a_rst_alone_in_a_capture_much_is_possible() -> None:
    talk = Talk()
    c, _ = talk.established()
    c.abort()
    assert why(talk) == ("TCP_ABORT_ON_CLOSE", "TCP_STATE", "TCP_KEEPALIVE_TIMEOUT")


# An answer to a segment


def test_a_refused_syn_found_no_socket() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse()
    told = explained(talk)
    assert (told.reset["reasons"], told.reset["certainty"]) == (["NO_SOCKET"], "implied")


def test_a_clients_port_has_no_listener() -> None:
    talk = Talk()
    c, s = talk.open()
    c.abort(), s.data(6), c.rst()
    assert why(talk) == ("NO_SOCKET",)


def test_a_clients_port_has_a_listener_where_another_connection_was_made_to_it() -> None:
    wire = Wire()
    served = Talk(wire=wire, ports=(50000, 40136))
    served.client.address, served.server.address = served.server.address, served.client.address
    served.open()
    talk = Talk(wire=wire)
    c, s = talk.open()
    c.abort(), s.data(6), c.rst()
    assert why(wire, 1) == ("NO_SOCKET", "TCP_FLAGS")


def test_a_servers_port_may_have_a_listener() -> None:
    talk = Talk()
    c, s = talk.open()
    s.abort(), c.data(6), s.rst()
    assert why(talk) == ("NO_SOCKET", "TCP_FLAGS")


def test_a_listener_answers_no_segment_without_ack() -> None:
    talk = Talk()
    c, s = talk.established()
    c.send("P", 6), s.refuse()
    assert why(talk) == ("NO_SOCKET",)


def test_data_after_an_acknowledged_fin_meets_a_closed_socket_or_one_shut_down() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.data(18), c.rst()
    assert why(talk) == ("TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA")


def test_data_before_the_fin_was_acknowledged_meets_a_whole_socket() -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(18, gap=0.000_1), c.fin(gap=0.000_1), c.rst(seq=c.next - 1)
    assert why(talk) == ("TCP_ABORT_ON_DATA",)


@pytest.mark.parametrize(
    ("seconds", "reasons"),
    [
        (0.5, ("TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA")),
        (50, ("NO_SOCKET", "TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA")),
        (150, ("NO_SOCKET", "TCP_ABORT_ON_DATA")),
    ],
)
def test_fin_wait_2_has_its_time(seconds: float, reasons: tuple[str, ...]) -> None:
    """tcp_fin_timeout and TCP_LINGER2 are 1 s at least, TCP_LINGER2 120 s at most; shutdown(2) knows no time."""
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.data(18, gap=seconds), c.rst()
    assert why(talk) == reasons


def test_after_both_fins_nobody_is_there() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.fin(), c.ack(), c.ack(seq=1, gap=1), s.rst()
    assert why(talk) == ("NO_SOCKET", "TCP_FLAGS")


def test_the_second_answer_is_of_nobody() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.data(18), s.data(18, gap=0.000_01), c.rst(), c.rst(gap=0.000_01)
    (told,) = explained_all(talk)
    assert [reset.reasons for reset in told.story.resets] == [
        ("TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA"),
        ("NO_SOCKET",),
    ]


def test_of_answers_in_the_midst_of_a_close_either_may_be_the_sockets() -> None:
    """Another processor's answer, to a later segment, overtook it (recorded on Linux 6.18 over veth)."""
    talk = Talk()
    c, s = talk.open()
    s.data(6), c.ack(), s.data(6), c.fin(gap=0.05)
    s.data(6, gap=0.000_05), s.data(6, gap=0.000_02), c.rst(gap=0.000_02), c.rst(gap=0.000_1)
    (told,) = explained_all(talk)
    first, second = (set(reset.reasons) for reset in told.story.resets)
    assert {"NO_SOCKET", "TCP_ABORT_ON_DATA"} <= first & second


def test_an_ack_of_another_connection_meets_a_socket_that_dials() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.send(".", seq=500, ack=777_777), c.rst(seq=777_777)
    assert why(talk) == ("NO_SOCKET", "TCP_INVALID_ACK_SEQUENCE")


def test_the_right_syn_ack_finds_a_connect_given_up() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.synack(), talk.client.rst()
    assert why(talk) == ("NO_SOCKET",)


def test_the_end_of_a_handshake_may_meet_a_full_queue() -> None:
    talk = Talk()
    _, s = talk.open()
    s.rst()
    assert why(talk) == ("NO_SOCKET", "TCP_FLAGS", "INVALID_SYN")


def test_a_server_that_has_acknowledged_data_has_no_full_queue() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.ack(gap=9), s.rst()
    assert why(talk) == ("NO_SOCKET", "TCP_FLAGS")


# IPv6: flow labels


def labelled(own: int, of_rst: int) -> tuple[Reset, ...]:
    """A client's FIN, the server's data, the client's RST, with these flow labels of the client."""
    talk = Talk(version=6)
    c, s = talk.open()
    c.fin(), s.ack(), s.data(18, gap=50), c.rst()
    for number, (ns, packet) in enumerate(talk.wire.packets):
        if packet[22:38] == c.address.packed:
            label = of_rst if number == len(talk.wire.packets) - 1 else own
            talk.wire.packets[number] = ns, packet[:14] + (0x60000000 | label).to_bytes(4) + packet[18:]
    return explained(talk).story.resets


@pytest.mark.parametrize(
    ("own", "of_rst", "reasons"),
    [
        (0x12345, 0x12345, ("TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA")),
        (0x12345, 0x54321, ("NO_SOCKET",)),
        (0x12345, 0, ("NO_SOCKET", "TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA")),
        (0, 0, ("NO_SOCKET", "TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA")),
    ],
)
def test_a_flow_label_is_its_sockets(own: int, of_rst: int, reasons: tuple[str, ...]) -> None:
    (reset,) = labelled(own, of_rst)
    assert (reset.reasons, reset.signs) == (reasons, False)


# Traps: honest hosts


@pytest.mark.parametrize("ttl", [255, 128, 64])
@pytest.mark.parametrize("ip_id", [0, 7, 40_000])
def test_an_answer_with_another_initial_ttl_and_any_ip_id_accuses_nobody(ttl: int, ip_id: int) -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(6), c.ack(), c.data(6), s.rst(ttl=ttl, ip_id=ip_id)
    assert explained(talk).reset["forged_possible"] is False


def test_hosts_whose_answers_are_on_another_way_are_not_accused_by_their_ttl_alone() -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(6), c.ack(), c.data(6), s.rst(ttl=51)
    assert explained(talk).reset["forged_possible"] is False


def test_a_number_from_before_the_fin_was_acknowledged_accuses_nobody() -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(18, gap=0.000_1), c.fin(gap=0.000_1), c.rst(seq=c.next - 1)
    told = explained(talk)
    assert (told.reset["forged_possible"], told.reset["accepted"]) == (False, True)


def test_an_abort_without_timestamps_accuses_nobody() -> None:
    talk = Talk()
    c, s = talk.open(**STAMPED)
    c.data(6, **STAMPED), s.ack(**STAMPED), c.abort()
    assert explained(talk).reset["forged_possible"] is False


def test_an_abort_with_a_jump_of_the_ip_id_accuses_nobody() -> None:
    talk = Talk()
    c, s = talk.open(**STAMPED)
    c.data(6, **STAMPED), s.ack(**STAMPED), c.abort(ip_id=50_000, **STAMPED)
    assert explained(talk).reset["forged_possible"] is False


def test_an_answer_whose_segment_was_not_captured_accuses_nobody() -> None:
    talk = Talk()
    c, s = talk.open()
    s.data(6), c.ack(), c.data(6, hidden=True), s.rst()
    assert explained(talk).reset["forged_possible"] is False


# Injected RSTs


def injected(**more: int) -> Reset:
    """A RST in the server's name, from somewhere in between."""
    talk = Talk()
    c, s = talk.open(**STAMPED)
    c.data(6, **STAMPED), s.ack(**STAMPED), s.abort(**more)
    (reset,) = explained(talk).story.resets
    return reset


def test_two_signs_are_enough() -> None:
    assert injected(ip_id=50_000).forged_possible is True
    assert injected(ttl=57).forged_possible is True
    assert injected(ip_id=50_000).certainty == "compatible"


def test_whoever_talks_on_has_not_reset() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.rst(), s.ack(gap=0.02), s.data(18)
    assert explained_all(talk)[0].story.resets[0].forged_possible is True


def test_three_at_once_are_no_sockets() -> None:
    talk = Talk()
    c, s = talk.open(**STAMPED)
    c.data(6, **STAMPED), s.ack(**STAMPED), s.abort(), s.abort(seq=s.next + 1460), s.abort(seq=s.next + 4380)
    assert [reset.signs for reset in explained_all(talk)[0].story.resets[1:]] == [True, True]


# The whole


def test_every_reason_is_linuxs_and_has_one_condition() -> None:
    assert set(resets.REASONS_WHEN) <= set(REASONS)
    assert resets.names(resets.bits(*resets.REASONS_WHEN)) == tuple(
        reason for reason in REASONS if reason in resets.REASONS_WHEN
    )


def test_every_rst_has_a_reason_unless_none_sent_it(shared_captures: Path) -> None:
    seen = 0
    for path in [*SAMPLES.glob("*/packets.pcapng"), *shared_captures.glob("*.pcap*")]:
        found = scan(str(path))
        held = resets.of(found)
        assert len(held.sets) == len(held.forged) == len(found.resets)
        assert np.all(held.sets > 0)
        assert resets.of(found) is held
        seen += len(held.sets)
    assert seen > 80


def test_a_frame_without_a_rst_is_a_key_error(sample: Callable[[str], Path]) -> None:
    with pytest.raises(KeyError):
        resets.of(scan(str(sample("write-twice")))).of(1)


def test_the_record_has_the_contracts_words() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.fin(), s.ack(), s.data(18), c.rst()
    told = connection_record(explained(talk).story)["resets"][0]
    assert {name: told[name] for name in ("reasons", "forged_possible", "certainty")} == {
        "reasons": ["TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA"],
        "forged_possible": False,
        "certainty": "compatible",
    }
