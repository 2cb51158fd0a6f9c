"""Which call on a proxy's other connection is the one that it passed on."""

from __future__ import annotations

from typing import Any

import pytest

from finrst.analyze.proxies import Proxies
from finrst.capture import facts

FRONT = {"local": "10.9.0.3:8080", "remote": "10.9.0.1:40000"}  # accepted
BACK = {"local": "10.9.0.3:40001", "remote": "10.9.0.2:9000"}  # connected
THIRD = {"local": "10.9.0.3:40002", "remote": "10.9.0.4:9000"}  # connected
PROXY = ("proxy", 7)


def call(t_ns: int, name: str, ends: dict[str, str], errno: str | None = None, says: str | None = None) -> facts.Call:
    more: dict[str, Any] = {"until_ns": t_ns, "pid": 7, "text": name, "result": -1 if errno else 0, **ends}
    return facts.Call(t_ns=t_ns, process="proxy", call=name, errno=errno, says=says, **more)


def failed(*calls: facts.Call, until_ns: int = 99) -> int | None:
    """When the call that failed behind FRONT was made."""
    found = Proxies({PROXY: calls}).failed(PROXY, FRONT["remote"], FRONT["local"], 1, until_ns)
    return None if found is None else found.t_ns


OPENED = (call(2, "accept", FRONT), call(3, "connect", BACK))


@pytest.mark.parametrize(
    ("errno", "says"), [("ECONNRESET", None), (None, "SO_ERROR = EPIPE")], ids=["a call fails", "SO_ERROR tells"]
)
def test_the_error_of_the_other_connection_is_found(errno: str | None, says: str | None) -> None:
    assert failed(*OPENED, call(5, "read", BACK, errno, says), call(6, "write", FRONT)) == 5


def test_what_failed_after_the_close_is_not_its_cause() -> None:
    assert failed(*OPENED, call(50, "read", BACK, "ECONNRESET"), until_ns=49) is None


def test_calls_on_a_third_connection_between_leave_it_open() -> None:
    third = (call(4, "connect", THIRD), call(6, "write", THIRD))
    assert failed(*OPENED, *third, call(7, "read", BACK, "ECONNRESET")) == 7
    assert failed(*OPENED, third[0], call(5, "read", BACK, "ECONNRESET"), third[1]) is None


def test_errors_that_are_no_end_of_a_connection_are_passed_over() -> None:
    assert failed(*OPENED, call(5, "read", BACK, "EAGAIN")) is None


def test_a_process_that_only_accepts_or_only_connects_is_no_proxy() -> None:
    two_accepted = (call(2, "accept", FRONT), call(3, "accept", BACK), call(5, "read", BACK, "ECONNRESET"))
    assert failed(*two_accepted) is None
    assert failed(call(3, "connect", BACK), call(5, "read", BACK, "ECONNRESET")) is None
