"""Options of a header as text: in their order, nothing left out, whatever stands there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrst.capture import packet_script
from finrst.plots.tcp_options import written


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("020405b4", "mss 1460"),
        ("0402080a0000000100000000010303 07", "sackOK,TS val 1 ecr 0,nop,wscale 7"),
        ("0101050a0000000b00000015", "nop,nop,sack 1:11"),
        ("02040200 00000000", "mss 512,eol"),
        ("0000", "eol"),
        ("00000001", "eol,bytes 0x000001"),
        ("0000000000000000", "eol,bytes 0x00000000000000"),
        ("1e040102", "kind-30 0x0102"),
        ("02030500", "kind-2 0x05,eol"),
        ("0300", "bytes 0x0300"),
        ("08", "bytes 0x08"),
        ("080a0001", "bytes 0x080a0001"),
    ],
)
def test_each_option_in_its_order(data: str, text: str) -> None:
    assert ",".join(written(bytes.fromhex(data), base=10)) == text


@given(st.binary(max_size=10).map(lambda data: data * 4), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read_back_byte_for_byte(data: bytes, base: int) -> None:
    text = ",".join(written(data, base))
    script = f"remote isn {base}\n0 > S 0:0(0){f' <{text}>' if text else ''}\n"
    assert packet_script.parse(script).packets[0].options == data
