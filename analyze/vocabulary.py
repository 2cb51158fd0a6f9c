"""The words of the contract and the small numbers that stand for them in the engine's records."""

from __future__ import annotations

ENDINGS = (
    "closed",
    "reset",
    "refused",
    "unanswered",
    "handshake-incomplete",
    "half-closed",
    "timed-out",
    "open",
    "unknown",
)
(
    ENDING_CLOSED,
    ENDING_RESET,
    ENDING_REFUSED,
    ENDING_UNANSWERED,
    ENDING_HANDSHAKE_INCOMPLETE,
    ENDING_HALF_CLOSED,
    ENDING_TIMED_OUT,
    ENDING_OPEN,
    ENDING_UNKNOWN,
) = range(9)

WHO = ("client", "server", "both", "path", "nobody", "unknown")
WHO_CLIENT, WHO_SERVER, WHO_BOTH, WHO_PATH, WHO_NOBODY, WHO_UNKNOWN = range(6)

#: Endings as figures tell them apart: a reset with who did it. The first two are the ordinary ones.
CLASSES = (
    "closed",
    "open",
    "reset-client",
    "reset-server",
    "reset-both",
    "reset-path",
    "reset-unknown",
    "refused",
    "timed-out",
    "unanswered",
    "handshake-incomplete",
    "half-closed",
    "unknown",
)
ORDINARY = ("closed", "open")

NOBODY_CLOSED = 255  # closed_first: null in the contract

#: Why Linux 6.18 sent a RST, by its own word (include/net/rstreason.h: sk_rst_reason, and the drop reasons that it
#: takes over); "": not said.
REASONS = (
    "",
    "NO_SOCKET",
    "TCP_FLAGS",
    "TCP_TIMEWAIT_SOCKET",
    "TCP_ABORT_ON_DATA",
    "TCP_INVALID_ACK_SEQUENCE",
    "TCP_ACK_UNSENT_DATA",
    "TCP_TOO_OLD_ACK",
    "INVALID_SYN",
    "TCP_ABORT_ON_CLOSE",
    "TCP_STATE",
    "TCP_ABORT_ON_LINGER",
    "TCP_DISCONNECT_WITH_DATA",
    "TCP_KEEPALIVE_TIMEOUT",
    "TCP_ABORT_ON_MEMORY",
    "RFC7323_PAWS",
    "TCP_OLD_ACK",
    "ERROR",
    "NOT_SPECIFIED",
)
#: What the program at a RST's sender had done, by its own calls: "": not recorded.
ACTS = ("", "close", "linger", "disconnect", "listener-close", "died", "nothing")

#: Idle timers by their length in seconds: who has such a one by default. As their documentation has it; the silence
#: before the end of a connection names a timer, and never proves whose it is.
TIMERS: dict[int, tuple[str, ...]] = {
    2: ("gunicorn keepalive",),
    5: ("Node.js server.keepAliveTimeout", "Apache KeepAliveTimeout", "uvicorn timeout_keep_alive"),
    10: ("Bun idleTimeout",),
    20: ("Tomcat connectionTimeout in its server.xml",),
    30: ("Jetty idleTimeout",),
    60: ("AWS ALB idle timeout", "nginx proxy_read_timeout", "Linux tcp_fin_timeout"),
    65: ("nginx keepalive_timeout in its sample configuration",),
    75: ("nginx keepalive_timeout",),
    90: ("Go http.Transport.IdleConnTimeout",),
    120: ("IIS connectionTimeout",),
    240: ("Azure Load Balancer idle timeout",),
    300: ("Envoy stream_idle_timeout",),
    350: ("AWS NLB and NAT gateway idle timeout",),
    600: ("Google Cloud firewall and load balancer idle timeout",),
    3600: ("Envoy idle_timeout",),
    7200: ("Linux tcp_keepalive_time",),
}

#: A note on packets that one capture holds again.
TWICE = "were captured twice"

SHAPES = ("active", "reply", "syn-reply")
SHAPE_ACTIVE, SHAPE_REPLY, SHAPE_SYN_REPLY = range(3)

#: Reset.accepted: False, True, None in the contract.
ACCEPTED_NO, ACCEPTED_YES, ACCEPTED_UNKNOWN = range(3)

