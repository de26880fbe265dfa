"""Polygon.io, now Massive."""

from messages import as_json
from providers.base import Provider, roll

_FREE_OF_PLAN = ("/v2/last/trade/", "/v2/snapshot/", "/v3/snapshot/options/")


def _ok(results, **more):
    return as_json({"status": "OK", "request_id": "simulated", "results": results, **more})


class Polygon(Provider):
    name = "polygon"
    plans = {"free": (roll(5, 60),), "paid": (roll(100, 1),)}

    def credential(self, request):
        return request.bearer or request.query.get("apiKey")

    def missing(self, request):
        return as_json({"status": "ERROR", "request_id": "simulated", "error": "API Key was not provided"}, 401)

    def refused(self, request, text, state):
        if state == "restricted":
            return None
        if state == "exhausted":
            return self.too_many(request, None, 0, None)
        return as_json({"status": "ERROR", "request_id": "simulated", "error": "Unknown API Key"}, 401)

    def too_many(self, request, window, wait, key):
        return as_json({"status": "ERROR", "request_id": "simulated",
                        "error": "You've exceeded the maximum requests per minute, please wait or upgrade your "
                                 "subscription to continue. https://polygon.io/pricing"}, 429)

    def answer(self, request, path, key):
        if path == "/v1/marketstatus/now":
            return as_json({"market": "extended-hours", "earlyHours": False, "afterHours": True,
                            "serverTime": "2022-04-28T16:48:08-04:00",
                            "exchanges": {"nyse": "extended-hours", "nasdaq": "extended-hours", "otc": "extended-hours"},
                            "currencies": {"fx": "open", "crypto": "open"}})
        if key.state == "unentitled" or (key.plan == "free" and path.startswith(_FREE_OF_PLAN)):
            return as_json({"status": "NOT_AUTHORIZED", "request_id": "simulated",
                            "message": "You are not entitled to this data. Please upgrade your plan at "
                                       "https://polygon.io/pricing"}, 403)
        if "NOSUCH" in path:
            return as_json({"status": "NOT_FOUND", "request_id": "simulated", "message": "Ticker not found."}, 404)
        ticker = path.split("/")[4] if path.startswith(("/v2/aggs/ticker/", "/v2/last/trade/")) else ""
        if path.startswith("/v2/aggs/ticker/"):
            bar = {"T": ticker, "v": 70790813, "vw": 131.6292, "o": 130.465, "c": 130.15, "h": 133.41, "l": 129.89,
                   "t": 1673240400000, "n": 645365}
            return _ok([bar], ticker=ticker, queryCount=1, resultsCount=1, adjusted=True, count=1)
        if path.startswith("/v2/last/trade/"):
            return _ok({"T": ticker, "p": 129.8473, "s": 25, "t": 1617901342969834000, "x": 4})
        if path.startswith("/v2/snapshot/"):
            return as_json({"status": "OK", "request_id": "simulated",
                            "ticker": {"ticker": path.rsplit("/", 1)[-1], "day": {"c": 120.42}, "updated": 1605195918306274000}})
        if path.startswith("/v3/snapshot/options/"):
            return _ok([{"details": {"contract_type": "call", "expiration_date": "2027-01-15", "strike_price": 150,
                                     "ticker": "O:AAPL270115C00150000"},
                         "greeks": {"delta": 0.55, "gamma": 0.01, "theta": -0.02, "vega": 0.7},
                         "implied_volatility": 0.3, "open_interest": 1543,
                         "last_quote": {"ask": 21.25, "bid": 20.9}}])
        if path == "/v3/reference/options/contracts":
            return _ok([{"contract_type": "call", "expiration_date": "2027-01-15", "strike_price": 150,
                         "ticker": "O:AAPL270115C00150000", "underlying_ticker": "AAPL"}])
        if path == "/v2/reference/news":
            return _ok([{"id": "1", "title": "Simulated headline", "published_utc": "2026-01-02T10:00:00Z",
                         "tickers": ["AAPL"], "article_url": "https://news.example/1"}], count=1)
        if path.startswith("/fed/v1/"):
            return _ok([{"date": "2026-01-01", "cpi": 321.5, "yield_10_year": 4.2}], count=1)
        if path.startswith("/v1/indicators/"):
            return _ok({"values": [{"timestamp": 1673240400000, "value": 130.9}]})
        return None

    def not_found(self):
        return as_json({"status": "NOT_FOUND", "request_id": "simulated", "message": "Not found."}, 404)
