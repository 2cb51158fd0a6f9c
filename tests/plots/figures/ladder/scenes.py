"""Scenes for the tests, and what is looked up in them."""

from __future__ import annotations

from pathlib import Path

import finrst
from finrst.analyze.story import Connection
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.placed import Display, Text
from finrst.plots.scene import Arrow, Scene, State

from ...conversations import capture

SAMPLES = Path(__file__).parents[4] / "samples"


def scene(connection: Connection, lang: str = "en", timed: bool = True) -> Scene:
    return compose(connection, capture(), lang, timed=timed)


def arrow(figure: Scene, frame: int) -> Arrow:
    return next(item for item in figure.arrows if item.frame == frame)


def states(figure: Scene, side: str) -> list[str]:
    """One end's states in the order in which they are entered."""
    found = [(figure.client_state if side == "client" else figure.server_state).name]
    for item in figure.items:
        entered = (item.sender_state, item.receiver_state) if isinstance(item, Arrow) else (item,)
        found += [state.name for state in entered if isinstance(state, State) and state.side == side]
    return found


def texts(display: Display) -> list[Text]:
    """All texts of a placed figure."""
    return [shape for shape in display.shapes if isinstance(shape, Text)]


def sample(name: str, number: int = 0) -> Scene:
    """The ladder of a connection of one of our recordings."""
    one = finrst.read(SAMPLES / name).connection(number)
    return compose(one.story, one.capture)
