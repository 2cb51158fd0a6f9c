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
)
WHY_NONE, WHY_BAD_CHECKSUM, WHY_NOT_THE_SYN, WHY_NO_CONNECTION, WHY_IN_WINDOW, WHY_OUT_OF_WINDOW = range(6)

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
