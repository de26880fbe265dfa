#!/usr/bin/env python3
"""How many requests a second the simulator answers: load.py [SECONDS].

Keeps 16 connections busy with Polygon's market status; limits and log are on, as in every run. The second figure is for a
second of the simulator's own processor time: what a core alone would give, also on a machine that is busy with other things.
"""

import os
import selectors
import socket
import sys
import time

from started import Simulator

CONNECTIONS = 16


def processor_time(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3
    with Simulator("--limit", "polygon=100000/1") as simulator:
        request = (b"GET /polygon/v1/marketstatus/now HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: simulator-load\r\n"
                   b"accept: application/json\r\nauthorization: Bearer " + simulator.key("polygon").encode() + b"\r\n\r\n")
        selector = selectors.DefaultSelector()
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", simulator.port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ)
            connection.sendall(request)
        answered, start, used = 0, time.monotonic(), processor_time(simulator.pid)
        while time.monotonic() < start + seconds:
            for key, _ in selector.select():
                if not key.fileobj.recv(65536).startswith(b"HTTP/1.1 200"):
                    sys.exit("error: an answer that is not 200")
                answered += 1
                key.fileobj.sendall(request)
        taken, used = time.monotonic() - start, processor_time(simulator.pid) - used
        for key in list(selector.get_map().values()):
            key.fileobj.close()
    print(f"{answered / taken:.0f} requests a second, {answered / used:.0f} a second of processor time")


if __name__ == "__main__":
    main()
