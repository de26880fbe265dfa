"""What comes in and what goes out: a request and an answer of HTTP/1.1."""

import base64
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl

REASONS = {status.value: status.phrase for status in HTTPStatus}


class Request:
    """One request, taken apart as far as it is asked for."""

    __slots__ = ("method", "path", "query_text", "headers", "body", "arrived", "raw_head", "closes", "_query")

    def __init__(self, method, target, headers, body, raw_head, closes, arrived):
        self.method = method
        self.path, _, self.query_text = target.partition("?")
        self.headers = headers  # Lower-case name -> the first value.
        self.body = body
        self.raw_head = raw_head
        self.closes = closes
        self.arrived = arrived  # time.monotonic() when its last byte was here.
        self._query = None

    @property
    def query(self):
        if self._query is None:
            self._query = dict(parse_qsl(self.query_text, keep_blank_values=True))
        return self._query

    @property
    def bearer(self):
        """What follows "Bearer" in the header Authorization; None without it."""
        scheme, _, text = self.headers.get("authorization", "").partition(" ")
        return text.strip() if scheme.lower() == "bearer" else None

    @property
    def basic(self):
        """(user, password) of the header Authorization, or None."""
        scheme, _, text = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, colon, password = base64.b64decode(text.strip(), validate=True).decode().partition(":")
        except ValueError:  # Neither base64 nor UTF-8.
            return None
        return (user, password) if colon else None


@dataclass
class Answer:
    """Status, headers and body. `exact`: nothing is added but the length, where it is not among the headers."""

    status: int = 200
    body: bytes = b""
    headers: list = field(default_factory=list)  # (name, value)
    exact: bool = False

    def head(self, date, length=None, closes=False):
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if not self.exact:
            lines.append(f"date: {date}")
        if not any(name.lower() == "content-length" for name, _ in self.headers):
            lines.append(f"content-length: {len(self.body) if length is None else length}")
        if closes:
            lines.append("connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def with_headers(self, headers):
        self.headers.extend(headers)
        return self


def as_json(value, status=200, headers=()):
    return Answer(status, json.dumps(value).encode(), [("content-type", "application/json"), *headers])


def as_text(text, status=200, content_type="text/plain", headers=()):
    return Answer(status, text.encode(), [("content-type", content_type), *headers])
