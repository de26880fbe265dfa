"""Reddit: a token for an hour, bought with id and secret, and a user agent of one's own."""

import collections
import secrets
from urllib.parse import parse_qsl

from messages import as_json, as_text
from providers.base import Key, Provider, Visit, fingerprint, roll

TOKENS_MAX = 1_000
_TOO_MANY_PAGE = ("<!doctype html>\n<html>\n  <head>\n    <title>Too Many Requests</title>\n  </head>\n  <body></body>\n"
                  "</html>\n")
_BLOCKED_PAGE = ("<html><head><title>Blocked</title></head><body><h1>whoa there, pardner!</h1><p>Your request has been blocked "
                 "due to a network policy.</p></body></html>")
_DEFAULT_AGENTS = ("python-requests", "python-urllib", "curl/", "java/", "go-http-client", "libcurl")


def _agent_refusal(request):
    """What an unfit user agent gets; None if it is one's own."""
    agent = request.headers.get("user-agent", "")
    if agent.startswith("Mozilla/"):
        return as_text(_BLOCKED_PAGE, 403, "text/html")
    if len(agent) < 7 or agent.lower().startswith(_DEFAULT_AGENTS):
        return as_text(_TOO_MANY_PAGE, 429, "text/html; charset=UTF-8",
                       [("retry-after", "4"), ("server", "snooserv")])
    return None


class Reddit(Provider):
    """The interface itself. A token stands for the client that has bought it."""

    name = "reddit"
    plans = {"free": (roll(1000, 600),)}

    def __init__(self):
        super().__init__()
        self.token_seconds = 3600
        self.tokens = collections.OrderedDict()  # Text -> (client's key, end on the monotonic clock).

    def first_keys(self):
        return [Key(key.name, key.text, key.plan, key.state, f"simulated-reddit-{key.name}-secret")
                for key in super().first_keys()]

    def key_text(self, name):
        return f"simulated-reddit-{name}-id"

    def new_token(self, key, now):
        text = f"simulated-token-{secrets.token_hex(8)}"
        self.tokens[text] = (key, now + self.token_seconds)
        while len(self.tokens) > TOKENS_MAX:
            self.tokens.popitem(last=False)
        return text

    def credential(self, request):
        return request.bearer

    def missing(self, request):
        return as_json({"message": "Unauthorized", "error": 401}, 401)

    def owner(self, request):
        return self.tokens.get(request.bearer, (None, 0))[0]

    def refused(self, request, text, state):
        return as_json({"message": "Unauthorized", "error": 401}, 401,
                       [("www-authenticate", 'Bearer realm="reddit", error="invalid_token"')])

    def visit(self, request, path, clock):
        refusal = _agent_refusal(request)
        if refusal:
            return Visit(refusal)
        text = request.bearer
        if not text:
            return Visit(self.missing(request))
        key, end = self.tokens.get(text, (None, 0))
        if key is None or clock.now() >= end or key.state in ("revoked", "expired", "disabled"):
            return Visit(self.refused(request, text, "unknown"), key.fingerprint if key else fingerprint(text))
        if key.state == "exhausted":
            return Visit(self.too_many(request, None, 0, key), key.fingerprint, self.scope_of(key))
        return self._limited(request, path, key, self.scope_of(key), key.plan, clock)

    def too_many(self, request, window, wait, key):
        return as_json({"message": "Too Many Requests", "error": 429}, 429)

    def limit_headers(self, limiter, clock):
        meter = limiter.meter(600)
        if meter is None:
            return []
        now, wall = clock.now(), clock.wall()
        used = meter.used(now, wall)
        return [("x-ratelimit-used", used), ("x-ratelimit-remaining", f"{max(0, meter.window.limit - used)}.0"),
                ("x-ratelimit-reset", max(1, round(meter.reset(now, wall))))]

    def answer(self, request, path, key):
        if path == "/api/v1/me" or key.state in ("restricted", "unentitled"):
            # A token of client_credentials belongs to no user.
            return as_json({"message": "Forbidden", "error": 403}, 403,
                           [("www-authenticate", 'Bearer realm="reddit", error="insufficient_scope"')])
        if path.startswith("/r/") or path.startswith("/search"):
            if "/NOSUCH" in path:
                return as_json({"message": "Not Found", "error": 404}, 404)
            post = {"kind": "t3", "data": {"id": "1", "title": "Simulated post", "selftext": "", "score": 1,
                                           "created_utc": 1757847600.0, "subreddit": path.split("/")[2] if path[:3] == "/r/" else ""}}
            return as_json({"kind": "Listing", "data": {"modhash": None, "children": [post], "after": None, "before": None}})
        return None

    def not_found(self):
        return as_json({"message": "Not Found", "error": 404}, 404)


class RedditToken(Provider):
    """Where the tokens are sold. Knows the same clients as `reddit`, and counts for itself."""

    name = "reddit_token"
    plans = {"free": (roll(300, 600),)}

    def __init__(self, reddit):
        self.reddit = reddit
        super().__init__()
        self.keys = reddit.keys

    def first_keys(self):
        return []

    def credential(self, request):
        return request.basic[0] if request.basic else None

    def missing(self, request):
        return as_json({"message": "Unauthorized", "error": 401}, 401)

    def refused(self, request, text, state):
        if state in ("exhausted", "restricted"):
            return None
        return as_json({"message": "Unauthorized", "error": 401}, 401)

    def visit(self, request, path, clock):
        refusal = _agent_refusal(request)
        if refusal:
            return Visit(refusal)
        user, password = request.basic or ("", "")
        key = self.find(user)
        if key is not None and key.secret != password:
            return Visit(self.refused(request, user, "unknown"), key.fingerprint, self.scope_of(key))
        self._now = clock.now()
        return super().visit(request, path, clock)

    def too_many(self, request, window, wait, key):
        return as_json({"message": "Too Many Requests", "error": 429}, 429)

    def answer(self, request, path, key):
        if path not in ("", "/", "/api/v1/access_token") or request.method != "POST":
            return None
        grant = dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("grant_type", "")
        if grant == "client_credentials":
            return as_json({"access_token": self.reddit.new_token(key, self._now), "token_type": "bearer",
                            "expires_in": self.reddit.token_seconds, "scope": "*"})
        if grant == "password":
            return as_json({"error_description": "Only script apps may use password auth", "error": "unauthorized_client"})
        if grant == "refresh_token":
            return as_json({"error": 400}, 400)
        return as_json({"error": "unsupported_grant_type"})

    def not_found(self):
        return as_json({"message": "Not Found", "error": 404}, 404)
