"""Everything that can be wrong with an answer, by name.

A fault is a function of the connection, the genuine answer and its settings. It gives an answer, or a coroutine function
that talks to the connection itself. Faults marked `replaces` do not ask the provider: no limit is charged there.
"""

import asyncio
import time
import zlib
from dataclasses import dataclass, field
from email.utils import formatdate

from messages import Answer, as_text

PIECE = 64 * 1024
MEGABYTE = 1024 * 1024
PAGE = ("<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body><form action=\"/login\">"
        "<h1>Welcome! Please sign in to use this network.</h1></form></body></html>")


@dataclass(frozen=True)
class Kind:
    make: object
    settings: dict = field(default_factory=dict)  # Name -> its default, whose type it must have.
    replaces: bool = True


KINDS = {}


def fault(name, replaces=True, **settings):
    def register(make):
        KINDS[name] = Kind(make, settings, replaces)
        return make

    return register


# Instead of an answer.


@fault("reset")
def _reset(context, answer, _):
    async def script(connection):
        connection.reset()

    return script


@fault("close")
def _close(context, answer, _):
    async def script(connection):
        connection.close()

    return script


@fault("hang", hold=300)
def _hang(context, answer, settings):
    async def script(connection):
        await _until_gone(connection, settings["hold"])

    return script


