"""A simulator for a test: started on a free port, ended with the test, spoken to over plain sockets."""

import base64
import http.client
import json
import os
import socket
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Simulator:
    def __init__(self, *options):
        self._options = options

    def __enter__(self):
        self._process = subprocess.Popen([sys.executable, FOLDER, *self._options], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE)
        self.started = json.loads(self._process.stdout.readline())
        self.port = self.started["port"]
        self._connection = None
        return self

    def __exit__(self, *_):
        self.leave()
        self._process.stdin.close()  # That alone ends it.
        self.exit_code = self._process.wait(timeout=10)
        self._process.stdout.close()

    @property
    def pid(self):
        return self._process.pid

    def key(self, source, name="good"):
        return self.started["keys"][source][name]["key"]

    def leave(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(self, path, headers=None, method="GET", body=None, timeout=10):
        """(status, headers as a list, body), over one connection that is kept."""
        headers = {"User-Agent": "simulator-test/1", **(headers or {})}
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, http.client.HTTPException):
            self.leave()
            raise

    def control(self, name, **step):
        """A call of the control interface that has to succeed."""
        status, _, body = self.ask(f"/_control/{name}", method="POST", body=json.dumps(step))
        if status != 200:
            raise AssertionError(f"{name} {step}: {status} {body}")
        return json.loads(body)

    def look(self, name):
        return json.loads(self.ask(f"/_control/{name}")[2])

    def raw(self, path, headers="", timeout=10, limit=1 << 30):
        """Everything that comes back for one request up to the end of the connection: (bytes, how it ended)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\nuser-agent: simulator-test/1\r\nconnection: close\r\n{headers}\r\n".encode())
            received = bytearray()
            try:
                while len(received) < limit:
                    data = connection.recv(1 << 20)
                    if not data:
                        return bytes(received), "closed"
                    received += data
            except ConnectionResetError:
                return bytes(received), "reset"
            except TimeoutError:
                return bytes(received), "silent"
            return bytes(received), "endless"


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def bearer(text):
    return {"Authorization": f"Bearer {text}"}
