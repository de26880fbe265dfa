"""The connection: HTTP/1.1 over asyncio, kept alive, one request at a time, with limits on everything."""

import asyncio
import socket
import struct
import time

from messages import Request, as_text

HEAD_MAX = 64 * 1024
BODY_MAX = 1024 * 1024
CONNECTIONS_MAX = 1024
ABORT = struct.pack("ii", 1, 0)  # SO_LINGER, on with 0 seconds: closing sends RST.


class BadRequest(Exception):
    """What we do not understand; (status, text)."""


def parse_head(raw):
    """(method, target, headers, closes) of a request's head, without its last empty line."""
    lines = raw.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1.") or not parts[1].startswith("/"):
        raise BadRequest(400, "this is not a request line of HTTP/1.1")
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip() or not name:
            raise BadRequest(400, "this is not a header")
        headers.setdefault(name.lower(), value.strip())
    connection = headers.get("connection", "").lower()
    closes = connection == "close" or (parts[2] == "HTTP/1.0" and connection != "keep-alive")
    return parts[0], parts[1], headers, closes


class Connection(asyncio.Protocol):
    """One client. `service.handle(request)` gives an answer, or a coroutine function that talks to the connection
    itself (`write`, `drain`, `reset`, ...) for everything an honest server would not do."""

    def __init__(self, service):
        self.service = service
        self.transport = None
        self.closed = asyncio.Event()
        self._buffer = bytearray()
        self._task = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport):
        self.transport = transport
        if len(self.service.connections) >= CONNECTIONS_MAX:
            transport.abort()
        self.service.connections.add(self)

    def connection_lost(self, problem):
        self.service.connections.discard(self)
        self.closed.set()
        self._writable.set()
        if self._task:
            self._task.cancel()

    def eof_received(self):
        return False  # Closes, once what is written has gone out.

    def pause_writing(self):
        self._writable.clear()

    def resume_writing(self):
        self._writable.set()

    def data_received(self, data):
        self._buffer += data
        if self._task is None:
            self._serve(time.monotonic())
        elif len(self._buffer) > HEAD_MAX + BODY_MAX:
            self.transport.abort()  # Nobody sends that much before the answer to its first request.

    def _serve(self, arrived):
        """Answers the requests that are here in full, up to the first one that takes time."""
        while self._task is None and not self.transport.is_closing():
            try:
                request = self._next(arrived)
            except BadRequest as bad:
                self.write_answer(as_text(bad.args[1], bad.args[0]), closes=True)
                return
            if request is None:
                return
            reply = self.service.handle(request)
            if callable(reply):
                self._task = asyncio.ensure_future(self._talk(reply, request))
            else:
                self.write_answer(reply, request.closes)

    def _next(self, arrived):
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > HEAD_MAX:
                raise BadRequest(431, "too many headers")
            return None
        raw = bytes(self._buffer[:end])
        method, target, headers, closes = parse_head(raw)
        if "transfer-encoding" in headers:
            raise BadRequest(501, "a request's body needs a content-length here")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            raise BadRequest(400, "this is not a content-length")
        if int(length) > BODY_MAX:
            raise BadRequest(413, "too much")
        if headers.get("expect", "").lower() == "100-continue" and len(self._buffer) == end + 4:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        total = end + 4 + int(length)
        if len(self._buffer) < total:
            return None
        body = bytes(self._buffer[end + 4 : total])
        del self._buffer[:total]
        return Request(method, target, headers, body, raw, closes, arrived)

    async def _talk(self, script, request):
        try:
            await script(self)
            if request.closes:
                self.transport.close()
        except asyncio.CancelledError:
            return  # The client has gone.
        except Exception:
            self.transport.abort()
            raise
        finally:
            self._task = None
        if self._buffer:
            self._serve(time.monotonic())

    # For answers and scripts.

    def write_answer(self, answer, closes=False):
        self.transport.write(answer.head(self.service.date(), closes=closes) + answer.body)
        if closes:
            self.transport.close()

    async def write(self, data):
        """Waits while the client is slower than we are, so that little is ever in memory."""
        if self.transport.is_closing():
            raise asyncio.CancelledError
        self.transport.write(data)
        await self._writable.wait()

    def close(self):
        self.transport.close()

    def reset(self):
        """Ends the connection with RST instead of FIN."""
        raw = self.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        self.transport.abort()

    def end_of_writing(self):
        """Sends FIN, and goes on listening."""
        self.transport.get_extra_info("socket").shutdown(socket.SHUT_WR)


class Listener:
    """A port of 127.0.0.1 that can refuse connections for a while and stays ours meanwhile."""

    def __init__(self, service, port, tls):
        self._service = service
        self._tls = tls
        self._server = None
        self._holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  # Bound but never listening.
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind(("127.0.0.1", port))
        self.port = self._holder.getsockname()[1]

    async def open(self):
        if self._server is None:
            self._server = await asyncio.get_running_loop().create_server(
                lambda: Connection(self._service), "127.0.0.1", self.port, ssl=self._tls, reuse_address=True,
                backlog=512)

    def refuse(self):
        """From now on a connection is refused, and those that are open end."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._service.connections):
            connection.transport.abort()

    def close(self):
        self.refuse()
        self._holder.close()
