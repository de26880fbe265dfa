"""Each provider: a good key, a bad one, none, the limit and what follows from it."""

import json
import time
import unittest

from started import Simulator, basic, bearer

AGENT = {"User-Agent": "simulator-test/1"}


def in_header(name, before=""):
    return lambda path, key: (path, {name: before + key} if key else {})


def in_query(name):
    return lambda path, key: (path + ("&" if "?" in path else "?") + f"{name}={key}" if key else path, {})


# source -> how the key travels, the cheapest question, the mark of an answer, and (status, mark) of a bad key and of none.
PROBES = {
    "polygon": (in_header("Authorization", "Bearer "), "/v1/marketstatus/now", "serverTime",
                (401, "Unknown API Key"), (401, "API Key was not provided")),
    "finnhub": (in_header("X-Finnhub-Token"), "/api/v1/quote?symbol=AAPL", '"c": 261.74',
                (401, "Invalid API key."), (401, "Please use an API key.")),
    "alpha_vantage": (in_query("apikey"), "/query?function=MARKET_STATUS", "markets",
                      (200, "markets"), (200, "the parameter apikey is invalid or missing")),
    "newsapi": (in_header("X-Api-Key"), "/v2/top-headlines/sources?country=us", "sources",
                (401, "apiKeyInvalid"), (401, "apiKeyMissing")),
    "openweather": (in_query("appid"), "/data/2.5/weather?lat=51.5&lon=-0.12", '"cod": 200',
                    (401, "Invalid API key."), (401, "Invalid API key.")),
    "fred": (in_query("api_key"), "/fred/series?series_id=GNPCA&file_type=json", "seriess",
             (400, "is not a 32 character"), (400, "Variable api_key is not set")),
    "stocktwits": (in_header("Authorization", "Bearer "), "/api/2/account/verify.json", "user",
                   (401, "Authentication required"), (401, "Authentication required")),
    "gnews": (in_query("apikey"), "/api/v4/top-headlines?category=general&max=1", "totalArticles",
              (401, "Your API key is invalid."), (401, "Your API key is invalid.")),
    "openai": (in_header("Authorization", "Bearer "), "/v1/models", '"object": "list"',
               (401, "invalid_api_key"), (401, "You didn't provide an API key.")),
}

# source -> requests that the good key's plan lets through at once, and (status, mark) of the next one.
LIMITS = {
    "polygon": (5, 429, "You've exceeded the maximum requests per minute"),
    "finnhub": (30, 429, "API limit reached. Please try again later."),
    "alpha_vantage": (1, 200, "1 request per second"),
    "newsapi": (50, 429, "100 requests over a 24 hour period"),
    "openweather": (60, 429, "Your account is temporary blocked"),
    "fred": (2, 429, "Too Many Requests.  Exceeded Rate Limit"),
    "stocktwits": (400, 429, "Client may not make more than 400 requests an hour."),
    "gnews": (1, 429, "Too many requests."),
    "openai": (3, 429, "Limit 3, Used 3, Requested 1. Please try again in"),
}


