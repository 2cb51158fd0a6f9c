"""Options of a header as text: in their order, nothing left out, whatever stands there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrst.capture import packet_script
from finrst.plots.tcp_options import written


def header(options: bytes) -> bytes:
    """A TCP header with these options."""
    return bytes(12) + bytes((5 + len(options) // 4 << 4,)) + bytes(7) + options


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("020405b4", "mss 1460"),
        ("0402080a0000000100000000010303 07", "sackOK,TS val 1 ecr 0,nop,wscale 7"),
        ("0101050a0000000b00000015", "nop,nop,sack 1:11"),
        ("02040200 00000000", "mss 512,eol"),
        ("01010000", "nop,nop,eol"),
        ("00000001", "eol,bytes 0x000001"),
        ("0000000000000000", "eol,bytes 0x00000000000000"),
        ("1e040102", "kind-30 0x0102"),
        ("02030500", "kind-2 0x05,eol"),
        ("03000000", "bytes 0x03000000"),
        ("01010108", "nop,nop,nop,bytes 0x08"),
        ("080a0001", "bytes 0x080a0001"),
    ],
)
def test_each_option_in_its_order(data: str, text: str) -> None:
    assert ",".join(written(header(bytes.fromhex(data)), base=10)) == text


def test_of_an_option_that_the_capture_cuts_off_its_bytes_are_written() -> None:
    whole = header(bytes.fromhex("020405b4080a00000001000000000101"))
    assert written(whole[:30]) == ("mss 1460", "bytes 0x080a00000001")
    assert written(whole[:24]) == ("mss 1460",)
    assert written(whole[:10]) == ()


@given(st.binary(max_size=10).map(lambda data: data * 4), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read_back_byte_for_byte(data: bytes, base: int) -> None:
    text = ",".join(written(header(data), base))
    script = f"remote isn {base}\n0 > S 0:0(0){f' <{text}>' if text else ''}\n"
    assert packet_script.parse(script).packets[0].options == data
