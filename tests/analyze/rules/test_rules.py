"""Claims about the catalogue: every rule has its words, an order without circles, and evidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from finrst.analyze.columns import COLUMNS, RESET_COLUMNS
from finrst.analyze.connections import DTYPES, ConnectionTable, ResetTable
from finrst.analyze.joining import opened
from finrst.analyze.rules import FALLBACK, HEADINGS, Facts, Verdict, judge, rules, verdicts
from finrst.analyze.rules.facts import Cut
from finrst.analyze.rules.signatures import SIGNATURES
from finrst.analyze.scan import Scan, scan
from finrst.analyze.story import Evidence, Rival
from finrst.analyze.tell import join
from finrst.analyze.verdicts import Verdicts
from finrst.analyze.vocabulary import ENDINGS, REASONS, WHO
from finrst.capture.packet_script import parse
from finrst.plots import words

ROOT = Path(__file__).parents[3]
EACH = pytest.mark.parametrize("code", list(rules()))
FIN = Evidence("fin", {"side": "client"}, (1,))


@EACH
def test_a_rule_is_named_as_its_file_and_has_its_sentence(code: str) -> None:
    rule = rules()[code]
    assert rule.__module__.rsplit(".", 1)[1].replace("_", "-") == code
    assert words.has(f"rule-{code}")


@EACH
def test_the_stronger_stands_before_the_weaker(code: str) -> None:
    order = list(rules())
    assert all(order.index(code) < order.index(weaker) for weaker in rules()[code].stronger_than)


def weaker(code: str) -> set[str]:
    """All codes of which this one takes the headline, directly or over others."""
    found: set[str] = set()
    todo = [code]
    while todo:
        new = set(rules()[todo.pop()].stronger_than) - found
        found |= new
        todo += new
    return found


def told(script: str, folder: Path) -> list[Verdict]:
    """The verdicts on a packet script's first connection, its headline first; with its calls, where it has any."""
    parse(script).write(folder)
    paths, beside = opened((str(folder),))
    found = scan(paths)
    if beside is not None:
        join(found, beside)
    return list(Verdicts(found).of(0))


@EACH
def test_a_page_has_its_headings_in_order(code: str) -> None:
    rule = rules()[code]
    assert tuple(rule.sections()) == HEADINGS
    assert all(rule.sections().values())
    assert rule.first_line().endswith(".") and (rule.__doc__ or "").startswith(rule.first_line())


@EACH
def test_its_example_fires_it_and_nothing_unrelated(code: str, tmp_path: Path) -> None:
    """What else matches is what it takes the headline from."""
    examples = rules()[code].examples()
    for place, script in enumerate(examples):
        codes = [verdict.code for verdict in told(script, tmp_path / str(place))]
        assert codes[0] == code
        assert set(codes[1:]) <= weaker(code)
    if not examples:  # no packet script can say it: a recording does
        found = scan(str(ROOT / "samples" / str(rules()[code].recorded()) / "packets.pcapng"))
        assert Verdicts(found).of(0)[0].code == code


@EACH
def test_the_examples_of_what_it_might_be_confused_with_are_told_otherwise(code: str, tmp_path: Path) -> None:
    neighbours = rules()[code].neighbours()
    assert neighbours and code not in neighbours
    for other in neighbours:
        for place, script in enumerate(rules()[other].examples()):
            assert told(script, tmp_path / f"{other}-{place}")[0].code != code


OPEN = """0.000 < S 0:0(0) win 64240 <mss 1460,TS val 1 ecr 0>
0.000 > S. 0:0(0) ack 1 win 65160 ttl 54 id 0 <mss 1460,TS val 9 ecr 1>
0.010 < . 1:1(0) ack 1 <TS val 2 ecr 9>
0.020 < P. 1:101(100) ack 1 <TS val 3 ecr 9>
0.020 > P. 1:201(200) ack 101 id 700 <TS val 10 ecr 3>
0.030 < . 101:101(0) ack 201 <TS val 4 ecr 10>
"""


