"""How calls are spelled, and addresses; the calls themselves are tried in tests/capture/test_lab.py."""

from __future__ import annotations

import pytest

from finrst.capture.truth import calls


@pytest.mark.parametrize("name", ["10.9.0.2:9000", "[fd00:9::2]:65535"])
def test_an_address_reads_back_from_its_struct(name: str) -> None:
    host, _, port = name.rpartition(":")
    raw = calls.address(host.strip("[]"), int(port))
    assert len(raw) == (16 if "." in name else 28)
    assert calls.name_of(raw) == name


def test_an_address_without_a_port_names_nothing() -> None:
    assert calls.name_of(calls.address("0.0.0.0", 0)) is None
    assert calls.name_of(bytes(16)) is None


@pytest.mark.parametrize(
    ("call", "arguments", "text"),
    [
        ("write", (4, b"x" * 18), "write(4, 18 bytes)"),
        ("write", (4, 3_000_000), "write(4, 3,000,000 bytes)"),
        ("read", (4, 4096), "read(4, 4096)"),
        ("connect", (3, "10.9.0.2:9000"), "connect(3, 10.9.0.2:9000)"),
        ("shutdown", (4, "SHUT_WR"), "shutdown(4, SHUT_WR)"),
        ("setsockopt", (4, "SO_LINGER", 1, 0), "setsockopt(4, SO_LINGER, 1, 0)"),
        ("socket", ("AF_INET6",), "socket(AF_INET6)"),
    ],
)
def test_a_call_is_spelled_as_people_read_it(call: str, arguments: tuple[object, ...], text: str) -> None:
    assert calls.text_of(call, arguments) == text


def test_an_errno_has_its_name() -> None:
    assert calls.errno_name(32) == "EPIPE"
    assert calls.errno_name(9999) == "errno 9999"


def test_calls_can_be_made_here() -> None:
    assert calls.available() == (True, "")
