"""What scenarios did to the world is said in Chinese, too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from finrst.plots.words.steps import STEPS, told

SAMPLES = Path(__file__).parents[3] / "samples"


def recorded_steps() -> list[str]:
    found: set[str] = set()
    for path in SAMPLES.glob("*/truth.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            fact = json.loads(line)
            if fact.get("kind", fact.get("fact")) == "step":
                found.add(fact["text"])
    return sorted(found)


def test_every_step_of_the_samples_is_known_in_chinese() -> None:
    steps = recorded_steps()
    assert len(steps) > 40
    assert [text for text in steps if told(text, "zh") is None] == []


def test_every_pattern_is_of_a_step_in_the_samples() -> None:
    steps = recorded_steps()
    assert [pattern for pattern in STEPS if not any(re.fullmatch(pattern, text) for text in steps)] == []


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("a forged RST ACK reaches the client", "伪造的 RST ACK 到达客户端"),
        ("the wire drops the client's FIN", "线路将丢弃客户端的 FIN"),
        ("server: nft add table inet lab", "服务器执行：nft add table inet lab"),
        ("somebody {0} did something else", None),
    ],
)
def test_what_is_not_known_stays_as_it_was_recorded(text: str, chinese: str | None) -> None:
    assert told(text, "zh") == chinese


def test_what_the_wire_will_do_is_said_as_yet_to_come() -> None:
    assert told("the wire holds both SYNs", "en") == "the wire will hold both SYNs"
    assert told("the wire drops the client's FIN", "en") == "the wire will drop the client's FIN"
    assert told("the SYN goes on", "en") == "the SYN goes on"