@pytest.mark.parametrize(
    ("last", "code"),
    [
        ("1.000 > R. 201:201(0) ack 101 ttl 245 id 701 <TS val 12 ecr 4>", "aborted"),  # TTL 255 at its sender
        ("1.000 > R. 201:201(0) ack 101 ttl 51 id 701 <TS val 12 ecr 4>", "aborted"),  # another way
        ("1.000 > R. 201:201(0) ack 101 id 0", "aborted"),  # as firewalls and some kernels do
        ("1.000 > R. 201:201(0) ack 101 id 40000 <TS val 12 ecr 4>", "aborted"),  # IP-IDs at random
        ("1.000 > R. 201:201(0) ack 101 ttl 51 id 701", "aborted"),  # two votes
        ("1.000 > R. 201:201(0) ack 101 ttl 51 id 40000", "reset-forged"),  # three
        ("1.000 < P. 101:201(100) ack 201 <TS val 5 ecr 10>\n1.000 > R 201:201(0) ttl 245 id 0", "unknown-connection"),
    ],
)
def test_no_single_sign_accuses_the_end_in_whose_name_a_reset_came(last: str, code: str, tmp_path: Path) -> None:
    assert told(f"{OPEN}{last}\n", tmp_path / "x")[0].code == code


CLIENTS = """local 192.0.2.1:40000
remote 192.0.2.2:443
0.000 > S 0:0(0) win 64240 <mss 1460>
{rtt} < S. 0:0(0) ack 1 win 65160 ttl 50 id 700 <mss 1460>
{rtt} > . 1:1(0) ack 1
1.000 > P. 1:518(517) ack 1
"""


@pytest.mark.parametrize(
    ("rtt", "resets", "code"),
    [
        ("0.300", ["1.007 < R 1:1(0) id 0"], "reset-forged"),  # a tenth of the way is more than jitter
        ("0.020", ["1.007 < R 1:1(0) id 0"], "unknown-connection"),  # a slow first answer is no proof
        ("0.020", ["1.007 < R 1:1(0) ttl 61 id 0"], "reset-forged"),  # and another way
        ("0.020", ["1.020 < R 1:1(0) id 0", "1.021 < R 1461:1461(0)"], "unknown-connection"),
        ("0.020", ["1.020 < R 1:1(0) ttl 61 id 0", "1.021 < R 1461:1461(0)"], "reset-forged"),
    ],
)
def test_a_reset_sooner_than_an_answer_can_be_is_a_vote(rtt: str, resets: list[str], code: str, tmp_path: Path) -> None:
    script = "\n".join([CLIENTS.format(rtt=rtt), *resets, ""])
    verdict = told(script, tmp_path / "x")[0]
    assert verdict.code == code
    assert verdict.certainty == "compatible"


def test_a_reset_made_before_the_fin_was_acknowledged_is_its_senders_own(tmp_path: Path) -> None:
    """Its number is one below what comes next: crossing data, not a guess."""
    lines = "0.100 > F. 201:201(0) ack 101 <TS val 12 ecr 4>\n0.101 < P. 101:201(100) ack 201 <TS val 5 ecr 10>\n"
    codes = [one.code for one in told(f"{OPEN}{lines}0.101 > R 201:201(0) ttl 64 id 0\n", tmp_path / "x")]
    assert codes[0] == "idle-timeout-race" and "reset-forged" not in codes


def test_an_acknowledgement_that_was_under_way_does_not_hide_the_race(tmp_path: Path) -> None:
    """The client's ACK of the FIN left before the RST that answers its request arrived; it is answered, too."""
    lines = """5.100 > F. 201:201(0) ack 101 <TS val 12 ecr 4>
    5.101 < P. 101:201(100) ack 201 <TS val 5 ecr 10>
    5.101 > R 201:201(0) ttl 54 id 0
    5.140 < . 201:201(0) ack 202 <TS val 6 ecr 12>
    5.140 > R 202:202(0) ttl 54 id 0
    """
    assert told(OPEN + lines, tmp_path / "x")[0].code == "idle-timeout-race"


