"""NewsAPI."""

from messages import as_json
from providers.base import DAY, Provider, cal, roll

_ARTICLE = {"source": {"id": None, "name": "Simulator"}, "author": None, "title": "Simulated headline",
            "description": "", "url": "https://news.example/1", "publishedAt": "2026-01-02T10:00:00Z", "content": ""}


def _error(status, code, message):
    return as_json({"status": "error", "code": code, "message": message}, status)


class NewsApi(Provider):
    name = "newsapi"
    base_path = "/v2"
    plans = {"free": (roll(50, DAY // 2), roll(100, DAY)), "business": (cal(250_000, "month"),),
             "advanced": (cal(2_000_000, "month"),)}

    def credential(self, request):
        plain = request.headers.get("authorization", "")
        return request.headers.get("x-api-key") or request.bearer or plain or request.query.get("apiKey")

    def missing(self, request):
        return _error(401, "apiKeyMissing", "Your API key is missing. Append this to the URL with the apiKey param, or "
                                            "use the x-api-key HTTP header.")

    def refused(self, request, text, state):
        if state == "restricted":
            return None
        if state in ("expired", "disabled"):
            return _error(401, "apiKeyDisabled", "Your API key has been disabled.")
        if state == "exhausted":
            return self.too_many(request, None, 0, None)
        return _error(401, "apiKeyInvalid", "Your API key is invalid or incorrect. Check your key, or go to "
                                            "https://newsapi.org to create a free API key.")

    def too_many(self, request, window, wait, key):
        if window and window.length < DAY // 2:
            return _error(429, "rateLimited", "You have been rate limited. Back off for a while before trying the "
                                              "request again.")
        return _error(429, "rateLimited", "You have made too many requests recently. Developer accounts are limited to "
                                          "100 requests over a 24 hour period (50 requests available every 12 hours). "
                                          "Please upgrade to a paid plan if you need more requests.")

    def answer(self, request, path, key):
        if "origin" in request.headers and key.plan == "free":
            return _error(426, "corsNotAllowed", "Requests from the browser are not allowed on the Developer plan, "
                                                 "except from localhost.")
        cached = [("x-cached-result", "false"), ("cache-control", "no-cache")]
        if path == "/top-headlines/sources":
            return as_json({"status": "ok", "sources": [{"id": "simulator", "name": "Simulator", "category": "business",
                                                         "language": "en", "country": "us"}]}, headers=cached)
        if path not in ("/everything", "/top-headlines"):
            return None
        since = request.query.get("from", "9999")
        if key.state == "unentitled" or (key.plan == "free" and since < "2026"):
            return _error(426, "parameterInvalid",
                          "You are trying to request results too far in the past. Your plan permits you to request "
                          f"articles as far back as 2026-01-01, but you have requested {since[:10]}. You may need to "
                          "upgrade to a paid plan.")
        if path == "/everything" and not request.query.get("q"):
            return _error(400, "parametersMissing", "Required parameters are missing, the scope of your search is too "
                                                    "broad. Please set any of the following parameters and try again: "
                                                    "q, qInTitle, sources, domains.")
        articles = [] if request.query.get("q") == "NOSUCH" else [_ARTICLE]
        return as_json({"status": "ok", "totalResults": len(articles), "articles": articles}, headers=cached)

    def not_found(self):
        return _error(404, "unexpectedError", "no such path")