class Providers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = cls.enterClassContext(Simulator())

    def setUp(self):
        self.simulator.control("reset")

    def probe(self, source, key):
        travel, path = PROBES[source][:2]
        path, headers = travel(path, key)
        status, headers, body = self.simulator.ask(f"/{source}{path}", headers)
        return status, dict(headers), body.decode()

    def expect(self, answer, status, mark):
        self.assertEqual((answer[0], mark in answer[2]), (status, True), answer)

    def test_a_good_key_gets_data_and_a_bad_one_what_the_provider_says(self):
        for source, (_, _, data, bad, none) in PROBES.items():
            with self.subTest(source):
                self.expect(self.probe(source, self.simulator.key(source)), 200, data)
                self.expect(self.probe(source, "NotAKey"), *bad)
                self.expect(self.probe(source, ""), *none)
                self.simulator.control("key", source=source, state="revoked")
                self.simulator.control("advance", seconds=2)
                self.expect(self.probe(source, self.simulator.key(source)), bad[0], data if source == "alpha_vantage" else "")

    def test_the_limit_lets_through_what_it_says_and_not_one_more(self):
        for source, (count, status, mark) in LIMITS.items():
            with self.subTest(source):
                for _ in range(count):
                    self.expect(self.probe(source, self.simulator.key(source)), 200, PROBES[source][2])
                self.expect(self.probe(source, self.simulator.key(source)), status, mark)

    def test_base_path_can_be_left_out(self):
        _, headers, _ = self.simulator.ask("/finnhub/quote?symbol=AAPL", {"X-Finnhub-Token": self.simulator.key("finnhub")})
        self.assertIn(("x-ratelimit-limit", "60"), headers)
        key = self.simulator.key("alpha_vantage")
        self.assertIn(b"markets", self.simulator.ask(f"/alpha_vantage?function=MARKET_STATUS&apikey={key}")[2])

    def test_headers_speak_each_provider_s_own_units(self):
        wall = 0
        _, headers, _ = self.probe("finnhub", self.simulator.key("finnhub"))
        self.assertEqual((headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]), ("60", "59"))
        wall = int(headers["x-ratelimit-reset"])
        _, headers, _ = self.probe("stocktwits", self.simulator.key("stocktwits"))
        self.assertEqual(headers["X-RateLimit-Remaining"], "399")
        self.assertAlmostEqual(int(headers["X-RateLimit-Reset"]) - 3600, wall - 60, delta=2)
        _, headers, _ = self.probe("openai", self.simulator.key("openai"))
        self.assertEqual((headers["x-ratelimit-remaining-requests"], headers["x-ratelimit-reset-requests"]), ("2", "1m0s"))
        self.assertNotIn("retry-after", headers)
        for _ in range(3):
            _, headers, _ = self.probe("openai", self.simulator.key("openai"))
        self.assertIn(headers["retry-after"], ("59", "60"))

    def test_a_window_opens_again_and_a_day_ends_at_midnight(self):
        self.simulator.control("spend", source="gnews")
        self.expect(self.probe("gnews", self.simulator.key("gnews")), 403, "the next reset will be tomorrow at 00:00 UTC")
        self.simulator.control("advance", seconds=86_401 - time.time() % 86_400)
        self.expect(self.probe("gnews", self.simulator.key("gnews")), 200, "totalArticles")
        self.simulator.control("spend", source="newsapi")
        self.expect(self.probe("newsapi", self.simulator.key("newsapi")), 429, "rateLimited")
        self.simulator.control("advance", seconds=86_400 - 60)
        self.expect(self.probe("newsapi", self.simulator.key("newsapi")), 429, "rateLimited")
        self.simulator.control("advance", seconds=60)
        self.expect(self.probe("newsapi", self.simulator.key("newsapi")), 200, "sources")

    def test_the_day_of_alpha_vantage_shows_the_key(self):
        key = self.simulator.key("alpha_vantage")
        self.expect(self.probe("alpha_vantage", key), 200, "markets")
        self.simulator.control("spend", source="alpha_vantage")
        # The second is used up as well, but the longest window speaks.
        self.expect(self.probe("alpha_vantage", key), 200, f"We have detected your API key as {key} and our standard")

    def test_states_of_keys_have_their_own_words(self):
        for source, state, status, mark in (
                ("newsapi", "disabled", 401, "apiKeyDisabled"), ("gnews", "expired", 401, "is expired."),
                ("gnews", "exhausted", 403, "request limit for today"), ("stocktwits", "disabled", 401, "Account suspended"),
                ("openai", "restricted", 403, "Missing scopes: api.model.read"),
                ("openai", "exhausted", 429, "insufficient_quota"), ("openai", "disabled", 401, "account_deactivated"),
                ("alpha_vantage", "exhausted", 200, "25 requests per day"), ("fred", "expired", 423, ""),
                ("polygon", "exhausted", 429, "maximum requests per minute")):
            with self.subTest(source=source, state=state):
                self.expect(self.probe(source, self.simulator.key(source, state)), status, mark)

    def test_what_the_plan_does_not_include_is_refused(self):
        for source, path, status, mark in (
                ("polygon", "/v2/last/trade/AAPL", 403, "You are not entitled"),
                ("finnhub", "/stock/candle?symbol=AAPL", 403, "You don't have access"),
                ("alpha_vantage", "?function=REALTIME_OPTIONS&symbol=IBM", 200, "ARTIFICIAL"),
                ("newsapi", "/everything?q=x&from=2020-01-01", 426, "too far in the past"),
                ("openweather", "/data/3.0/onecall?lat=1&lon=1", 401, "One Call 3.0")):
            with self.subTest(source):
                path, headers = PROBES[source][0](path, self.simulator.key(source))
                answer = self.simulator.ask(f"/{source}{path}", headers)
                self.expect((answer[0], None, answer[2].decode()), status, mark)

    def test_all_capabilities_have_an_answer(self):
        for source, plan, paths in (
                ("polygon", "paid", ("/v2/aggs/ticker/AAPL/prev", "/v2/aggs/ticker/AAPL/range/1/day/2026-01-01/2026-01-02",
                                     "/v2/last/trade/AAPL", "/v2/snapshot/locale/us/markets/stocks/tickers/AAPL",
                                     "/v3/snapshot/options/AAPL", "/v3/reference/options/contracts", "/v2/reference/news",
                                     "/fed/v1/inflation", "/v1/indicators/sma/AAPL")),
                ("finnhub", "paid", ("/stock/candle", "/stock/option-chain", "/news", "/company-news", "/news-sentiment",
                                     "/stock/social-sentiment", "/stock/insider-sentiment", "/economic",
                                     "/calendar/economic", "/stock/market-status")),
                ("alpha_vantage", "premium_75", tuple(f"?function={name}" for name in (
                    "GLOBAL_QUOTE", "TIME_SERIES_DAILY", "TIME_SERIES_INTRADAY", "HISTORICAL_OPTIONS", "REALTIME_OPTIONS",
                    "NEWS_SENTIMENT", "CPI", "REAL_GDP", "TREASURY_YIELD"))),
                ("newsapi", "business", ("/everything?q=x", "/top-headlines")),
                ("openweather", "one_call", ("/data/2.5/forecast?q=London", "/geo/1.0/direct?q=London",
                                             "/data/3.0/onecall?lat=1&lon=1")),
                ("gnews", "paid", ("/search?q=x", "/top-headlines")),
                ("stocktwits", "good", ("/streams/symbol/AAPL.json", "/streams/trending.json"))):
            for path in paths:
                with self.subTest(source=source, path=path):
                    full, headers = PROBES[source][0](path, self.simulator.key(source, plan))
                    status, _, body = self.simulator.ask(f"/{source}{full}", headers)
                    self.assertEqual((status, b"rror" in body, b"remium" in body), (200, False, False), body)
        answer = self.simulator.ask("/openai/v1/chat/completions", bearer(self.simulator.key("openai")), "POST", b"{}")
        self.assertIn(b'"object": "chat.completion"', answer[2])

    def test_accounts_and_addresses_share_one_count(self):
        for name in ("good", "second") * 30:
            self.expect(self.probe("openweather", self.simulator.key("openweather", name)), 200, "cod")
        self.expect(self.probe("openweather", self.simulator.key("openweather")), 429, "temporary blocked")
        self.expect(self.probe("alpha_vantage", "one"), 200, "markets")
        self.expect(self.probe("alpha_vantage", "another"), 200, "1 request per second")
        for _ in range(200):
            self.assertEqual(self.simulator.ask("/stocktwits/streams/symbol/AAPL.json")[0], 200)
        status, _, body = self.simulator.ask("/stocktwits/streams/symbol/AAPL.json")
        self.assertEqual((status, b"more than 200 requests" in body), (429, True))

    def test_fred_answers_in_xml_unless_asked_for_json(self):
        status, headers, body = self.simulator.ask(f"/fred/series?series_id=GNPCA&api_key={self.simulator.key('fred')}")
        self.assertEqual((status, dict(headers)["content-type"]), (200, "text/xml;charset=utf-8"))
        self.assertTrue(body.startswith(b"<?xml"))
        key = "a" * 32
        self.assertIn(b"is not registered", self.simulator.ask(f"/fred/series?series_id=GNPCA&file_type=json&api_key={key}")[2])