IDLE = """0.000 < S 0:0(0) win 64240 <mss 1460>
0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
0.010 < . 1:1(0) ack 1
0.020 < P. 1:101(100) ack 1
0.020 > . 1:1(0) ack 101
0.030 > P. 1:201(200) ack 101
0.040 < . 101:101(0) ack 201
"""


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("400 < P. 101:201(100) ack 201", "400 > R 201:201(0)"), "idle-connection-forgotten"),
        (("400 < P. 101:102(1) ack 201", "400 > R 201:201(0)"), "idle-connection-forgotten"),
        (("400 < F. 101:101(0) ack 201", "400 > R 201:201(0)"), "idle-connection-forgotten"),
        (("400 > P. 201:301(100) ack 101", "400.02 < R 101:101(0)"), "idle-connection-forgotten"),
        (("59 < P. 101:201(100) ack 201", "59 > R 201:201(0)"), "unknown-connection"),
        (("350 > . 201:201(0) ack 101", "400 < P. 101:201(100) ack 201", "400 > R 201:201(0)"), "unknown-connection"),
        (("400 < . 100:100(0) ack 201", "400 > R 201:201(0)"), "half-open"),
        (("400 < . 100:101(1) ack 201", "400 > R 201:201(0)"), "half-open"),
        (("350 > F. 201:201(0) ack 101", "400 < P. 101:201(100) ack 202", "400 > R 202:202(0)"), None),
        (("400 > R. 201:201(0) ack 101",), None),
        (("400 < P. 101:201(100) ack 201", "400 > R. 201:201(0) ack 201"), None),
        # the sender of the RST had waited for an acknowledgement in vain: it was not idle
        (
            ("1 > P. 201:301(100) ack 101", "1.2 > P. 201:301(100) ack 101", "1.6 > P. 201:301(100) ack 101",
             "400 < P. 101:201(100) ack 201", "400 > R 201:201(0)"),
            "retransmission-timeout",
        ),
    ],
)  # fmt: skip
def test_only_the_first_segment_after_a_silence_finds_the_connection_forgotten(
    lines: tuple[str, ...], code: str | None, tmp_path: Path
) -> None:
    codes = [verdict.code for verdict in told("\n".join([IDLE, *lines, ""]), tmp_path / "x")]
    assert codes[0] == code or (code is None and "idle-connection-forgotten" not in codes)


def test_signs_of_another_sender_leave_no_room_for_a_restarted_peer(tmp_path: Path) -> None:
    """Alone, each would prove nothing: the silence names the cause, and they its place."""
    restarted, on_the_path = [
        told(script, tmp_path / str(place))[0]
        for place, script in enumerate(rules()["idle-connection-forgotten"].examples())
    ]
    assert [rival.code for rival in restarted.rivals] == ["unknown-connection"]
    assert [rival.code for rival in on_the_path.rivals] == ["reset-forged"]
    assert {"early", "other-way"} <= {one.says for one in on_the_path.evidence}
    firewall = told(rules()["reset-by-firewall"].examples()[0], tmp_path / "firewall")[0]
    assert firewall.evidence[0].says == "silence-before-trigger"


def test_a_verdict_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no evidence"):
        Verdict("closed", "implied", {}, ())


def test_a_compatible_verdict_names_its_rivals_and_no_other_does() -> None:
    with pytest.raises(ValueError, match="rivals"):
        Verdict("aborted", "compatible", {}, (FIN,))
    with pytest.raises(ValueError, match="rivals"):
        Verdict("aborted", "proved", {}, (FIN,), (Rival("closed", "calls"),))


def facts(found: Scan) -> Facts:
    return Facts(ConnectionTable(found), ResetTable(found))


def test_every_connection_of_the_samples_has_one_headline_and_its_words() -> None:
    for path in sorted(ROOT.glob("samples/*/packets.pcapng")):
        found = scan(str(path))
        f = facts(found)
        judged = judge(f)
        for row in range(len(f)):
            found_of_row = verdicts(f, judged, row)
            first, *others = found_of_row
            assert first.headline and not any(verdict.headline for verdict in others)
            assert {verdict.code for verdict in others} <= weaker(first.code), path.parent.name
            for verdict in found_of_row:
                assert words.has(f"rule-{verdict.code}")
                assert all(words.has(f"evidence-{one.says}") for one in verdict.evidence), verdict
                assert all(frame > 0 for one in verdict.evidence for frame in one.frames), path.parent.name
                assert all(words.has(f"decides-{one.decides}") and one.code in rules() for one in verdict.rivals)


def test_rows_are_judged_in_blocks_as_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = sorted(map(str, ROOT.glob("samples/*/packets.pcapng")))
    f = facts(scan(paths))
    together = judge(f)
    monkeypatch.setattr("finrst.analyze.rules.BLOCK", 16)
    apart = judge(f)
    assert len(f) > 100
    assert (apart.bits == together.bits).all()
    assert (apart.headline == together.headline).all()
    for code in together.codes:
        assert together.matched(code).tolist() == [code in together.all(row) for row in range(len(f))], code


