"""What answers a request: a provider, a fault in front of it, a recorded answer, the trap, or the control interface."""

import asyncio
import collections
import random
import time
from email.utils import formatdate

import control
import faults
import fixtures
from check import History
from journal import Journal
from limits import Clock
from messages import as_json
from providers import all_providers
from providers.base import Key, roll
from scenario import Scenario


class Service:
    def __init__(self, fixtures, log_size, seed, overrides=()):
        self.fixtures = fixtures
        self.seed = seed
        self.overrides = list(overrides)  # (source, windows) that hold from the start.
        self.connections = set()
        self.listener = None
        self.scheme = "http"
        self.journal = Journal(log_size)
        self._date = (0, "")
        self.scenario = None
        self.reset()

    def reset(self):
        """Everything as it was at the start, apart from the scenario, which ends."""
        if self.scenario is not None:
            self.scenario.cancel()
        self.random = random.Random(self.seed)
        self.clock = Clock()
        self.providers = all_providers()
        self.history = {(source, plan): History(windows)
                        for source, provider in self.providers.items() for plan, windows in provider.plans.items()}
        self.faults = collections.defaultdict(list)  # Source -> active faults, oldest first.
        self.trapped = {"requests": 0, "with_key": 0}
        self.journal.clear()
        self.scenario = Scenario(self, [])
        for source, windows in self.overrides:
            self.set_limits(source, windows)

    def set_limits(self, source, windows, plan=None):
        provider = self.providers[source]
        provider.set_limits(windows, plan)
        for name in [plan] if plan else list(provider.plans):
            self.history[source, name].add(time.monotonic(), windows)

    def history_of(self, scope):
        """The limits that applied to a scope of the log; None if it was never let in."""
        source = scope.partition("/")[0]
        known = self.providers[source].limiters.get(scope) if source in self.providers else None
        return self.history[source, known[0]] if known else None

    def date(self):
        now = int(self.clock.wall())
        if now != self._date[0]:
            self._date = (now, formatdate(now, usegmt=True))
        return self._date[1]

    def handle(self, request):
        _, source, path = (request.path + "/").split("/", 2)
        path = "/" + path[:-1] if path else ""
        provider = self.providers.get(source)
        if provider is not None:
            return self._ask(provider, request, path)
        if source == "_control":
            return control.handle(self, request, path)
        if source == "_fixture":
            return self._recorded(request, path)
        if source == "_trap":
            return self._trap(request)
        return as_json({"error": "no such provider"}, 404)

    def _ask(self, provider, request, path):
        source = provider.name
        active = self.faults.get(source)
        late, broken = self._striking(source, path) if active else (None, None)
        context = Context(self, provider, request)
        if broken is not None and faults.KINDS[broken.kind].replaces:
            reply = faults.KINDS[broken.kind].make(context, None, broken.settings)
            key, scope = provider.whose(request)
            self.journal.add(request.arrived, source, key, scope, getattr(reply, "status", 0), path, broken.kind)
        else:
            visit = provider.visit(request, path, self.clock)
            self.journal.add(request.arrived, source, visit.key, visit.scope, visit.answer.status, path,
                             broken.kind if broken else late.kind if late else "")
            reply = visit.answer
            if broken is not None:
                reply = faults.KINDS[broken.kind].make(context, reply, broken.settings)
        if late is not None:
            reply = context.later(reply, late.settings)
        if self.scenario.waits_for_requests:
            self.scenario.after_request(source)
        return reply

    def _striking(self, source, path):
        """(latency or None, another fault or None) that strike this request."""
        self.faults[source] = [fault for fault in self.faults[source] if not fault.is_over()]
        late = broken = None
        for fault in self.faults[source]:
            if fault.kind == "latency":
                late = late or (fault if fault.strikes(path, self.random) else None)
            elif broken is None and fault.strikes(path, self.random):
                broken = fault
        return late, broken

    def recorded(self, provider, case):
        """A fixture: an answer, or a script that gives none. None if there is no such case."""
        answer = self.fixtures.get((provider, case))
        if answer is None or answer.status != 0:
            return answer
        return faults.KINDS["close"].make(None, None, {})

    def _recorded(self, request, path):
        provider, _, case = path[1:].partition("/")
        case = case.partition("/")[0]
        reply = self.recorded(provider, case)
        if reply is None:
            return as_json({"error": "no such fixture"}, 404)
        self.journal.add(request.arrived, "_fixture", "", "", getattr(reply, "status", 0), path)
        return reply

    def _trap(self, request):
        """Where no key must ever arrive."""
        seen = request.raw_head + request.body
        texts = [text for provider in self.providers.values() for key in provider.keys.values()
                 for text in (key.text, key.secret) if text]
        texts += self.providers["reddit"].tokens
        with_key = "authorization" in request.headers or any(text.encode() in seen for text in texts)
        self.trapped["requests"] += 1
        self.trapped["with_key"] += with_key
        self.journal.add(request.arrived, "_trap", "with a key" if with_key else "", "", 200, request.path)
        return as_json({"trapped": True})


class Context:
    """What a fault may ask for."""

    def __init__(self, service, provider, request):
        self._service = service
        self._provider = provider
        self._request = request
        self.random = service.random
        self.wall = service.clock.wall

    def head(self, answer, length=None):
        return answer.head(self._service.date(), length=length)

    def too_many(self, wait):
        text = self._provider.credential(self._request) or ""
        key = self._provider.keys.get(text) or Key("any", text, "free")
        return self._provider.too_many(self._request, roll(60, 60), wait, key)

    def trap(self):
        service = self._service
        return f"{service.scheme}://localhost:{service.listener.port}/_trap/{self._provider.name}"

    def fixture(self, provider, case):
        return self._service.recorded(provider or fixtures.provider_of(self._provider.name), case)

    def later(self, reply, settings):
        wait = faults.delay(settings, self.random)

        async def script(connection):
            await asyncio.sleep(wait)
            if callable(reply):
                await reply(connection)
            else:
                await connection.write(self.head(reply) + reply.body)

        return script
