"""The width tables against real fonts where there are any, and line breaking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrst.plots import metrics


def test_state_names_have_the_width_of_a_monospaced_font() -> None:
    assert metrics.wider("ESTABLISHED", 10, "mono") == pytest.approx(66.22)


@pytest.mark.parametrize("bold", [False, True])
def test_the_wider_table_is_never_narrower_than_arial(bold: bool) -> None:
    text = "".join(map(chr, range(32, 127)))
    for char in text:
        assert metrics.wider(char, 10, "sans", bold) >= metrics.arial(char, 10, "sans", bold)


def test_han_characters_are_one_em_and_two_cells() -> None:
    assert metrics.wider("结论", 12) == 24
    assert metrics.cells("结论 a") == 6
    assert metrics.cells("e\u0301") == 1


def test_no_line_starts_with_closing_punctuation() -> None:
    text = "客户端先关闭。服务器第一次写被接受并引来复位；第二次写失败，返回错误（管道破裂）。"
    for width in range(40, 300, 7):
        lines = metrics.wrap(text, width, lambda part: metrics.wider(part, 13))
        assert "".join(lines) == text
        assert not any(line[0] in "。，、；：？！）”" for line in lines)


@given(st.text(alphabet="ab cd,.（中文。）x" + "w" * 3, max_size=80), st.integers(30, 200))
def test_wrapping_drops_nothing_and_overflows_nowhere(text: str, width: int) -> None:
    lines = metrics.wrap(text, width, lambda part: metrics.wider(part, 12))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) == 1 or metrics.wider(line, 12) <= width for line in lines)


def test_chinese_is_broken_behind_punctuation_that_is_near() -> None:
    said = "保活探测得到 RST 应答，仿佛它不属于任何连接。可能服务器已丢失状态，例如重启过；也可能是防火墙应答。"
    room = 0.7 * metrics.wider(said, 12)
    plain = metrics.wrap(said, room, lambda part: metrics.wider(part, 12))
    lines = metrics.by_clauses(said, room, lambda part: metrics.wider(part, 12), 2)
    assert len(plain) == 2 and plain[0][-1] not in "，；。"
    assert "".join(lines) == said and [line[-1] for line in lines] == ["。", "。"]


@given(st.text(alphabet="数据报文，。（） RST123", min_size=1, max_size=60), st.integers(60, 400))
def test_lines_by_clauses_drop_nothing_and_are_as_many_as_plain_ones(text: str, width: int) -> None:
    def measure(part: str) -> float:
        return metrics.wider(part, 12)

    plain = metrics.wrap(text, width, measure)
    lines = metrics.by_clauses(text, width, measure, len(plain)) if plain else []
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert len(lines) == len(plain)
    assert all(len(line) == 1 or measure(line) <= width for line in lines)


def test_a_word_longer_than_the_line_is_cut_not_lost() -> None:
    lines = metrics.wrap("x" * 50, 60, lambda part: metrics.arial(part, 12))
    assert "".join(lines) == "x" * 50 and len(lines) > 1


def test_a_long_name_is_parted_at_its_joints() -> None:
    for name, joints in (
        ("java.net.SocketException", {"java.", "java.net.", "java.net.Socket"}),
        ("TCP_ABORT_ON_CLOSE", {"TCP_", "TCP_ABORT_", "TCP_ABORT_ON_"}),
    ):
        for room in (8, 12, 16):
            first = metrics.wrap(name, room, len)[0]
            assert first in joints, (name, room, first)


def test_a_symbol_is_not_torn_from_its_value() -> None:
    for room in range(12, 40):
        assert not any(
            line.endswith("=") or line.startswith("=")
            for line in metrics.wrap("count from J = 1234, K = 5678", room, len)
        )


def test_a_name_is_not_torn_from_its_number() -> None:
    for room in range(14, 40):
        assert not any(
            line.endswith("Linux") for line in metrics.wrap("as recorded. Linux 6.18.44. Captured", room, len)
        )


def test_a_number_is_torn_neither_from_its_unit_nor_from_the_word_that_it_ends() -> None:
    for room in range(16, 60):
        lines = metrics.wrap("its timeout of 700 ms ran from try 3. All of 18 bytes were lost.", room, len)
        assert not any(line.endswith(("700", "try", "18")) for line in lines)
        lines = metrics.wrap("又过 438 ms，另一端的序号只有 0。之后再无报文", room, metrics.cells)
        assert not any(line.endswith(("438", "只有")) for line in lines)


def test_a_number_and_its_unit_are_parted_before_any_word_is() -> None:
    assert metrics.wrap("1234567 bytes", 9, len) == ["1234567", "bytes"]


def test_a_number_is_not_torn_from_the_han_word_that_counts() -> None:
    for width in range(12, 40):
        lines = metrics.wrap(
            "packets.pcapng 等 40 个文件，332 个报文。每个连接一条", width, lambda part: float(metrics.cells(part))
        )
        assert not any(line[-1].isdigit() for line in lines[:-1])
