"""Ten data providers on one port of this machine. `python3 tests/simulator --help`; README.md says more."""

import argparse
import asyncio
import json
import os
import signal
import ssl
import stat
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import certificates  # noqa: E402
import configuration  # noqa: E402
import control  # noqa: E402
import fixtures  # noqa: E402
import scenario  # noqa: E402
from limits import windows_of  # noqa: E402
from server import Listener  # noqa: E402
from service import Service  # noqa: E402

LOG_MAX = 10_000_000
SECONDS_MAX = 1_000_000


def limits_of(text):
    """("polygon", windows) from polygon=5/60,100/day; polygon=none: no limits."""
    source, equals, windows = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("expected SOURCE=LIMIT/SECONDS,...")
    values = []
    for window in [] if windows == "none" else windows.split(","):
        limit, _, length = window.partition("/")
        try:
            values.append([int(limit), length if length in ("day", "month") else float(length)])
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected LIMIT/SECONDS, LIMIT/day or LIMIT/month, not {window!r}") from None
    try:
        return source, windows_of(values)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def log_size(text):
    size = int(text)
    if not 1 <= size <= LOG_MAX:
        raise argparse.ArgumentTypeError(f"expected 1 to {LOG_MAX}")
    return size


def port(text):
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError("expected 0 to 65535")
    return number


def seconds(text):
    number = float(text)
    if not 0 <= number <= SECONDS_MAX:
        raise argparse.ArgumentTypeError(f"expected 0 to {SECONDS_MAX}")
    return number


def options():
    parser = argparse.ArgumentParser(prog="simulator", description="Simulates ten data providers on 127.0.0.1.")
    parser.add_argument("--port", type=port, default=0, help="0: any that is free (the default)")
    parser.add_argument("--scenario", metavar="FILE", help="steps to play, as JSON; see README.md")
    parser.add_argument("--fixtures", metavar="FILE", help="recorded answers for /_fixture/PROVIDER/CASE")
    parser.add_argument("--limit", metavar="SOURCE=N/SECONDS,...", type=limits_of, action="append", default=[],
                        help="other limits for every plan of a source; none: no limit")
    parser.add_argument("--tls", choices=certificates.KINDS, nargs="?", const="good", help="https, with such a certificate")
    parser.add_argument("--for", dest="seconds", type=seconds, metavar="SECONDS", help="ends by itself")
    parser.add_argument("--log-size", type=log_size, default=262_144, metavar="N", help="requests to remember")
    parser.add_argument("--seed", type=int, default=1, help="of jitter and chance")
    parser.add_argument("--yaml", action="store_true", help="print endpoints and keys as YAML behind the line of JSON")
    parser.add_argument("--use", metavar="SOURCE=KEY", type=chosen_key, action="append", default=[],
                        help="with --yaml: another key than `good`")
    return parser.parse_args()


def chosen_key(text):
    source, equals, name = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("expected SOURCE=KEY")
    return source, name


class Simulator:
    """The program's life: from the first line to the end."""

    def __init__(self, chosen, service):
        self._chosen = chosen
        self._service = service
        self._end = asyncio.Event()
        self._steps = []
        self._refused_until = 0.0
        service.refuse = self._refuse
        service.play = self._play

    async def run(self, tls, authority):
        loop = asyncio.get_running_loop()
        listener = self._service.listener = Listener(self._service, self._chosen.port, tls)
        self._service.scheme = "https" if tls else "http"
        await listener.open()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._end.set)
        self._watch_input(loop)
        if self._chosen.seconds is not None:
            loop.call_later(self._chosen.seconds, self._end.set)
        self._say(listener.port, authority)
        self._play(self._steps)
        await self._end.wait()
        self._service.scenario.cancel()
        listener.close()
        await asyncio.sleep(0)  # The connections that have just ended get to know it.

    def load(self):
        """The scenario's problems; none: it can be played."""
        if self._chosen.scenario:
            with open(self._chosen.scenario, encoding="utf-8") as file:
                self._steps = scenario.steps_of(scenario.read_json(file.read()))
        return scenario.problems_of(self._steps, self._service)

    def _play(self, steps):
        self._service.scenario.cancel()
        self._service.scenario = scenario.Scenario(self._service, steps)
        self._service.scenario.start()

    def _refuse(self, seconds):
        loop = asyncio.get_running_loop()
        self._refused_until = max(self._refused_until, loop.time() + seconds)
        # A moment later, so that who has asked for it gets an answer.
        loop.call_later(0.01, self._service.listener.refuse)
        loop.call_at(self._refused_until + 0.01, self._open_again)

    def _open_again(self):
        loop = asyncio.get_running_loop()
        if loop.time() >= self._refused_until:
            self._opening = loop.create_task(self._service.listener.open())

    def _watch_input(self, loop):
        """Whoever started us through a pipe has gone when it closes. A terminal or /dev/null says nothing."""
        try:
            kind = os.fstat(0).st_mode
        except OSError:
            return
        if stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind):
            loop.add_reader(0, self._read_input)

    def _read_input(self):
        if not os.read(0, 4096):
            asyncio.get_running_loop().remove_reader(0)
            self._end.set()

    def _say(self, port, authority):
        service = self._service
        endpoints = {source: f"{service.scheme}://127.0.0.1:{port}/{source}" for source in service.providers}
        line = {"port": port, "pid": os.getpid(), "control": f"{service.scheme}://127.0.0.1:{port}/_control",
                "endpoints": endpoints, "keys": control.key_table(service)}
        if authority:
            line["ca_file"] = authority
        print(json.dumps(line))
        if self._chosen.yaml:
            print(configuration.layer(endpoints, line["keys"], dict(self._chosen.use)), end="")
        sys.stdout.flush()


def main():
    chosen = options()
    try:
        recorded = fixtures.load(chosen.fixtures) if chosen.fixtures else {}
        service = Service(recorded, chosen.log_size, chosen.seed, chosen.limit)
        problems = [f"--limit: no source {source!r}" for source, _ in chosen.limit if source not in service.providers]
        problems += configuration.problems_of(dict(chosen.use), control.key_table(service))
    except KeyError as problem:
        problems = [f"no such source or no such field: {problem}"]
    except (OSError, ValueError) as problem:
        problems = [str(problem)]
    if problems:
        return _wrong(problems)
    try:
        return asyncio.run(_serve(chosen, service))
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 3


async def _serve(chosen, service):
    simulator = Simulator(chosen, service)
    try:
        problems = simulator.load()
    except (OSError, ValueError) as problem:
        problems = [f"{chosen.scenario}: {problem}"]
    if problems:
        return _wrong(problems)
    with tempfile.TemporaryDirectory(prefix="simulator-") as folder:
        tls = authority = None
        if chosen.tls:
            certificate, key, authority = certificates.make(folder, chosen.tls)
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(certificate, key)
        await simulator.run(tls, authority)
    return 0


def _wrong(problems):
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
