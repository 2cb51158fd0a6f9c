"""What the next call of an end returns, for each call that it may make: the contract's "outcomes".

Every call is tried on a copy of the socket that the packets have made; so the table is the automaton, not a second one.
There are few different ends in a capture of many connections: each is computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ..story import Connection, Outcome, Outcomes, Returns
from . import bsd, linux, windows
from .automaton import Returned, Socket
from .worlds import Left, Seen, World, both

SYSTEMS: dict[str, type[Socket]] = {name: module.System for module in (linux, bsd, windows) for name in module.SYSTEMS}
OTHERS = 2  # at most so many other values for each call (contract)

CALLS: dict[str, Callable[[Socket], Returned]] = {
    "connect": lambda socket: socket.connect(),
    "read": lambda socket: socket.read(),
    "write": lambda socket: socket.write(),
    "so_error": lambda socket: socket.so_error(),
    "poll": lambda socket: socket.poll(),
}


def parse_systems(text: str) -> tuple[str, str]:
    """`linux`, or `client=linux,server=windows`: the client's and the server's system. Raises ValueError."""
    found = {"client": "linux", "server": "linux"}
    for part in text.split(","):
        side, equals, name = part.strip().rpartition("=")
        if name not in SYSTEMS:
            raise ValueError(f"{name!r} is no system that is known: choose from {', '.join(SYSTEMS)}")
        if equals and side not in found:
            raise ValueError(f"{side!r} is no end: client or server")
        found |= {side: name} if equals else {"client": name, "server": name}
    return found["client"], found["server"]


def socket_in(world: World, system: str = "linux") -> Socket:
    """The socket to which all that has happened."""
    socket = SYSTEMS[system]()
    for event in world:
        socket.happens(event)
    return socket


@lru_cache(maxsize=4096)
def outcome(seen: Seen, system: str = "linux") -> Outcome:
    """The table of one end."""
    if not seen.worlds:
        return Outcome(system, None, seen.why, measured=SYSTEMS[system].MEASURED)
    first, *others = (socket_in(world, system) for world in seen.worlds)
    calls = {name: call for name, call in CALLS.items() if name != "connect" or first.connecting == "yes"}
    after_write = CALLS["write"](first.copy())
    may_be: dict[str, tuple[Returns, ...]] = {}
    following = {name: CALLS[name](first.copy()).value for name in calls}
    for name, call in calls.items():
        values = dict.fromkeys(call(other.copy()).value for other in others)
        values.pop(following[name], None)
        if values:
            may_be[name] = tuple(values)[:OTHERS]
    after: dict[str, dict[str, Returns]] = {}
    for name in calls:
        if name != "poll":
            used = first.copy()
            CALLS[name](used)
            after[name] = {one: CALLS[one](used.copy()).value for one in ("read", "write")}
    return Outcome(
        os=system,
        next=following,
        why=seen.why,
        may_be=may_be,
        sigpipe=after_write.sigpipe,
        after=after,
        measured=SYSTEMS[system].MEASURED,
    )


def outcomes(
    connection: Connection, left: tuple[Left, Left], systems: tuple[str, str] = ("linux", "linux")
) -> Outcomes:
    """What each application's next call returns after the last packet."""
    client, server = both(connection, left)
    return Outcomes(outcome(client, systems[0]), outcome(server, systems[1]))