#: Why a receiver ignores a RST.
WHYS = (
    "",
    "bad checksum",
    "it does not acknowledge the SYN",
    "its receiver has no connection any more",
    "in the window, but not exact: challenge ACK",
    "outside the window",
    "it crossed a RST of its receiver, whose socket was gone by then",
    "its receiver went on: it was lost on its way, or came from elsewhere",
    "it was lost on its way: the capture at its receiver's end does not have it",
)
(
    WHY_NONE,
    WHY_BAD_CHECKSUM,
    WHY_NOT_THE_SYN,
    WHY_NO_CONNECTION,
    WHY_IN_WINDOW,
    WHY_OUT_OF_WINDOW,
    WHY_CROSSED,
    WHY_LOST,
    WHY_NOT_THERE,
) = range(9)

ZEEK_CONN_STATES = (
    "S0",
    "S1",
    "SF",
    "REJ",
    "S2",
    "S3",
    "RSTO",
    "RSTR",
    "RSTOS0",
    "RSTRH",
    "SH",
    "SHR",
    "OTH",
)

# Connection.facts, a bit for each side (shifted by the side)
FACT_SYN = 1 << 0  # it sent a SYN or SYN-ACK: base is its ISN
FACT_BASE = 1 << 2  # base is set (Wireshark's TCP_S_BASE_SEQ_SET)
FACT_TOP = 1 << 4  # top and edge are set
FACT_ACKED = 1 << 6  # acked is set
FACT_FIN = 1 << 8
FACT_FIN_IN_ORDER = 1 << 10  # everything before its FIN reached the other end
FACT_FIN_ACKED = 1 << 12
FACT_SCALE = 1 << 14  # its SYN had a window scale
FACT_CHECKSUM = 1 << 16  # a right or offloaded checksum of it was seen
FACT_SACK = 1 << 18  # sack_edge is set
FACT_AHEAD = 1 << 20  # ahead_left, ahead_right are set
FACT_SPOKE_AFTER_RST = 1 << 22  # it went on talking after "its" RST
FACT_FIN_LOST = 1 << 24  # the other end went on as if its FIN had not come
FACT_SYN_ALONE = 1 << 26  # its SYN had no ACK, and no SYN-ACK came after it
FACT_STAMPED = 1 << 28  # it has sent timestamps (RFC 7323)
FACT_VOUCHED = 1 << 30  # a segment of it with a wrong checksum was acknowledged: its checksums say nothing
# ... and of the connection
FACT_SYN_ACK = 1 << 32
FACT_HANDSHAKE = 1 << 33  # completed
FACT_SEEN = 1 << 34  # direction seen, not guessed
FACT_CROSSED = 1 << 35  # the FINs crossed
FACT_START = 1 << 36  # its first packet is the SYN
FACT_CLOSED = 1 << 37  # both FINs were acknowledged before any accepted RST
FACT_RESET = 1 << 38  # a RST was accepted
FACT_SYN_RESET = 1 << 39  # ... in SYN_SENT
FACT_HANDSHAKE_RESET = 1 << 40  # ... before the handshake was complete, from the client
FACT_OPEN_QUESTION = 1 << 41  # a RST of which nobody knows whether it was accepted, and nothing came after
FACT_QUOTED = 1 << 42  # its header stood in an ICMP error
FACT_LONG_HISTORY = 1 << 43
FACT_FIN_OF_1_FIRST = 1 << 44  # of two FINs, side 1's came first
FACT_RESETS_CROSSED = 1 << 45  # each end reset it before the other's RST came

# Marks of one packet, for the connections being told
MARK_RETRANSMISSION = 1
MARK_DUPLICATE = 2
MARK_OUT_OF_ORDER = 4
MARK_KEEPALIVE = 8
MARK_WINDOW_PROBE = 16

# Zeek's endpoint states (src/analyzer/protocol/tcp/TCP_Endpoint.h)
ZEEK_INACTIVE = 0
ZEEK_SYN_SENT = 1
ZEEK_SYN_ACK_SENT = 2
ZEEK_PARTIAL = 3
ZEEK_ESTABLISHED = 4
ZEEK_CLOSED = 5
ZEEK_RESET = 6

TRIES_UNTIL_DOUBT = 3  # transmissions without an answer after which the other end may be gone
