"""Numbers out of bytes, in either order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ..engines import Engine, both

numbers = st.binary(min_size=8, max_size=8)
before = st.binary(max_size=9)


@both
@given(before=before, number=numbers)
def test_the_numbers_are_those_that_python_reads(engine: Engine, before: bytes, number: bytes) -> None:
    octets = engine("capture.octets")
    data, at = before + number, len(before)
    for name, size in (("be16", 2), ("be32", 4), ("be64", 8), ("le16", 2), ("le32", 4)):
        expected = int.from_bytes(number[:size], "big" if name.startswith("be") else "little")
        assert getattr(octets, name)(data, at) == expected, name
