"""FRED: XML unless JSON is asked for, and 400 for a bad key."""

import re

from messages import as_json, as_text
from providers.base import Provider, roll

_MORE = "Read https://fred.stlouisfed.org/docs/api/api_key.html for more information."
_KEY = re.compile(r"[a-z0-9]{32}")
_SERIES = {"id": "GNPCA", "title": "Real Gross National Product", "frequency": "Annual", "units": "Billions of Dollars"}


def _is_v2(request):
    return "/v2/" in request.path


def _error(request, code, message):
    if _is_v2(request):
        return as_json({"code": code, "message": message}, code)
    if request.query.get("file_type") == "json":
        return as_json({"error_code": code, "error_message": message}, code)
    return as_text(f'<?xml version="1.0" encoding="utf-8" ?>\n<error code="{code}" message="{message}"/>', code,
                   "text/xml;charset=utf-8")


class Fred(Provider):
    name = "fred"
    base_path = "/fred"
    plans = {"free": (roll(2, 1), roll(120, 60))}

    def key_text(self, name):
        return f"simulatedfred{name}".ljust(32, "0")

    def credential(self, request):
        return request.bearer if _is_v2(request) else request.query.get("api_key")

    def missing(self, request):
        said = "is not set" if request.query.get("file_type") == "json" else "has not been set"
        return _error(request, 400, f"Bad Request.  Variable api_key {said}.  {_MORE}")

    def refused(self, request, text, state):
        if state == "restricted":
            return None
        if state == "exhausted":
            return self.too_many(request, None, 0, None)
        if state in ("expired", "disabled"):
            return as_text("", 423)
        if not _KEY.fullmatch(text):
            return _error(request, 400, "Bad Request.  The value for variable api_key is not a 32 character "
                                        f"alpha-numeric lower-case string.  {_MORE}")
        return _error(request, 400, f"Bad Request.  The value for variable api_key is not registered.  {_MORE}")

    def too_many(self, request, window, wait, key):
        return _error(request, 429, "Too Many Requests.  Exceeded Rate Limit")

    def answer(self, request, path, key):
        asks_json = request.query.get("file_type") == "json"
        series = request.query.get("series_id", "")
        if path == "/v2/release/observations":
            if not request.query.get("release_id", "").isdigit():
                return _error(request, 400, "release_id is not a positive integer")
            return as_json({"has_more": False, "release": {"release_id": 1}, "series": []})
        if path in ("/series", "/series/observations"):
            if not series:
                return _error(request, 400, "Bad Request.  Variable series_id is not set.")
            if series == "NOSUCH":
                return _error(request, 400, "Bad Request.  The series does not exist.")
        dates = {"realtime_start": "2026-01-02", "realtime_end": "2026-01-02"}
        if path in ("/series", "/series/search"):
            if not asks_json:
                return as_text('<?xml version="1.0" encoding="utf-8" ?>\n<seriess realtime_start="2026-01-02" '
                               f'realtime_end="2026-01-02">\n  <series id="{_SERIES["id"]}" title="{_SERIES["title"]}"/>\n'
                               "</seriess>\n", content_type="text/xml;charset=utf-8")
            return as_json({**dates, "seriess": [{**_SERIES, "id": series or "GNPCA"}]})
        if path == "/series/observations":
            return as_json({**dates, "count": 1, "offset": 0, "limit": 100000,
                            "observations": [{**dates, "date": "2025-01-01", "value": "23400.3"}]})
        if path == "/releases":
            return as_json({**dates, "count": 1, "releases": [{"id": 9, "name": "Advance Monthly Sales"}]})
        return None

    def not_found(self):
        return as_json({"error_code": 404, "error_message": "Not Found"}, 404)
