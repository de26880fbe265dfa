"""The simulator as a layer of a configuration: where the sources are, and a key of each."""

# Source -> where its key stands under data_sources; Reddit's has two halves.
_FIELDS = {"polygon": ("polygon_api_key",), "finnhub": ("finnhub_api_key",), "alpha_vantage": ("alpha_vantage_api_key",),
           "newsapi": ("newsapi_key",), "openweather": ("openweather_api_key",), "fred": ("fred_api_key",),
           "stocktwits": ("stocktwits_token",), "gnews": ("gnews_key",),
           "reddit": ("reddit_client_id", "reddit_client_secret"), "openai": ("openai_api_key",)}


def problems_of(chosen, keys):
    """Everything that is wrong with a choice of keys: source -> name."""
    problems = []
    for source, name in chosen.items():
        if source not in _FIELDS:
            problems.append(f"--use: one of {', '.join(_FIELDS)}, not {source!r}")
        elif name not in keys[source]:
            problems.append(f"--use: {source} has {', '.join(keys[source])}, not {name!r}")
    return problems


def layer(endpoints, keys, chosen):
    """As YAML."""
    lines = ["data_sources:", "  endpoints:"]
    lines += [f'    {source}: "{url}"' for source, url in endpoints.items()]
    for source, fields in _FIELDS.items():
        key = keys[source][chosen.get(source, "good")]
        lines += [f'  {field}: "{key[half]}"' for field, half in zip(fields, ("key", "secret"))]
    return "\n".join(lines) + "\n"
