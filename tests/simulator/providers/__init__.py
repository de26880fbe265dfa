"""The ten providers, by the name that their path begins with."""

from providers.alpha_vantage import AlphaVantage
from providers.finnhub import Finnhub
from providers.fred import Fred
from providers.gnews import GNews
from providers.newsapi import NewsApi
from providers.openai import OpenAi
from providers.openweather import OpenWeather
from providers.polygon import Polygon
from providers.reddit import Reddit, RedditToken
from providers.stocktwits import Stocktwits


def all_providers():
    """New ones, with their first keys and nothing counted."""
    providers = [kind() for kind in (Polygon, Finnhub, AlphaVantage, NewsApi, OpenWeather, Fred, Stocktwits, GNews, Reddit,
                                     OpenAi)]
    by_name = {provider.name: provider for provider in providers}
    by_name["reddit_token"] = RedditToken(by_name["reddit"])
    return by_name