class Reddit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = cls.enterClassContext(Simulator())

    def setUp(self):
        self.simulator.control("reset")

    def token(self, name="good", grant="client_credentials", secret=None, **headers):
        client = self.simulator.started["keys"]["reddit"][name]
        status, _, body = self.simulator.ask("/reddit_token/api/v1/access_token",
                                             {**basic(client["key"], secret or client["secret"]), **headers}, "POST",
                                             f"grant_type={grant}")
        return status, body

    def listing(self, token):
        return self.simulator.ask("/reddit/r/stocks/hot", bearer(token))

    def test_a_token_is_bought_and_spent(self):
        status, body = self.token()
        bought = json.loads(body)
        self.assertEqual((status, bought["token_type"], bought["expires_in"]), (200, "bearer", 3600))
        status, headers, body = self.listing(bought["access_token"])
        headers = dict(headers)
        self.assertEqual((status, headers["x-ratelimit-remaining"], headers["x-ratelimit-used"]), (200, "999.0", "1"))
        self.assertAlmostEqual(int(headers["x-ratelimit-reset"]), 600, delta=2)
        self.assertIn(b'"kind": "Listing"', body)

    def test_a_token_ends_by_time_and_with_its_client(self):
        token = json.loads(self.token()[1])["access_token"]
        self.simulator.control("advance", seconds=3601)
        status, headers, _ = self.listing(token)
        self.assertEqual((status, dict(headers)["www-authenticate"]), (401, 'Bearer realm="reddit", error="invalid_token"'))
        token = json.loads(self.token()[1])["access_token"]
        self.assertEqual(self.listing(token)[0], 200)
        self.simulator.control("key", source="reddit", state="revoked")
        self.assertEqual(self.listing(token)[0], 401)
        self.assertEqual(self.token(), (401, b'{"message": "Unauthorized", "error": 401}'))

    def test_errors_of_the_token_come_with_200(self):
        self.assertEqual(self.token(grant="password")[0], 200)
        self.assertIn(b"unauthorized_client", self.token(grant="password")[1])
        self.assertEqual(self.token(grant="nonsense"), (200, b'{"error": "unsupported_grant_type"}'))
        self.assertEqual(self.token(grant="refresh_token"), (400, b'{"error": 400}'))
        self.assertEqual(self.token(secret="wrong")[0], 401)

    def test_nonsense_in_place_of_a_client_is_refused(self):
        for text in ("YTpi", "!", "\u00e9", "YQ==", "/w=="):
            answer = self.simulator.ask("/reddit_token", {"Authorization": f"Basic {text}"}, "POST", "")
            self.assertEqual(answer[0], 401, text)

    def test_the_user_agent_must_be_one_s_own(self):
        self.assertEqual(self.token(**{"User-Agent": "python-requests/2"})[0], 429)
        status, body = self.token(**{"User-Agent": "Mozilla/5.0"})
        self.assertEqual((status, b"network policy" in body), (403, True))

    def test_clients_share_nothing_but_their_own_tokens_do(self):
        self.simulator.control("limits", source="reddit", windows=[[2, 600]])
        first, second = (json.loads(self.token()[1])["access_token"] for _ in range(2))
        self.assertEqual([self.listing(token)[0] for token in (first, second, first)], [200, 200, 429])
        other = json.loads(self.token("second")[1])["access_token"]
        self.assertEqual(self.listing(other)[0], 200)


if __name__ == "__main__":
    unittest.main()
