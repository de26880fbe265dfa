"""What the ten providers have in common: keys with a plan and a state, limits by plan, answers in their own words."""

import hashlib
import os

from limits import DAY, Limiter, Window  # noqa: F401 (DAY for the providers)
from messages import as_json

SALT = os.urandom(16)
STATES = ("good", "revoked", "expired", "disabled", "exhausted", "restricted", "unentitled")


def fingerprint(text):
    """Stands for a key in logs; another one each time that the simulator starts."""
    return hashlib.blake2b(text.encode(), key=SALT, digest_size=6).hexdigest()


def roll(limit, seconds):
    return Window(limit, seconds)


def cal(limit, unit):
    return Window(limit, unit=unit)


def hidden(text):
    """A key as OpenAI shows it: its ends."""
    return f"{text[:8]}{'*' * 8}{text[-4:]}"


class Key:
    """A key that a provider has given out."""

    __slots__ = ("name", "text", "secret", "plan", "state", "fingerprint")

    def __init__(self, name, text, plan, state="good", secret=""):
        self.name = name
        self.text = text
        self.secret = secret  # Reddit alone: the second half.
        self.plan = plan
        self.state = state
        self.fingerprint = fingerprint(text)


class Visit:
    """What has become of one request: the answer and what the log shall say about it."""

    __slots__ = ("answer", "key", "scope")

    def __init__(self, answer, key="", scope=""):
        self.answer = answer
        self.key = key  # A fingerprint.
        self.scope = scope  # Whose limits it counts against.


class Provider:
    """One provider. A subclass says how a key travels, what is refused in which words, and what is answered."""

    name = ""
    base_path = ""  # Of the real address; may be left out behind the prefix.
    plans = {}  # Name -> windows.
    scope_by = "key"  # Or "account", "address": all keys share one count.
    counts_errors = False  # A refused request counts as well.
    anonymous_plan = ""  # What a request without a key may do; empty: nothing.

    def __init__(self):
        self.keys = {}  # Text -> Key.
        self.plans = dict(self.plans)
        self.limiters = {}  # Scope -> (plan, Limiter).
        for key in self.first_keys():
            self.keys[key.text] = key

    # What a subclass says.

    def first_keys(self):
        """The keys it knows at the start: a good one for each plan, and one for each state worth a test."""
        first = next(iter(self.plans))
        plans = {"good": first, "second": first} | {plan: plan for plan in list(self.plans)[1:]}
        keys = [Key(name, self.key_text(name), plan) for name, plan in plans.items()]
        return keys + [Key(state, self.key_text(state), first, state) for state in STATES[1:]]

    def key_text(self, name):
        return f"simulated-{self.name}-{name}-key"

    def credential(self, request):
        """The key that a request brings; None or empty: none."""
        raise NotImplementedError

    def missing(self, request):
        raise NotImplementedError

    def refused(self, request, text, state):
        """For a key that is not good; state "unknown" if it was never given out. None: it is let in after all."""
        raise NotImplementedError

    def too_many(self, request, window, wait, key):
        raise NotImplementedError

    def limit_headers(self, limiter, clock):
        """What each answer says about the limits."""
        return []

    def answer(self, request, path, key):
        """The data, or what is wrong with the question. `path` is without prefix and base."""
        raise NotImplementedError

    # What is the same for all.

    def path_of(self, path):
        """A path behind the prefix, with or without that of the real address."""
        if self.base_path and (path == self.base_path or path.startswith(self.base_path + "/")):
            return path[len(self.base_path) :]
        return path

    def find(self, text):
        return self.keys.get(text)

    def key_named(self, name):
        return next((key for key in self.keys.values() if key.name == name), None)

    def scope_of(self, key):
        return f"{self.name}/{key.fingerprint if self.scope_by == 'key' else self.scope_by}"

    def limiter_for(self, scope, plan):
        known = self.limiters.get(scope)
        if known is None or known[0] != plan:
            limiter = Limiter(self.plans[plan])
            if known is not None:
                limiter = known[1]
                limiter.change(self.plans[plan])
            self.limiters[scope] = known = (plan, limiter)
        return known[1]

    def set_limits(self, windows, plan=None):
        """Other limits from now on, for one plan or all of them."""
        for name in [plan] if plan else list(self.plans):
            self.plans[name] = windows
        for used, limiter in self.limiters.values():
            if plan in (None, used):
                limiter.change(self.plans[used])

    def owner(self, request):
        """The key that a request brings, if it was given out."""
        text = self.credential(request)
        return self.find(text) if text else None

    def whose(self, request):
        """(fingerprint, scope) of a request that the provider does not get to see; its limits are known from now on."""
        key = self.owner(request)
        if key is not None:
            scope = self.scope_of(key)
            self.limiter_for(scope, key.plan)
            return key.fingerprint, scope
        text = self.credential(request)
        if text or not self.anonymous_plan:
            return fingerprint(text) if text else "", ""
        self.limiter_for(f"{self.name}/address", self.anonymous_plan)
        return "", f"{self.name}/address"

    def visit(self, request, path, clock):
        """One request, start to end: the key, then the limits, then the question."""
        path = self.path_of(path)
        text = self.credential(request)
        if not text:
            if not self.anonymous_plan:
                return Visit(self.missing(request))
            return self._limited(request, path, None, f"{self.name}/address", self.anonymous_plan, clock)
        key = self.find(text)
        if key is None:
            return Visit(self.refused(request, text, "unknown"), fingerprint(text))
        scope = self.scope_of(key)
        if key.state not in ("good", "unentitled"):
            answer = self.refused(request, text, key.state)
            if answer is not None:
                self.limiter_for(scope, key.plan)
                return Visit(answer, key.fingerprint, scope)
        return self._limited(request, path, key, scope, key.plan, clock)

    def _limited(self, request, path, key, scope, plan, clock):
        limiter = self.limiter_for(scope, plan)
        now, wall = clock.now(), clock.wall()
        refused = limiter.admit(now, wall)
        if refused is not None:
            meter, wait = refused
            if self.counts_errors:
                for each in limiter.meters:
                    if each.used(now, wall) < 2 * each.window.limit:  # Enough to be late; bounded.
                        each.take(now, wall)
            answer = self.too_many(request, meter.window, wait, key)
        else:
            answer = self.answer(request, path, key) or self.not_found()
        fingerprint_ = key.fingerprint if key else ""
        return Visit(answer.with_headers(self.limit_headers(limiter, clock)), fingerprint_, scope)

    def not_found(self):
        return as_json({"error": "no such path"}, 404)
