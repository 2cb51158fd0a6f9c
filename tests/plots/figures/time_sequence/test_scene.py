"""Claims about what a time-sequence graph says: it is plain data."""

from __future__ import annotations

import json

from finrst.plots.figures.time_sequence.compose import compose

from ... import conversations


def test_the_scene_is_json_with_every_mark_named() -> None:
    scene = compose(conversations.write_after_close(), conversations.capture())
    plain = json.loads(scene.to_json())
    marks = [mark for panel in plain["panels"] for mark in panel["marks"]]
    assert {mark["kind"] for mark in marks} >= {"syn", "data", "fin", "rst"}
    assert {mark["mark"] for mark in marks} == {"mark"}
