"""Finnhub."""

import math

from messages import as_json
from providers.base import Provider, roll

_PAID = ("/stock/candle", "/stock/option-chain", "/news-sentiment", "/stock/social-sentiment", "/economic",
         "/calendar/economic")
_QUOTE = {"c": 261.74, "d": 2.24, "dp": 0.8652, "h": 264.9, "l": 259.5, "o": 260.4, "pc": 259.5, "t": 1757847600}
_NEWS = [{"category": "company", "datetime": 1757847600, "headline": "Simulated headline", "id": 1, "related": "AAPL",
          "source": "Simulator", "summary": "", "url": "https://news.example/1"}]
_ANSWERS = {
    "/stock/candle": {"c": [261.74], "h": [264.9], "l": [259.5], "o": [260.4], "s": "ok", "t": [1757847600], "v": [100]},
    "/stock/option-chain": {"code": "AAPL", "exchange": "US", "data": [{"expirationDate": "2027-01-15", "options": {}}]},
    "/news": _NEWS,
    "/company-news": _NEWS,
    "/news-sentiment": {"buzz": {"articlesInLastWeek": 20}, "sentiment": {"bearishPercent": 0.2, "bullishPercent": 0.8},
                        "companyNewsScore": 0.9, "symbol": "AAPL"},
    "/stock/social-sentiment": {"symbol": "AAPL", "data": [{"atTime": "2026-01-02 10:00:00", "mention": 3, "score": 0.5}]},
    "/stock/insider-sentiment": {"symbol": "AAPL", "data": [{"year": 2026, "month": 1, "change": 5540, "mspr": 12.2}]},
    "/economic": {"code": "MA-USA-656880", "data": [{"date": "2026-01-01", "value": 321.5}]},
    "/calendar/economic": {"economicCalendar": [{"country": "US", "event": "CPI", "time": "2026-01-13 13:30:00"}]},
    "/stock/market-status": {"exchange": "US", "holiday": None, "isOpen": True, "session": "regular", "t": 1757847600},
}


class Finnhub(Provider):
    name = "finnhub"
    base_path = "/api/v1"
    plans = {"free": (roll(60, 60), roll(30, 1)), "paid": (roll(300, 60), roll(30, 1))}

    def credential(self, request):
        return request.headers.get("x-finnhub-token") or request.query.get("token")

    def missing(self, request):
        return as_json({"error": "Please use an API key."}, 401)

    def refused(self, request, text, state):
        if state == "restricted":
            return None
        if state == "exhausted":
            return self.too_many(request, None, 0, None)
        return as_json({"error": "Invalid API key."}, 401)

    def too_many(self, request, window, wait, key):
        return as_json({"error": "API limit reached. Please try again later. Remaining Limit: 0"}, 429)

    def limit_headers(self, limiter, clock):
        meter = limiter.meter(60)
        if meter is None:
            return []
        now, wall = clock.now(), clock.wall()
        left = max(0, meter.window.limit - meter.used(now, wall))
        return [("x-ratelimit-limit", meter.window.limit), ("x-ratelimit-remaining", left),
                ("x-ratelimit-reset", math.ceil(wall + meter.reset(now, wall)))]

    def answer(self, request, path, key):
        if path == "/quote":
            if request.query.get("symbol") == "NOSUCH":
                return as_json({"c": 0, "d": None, "dp": None, "h": 0, "l": 0, "o": 0, "pc": 0, "t": 0})
            return as_json(_QUOTE)
        if path in _PAID and key.plan == "free" or key.state == "unentitled":
            return as_json({"error": "You don't have access to this resource."}, 403)
        return as_json(_ANSWERS[path]) if path in _ANSWERS else None
