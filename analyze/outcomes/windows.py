"""Windows, from Microsoft's documentation of Winsock (recv, send, connect, shutdown, WSAPoll); not measured.

What is otherwise than on Linux:

- A RST is WSAECONNRESET for every later call ("the application should close the socket as it is no longer usable"):
  the error is not reported once and forgotten. Data that had arrived and was not read is discarded.
- A timer that gives up is WSAECONNABORTED ("terminated due to a time-out or other failure") for calls on a connection,
  WSAETIMEDOUT for connect.
- There is no SIGPIPE. A send after shutdown(SD_SEND) is WSAESHUTDOWN; recv and send without a connection WSAENOTCONN.
- WSAPoll: POLLERR and POLLHUP when the connection was aborted; POLLHUP when it was closed in order.
"""

from __future__ import annotations

from collections.abc import Iterable

from .automaton import ALWAYS, BLOCKS, EOF, GONE, OK, POLLED, Returned, Socket

SYSTEMS = ("windows",)
UNREACHABLE = {"ECONNREFUSED": "WSAECONNREFUSED", "ENETUNREACH": "WSAENETUNREACH", "EHOSTUNREACH": "WSAEHOSTUNREACH"}


class System(Socket):
    """Winsock's."""

    __slots__ = ()
    NAME = "windows"
    MEASURED = False

    def rst(self) -> None:
        """The virtual circuit was reset by the remote side."""
        if self.state not in GONE:
            self.err = "WSAECONNREFUSED" if self.state == "SYN_SENT" else "WSAECONNRESET"
            self.queue = 0
            self._over()

    def unreachable(self, errno: str) -> None:
        """ICMP: an error of connect; of a connection nothing is known."""
        if self.state == "SYN_SENT":
            self.err = UNREACHABLE.get(errno, "WSAEHOSTUNREACH")
            self._over()

    def timeout(self) -> None:
        """The peer failed to respond."""
        if self.state not in GONE:
            self.err = "WSAETIMEDOUT" if self.state == "SYN_SENT" else "WSAECONNABORTED"
            self._over()

    def destroyed(self) -> None:
        """Aborted by the software in the host machine."""
        if self.state not in GONE:
            self.err = "WSAECONNABORTED"
            self._over()

    def connect(self) -> Returned:
        """Its error; the socket can be used to connect again."""
        if self.connecting == "done":
            return Returned("WSAEISCONN")
        if self.state in ("SYN_SENT", "SYN_RCVD"):
            return BLOCKS
        if self.state == "CLOSED":
            err = self._error() or "WSAECONNABORTED"
            self._forget()
            return Returned(err)
        self.connecting = "done"
        return OK

    def read(self, size: int | None = None, peek: bool = False) -> Returned:
        """recv."""
        if self.queue and size != 0:
            taken = self.queue if size is None else min(size, self.queue)
            if not peek:
                self.queue -= taken
            return Returned("ok", taken)
        if self.err:
            return Returned(self.err)
        if self.shut_rd:
            return EOF
        return Returned("WSAENOTCONN") if self.state in ("CLOSED", "SYN_SENT") else BLOCKS

    def write(self) -> Returned:
        """send."""
        if self.err:
            return Returned(self.err)
        if self.shut_wr:
            return Returned("WSAESHUTDOWN")
        if self.state not in ("ESTABLISHED", "CLOSE_WAIT"):
            return Returned("WSAENOTCONN")
        return BLOCKS if self.full else OK

    def so_error(self) -> Returned:
        """The error of this socket."""
        return Returned(self.err or "0")

    def poll(self, wanted: Iterable[str] = POLLED) -> Returned:
        """WSAPoll."""
        found = set()
        if self.err:
            found |= {"ERR", "HUP"}
        elif self.shut_rd:
            found |= {"IN", "HUP"}
        if self.queue:
            found.add("IN")
        if not self.err and self.state in ("ESTABLISHED", "CLOSE_WAIT") and not self.full:
            found.add("OUT")
        return Returned(tuple(word for word in POLLED if word in found and (word in wanted or word in ALWAYS)))
