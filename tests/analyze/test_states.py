"""The state table against the diagram of RFC 9293, entry by entry."""

from __future__ import annotations

import itertools

import pytest

from finrst.analyze import states
from finrst.analyze.states import EVENTS, FLAT, STATES, TABLE, WIDTH

NAMES = {name: number for number, name in enumerate(STATES)}

#: Figure 5 of RFC 9293, and the text of 3.10.7.4 where it says more ("eighth, check the FIN bit").
DIAGRAM = """
CLOSED > SYN_SENT: send SYN
LISTEN > SYN_RCVD: receive SYN
LISTEN > SYN_SENT: send SYN
SYN_SENT > SYN_RCVD: receive SYN
SYN_SENT > ESTABLISHED: receive SYN-ACK
SYN_RCVD > ESTABLISHED: receive ACK of SYN
SYN_RCVD > FIN_WAIT_1: send FIN
SYN_RCVD > CLOSE_WAIT: receive FIN
ESTABLISHED > FIN_WAIT_1: send FIN
ESTABLISHED > CLOSE_WAIT: receive FIN
FIN_WAIT_1 > FIN_WAIT_2: receive ACK of FIN
FIN_WAIT_1 > CLOSING: receive FIN
FIN_WAIT_2 > TIME_WAIT: receive FIN
CLOSING > TIME_WAIT: receive ACK of FIN
CLOSE_WAIT > LAST_ACK: send FIN
LAST_ACK > CLOSED: receive ACK of FIN
"""

#: What only an observer meets: the segment proves a state whose way there was not captured.
PROVED = """
CLOSED > SYN_RCVD: send SYN-ACK
LISTEN > SYN_RCVD: send SYN-ACK
SYN_SENT > SYN_RCVD: send SYN-ACK
SYN_SENT > ESTABLISHED: send ACK
SYN_SENT > FIN_WAIT_1: send FIN
UNKNOWN > SYN_SENT: send SYN
UNKNOWN > SYN_RCVD: send SYN-ACK
UNKNOWN > ESTABLISHED: send ACK
UNKNOWN > FIN_WAIT_1: send FIN
UNKNOWN > ESTABLISHED: receive SYN-ACK
UNKNOWN > CLOSE_WAIT: receive FIN
"""


def entries(text: str) -> dict[tuple[int, int], int]:
    """The lines of a diagram as entries of the table."""
    found = {}
    for line in text.strip().splitlines():
        way, event = line.split(": ")
        before, after = way.split(" > ")
        found[NAMES[before], EVENTS.index(event)] = NAMES[after]
    return found


def test_every_transition_is_one_of_the_rfcs_or_proved_by_its_segment_and_none_is_missing() -> None:
    resets = {(state, event): 0 for state in range(len(STATES)) for event in (states.SEND_RST, states.RECEIVE_RST)}
    del resets[states.LISTEN, states.RECEIVE_RST]
    assert entries(DIAGRAM) | entries(PROVED) | resets == TABLE


def test_a_reset_closes_from_everywhere_but_a_listener_ignores_it() -> None:
    for state in range(len(STATES)):
        assert TABLE[state, states.SEND_RST] == states.CLOSED
        if state != states.LISTEN:
            assert TABLE[state, states.RECEIVE_RST] == states.CLOSED
    assert FLAT[states.LISTEN * WIDTH + states.RECEIVE_RST] == states.LISTEN


def test_the_flat_table_is_the_table_and_total() -> None:
    assert len(FLAT) == len(STATES) * WIDTH and len(EVENTS) <= WIDTH
    for state, event in itertools.product(range(len(STATES)), range(WIDTH)):
        assert FLAT[state * WIDTH + event] == TABLE.get((state, event), state)


def test_the_table_is_closed() -> None:
    assert set(FLAT) <= set(range(len(STATES)))
    for (state, event), after in TABLE.items():
        assert 0 <= state < len(STATES) and 0 <= event < len(EVENTS) and 0 <= after < len(STATES)


def test_nothing_leads_into_listen_or_into_not_knowing() -> None:
    assert not {states.LISTEN, states.UNKNOWN} & {TABLE[entry] for entry in TABLE}


@pytest.mark.parametrize("state", range(len(STATES)), ids=STATES)
def test_every_state_is_reached_or_a_beginning_and_every_one_can_end(state: int) -> None:
    def reach(start: set[int]) -> set[int]:
        seen = set(start)
        while more := {after for (before, _), after in TABLE.items() if before in seen} - seen:
            seen |= more
        return seen

    assert state in reach({states.CLOSED, states.LISTEN, states.UNKNOWN})
    assert states.CLOSED in reach({state})


def test_numbers_stand_for_the_names_in_their_order() -> None:
    assert [getattr(states, name) for name in STATES] == list(range(len(STATES)))
    constants = [event.replace(" ", "_").replace("-", "_").upper() for event in EVENTS]
    assert [getattr(states, name) for name in constants] == list(range(len(EVENTS)))


def test_the_diagram_is_the_figure_of_the_rfc_with_the_two_that_it_omits() -> None:
    unseen = {("CLOSED", "LISTEN"), ("LISTEN", "CLOSED"), ("SYN_SENT", "CLOSED"), ("TIME_WAIT", "CLOSED")}
    table = {(STATES[state], STATES[after]) for (state, _), after in entries(DIAGRAM).items()}
    drawn = [(edge.before, edge.after) for edge in states.diagram()]
    assert len(drawn) == len(set(drawn)) == 22
    assert set(drawn) == table | unseen | {("FIN_WAIT_1", "TIME_WAIT"), ("SYN_RCVD", "LISTEN")}


def test_the_diagram_writes_event_and_action_as_the_rfc_does() -> None:
    written = {(edge.before, edge.after): (edge.event, edge.action) for edge in states.diagram()}
    assert written["LISTEN", "SYN_RCVD"] == ("rcv SYN", "snd SYN,ACK")
    assert written["LISTEN", "SYN_SENT"] == ("SEND", "snd SYN")
    assert written["CLOSED", "SYN_SENT"] == ("active OPEN", "snd SYN")
    assert written["LAST_ACK", "CLOSED"] == ("rcv ACK of FIN", "")
    assert written["SYN_RCVD", "LISTEN"] == ("rcv RST", "")
    assert written["TIME_WAIT", "CLOSED"] == ("timeout 2 MSL", "delete TCB")
