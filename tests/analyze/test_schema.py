"""Claims about the JSON Schema of the records: real ones are valid, and nothing in them is undescribed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from finrst.analyze import verdicts
from finrst.analyze.clusters import clusters
from finrst.analyze.record import capture_record, cluster_record, connection_record
from finrst.analyze.scan import scan
from finrst.analyze.schema import schema
from finrst.analyze.tell import capture_story, connection_story
from finrst.plots.clusters import sentence

ROOT = Path(__file__).parent.parent.parent


def closed(part: Any) -> Any:
    """The schema with no room for fields that it does not describe."""
    if isinstance(part, list):
        return [closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {name: closed(value) for name, value in part.items()}
    if part.get("type") == "object" and "properties" in part:
        inner["additionalProperties"] = False
    return inner


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(closed(schema()))


def whole(path: Path) -> dict[str, Any]:
    """What --format json writes of a capture, at most 2,000 of its connections."""
    found = scan(str(path))
    resets: dict[int, list[Any]] = {}
    for r in found.resets:
        resets.setdefault(r.connection, []).append(r)
    told = [connection_record(connection_story(found, c, resets.get(c.number, ()))) for c in found.connections[:2000]]
    held = verdicts.of(found)
    clustered = [cluster_record(one, sentence(one)) for one in clusters(held.table, held.facts, held.judged).clusters]
    return {"schema": 1, "capture": capture_record(capture_story(found)), "connections": told, "clusters": clustered}


def test_the_schema_is_one(validator: jsonschema.Draft202012Validator) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_what_is_told_of_every_sample_is_valid_and_described(validator: jsonschema.Draft202012Validator) -> None:
    for path in sorted((ROOT / "samples").glob("*/expected.json")):
        capture = capture_record(capture_story(scan(str(path.with_name("packets.pcapng")))))
        told = json.loads(path.read_text(encoding="utf-8"))
        validator.validate({"schema": 1, "capture": capture, "connections": told, "clusters": []})


def test_what_is_told_of_other_projects_captures_is_valid(
    validator: jsonschema.Draft202012Validator, shared_captures: Path
) -> None:
    found = sorted(path for path in shared_captures.rglob("*.pcap*") if path.stat().st_size < 300_000)
    assert len(found) > 5
    for path in found:
        validator.validate(json.loads(json.dumps(whole(path))))


@pytest.mark.parametrize(
    ("place", "value"),
    [("ending", "exploded"), ("ended_by", None), ("packets", {"client": 1}), ("outcomes", {}), ("more", 1)],
)
def test_a_record_that_is_wrong_is_not_valid(
    validator: jsonschema.Draft202012Validator, place: str, value: object
) -> None:
    path = ROOT / "samples" / "write-twice" / "expected.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told[0][place] = value
    line = {"$ref": "#/$defs/connection", "$defs": closed(schema())["$defs"]}
    assert not jsonschema.Draft202012Validator(line).is_valid(told[0])


def test_the_lines_of_jsonl_have_their_schema() -> None:
    line = {"$ref": "#/$defs/line", "$defs": schema()["$defs"]}
    record = whole(ROOT / "samples" / "write-twice" / "packets.pcapng")
    for one in ({"capture": record["capture"]}, *record["connections"]):
        jsonschema.validate(one, line)
