"""The places of the state diagram, by hand: boxes, ways, and where the words of each edge stand.

CLOSED stands at the top and once more at the bottom, opening below the first, closing above the second; the
active close on the left, the passive on the right. No way runs through the words of another. RST has ways of
its own to the CLOSED at the bottom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...placed import MARGIN

BOX, TALL = 132.0, 46.0  # a state's box
END = "CLOSED at the end"  # the lower of the two boxes

Point = tuple[float, float]
Way = tuple[str, str]  # state before and after


@dataclass(frozen=True, slots=True)
class Place:
    """An edge's way, and where its words stand."""

    points: tuple[Point, ...]
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]
    grows: Literal["up", "down", "both"]
    room: float
    chip: Point | None = None  # the octagon's place, of a way that RST takes


class Places:
    """All coordinates, for one width."""

    def __init__(self, width: float, top: float) -> None:
        y = [top + at + TALL / 2 for at in (0, 80, 158, 238, 332, 440, 536)]
        a, c = 190.0, width - 230
        m, b = a + 0.4 * (c - a), a + 0.63 * (c - a)
        self.bottom = y[6] + TALL / 2
        self.boxes: dict[str, Point] = {
            "CLOSED": (b, y[0]), "LISTEN": (b, y[1]), "SYN_RCVD": (a, y[2]), "SYN_SENT": (c, y[2]),
            "ESTABLISHED": (b, y[3]), "FIN_WAIT_1": (a, y[4]), "CLOSING": (m, y[4]), "CLOSE_WAIT": (c, y[4]),
            "FIN_WAIT_2": (a, y[5]), "TIME_WAIT": (m, y[5]), "LAST_ACK": (c, y[5]), END: (width / 2, y[6]),
        }  # fmt: skip
        self.end_width = width - 2 * MARGIN
        self.edges = self._edges(a, m, b, c, y)
        self.exits = self._exits(a, m, b, c, y, width)

    @staticmethod
    def _edges(a: float, m: float, b: float, c: float, y: list[float]) -> dict[Way, Place]:
        w, h = BOX / 2, TALL / 2
        down = a + w - 6  # SYN_RCVD to ESTABLISHED, ESTABLISHED to FIN_WAIT_1
        late = b + w + 16  # SYN_RCVD to CLOSE_WAIT
        both = m - w - 18  # FIN_WAIT_1 to TIME_WAIT
        return {
            ("CLOSED", "LISTEN"): Place(
                ((b - 18, y[0] + h), (b - 18, y[1] - h)), b - 26, (y[0] + y[1]) / 2, "end", "both", 220
            ),
            ("LISTEN", "CLOSED"): Place(
                ((b + 18, y[1] - h), (b + 18, y[0] + h)), b + 26, (y[0] + y[1]) / 2, "start", "both", 84
            ),
            ("CLOSED", "SYN_SENT"): Place(
                ((b + w, y[0] - 9), (c + 14, y[0] - 9), (c + 14, y[2] - h)), c + 22, y[1] - 14, "start", "both", 180
            ),
            ("SYN_SENT", "CLOSED"): Place(
                ((c - 22, y[2] - h), (c - 22, y[0] + 9), (b + w, y[0] + 9)),
                c - 30, y[0] + 15, "end", "down", c - b - w - 64
            ),
            ("LISTEN", "SYN_SENT"): Place(
                ((b + w, y[1]), (c - 42, y[1]), (c - 42, y[2] - h)),
                b + w + 6, y[1] + 5, "start", "down", c - b - w - 60
            ),
            ("LISTEN", "SYN_RCVD"): Place(
                ((b - w, y[1]), (a, y[1]), (a, y[2] - h)), (a + b - w) / 2 - 60, y[1] - 5, "middle", "up", 200
            ),
            ("SYN_RCVD", "LISTEN"): Place(
                ((a + 30, y[2] - h), (a + 30, y[1] + 9), (b - w, y[1] + 9)),
                a + 54, y[1] + 14, "start", "down", 160, (a + 30, y[1] + 28),
            ),
            ("SYN_SENT", "SYN_RCVD"): Place(
                ((c - w, y[2] - 9), (a + w, y[2] - 9)), (a + b) / 2 + 30, y[2] - 14, "middle", "up", 240
            ),
            ("SYN_SENT", "ESTABLISHED"): Place(
                ((c, y[2] + h), (c, y[3] - 9), (b + w, y[3] - 9)), c - 8, y[3] - 14, "end", "up", c - late - 20
            ),
            ("SYN_RCVD", "ESTABLISHED"): Place(
                ((down, y[2] + h), (down, y[3] - 9), (b - w, y[3] - 9)), down + 10, y[3] - 14, "start", "up", 260
            ),
            ("SYN_RCVD", "FIN_WAIT_1"): Place(
                ((a - 6, y[2] + h), (a - 6, y[4] - h)), a - 14, (y[2] + y[4]) / 2, "end", "both", 110
            ),
            ("SYN_RCVD", "CLOSE_WAIT"): Place(
                ((a + w, y[2] + 9), (late, y[2] + 9), (late, y[4] - 9), (c - w, y[4] - 9)),
                b, y[2] + 14, "middle", "down", 160,
            ),
            ("ESTABLISHED", "FIN_WAIT_1"): Place(
                ((b - w, y[3] + 9), (down, y[3] + 9), (down, y[4] - h)),
                m - w + 4, y[3] + 14, "start", "down", b - m - 24
            ),
            ("ESTABLISHED", "CLOSE_WAIT"): Place(
                ((b + w, y[3] + 9), (c, y[3] + 9), (c, y[4] - h)), c - 8, y[3] + 14, "end", "down", c - late - 20
            ),
            ("FIN_WAIT_1", "FIN_WAIT_2"): Place(
                ((a, y[4] + h), (a, y[5] - h)), a + 8, y[5] - h - 10, "start", "up", both - a - 16
            ),
            ("FIN_WAIT_1", "CLOSING"): Place(
                ((a + w, y[4] - 9), (m - w, y[4] - 9)), (a + m) / 2, y[4] - 20, "middle", "up", m - a - BOX - 4
            ),
            ("FIN_WAIT_1", "TIME_WAIT"): Place(
                ((a + w, y[4] + 9), (both, y[4] + 9), (both, y[5] - 9), (m - w, y[5] - 9)),
                both - 8, y[4] + h + 4, "end", "down", both - a - 16,
            ),
            ("FIN_WAIT_2", "TIME_WAIT"): Place(
                ((a + w, y[5] + 9), (m - w, y[5] + 9)), (a + m) / 2, y[5] + 14, "middle", "down", m - a - BOX - 4
            ),
            ("CLOSING", "TIME_WAIT"): Place(
                ((m, y[4] + h), (m, y[5] - h)), m + 14, (y[4] + y[5]) / 2, "start", "both", b - m - 42
            ),
            ("CLOSE_WAIT", "LAST_ACK"): Place(
                ((c, y[4] + h), (c, y[5] - h)), c - 8, (y[4] + y[5]) / 2 + 12, "end", "both", c - b - 130
            ),
            ("LAST_ACK", "CLOSED"): Place(
                ((c - 14, y[5] + h), (c - 14, y[6] - h)), c - 22, (y[5] + y[6]) / 2, "end", "both", 150
            ),
            ("TIME_WAIT", "CLOSED"): Place(
                ((m + 14, y[5] + h), (m + 14, y[6] - h)), m + 28, (y[5] + y[6]) / 2, "start", "both", b - m - 46
            ),
        }  # fmt: skip

    @staticmethod
    def _exits(a: float, m: float, b: float, c: float, y: list[float], width: float) -> dict[str, Place]:
        """By RST, or without any packet, to the lower CLOSED: from each state."""
        w, h = BOX / 2, TALL / 2
        end = y[6] - h
        outer, inner = MARGIN + 17, MARGIN + 36
        right, far = width - MARGIN - 48, width - MARGIN - 17
        low = (y[5] + y[6]) / 2
        return {
            "LISTEN": Place(
                ((b + 18, y[1] - h), (b + 18, y[0] + h)), b + 26, (y[0] + y[1]) / 2, "start", "both", 84,
                (b + 18, (y[0] + y[1]) / 2),
            ),
            "SYN_SENT": Place(
                ((c + w, y[2]), (far, y[2]), (far, end)), far - 22, y[3] - 10, "end", "both", far - c - 34,
                (far, y[3] + 30),
            ),
            "SYN_RCVD": Place(
                ((a - w, y[2]), (outer, y[2]), (outer, end)), outer + 8, y[2] + h + 6, "start", "down", a - outer - 24,
                (outer, y[3] + 40),
            ),
            "ESTABLISHED": Place(
                ((b, y[3] + h), (b, end)), b + 26, y[4] + h + 5, "start", "down", c - b - w - 40, (b, y[4] + h + 18)
            ),
            "FIN_WAIT_1": Place(
                ((a - w, y[4]), (inner, y[4]), (inner, end)), inner + 8, y[4] + h + 6, "start", "down", a - inner - 18,
                (inner, y[5] - h - 12),
            ),
            "FIN_WAIT_2": Place(
                ((a - 20, y[5] + h), (a - 20, end)), a + 4, low, "start", "both", m - a - 90, (a - 20, low)
            ),
            "CLOSING": Place(
                ((m + w, y[4]), (b - 12, y[4]), (b - 12, end)), b - 36, y[5] + h + 6, "end", "down", b - m - 70,
                (b - 12, y[5] - 8),
            ),
            "TIME_WAIT": Place(
                ((m - 30, y[5] + h), (m - 30, end)), m - 54, low + 6, "end", "both", 150, (m - 30, low)
            ),
            "CLOSE_WAIT": Place(
                ((c + w, y[4]), (right, y[4]), (right, end)), right - 24, y[5] - h - 22, "end", "both", right - c - 34,
                (right, y[5] - h - 22),
            ),
            "LAST_ACK": Place(
                ((c + 22, y[5] + h), (c + 22, end)), c + 46, low, "start", "both", right - c - 52, (c + 22, low)
            ),
        }  # fmt: skip
