"""A proxy's two connections: a process accepted one and connected the other, and ends one for what the other said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from ..capture import facts

ACCEPTS = ("accept", "accept4")
BROKEN = ("EPIPE", "ECONNRESET", "ECONNABORTED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH")  # a connection was

Process = tuple[str, int]  # name, pid
Ends = frozenset[str | None]


class Proxies:
    """The calls of all processes that are proxies, by time."""

    def __init__(self, processes: Mapping[Process, Sequence[facts.Call]]) -> None:
        self._calls: dict[Process, list[facts.Call]] = {}
        self._times: dict[Process, list[int]] = {}
        self._accepted: dict[Process, dict[Ends, bool]] = {}  # or connected
        for process, told in processes.items():
            own = [call for call in told if call.local and call.remote]
            accepted = {_ends(call): call.call in ACCEPTS for call in own if call.call in (*ACCEPTS, "connect")}
            if len(set(accepted.values())) > 1:
                self._calls[process], self._accepted[process] = own, accepted
                self._times[process] = [call.t_ns for call in own]

    def failed(self, process: Process, one: str, other: str, since_ns: int, until_ns: int) -> facts.Call | None:
        """The last call on its other connection that failed, before it ended the one between these endpoints.

        None where calls on a third connection stand between: then the end need not be for this.
        """
        accepted, this = self._accepted.get(process, {}), frozenset((one, other))
        if this not in accepted:
            return None
        beside: Ends | None = None
        for call in self._before(process, until_ns):
            ends = _ends(call)
            if call.t_ns < since_ns or ends not in (this, beside or ends):
                return None
            if ends == this:
                continue
            beside = ends
            error = call.errno or (call.says or "").removeprefix("SO_ERROR = ")
            if error in BROKEN and accepted.get(ends) is not None and accepted[ends] != accepted[this]:
                return call
        return None

    def _before(self, process: Process, until_ns: int) -> Iterable[facts.Call]:
        """Its calls up to that time, the last one first."""
        own = self._calls[process]
        return (own[place] for place in range(bisect_right(self._times[process], until_ns) - 1, -1, -1))


def _ends(call: facts.Call) -> Ends:
    return frozenset((call.local, call.remote))
