"""OpenWeather: one count for all keys of an account, and every URL carries the key."""

from messages import as_json
from providers.base import Provider, cal, roll

_INVALID = "Invalid API key. Please see https://openweathermap.org/faq#error401 for more info."
_ONE_CALL = ("Please note that using One Call 3.0 requires a separate subscription to the One Call by Call plan. Learn more "
             "here https://openweathermap.org/price. If you have a valid subscription to the One Call by Call plan, but "
             "still receive this error, then please see https://openweathermap.org/faq#error401 for more info.")
_BLOCKED = ("Your account is temporary blocked due to exceeding of requests limitation of your subscription type. Please "
            "choose the proper subscription http://openweathermap.org/price")


class OpenWeather(Provider):
    name = "openweather"
    plans = {"free": (roll(60, 60), cal(1_000_000, "month")), "one_call": (roll(60, 60), cal(1_000, "day"))}
    scope_by = "account"

    def scope_of(self, key):
        """One account for each plan."""
        return f"{self.name}/account_{key.plan}"

    def credential(self, request):
        return request.query.get("appid")

    def missing(self, request):
        return as_json({"cod": 401, "message": _INVALID}, 401)

    def refused(self, request, text, state):
        if state == "restricted":
            return None
        if state == "exhausted":
            return self.too_many(request, None, 0, None)
        return as_json({"cod": 401, "message": _INVALID}, 401)

    def too_many(self, request, window, wait, key):
        return as_json({"cod": 429, "message": _BLOCKED}, 429)

    def answer(self, request, path, key):
        query = request.query
        if path == "/data/3.0/onecall":
            if key.plan != "one_call" or key.state == "unentitled":
                return as_json({"cod": 401, "message": _ONE_CALL}, 401)
            return as_json({"lat": 51.5, "lon": -0.12, "timezone": "Europe/London", "current": {"temp": 280.3}})
        if path == "/geo/1.0/direct":
            if not query.get("q"):
                return as_json({"cod": "400", "message": "Nothing to geocode"}, 400)
            return as_json([] if query["q"] == "NOSUCH" else [{"name": query["q"], "lat": 51.5, "lon": -0.12}])
        if path not in ("/data/2.5/weather", "/data/2.5/forecast"):
            return None
        if query.get("q") == "NOSUCH":
            return as_json({"cod": "404", "message": "city not found"}, 404)
        if "q" not in query and not ("lat" in query and "lon" in query):
            return as_json({"cod": "400", "message": "Nothing to geocode"}, 400)
        if path == "/data/2.5/forecast":
            return as_json({"cod": "200", "message": 0.0122, "cnt": 1, "list": [{"dt": 1757847600, "main": {"temp": 280.3}}]})
        return as_json({"coord": {"lon": -0.12, "lat": 51.5}, "weather": [{"id": 800, "main": "Clear"}],
                        "main": {"temp": 280.3, "pressure": 1013, "humidity": 81}, "dt": 1757847600, "id": 2643743,
                        "name": "London", "cod": 200})

    def not_found(self):
        return as_json({"cod": "404", "message": "Internal error"}, 404)
