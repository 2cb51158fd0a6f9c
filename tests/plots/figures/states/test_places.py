"""Claims about the places of the state diagram: one for each transition of the table, from box to box."""

from __future__ import annotations

import pytest

from finrst.analyze.states import RECEIVE_RST, SEND_RST, STATES, TABLE, diagram
from finrst.plots.figures.states.places import BOX, END, TALL, Places


def test_every_transition_of_the_table_is_placed_and_no_other() -> None:
    places = Places(900, 0)
    table = {(edge.before, edge.after) for edge in diagram()}
    assert set(places.edges) == table
    resets = {
        STATES[before] for (before, event), after in TABLE.items() if after == 0 and event in (SEND_RST, RECEIVE_RST)
    }
    assert set(places.exits) | {"CLOSED", "UNKNOWN"} == resets


@pytest.mark.parametrize("width", [900, 1200])
def test_each_way_leads_from_box_to_box(width: float) -> None:
    places = Places(width, 100)

    def touches(point: tuple[float, float], name: str) -> bool:
        x, y = places.boxes[name]
        half = places.end_width / 2 if name == END else BOX / 2
        return abs(point[0] - x) <= half + 0.1 and abs(point[1] - y) <= TALL / 2 + 0.1

    for (before, after), edge in places.edges.items():
        low = after == "CLOSED" and before in ("LAST_ACK", "TIME_WAIT")
        assert touches(edge.points[0], before) and touches(edge.points[-1], END if low else after), (before, after)
    for state, way in places.exits.items():
        assert touches(way.points[0], state) and touches(way.points[-1], "CLOSED" if state == "LISTEN" else END)
