"""One socket as its application meets it: what packets do to it, and what each call then returns (Linux).

A socket is a state (RFC 9293's names), one pending error (`err`, the kernel's sk_err), one that is kept for later
(`soft`, sk_err_soft), two flags of shutdown, whether a FIN has come (`done`, SOCK_DONE), and the bytes that wait to be
read. Packets and timers change it; a call reads it, and consumes the pending error:

=====================  ================================================================================
event                  what Linux does (net/ipv4, net/core; measured on 6.18)
=====================  ================================================================================
established            tcp_finish_connect, tcp_rcv_state_process: ESTABLISHED
data                   tcp_data_queue; tcp_rcv_state_process: after shutdown(RDWR) it resets its own socket
fin                    tcp_fin: RCV_SHUTDOWN and SOCK_DONE; ESTABLISHED to CLOSE_WAIT ...
fin_acknowledged       tcp_rcv_state_process: LAST_ACK and CLOSING are over: tcp_done
rst                    tcp_reset: ECONNREFUSED in SYN_SENT, EPIPE in CLOSE_WAIT, else ECONNRESET; tcp_done
unreachable            tcp_v4_err: ends SYN_SENT; later it is only kept, until a timer gives up
timeout                tcp_write_err: the kept error, or ETIMEDOUT; tcp_done
destroyed              tcp_abort (ss -K): ECONNABORTED; tcp_done
=====================  ================================================================================

A subclass is another system; what it does otherwise is all that it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from ..story import Returns

FIN_SENT = frozenset(("FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK", "TIME_WAIT"))
AFTER_FIN = FIN_SENT - {"TIME_WAIT"} | {"CLOSE_WAIT"}
GONE = frozenset(("CLOSED", "TIME_WAIT"))  # TIME_WAIT is a minisocket's; the application's socket is closed
POLLED = ("IN", "PRI", "OUT", "ERR", "HUP", "RDHUP")  # in the order of poll(2)'s bits
ALWAYS = ("ERR", "HUP")  # poll(2) says these unasked


@dataclass(frozen=True, slots=True)
class Returned:
    """What a call returns; `size` of a read or write that moved bytes, where it is known."""

    value: Returns
    size: int | None = None
    sigpipe: bool = False


OK, ZERO, EOF, BLOCKS = Returned("ok"), Returned("0"), Returned("EOF"), Returned("blocks")


@dataclass(slots=True)
class Socket:
    """The socket of one end, and Linux's rules for it. Events change it; so do calls."""

    NAME: ClassVar[str] = "linux"
    MEASURED: ClassVar[bool] = True

    state: str = "CLOSED"
    connecting: Literal["no", "yes", "done", "never"] = "no"  # struct socket: SS_UNCONNECTED ... SS_DISCONNECTING
    err: str | None = None
    soft: str | None = None
    done: bool = False
    shut_rd: bool = False
    shut_wr: bool = False
    queue: int = 0
    full: bool = False  # the send buffer
    oob: bool = False  # an urgent byte waits

    def copy(self) -> Socket:
        """The same socket, to try a call on."""
        return replace(self)

    # What packets and timers do

    def happens(self, event: str) -> None:
        """An event by its name: "fin", "unreachable EHOSTUNREACH"."""
        name, _, word = event.partition(" ")
        getattr(self, name)(*([word] if word else []))

    def syn_sent(self) -> None:
        """connect(2) has sent its SYN (tcp_v4_connect)."""
        self.state, self.connecting = "SYN_SENT", "yes"

    def established(self) -> None:
        """The handshake is complete."""
        self.state = "ESTABLISHED"

    def accepted(self) -> None:
        """accept(2) or connect(2) has returned: the application has a connection."""
        self.connecting = "done"

    def data(self, size: int = 0) -> None:
        """Bytes have come, in order."""
        if self.shut_rd and self.state in AFTER_FIN:
            self.rst()  # TCP_ABORT_ON_DATA: no RST came, one went
        elif self.state not in GONE:
            self.queue += size

    def urgent(self) -> None:
        """An urgent byte has come (tcp_check_urg)."""
        if self.state not in GONE:
            self.oob = True

    def fin(self) -> None:
        """A FIN has come, in order (tcp_fin)."""
        moved = {"ESTABLISHED": "CLOSE_WAIT", "SYN_RCVD": "CLOSE_WAIT", "FIN_WAIT_1": "CLOSING"}
        if self.state in GONE or self.done:
            return
        self.shut_rd = self.done = True
        if self.state == "FIN_WAIT_2":
            self._over("TIME_WAIT")
        else:
            self.state = moved.get(self.state, self.state)

    def fin_sent(self) -> None:
        """Its own FIN is on its way (tcp_shutdown, tcp_close_state)."""
        moved = {"ESTABLISHED": "FIN_WAIT_1", "SYN_RCVD": "FIN_WAIT_1", "CLOSE_WAIT": "LAST_ACK"}
        self.shut_wr = True
        self.state = moved.get(self.state, self.state)

    def fin_acknowledged(self) -> None:
        """Its own FIN has come to the other end."""
        if self.state == "FIN_WAIT_1":
            self.state = "FIN_WAIT_2"
        elif self.state in ("CLOSING", "LAST_ACK"):
            self._over("TIME_WAIT" if self.state == "CLOSING" else "CLOSED")

    def rst(self) -> None:
        """A RST was accepted (tcp_reset)."""
        if self.state not in GONE:
            self.err = {"SYN_SENT": "ECONNREFUSED", "CLOSE_WAIT": "EPIPE"}.get(self.state, "ECONNRESET")
            self._over()

    def unreachable(self, errno: str) -> None:
        """An ICMP error (tcp_v4_err, tcp_v6_err)."""
        if self.state == "SYN_SENT":
            self.err = errno
            self._over()
        else:
            self.soft = errno

    def timeout(self) -> None:
        """A timer gave up (tcp_write_err): retransmissions, keepalive, TCP_USER_TIMEOUT."""
        if self.state not in GONE:
            self.err = self.soft or "ETIMEDOUT"
            self._over()

    def destroyed(self) -> None:
        """Somebody took the socket away (tcp_abort): ss -K."""
        if self.state not in GONE:
            self.err = "ECONNABORTED"
            self._over()

    def fill(self) -> None:
        """The other end reads nothing, and the send buffer is full."""
        self.full = True

    def disconnected(self) -> None:
        """connect(AF_UNSPEC), or shutdown while it connects (tcp_disconnect)."""
        if self.state in ("SYN_SENT", "SYN_RCVD", "ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT_1", "FIN_WAIT_2"):
            self.err = "ECONNRESET"
        self._forget()

    def _over(self, state: str = "CLOSED") -> None:
        """tcp_done."""
        self.state = state
        self.shut_rd = self.shut_wr = True
        self.full = False

    def _forget(self) -> None:
        self.state, self.connecting, self.queue = "CLOSED", "no", 0
        self.done = self.shut_rd = self.shut_wr = False

    def _error(self) -> str | None:
        """Report the pending error, once (sock_error)."""
        err, self.err = self.err, None
        return err

    # What calls return

    def connect(self) -> Returned:
        """The call that connects, or a later one (__inet_stream_connect)."""
        if self.connecting == "done":
            return Returned("EISCONN")
        if self.connecting == "never":
            return Returned("EINVAL")
        if self.state in ("SYN_SENT", "SYN_RCVD"):
            return BLOCKS
        if self.state == "CLOSED":
            err = self._error() or "ECONNABORTED"
            self._forget()
            return Returned(err)
        self.connecting = "done"
        return OK

    def read(self, size: int | None = None, peek: bool = False) -> Returned:
        """recv and its kin (tcp_recvmsg_locked): data, then EOF after a FIN, then the error."""
        if size == 0:
            return Returned("ok", 0)
        if self.queue:
            taken = self.queue if size is None else min(size, self.queue)
            if not peek:
                self.queue -= taken
            return Returned("ok", taken)
        if self.done:
            return EOF
        if err := self._error():
            return Returned(err)
        if self.shut_rd:
            return EOF
        return Returned("ENOTCONN") if self.state == "CLOSED" else BLOCKS

    def read_oob(self) -> Returned:
        """recv(MSG_OOB) (tcp_recv_urg): the urgent byte, once; without one EINVAL, at once."""
        if self.state == "CLOSED" and not self.done:
            return Returned("ENOTCONN")
        there, self.oob = self.oob, False
        return Returned("ok", 1) if there else Returned("EINVAL")

    def write(self) -> Returned:
        """send and its kin (tcp_sendmsg_locked, sk_stream_error): the error, then EPIPE and SIGPIPE."""
        if self.state in ("SYN_SENT", "SYN_RCVD") and not self.err:
            return BLOCKS
        if self.err or self.shut_wr or self.state not in ("ESTABLISHED", "CLOSE_WAIT"):
            err = self._error() or "EPIPE"
            return Returned(err, sigpipe=err == "EPIPE")
        return BLOCKS if self.full else OK

    def so_error(self) -> Returned:
        """getsockopt(SO_ERROR) (sk_getsockopt): the pending error, else the kept one."""
        err = self._error()
        if err is None:
            err, self.soft = self.soft, None
        return Returned(err or "0")

    def poll(self, wanted: Iterable[str] = POLLED) -> Returned:
        """poll, select and epoll (tcp_poll)."""
        found = set()
        if self.state in GONE or (self.shut_rd and self.shut_wr):
            found.add("HUP")
        if self.shut_rd:
            found |= {"IN", "RDHUP"}
        if self.state not in ("SYN_SENT", "SYN_RCVD"):
            if self.queue:
                found.add("IN")
            if self.shut_wr or not self.full:
                found.add("OUT")
            if self.oob:
                found.add("PRI")
        if self.err:
            found.add("ERR")
        return Returned(tuple(word for word in POLLED if word in found and (word in wanted or word in ALWAYS)))

    def shutdown(self, how: str) -> Returned:
        """shutdown(2) (inet_shutdown): ENOTCONN once the connection is over.

        Of a connect that has not said yet what came of it, it is told here: a later one no longer succeeds.
        """
        if self.connecting == "yes":
            self.connecting = "never" if self.state in ("SYN_SENT", "SYN_RCVD", "CLOSED") else "done"
        if self.state in GONE:
            if "RD" in how:
                self.shut_rd = True
            if "WR" in how:
                self.shut_wr = True
            return Returned("ENOTCONN")
        if self.state == "SYN_SENT":
            self.disconnected()
            return ZERO
        if "RD" in how:
            self.shut_rd = True
        if "WR" in how:
            self.fin_sent()
        return ZERO