def test_a_row_is_judged_alone_as_among_others(shared_captures: Path) -> None:
    for path in sorted(shared_captures.glob("*.pcap*")):
        found = scan(str(path))
        together = judge(facts(found))
        everything = found.connections
        for row, c in enumerate(everything):
            found.connections = [c]
            assert list(judge(facts(found)).all(0)) == list(together.all(row)), (path.name, c.number)


def test_no_connection_is_judged_twice_and_none_is_left_out() -> None:
    found = scan(str(ROOT / "samples" / "write-twice" / "packets.pcapng"))
    found.connections = []
    empty = judge(facts(found))
    assert empty.bits.shape == (len(rules()), 0) and len(empty.headline) == 0
    assert FALLBACK in empty.codes
    assert np.issubdtype(empty.headline.dtype, np.integer)


def test_whatever_the_columns_hold_an_ending_that_is_known_has_a_verdict() -> None:
    """Only a connection whose ending is unknown is left to the fallback."""
    random, rows = np.random.default_rng(7), 200_000
    connections = Cut({name: random.integers(0, 3, rows).astype(DTYPES[code]) for name, code in COLUMNS.items()})
    resets = Cut({name: random.integers(0, 3, rows).astype(DTYPES[code]) for name, code in RESET_COLUMNS.items()})
    connections["number"][:] = resets["connection"][:] = np.arange(rows)
    connections["ending"][:] = random.integers(0, len(ENDINGS), rows)
    connections["ended_by"][:] = random.integers(0, len(WHO), rows)
    connections["facts"][:] = random.integers(0, 1 << 46, rows)
    resets["facts"][:] = random.integers(0, 1 << 46, rows)
    resets["distance"][:] = random.integers(-1, 2, rows)
    resets["frame"][:] = np.arange(1, rows + 1)
    connections["reset"][:] = resets["frame"]
    f = Facts(connections, resets)
    f.reason[:] = random.integers(0, len(REASONS), rows) * random.integers(0, 2, rows)
    judged = judge(f)
    assert set(f.ending[judged.headline == judged.codes.index(FALLBACK)]) == {ENDINGS.index("unknown")}


def test_what_is_told_of_a_row_is_its_verdict_from_then_on_and_of_no_other() -> None:
    f = facts(scan(sorted(map(str, ROOT.glob("samples/*/packets.pcapng")))))
    judged = judge(f)
    before = [list(judged.all(row)) for row in range(len(f))]
    place = len(f) // 2
    told = (Verdict("reset-forged", "proved", {}, (FIN,)), Verdict("closed", "implied", {}, (FIN,)))
    judged.tell(place, told)
    assert verdicts(f, judged, place) == told
    assert list(judged.all(place)) == ["reset-forged", "closed"] and judged.matched("reset-forged")[place]
    assert [list(judged.all(row)) for row in range(len(f)) if row != place] == before[:place] + before[place + 1 :]


# The 19 signatures of tampering: each is named where the client's packets have its form, and accuses nobody.

SYN = """0.000 < S 0:0(0) win 64240 <mss 1460>
0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
"""
SHAKEN = f"{SYN}0.010 < . 1:1(0) ack 1\n"
ASKED = f"{SHAKEN}0.020 < P. 1:101(100) ack 1\n0.020 > . 1:1(0) ack 101\n"
MORE = f"{ASKED}0.050 < P. 101:201(100) ack 1\n0.050 > . 1:1(0) ack 201\n"
ALIVE = "1.000 > S. 0:0(0) ack 1\n3.000 > S. 0:0(0) ack 1\n7.000 > S. 0:0(0) ack 1\n"
ANSWERS = "0.100 > P. 1:201(200) ack 101\n0.400 > P. 1:201(200) ack 101\n1.000 > P. 1:201(200) ack 101\n"
ANSWERS += "4.000 > P. 1:201(200) ack 101\n"
GREETS = ANSWERS.replace("ack 101", "ack 1")
BY_NUMBER = {
    1: SYN + ALIVE,
    2: SYN + "0.100 < R 1:1(0) win 0\n",
    3: SYN + "0.100 < R. 1:1(0) ack 1 win 0\n",
    4: SYN + "0.100 < R 1:1(0) win 0\n0.101 < R. 1:1(0) ack 1 win 0\n",
    5: SHAKEN + GREETS,
    6: SHAKEN + "0.100 < R 1:1(0) win 0\n",
    7: SHAKEN + "0.100 < R 1:1(0) win 0\n0.101 < R 1:1(0) win 0\n",
    8: SHAKEN + "0.100 < R. 1:1(0) ack 1 win 0\n",
    9: SHAKEN + "0.100 < R. 1:1(0) ack 1 win 0\n0.101 < R. 1:1(0) ack 1 win 0\n",
    10: ASKED + ANSWERS,
    11: ASKED + "0.100 < R 101:101(0) win 0\n",
    12: ASKED + "0.100 < R. 101:101(0) ack 1 win 0\n",
    13: ASKED + "0.100 < R 101:101(0) win 0\n0.101 < R. 101:101(0) ack 1 win 0\n",
    14: ASKED + "0.100 < R. 101:101(0) ack 1 win 0\n0.101 < R. 101:101(0) ack 1 win 0\n",
    15: ASKED + "0.100 < R 101:101(0) ack 9 win 0\n0.101 < R 101:101(0) ack 9 win 0\n",
    16: ASKED + "0.100 < R 101:101(0) ack 9 win 0\n0.101 < R 101:101(0) ack 99 win 0\n",
    17: ASKED + "0.100 < R 101:101(0) ack 9 win 0\n0.101 < R 101:101(0) win 0\n",
    18: MORE + "0.100 < R 201:201(0) win 0\n",
    19: MORE + "0.100 < R. 201:201(0) ack 1 win 0\n",
}


