"""GNews: a used-up day is a 403."""

from messages import as_json
from providers.base import DAY, Provider, cal, roll

_QUOTA = ("You have reached your request limit for today, the next reset will be tomorrow at 00:00 UTC. If you need more "
          "requests, you can upgrade your subscription here: https://gnews.io/change-plan")
_ARTICLE = {"title": "Simulated headline", "description": "", "content": "", "url": "https://news.example/1", "image": "",
            "publishedAt": "2026-01-02T10:00:00Z", "source": {"name": "Simulator", "url": "https://news.example"}}


class GNews(Provider):
    name = "gnews"
    base_path = "/api/v4"
    plans = {"free": (roll(1, 1), cal(100, "day")), "paid": (roll(4, 1), cal(1_000, "day"))}

    def credential(self, request):
        return request.query.get("apikey") or request.query.get("token")

    def missing(self, request):
        return as_json({"errors": ["Your API key is invalid."]}, 401)

    def refused(self, request, text, state):
        if state == "restricted":
            return None
        if state == "expired":
            return as_json({"errors": ["Your API key is expired."]}, 401)
        if state == "exhausted":
            return as_json({"errors": [_QUOTA]}, 403)
        return as_json({"errors": ["Your API key is invalid."]}, 401)

    def too_many(self, request, window, wait, key):
        return as_json({"errors": [_QUOTA]}, 403) if window.length >= DAY else as_json({"errors": ["Too many requests."]}, 429)

    def answer(self, request, path, key):
        if path not in ("/top-headlines", "/search"):
            return None
        if key.state == "unentitled":
            return as_json({"errors": ["Forbidden"]}, 403)
        if path == "/search" and not request.query.get("q"):
            return as_json({"errors": {"q": "The query is required."}}, 400)
        articles = [] if request.query.get("q") == "NOSUCH" else [_ARTICLE]
        return as_json({"totalArticles": len(articles), "articles": articles})

    def not_found(self):
        return as_json({"errors": ["Not found"]}, 404)
