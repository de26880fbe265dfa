"""OpenAI: the code in the body decides, and a 429 may be about money."""

from messages import as_json
from providers.base import DAY, Provider, hidden, roll


def _error(status, message, kind, code, headers=()):
    return as_json({"error": {"message": message, "type": kind, "param": None, "code": code}}, status, headers)


def go_duration(seconds):
    """A time as Go writes it: 20ms, 1.5s, 6m0s."""
    if seconds < 1:
        return f"{max(0, round(seconds * 1000))}ms"
    minutes, rest = divmod(round(seconds, 3), 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{rest:.3f}".rstrip("0").rstrip(".") + "s"
    return f"{hours}h{minutes}m{text}" if hours else f"{minutes}m{text}" if minutes else text


class OpenAi(Provider):
    name = "openai"
    base_path = "/v1"
    plans = {"free": (roll(3, 60), roll(200, DAY)), "paid": (roll(500, 60),)}

    def credential(self, request):
        return request.bearer

    def missing(self, request):
        return _error(401, "You didn't provide an API key. You need to provide your API key in an Authorization header "
                           "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).", "invalid_request_error", None)

    def refused(self, request, text, state):
        if state == "restricted":
            if request.path.endswith("/models"):
                return _error(403, "You have insufficient permissions for this operation. Missing scopes: api.model.read",
                              "invalid_request_error", None)
            return None
        if state == "exhausted":
            return _error(429, "You exceeded your current quota, please check your plan and billing details. For more "
                               "information on this error, read the docs: "
                               "https://platform.openai.com/docs/guides/error-codes/api-errors.",
                          "insufficient_quota", "insufficient_quota")
        if state == "expired":
            return _error(401, "You must be a member of an organization to use the API", "invalid_request_error", None)
        if state == "disabled":
            return _error(401, "The OpenAI account associated with this API key has been deactivated.",
                          "invalid_request_error", "account_deactivated")
        return _error(401, f"Incorrect API key provided: {hidden(text)}. You can find your API key at "
                           "https://platform.openai.com/account/api-keys.", "invalid_request_error", "invalid_api_key")

    def too_many(self, request, window, wait, key):
        seconds = max(1, int(wait + 0.999))
        unit, short = ("day", "RPD") if window.length >= DAY else ("min", "RPM")
        return _error(429, f"Rate limit reached for gpt-4o-mini in organization org-simulated on requests per {unit} "
                           f"({short}): Limit {window.limit}, Used {window.limit}, Requested 1. Please try again in "
                           f"{go_duration(seconds)}. Visit https://platform.openai.com/account/rate-limits to learn more.",
                      "requests", "rate_limit_exceeded", [("retry-after", seconds)])

    def limit_headers(self, limiter, clock):
        meter = limiter.meter(60)
        if meter is None:
            return []
        now, wall = clock.now(), clock.wall()
        left = max(0, meter.window.limit - meter.used(now, wall))
        return [("x-ratelimit-limit-requests", meter.window.limit), ("x-ratelimit-remaining-requests", left),
                ("x-ratelimit-reset-requests", go_duration(meter.reset(now, wall))),
                ("x-ratelimit-limit-tokens", 200000), ("x-ratelimit-remaining-tokens", 199984),
                ("x-ratelimit-reset-tokens", "6m0s")]

    def answer(self, request, path, key):
        if path == "/models":
            return as_json({"object": "list", "data": [{"id": "gpt-4o-mini", "object": "model", "owned_by": "system"}]})
        if key.state == "unentitled":
            return _error(403, "Country, region, or territory not supported", "request_forbidden",
                          "unsupported_country_region_territory")
        if path == "/chat/completions" and request.method == "POST":
            return as_json({"id": "chatcmpl-simulated", "object": "chat.completion", "created": 1757847600,
                            "model": "gpt-4o-mini",
                            "choices": [{"index": 0, "message": {"role": "assistant", "content": "0.5"},
                                         "finish_reason": "stop"}],
                            "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}})
        return None

    def not_found(self):
        return _error(404, "Invalid URL", "invalid_request_error", None)