def patterns(verdict: Verdict) -> list[str]:
    return [str(one.values["pattern"]) for one in verdict.evidence if one.says == "signature"]


@pytest.mark.parametrize("number", BY_NUMBER)
def test_a_signature_is_named_with_its_stage_and_accuses_nobody(number: int, tmp_path: Path) -> None:
    verdict = told(BY_NUMBER[number], tmp_path)[0]
    assert patterns(verdict) == [SIGNATURES[number - 1][1]]
    assert verdict.code not in ("reset-forged", "reset-by-firewall", "forged-fin")


def test_all_of_them_are_tried() -> None:
    assert sorted(BY_NUMBER) == list(range(1, len(SIGNATURES) + 1)) and len({one for _, one in SIGNATURES}) == 19


@pytest.mark.parametrize(
    "script",
    [
        ASKED + "0.100 < F. 101:101(0) ack 1\n0.100 > . 1:1(0) ack 102\n0.200 < R 102:102(0) win 0\n",  # it had closed
        ASKED + "0.100 > R. 1:1(0) ack 101 win 0\n",  # not in the client's name
        ASKED,  # no three seconds have passed
        SHAKEN.partition("\n")[2] + "0.100 < R 1:1(0) win 0\n",  # the beginning was not captured
        "0.000 < S 0:0(0) win 64240\n1.000 < S 0:0(0) win 64240\n1.100 < R 1:1(0) win 0\n",  # SYN twice
        ASKED + "".join(f"0.0{n} < . 101:101(0) ack 1\n" for n in range(30, 40)) + "0.100 < R 101:101(0) win 0\n",
        ASKED + "0.100 < R 101:101(0) win 0\n0.200 < P. 101:201(100) ack 1\n",  # which of both was further data?
    ],
)
def test_where_it_does_not_hold_or_cannot_be_told_none_is_named(script: str, tmp_path: Path) -> None:
    assert patterns(told(script, tmp_path)[0]) == []


def test_large_data_are_several_segments(tmp_path: Path) -> None:
    script = SHAKEN + "0.020 < . 1:1461(1460) ack 1\n0.020 < P. 1461:1561(100) ack 1\n0.100 < R 1561:1561(0) win 0\n"
    assert patterns(told(script, tmp_path)[0]) == ["⟨PSH+ACK; Data → RST⟩"]


@pytest.mark.parametrize(("way", "end", "seq"), [("<", "client", 101), (">", "server", 1)])
def test_different_ack_numbers_are_a_vote_that_needs_others(way: str, end: str, seq: int, tmp_path: Path) -> None:
    first, second = (f"0.10{n} {way} R {seq}:{seq}(0) ack {ack} win 0" for n, ack in ((0, 9), (1, 99)))
    three = told(f"{ASKED}{first} ttl 61 id 40000\n{second} ttl 61\n", tmp_path / "three")[0]
    assert three.code == "reset-forged" and three.values["side"] == end
    assert {"acks-differ", "other-way", "other-counter"} <= {one.says for one in three.evidence}
    assert told(f"{ASKED}{first} ttl 61\n{second} ttl 61\n", tmp_path / "two")[0].code != "reset-forged"
