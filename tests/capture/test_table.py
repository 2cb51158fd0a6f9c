"""The batch of records: columns of the promised types, and link types as tcpdump.org numbers them."""

from __future__ import annotations

from scapy.data import DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL, DLT_PPP, DLT_RAW

from finrst.analyze.scan import LINK_NAMES
from finrst.capture import table

from ..engines import Engine, both


@both
def test_a_batch_has_room_in_every_column_of_the_promised_type(engine: Engine) -> None:
    records = engine("capture.table").Records()
    widths = {
        "at": ("I", 4),
        "captured": ("I", 4),
        "length": ("I", 4),
        "ts": ("q", 8),
        "link": ("H", 2),
        "frame": ("I", 4),
    }
    for name, (code, width) in widths.items():
        column = getattr(records, name)
        assert (column.typecode, column.itemsize, len(column)) == (code, width, table.BATCH_ROWS)
    assert records.count == 0 and isinstance(records.data, bytearray)


def test_what_a_decoder_finds_and_what_is_wrong_are_told_apart_by_number() -> None:
    names = vars(table)
    for prefix, count in (("CHECKSUM_", 4), ("FAULT_", 5)):
        numbers = [value for name, value in names.items() if name.startswith(prefix)]
        assert sorted(numbers) == list(range(count))
    assert [table.NOT_TCP, table.TCP, table.QUOTED_TCP, table.HEADERLESS_TCP] == [0, 1, 2, 3]
    options = [value for name, value in names.items() if name.startswith("OPTION_")]
    assert sorted(options) == [1, 2, 4, 8, 16]


def test_link_types_have_the_numbers_that_others_know() -> None:
    numbers = [value for name, value in vars(table).items() if name.startswith("LINKTYPE_")]
    assert len(set(numbers)) == len(numbers) and table.LINK_NONE not in numbers
    assert table.LINKTYPE_ETHERNET == DLT_EN10MB and table.LINKTYPE_NULL == DLT_NULL and table.LINKTYPE_PPP == DLT_PPP
    assert table.LINKTYPE_LINUX_SLL == DLT_LINUX_SLL and table.LINKTYPE_LINUX_SLL2 == DLT_LINUX_SLL2
    assert table.LINKTYPE_RAW_12 == DLT_RAW


def test_every_link_type_has_a_name() -> None:
    numbers = {value for name, value in vars(table).items() if name.startswith("LINKTYPE_")}
    assert numbers <= set(LINK_NAMES)


def test_damage_and_errors_say_what_and_where() -> None:
    damage = table.Damage(24, "record of 4 GB", "everything before it")
    assert (damage.offset, damage.what, damage.read) == (24, "record of 4 GB", "everything before it")
    assert str(table.CaptureError("x.pcap: not a capture file")) == "x.pcap: not a capture file"
