"""FreeBSD and macOS, from their sources (tcp_input.c, uipc_socket.c); not measured.

What is otherwise than on Linux:

- tcp_input: a RST leaves ECONNRESET also in CLOSE_WAIT.
- soreceive looks at the error before the end of the stream: a read after FIN and RST fails, once.
- sosend looks at SBS_CANTSENDMORE before the error: the first write after a RST is EPIPE, with SIGPIPE, and the error
  stays for the next read. SO_NOSIGPIPE or MSG_NOSIGNAL keep the signal away.
- A failed connect leaves a socket that was connected once (soisdisconnected): read says EOF, not ENOTCONN.
- sopoll has no ERR for a pending error: the socket is readable and writable, and HUP when both directions are shut.
- A timer that gives up sends a RST (tcp_drop).
- An open connection does not keep that a host or network is unreachable (tcp_notify), and SO_ERROR tells no kept error.
"""

from __future__ import annotations

from collections.abc import Iterable

from .automaton import ALWAYS, BLOCKS, EOF, GONE, OK, POLLED, Returned, Socket

SYSTEMS = ("bsd", "freebsd", "macos")
PASSED_OVER = ("EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN")


class System(Socket):
    """FreeBSD's and macOS's."""

    __slots__ = ()
    NAME = "bsd"
    MEASURED = False

    def rst(self) -> None:
        """tcp_input, the switch under TH_RST."""
        if self.state not in GONE:
            self.err = "ECONNREFUSED" if self.state in ("SYN_SENT", "SYN_RCVD") else "ECONNRESET"
            self._over()

    def unreachable(self, errno: str) -> None:
        """tcp_notify."""
        if self.state == "SYN_SENT" or errno not in PASSED_OVER:
            super().unreachable(errno)

    def so_error(self) -> Returned:
        """sogetopt: the pending error."""
        return Returned(self._error() or "0")

    def connect(self) -> Returned:
        """kern_connectat: the pending error; the socket stays as it is."""
        if self.connecting == "done":
            return Returned("EISCONN")
        if self.state in ("SYN_SENT", "SYN_RCVD"):
            return BLOCKS
        if self.state == "CLOSED":
            return Returned(self._error() or "ECONNABORTED")
        self.connecting = "done"
        return OK

    def read(self, size: int | None = None, peek: bool = False) -> Returned:
        """soreceive: data, then the error, then the end."""
        if size == 0:
            return Returned("ok", 0)
        if self.queue:
            taken = self.queue if size is None else min(size, self.queue)
            if not peek:
                self.queue -= taken
            return Returned("ok", taken)
        if err := self._error():
            return Returned(err)
        return EOF if self.shut_rd else BLOCKS

    def write(self) -> Returned:
        """sosend: EPIPE and SIGPIPE once nothing can be sent; only then the error."""
        if self.state in ("SYN_SENT", "SYN_RCVD"):
            return Returned("ENOTCONN")
        if self.shut_wr:
            return Returned("EPIPE", sigpipe=True)
        if err := self._error():
            return Returned(err)
        return BLOCKS if self.full else OK

    def poll(self, wanted: Iterable[str] = POLLED) -> Returned:
        """sopoll_generic."""
        found = set()
        if self.queue or self.shut_rd or self.err:
            found.add("IN")
        if self.shut_wr or self.err or (self.state not in ("SYN_SENT", "SYN_RCVD") and not self.full):
            found.add("OUT")
        if self.shut_rd and self.shut_wr:
            found.add("HUP")
        return Returned(tuple(word for word in POLLED if word in found and (word in wanted or word in ALWAYS)))
