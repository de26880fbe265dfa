"""Alpha Vantage: one path, always 200, and any text is a key."""

from messages import as_json
from providers.base import DAY, Key, Provider, roll

_PREMIUM = ("REALTIME_OPTIONS", "TIME_SERIES_INTRADAY", "TIME_SERIES_DAILY_ADJUSTED")
_MACRO = ("REAL_GDP", "CPI", "TREASURY_YIELD", "FEDERAL_FUNDS_RATE", "UNEMPLOYMENT", "NONFARM_PAYROLL")
_MISSING = ("the parameter apikey is invalid or missing. Please claim your free API key on "
            "(https://www.alphavantage.co/support/#api-key). It should take less than 20 seconds.")
_DEMO = ("The **demo** API key is for demo purposes only. Please claim your free API key at "
         "(https://www.alphavantage.co/support/#api-key) to explore our full API offerings. It takes fewer than 20 "
         "seconds, and we are committed to making it free forever.")
_PER_SECOND = ("Thank you for using Alpha Vantage! Please consider spreading out your free API requests more sparingly "
               "(1 request per second). You may subscribe to any of the premium plans at "
               "https://www.alphavantage.co/premium/ to lift the free key rate limit (25 requests per day), raise the "
               "per-second burst limit, and instantly unlock all premium endpoints")
_PER_DAY = ("We have detected your API key as {key} and our standard API rate limit is 25 requests per day. Please "
            "subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to instantly remove all "
            "daily rate limits.")
_PER_MINUTE = ("Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and 500 calls "
               "per day. Please visit https://www.alphavantage.co/premium/ if you would like to target a higher API "
               "call frequency.")
_ARTIFICIAL = ("This is a premium endpoint. ***THE SAMPLE DATA SCHEMA BELOW IS ARTIFICIAL AND FOR ILLUSTRATION PURPOSES "
               "ONLY***. To access the actual data, please subscribe to either the 600 requests per minute or the 1200 "
               "requests per minute premium plan at https://www.alphavantage.co/premium/ if you would like to access "
               "realtime options data")


class AlphaVantage(Provider):
    name = "alpha_vantage"
    base_path = "/query"
    plans = {"free": (roll(1, 1), roll(5, 60), roll(25, DAY))} | {
        f"premium_{n}": (roll(n, 60),) for n in (75, 150, 300, 600, 1200)}

    def credential(self, request):
        return request.query.get("apikey")

    def find(self, text):
        """Any text is accepted. Those that nobody has given out share the count of the address that they come from."""
        return self.keys.get(text) or Key("any", text, "free")

    def scope_of(self, key):
        return super().scope_of(key) if key.text in self.keys else f"{self.name}/address"

    def missing(self, request):
        return as_json({"Error Message": _MISSING})

    def refused(self, request, text, state):
        if state == "exhausted":
            return as_json({"Information": _PER_DAY.format(key=text)})
        return None  # Keys never expire, and none is ever unknown.

    def too_many(self, request, window, wait, key):
        if window.length <= 1:
            return as_json({"Information": _PER_SECOND})
        if window.length <= 3600:
            return as_json({"Note": _PER_MINUTE})
        return as_json({"Information": _PER_DAY.format(key=key.text)})

    def answer(self, request, path, key):
        if path not in ("", "/"):
            return None
        accept = request.headers.get("accept", "*/*")
        if "json" not in accept and "*" not in accept:
            return as_json({"detail": "Could not satisfy the request Accept header."}, 406)
        if key.text == "demo":
            return as_json({"Information": _DEMO})
        function = request.query.get("function", "")
        symbol = request.query.get("symbol", "MSFT")
        if key.state == "unentitled" or (key.plan == "free" and function in _PREMIUM):
            if function == "REALTIME_OPTIONS":
                return as_json({"message": _ARTIFICIAL, "data": [{"contractID": "XXYYZZ", "strike": "0.00"}]})
            return as_json({"Information": "Thank you for using Alpha Vantage! This is a premium endpoint. You may "
                                           "subscribe to any of the premium plans at https://www.alphavantage.co/premium/ "
                                           "to instantly unlock all premium endpoints"})
        if symbol == "NOSUCH":
            return as_json({})
        return self._data(function, symbol)

    def _data(self, function, symbol):
        if function == "MARKET_STATUS":
            return as_json({"endpoint": "Global Market Open & Close Status",
                            "markets": [{"market_type": "Equity", "region": "United States", "current_status": "open"}]})
        if function == "GLOBAL_QUOTE":
            return as_json({"Global Quote": {"01. symbol": symbol, "02. open": "112.6300", "05. price": "112.1300",
                                             "06. volume": "29062853", "07. latest trading day": "2018-10-05",
                                             "08. previous close": "112.7900"}})
        if function.startswith("TIME_SERIES_"):
            return as_json({"Meta Data": {"2. Symbol": symbol, "3. Last Refreshed": "2018-10-05"},
                            "Time Series (Daily)": {"2018-10-05": {"1. open": "112.6300", "4. close": "112.1300"}}})
        if function in ("HISTORICAL_OPTIONS", "REALTIME_OPTIONS"):
            return as_json({"endpoint": function, "message": "success",
                            "data": [{"contractID": "IBM271217C00150000", "symbol": symbol, "strike": "150.00",
                                      "type": "call", "implied_volatility": "0.31"}]})
        if function == "NEWS_SENTIMENT":
            return as_json({"items": "1", "feed": [{"title": "Simulated headline", "url": "https://news.example/1",
                                                    "time_published": "20260102T100000",
                                                    "overall_sentiment_score": 0.21}]})
        if function in _MACRO:
            return as_json({"name": function, "interval": "monthly", "unit": "percent",
                            "data": [{"date": "2026-01-01", "value": "3.4"}]})
        if not function:
            return as_json({"Error Message": "Invalid API call. Please retry or visit the documentation "
                                             "(https://www.alphavantage.co/documentation/) for TIME_SERIES_DAILY."})
        return as_json({"Error Message": f"This API function ({function}) does not exist."})