@fault("half_close", sent="head", hold=30)
def _half_close(context, answer, settings):
    """FIN from us while we go on listening: after nothing, after the head, or after half of the body."""
    answer = as_text('{"status": "OK", "results": []}', content_type="application/json")
    data = {"nothing": b"", "head": context.head(answer),
            "half": context.head(answer) + answer.body[: len(answer.body) // 2]}[settings["sent"]]

    async def script(connection):
        await connection.write(data)
        connection.end_of_writing()
        await _until_gone(connection, settings["hold"])

    return script


@fault("not_http", text="SSH-2.0-OpenSSH_9.2\r\n")
def _not_http(context, answer, settings):
    return _then_close(settings["text"].encode("latin-1", "replace"))


# Another answer.


@fault("status", status=503, body="", content_type="text/plain", headers={})
def _status(context, answer, settings):
    return as_text(settings["body"], settings["status"], settings["content_type"], list(settings["headers"].items()))


@fault("too_many", retry_after=5, as_date=False)
def _too_many(context, answer, settings):
    """The provider's own 429, with Retry-After in seconds or as a date."""
    wait = settings["retry_after"]
    value = formatdate(context.wall() + wait, usegmt=True) if settings["as_date"] else wait
    said = context.too_many(wait)
    headers = [(name, text) for name, text in said.headers if name.lower() != "retry-after"]
    return Answer(429, said.body, headers + [("retry-after", value)])


@fault("redirect", to="", status=302)
def _redirect(context, answer, settings):
    """To another name; without `to`: to this simulator as "localhost", where it watches whether a key comes along."""
    target = settings["to"] or context.trap()
    return as_text("", settings["status"], headers=[("location", target)])


@fault("captive_portal", status=200)
def _captive_portal(context, answer, settings):
    return as_text(PAGE, settings["status"], "text/html; charset=utf-8")


@fault("fixture", case="", provider="")
def _fixture(context, answer, settings):
    return context.fixture(settings["provider"], settings["case"])


# Too much.


@fault("gzip_bomb", megabytes=100, status=200)
def _gzip_bomb(context, answer, settings):
    """Small on the way, large once it is unpacked."""
    async def script(connection):
        packer = zlib.compressobj(9, wbits=31)
        packed = [packer.compress(b'{"pad": "')]
        for _ in range(settings["megabytes"]):
            packed.append(packer.compress(b"a" * MEGABYTE))
            await asyncio.sleep(0)
        packed.append(packer.compress(b'"}') + packer.flush())
        body = b"".join(packed)
        bomb = Answer(settings["status"], body, [("content-type", "application/json"), ("content-encoding", "gzip")])
        await connection.write(context.head(bomb) + body)

    return script


@fault("endless_body", hold=300)
def _endless_body(context, answer, settings):
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    piece = b"%x\r\n%s\r\n" % (PIECE, b" " * PIECE)
    return _repeat(head, piece, settings["hold"])


@fault("endless_headers", hold=300)
def _endless_headers(context, answer, settings):
    return _repeat(b"HTTP/1.1 200 OK\r\n", b"x-more: and more\r\n" * 1000, settings["hold"])


@fault("huge_answer", megabytes=100, status=200)
def _huge_answer(context, answer, settings):
    """Honest about its length."""
    total = settings["megabytes"] * MEGABYTE

    async def script(connection):
        huge = Answer(settings["status"], b"", [("content-type", "application/json")])
        await connection.write(context.head(huge, length=total))
        await connection.write(b'{"pad": "')
        left = total - 11
        while left > 0:
            await connection.write(b"a" * min(PIECE, left))
            left -= PIECE
        await connection.write(b'"}')

    return script


@fault("many_headers", replaces=False, how_many=10_000)
def _many_headers(context, answer, settings):
    return Answer(answer.status, answer.body,
                  answer.headers + [(f"x-header-{number}", "value") for number in range(settings["how_many"])])


@fault("big_header", replaces=False, bytes=MEGABYTE)
def _big_header(context, answer, settings):
    return Answer(answer.status, answer.body, answer.headers + [("x-big", "a" * settings["bytes"])])


# The genuine answer, damaged.


@fault("nul_header", replaces=False)
def _nul_header(context, answer, _):
    return Answer(answer.status, answer.body, answer.headers + [("x-nul", "before\0after")])


@fault("close_in_body", replaces=False)
def _close_in_body(context, answer, _):
    return _then_close(context.head(answer) + answer.body[: len(answer.body) // 2])


@fault("reset_in_body", replaces=False)
def _reset_in_body(context, answer, _):
    async def script(connection):
        await connection.write(context.head(answer) + answer.body[: len(answer.body) // 2])
        await asyncio.sleep(0.02)  # What is written has left by then; a reset drops what has not.
        connection.reset()

    return script


@fault("content_length", replaces=False, by=10)
def _content_length(context, answer, settings):
    """Says more than it sends, and then closes; or less than it sends."""
    length = max(0, len(answer.body) + settings["by"])
    return _then_close(context.head(answer, length=length) + answer.body)


@fault("truncated_json", replaces=False)
def _truncated_json(context, answer, _):
    """Cut in half, with a length that fits the half."""
    return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)


@fault("content_type", replaces=False, content_type="image/png")
def _content_type(context, answer, settings):
    kept = [(name, text) for name, text in answer.headers if name.lower() != "content-type"]
    return Answer(answer.status, answer.body, kept + [("content-type", settings["content_type"])])


@fault("bad_gzip", replaces=False)
def _bad_gzip(context, answer, _):
    return Answer(answer.status, answer.body, answer.headers + [("content-encoding", "gzip")])


@fault("slow_drip", replaces=False, bytes=1, every_ms=100.0)
def _slow_drip(context, answer, settings):
    data = context.head(answer) + answer.body

    async def script(connection):
        for place in range(0, len(data), settings["bytes"]):
            await connection.write(data[place : place + settings["bytes"]])
            await asyncio.sleep(settings["every_ms"] / 1000)

    return script


@fault("latency", replaces=False, ms=100.0, jitter_ms=0.0)
def _latency(context, answer, settings):
    """The genuine answer, or what another fault makes of it, later."""
    return context.later(answer, settings)


def delay(settings, random):
    """Seconds: `ms`, and up to `jitter_ms` more or less."""
    return max(0.0, settings["ms"] + settings["jitter_ms"] * random.uniform(-1, 1)) / 1000


def _then_close(data):
    async def script(connection):
        await connection.write(data)
        connection.close()

    return script


def _repeat(head, piece, hold):
    async def script(connection):
        end = time.monotonic() + hold
        await connection.write(head)
        while time.monotonic() < end:
            await connection.write(piece)
            await asyncio.sleep(0)
        connection.close()

    return script


async def _until_gone(connection, hold):
    try:
        await asyncio.wait_for(connection.closed.wait(), hold)
    except asyncio.TimeoutError:
        connection.transport.abort()


class Active:
    """A fault that waits for requests, or strikes."""

    def __init__(self, step, kind, settings):
        self.kind = kind
        self.settings = settings
        self.left = step.get("count")  # Requests; None: no end.
        self.end = time.monotonic() + step["seconds"] if "seconds" in step else None
        self.chance = step.get("chance", 1.0)
        self.path = step.get("path", "")

    def is_over(self):
        return self.left == 0 or (self.end is not None and time.monotonic() >= self.end)

    def strikes(self, path, random):
        if self.is_over() or not path.startswith(self.path) or (self.chance < 1 and random.random() >= self.chance):
            return False
        if self.left is not None:
            self.left -= 1
        return True
