"""Recorded answers by provider and name, given out byte for byte."""

import json

from messages import Answer


def provider_of(source):
    """Whose recorded answers a source gives: those of reddit are also for where its tokens are sold."""
    return "reddit" if source == "reddit_token" else source


def load(path):
    """{(provider, case): Answer} of a file of fixtures. An answer with status 0 stands for none at all."""
    with open(path, encoding="utf-8") as file:
        providers = json.load(file)["providers"]
    return {(provider, case["case"]): Answer(case["http_status"], case["body"].encode(), list(case["headers"].items()),
                                             exact=True)
            for provider, cases in providers.items() for case in cases}
