"""Stocktwits: public streams without a key, counted by address; with a token by the token."""

import math

from messages import as_json
from providers.base import Provider, roll


def _error(status, text):
    return as_json({"response": {"status": status}, "errors": [{"message": text}]}, status)


class Stocktwits(Provider):
    name = "stocktwits"
    base_path = "/api/2"
    plans = {"token": (roll(400, 3600),), "free": (roll(200, 3600),)}
    anonymous_plan = "free"
    counts_errors = True

    def first_keys(self):
        return [key for key in super().first_keys() if key.plan == "token"]

    def credential(self, request):
        return request.bearer or request.query.get("access_token")

    def missing(self, request):
        return _error(401, "Authentication required")

    def refused(self, request, text, state):
        if state == "restricted":
            return None
        if state in ("expired", "disabled"):
            return _error(401, "Account suspended")
        if state == "exhausted":
            return _error(429, "Rate limit exceeded. Client may not make more than 400 requests an hour.")
        return _error(401, "Authentication required")

    def too_many(self, request, window, wait, key):
        return _error(429, f"Rate limit exceeded. Client may not make more than {window.limit} requests an hour.")

    def limit_headers(self, limiter, clock):
        meter = limiter.meter(3600)
        if meter is None:
            return []
        now, wall = clock.now(), clock.wall()
        left = max(0, meter.window.limit - meter.used(now, wall))
        return [("X-RateLimit-Limit", meter.window.limit), ("X-RateLimit-Remaining", left),
                ("X-RateLimit-Reset", math.ceil(wall + meter.reset(now, wall)))]

    def answer(self, request, path, key):
        if path == "/account/verify.json":
            if key is None:
                return self.missing(request)
            return as_json({"response": {"status": 200}, "user": {"id": 1, "username": "simulated"}})
        if path == "/streams/home.json" and (key is None or key.state == "unentitled"):
            return _error(401, "Stream required authentication")
        if path.startswith("/streams/"):
            symbol = path.rsplit("/", 1)[-1].removesuffix(".json")
            if symbol == "NOSUCH":
                return _error(404, "Symbol not found")
            return as_json({"response": {"status": 200}, "symbol": {"symbol": symbol},
                            "messages": [{"id": 1, "body": f"${symbol} simulated", "created_at": "2026-01-02T10:00:00Z",
                                          "entities": {"sentiment": {"basic": "Bullish"}}}]})
        return None

    def not_found(self):
        return _error(404, "Not found")
