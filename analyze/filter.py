"""The --filter language: `server.port==443 and ending==reset`, on finrst's own fields.

    expression = term { ("or" | "||") term }
    term       = factor { ("and" | "&&") factor }
    factor     = ("not" | "!") factor | "(" expression ")" | comparison
    comparison = field ("==" | "!=" | "<" | "<=" | ">" | ">=") value | field "in" "{" value { "," value } "}"

A comparison is one NumPy expression over all rows. Addresses may be networks (10.0.0.0/8);
`address` and `port` mean either end; `duration` is in seconds.
"""

from __future__ import annotations

import difflib
import ipaddress
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from .connections import NUMBERS, WORDS, ConnectionTable, Mask

TOKEN = re.compile(
    r"\s*(?:(?P<op>==|!=|<=|>=|<|>|&&|\|\||!|\(|\)|\{|\}|,)|(?P<quoted>'[^']*'|\"[^\"]*\")|(?P<word>[^\s=!<>&|(){},'\"]+))"
)
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ADDRESSES = ("address", "client.address", "server.address")
FIELDS = tuple(sorted([*WORDS, *NUMBERS, *ADDRESSES, "port", "duration"]))
MOST_DEPTH = 100


class FilterError(ValueError):
    """A filter that cannot be understood: what, and where in the text."""


class Filter:
    """A parsed filter; `mask(table)` gives one truth value per row. Raises FilterError."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.place = 0
        self.depth = 0
        # Parsed against an empty table once, so that mistakes are told before a long capture is read.
        self.mask_of: Callable[[ConnectionTable], Mask] = self.expression()
        if self.place < len(self.tokens):
            raise self.error("expected 'and', 'or' or the end")

    def mask(self, table: ConnectionTable) -> Mask:
        """The rows that match."""
        return self.mask_of(table)

    def error(self, what: str) -> FilterError:
        """The mistake and where it stands."""
        if self.place < len(self.tokens):
            token, at = self.tokens[self.place]
            return FilterError(f"filter: {what} at column {at + 1}, before {token!r}")
        return FilterError(f"filter: {what} at its end")

    def take(self, *wanted: str) -> bool:
        """Step over the next token when it is one of `wanted`."""
        if self.place < len(self.tokens) and self.tokens[self.place][0].lower() in wanted:
            self.place += 1
            return True
        return False

    def next(self, what: str) -> str:
        """The next token, whatever it is."""
        if self.place >= len(self.tokens):
            raise self.error(f"expected {what}")
        self.place += 1
        return self.tokens[self.place - 1][0]

    def expression(self) -> Callable[[ConnectionTable], Mask]:
        """Terms joined by "or"."""
        parts = [self.term()]
        while self.take("or", "||"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else lambda table: np.logical_or.reduce([part(table) for part in parts])

    def term(self) -> Callable[[ConnectionTable], Mask]:
        """Factors joined by "and"."""
        parts = [self.factor()]
        while self.take("and", "&&"):
            parts.append(self.factor())
        return parts[0] if len(parts) == 1 else lambda table: np.logical_and.reduce([part(table) for part in parts])

    def factor(self) -> Callable[[ConnectionTable], Mask]:
        """A comparison, its negation, or an expression in parentheses."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.error("nested too deeply")
        try:
            if self.take("not", "!"):
                inner = self.factor()
                return lambda table: ~inner(table)
            if self.take("("):
                inner = self.expression()
                if not self.take(")"):
                    raise self.error("expected ')'")
                return inner
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Callable[[ConnectionTable], Mask]:
        """A field, an operator and a value, or a set of values."""
        at = self.place
        name = self.next("a field").lower()
        if name not in FIELDS:
            self.place = at
            near = difflib.get_close_matches(name, FIELDS, 1)
            raise self.error(f"no field {name!r}" + (f" (did you mean {near[0]}?)" if near else ""))
        if self.take("in"):
            if not self.take("{", "("):
                raise self.error("expected '{'")
            parts = [self.compared(name, "==", self.next("a value"))]
            while self.take(","):
                parts.append(self.compared(name, "==", self.next("a value")))
            if not self.take("}", ")"):
                raise self.error("expected '}'")
            return lambda table: np.logical_or.reduce([part(table) for part in parts])
        sign = self.next("==, !=, <, <=, >, >= or in")
        if sign not in COMPARE:
            self.place -= 1
            raise self.error("expected ==, !=, <, <=, >, >= or in")
        return self.compared(name, sign, self.next("a value"))

    def compared(self, name: str, sign: str, value: str) -> Callable[[ConnectionTable], Mask]:
        """One comparison as a function of the table."""
        value = value.strip("'\"")
        compare = COMPARE[sign]
        if name in WORDS:
            column, vocabulary = WORDS[name]
            known = {word.lower(): number for number, word in enumerate(vocabulary)}
            if sign not in ("==", "!="):
                raise self.value_error(f"{name} can only be compared with == and !=")
            number = known.get(value.lower(), 255 if name == "closed_first" and value == "null" else -1)
            if number < 0:
                raise self.value_error(f"{name} is never {value!r}: it is one of {', '.join(vocabulary)}")
            return lambda table: np.asarray(compare(table[column], number))
        if name in ADDRESSES:
            if sign not in ("==", "!="):
                raise self.value_error(f"{name} can only be compared with == and !=")
            try:
                network = ipaddress.ip_network(value.strip("[]"), strict=False)
            except ValueError:
                raise self.value_error(f"{value!r} is no address or network") from None
            sides = ("client", "server") if name == "address" else (name.split(".")[0],)

            def within(table: ConnectionTable) -> Mask:
                found: Mask = np.logical_or.reduce([table.in_network(side, network) for side in sides])
                return ~found if sign == "!=" else found

            return within
        try:
            wanted = float(value)
        except ValueError:
            raise self.value_error(f"{name} is a number, {value!r} is none") from None
        if name == "port":

            def either(table: ConnectionTable) -> Mask:
                masks = [np.asarray(compare(table[column], wanted)) for column in ("client_port", "server_port")]
                found: Mask = np.logical_and.reduce(masks) if sign == "!=" else np.logical_or.reduce(masks)
                return found

            return either
        if name == "duration":
            return lambda table: np.asarray(compare((table["last_ns"] - table["first_ns"]) / 1e9, wanted))
        names = NUMBERS[name]
        return lambda table: np.asarray(compare(sum(table[column].astype(np.int64) for column in names), wanted))

    def value_error(self, what: str) -> FilterError:
        """A mistake in the value just read."""
        self.place -= 1
        return self.error(what)


def tokens(text: str) -> list[tuple[str, int]]:
    """(token, offset) in order. Raises FilterError for what is no token."""
    found = []
    at = 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise FilterError(f"filter: cannot read {text[at:].strip()[:20]!r} at column {at + 1}")
        token = match.group("op") or match.group("quoted") or match.group("word")
        found.append((token, match.end() - len(token)))
        at = match.end()
    return found
