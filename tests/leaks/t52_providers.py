"""t52, t44: a key goes to its provider and nowhere else: whatever the provider answers, whatever stands on the command line.

Everything is asked of a simulator on this machine, through endpoints of local.yaml: planted keys never leave it.
"""

import base64
import json
import os
import sys
import urllib.parse

from plant import planted
from report import expect

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "simulator"))
from started import Simulator  # noqa: E402
from t44_configurations import Filler  # noqa: E402

SOURCES = ("polygon", "finnhub", "alpha_vantage", "newsapi", "openweather", "fred", "stocktwits", "gnews", "reddit", "openai")
# Where a key is pasted that belongs into the store. <K> stands for it.
PASTED = [
    "keys <K>", "keys check <K>", "keys check fred=<K>", "keys check fred <K>", "keys check --source <K>", "keys check --key=<K>",
    "keys check --fred=<K>", "keys list <K>", "sources <K>", "sources fred=<K>", "sources fred:<K>", "sources --format <K>",
    "fetch <K>", "fetch <K> /series", "fetch fred=<K> /series", "fetch fred <K>", "fetch fred /series <K>", "fetch fred /<K>",
    "fetch fred //<K>", "fetch fred /x#<K>", "fetch fred ?<K>", "fetch fred /series?api_key=<K>", "fetch fred /series?symbol=<K>",
    "fetch fred http://127.0.0.1/<K>", "fetch fred /x/../<K>", "fetch fred /series --param <K>", "fetch fred /series --param=<K>",
    "fetch fred /series --param api_key=<K>", "fetch fred /series --param =<K>", "fetch fred /series --param symbol=<K>",
    "fetch fred /series --param <K>=1", "fetch fred /series --param a=<K> --timeout <K>", "fetch fred /series --timeout=<K>",
    "fetch fred /series --api-key <K>", "fetch fred /series --api-key=<K>", "fetch finnhub /quote --param token=<K>",
    "fetch gnews /search --param apikey=<K> --format json", "fetch openweather /weather --param appid=<K>",
]
REFUSALS = ("Invalid API key: {}", '{{"error": {{"code": "apiKeyInvalid", "message": "The key {} is wrong", "token": "{}"}}}}',
            "<html><body>{}</body></html>", "\x1b]0;{}\x07\x1b[2J{}", "https://example.com/?apikey={}")


def at_the_simulator(programs, needles, simulator):
    sandbox, values = planted(programs, needles)
    endpoints = "".join(f'    {name}: "{url}"\n' for name, url in simulator.started["endpoints"].items())
    sandbox.write("config/local.yaml", "data_sources:\n  endpoints:\n" + endpoints)
    # Everything may be asked often: limits are another test's business.
    sandbox.write("config/development.yaml", "data_sources:\n  rate_limits:\n" + "".join(
        f"    {name}: {{requests_per_second: 1000, requests_per_minute: 10000, requests_per_hour: 100000, "
        f"requests_per_day: 1000000, max_retries: 0, strategy: sliding_window}}\n" for name in SOURCES))
    return sandbox, values


def every_way_to_ask(programs, needles):
    with Simulator() as simulator:
        sandbox, _ = at_the_simulator(programs, needles, simulator)
        for form in ("text", "json"):
            sandbox.run("sources", "--format", form, code=0)
            sandbox.run("keys", "check", "--format", form, code=1)  # Nobody knows these keys.
            for source in SOURCES:
                sandbox.run("fetch", source, "/x", "--param", "a=b", "--timeout", "5s", "--format", form)
            sandbox.run("health", "--format", form)
        sandbox.run("keys", "check", "finnhub", "newsapi")
        for words in (["sources"], ["keys", "check"], ["fetch", "finnhub", "/quote"]):
            sandbox.at_terminal(*words)
        for environment in ("production", "testing"):
            for words in (["keys", "check"], ["sources"], ["fetch", "fred", "/x"]):
                sandbox.run("--env", environment, *words)  # A local.yaml in production: nobody is asked.
        for words in (["keys", "check"], ["sources"], ["fetch", "fred", "/x"]):
            sandbox.run(*words, "--set", "data_sources.endpoints.fred=https://evil.example", "--set",
                        "data_sources.endpoints.finnhub=https://evil.example", code=0 if words[0] == "sources" else 1)
            for option in (["--schema", "x.json"], ["--key-fd", "0"], ["--passphrase"], ["--key-file", "/nonexistent"]):
                sandbox.run(*words, *option)
        expect(simulator.look("stats")["trap"]["with_key"] == 0, "nobody was led astray")
        sandbox.harvest("asking providers")


def what_providers_repeat(programs, needles):
    with Simulator() as simulator:
        sandbox, values = at_the_simulator(programs, needles, simulator)
        keys = {"finnhub": values["from_fernet"], "newsapi": values["FROM_DOTENV_KEY"], "gnews": values["from_base64"]}
        for source, key in keys.items():
            spellings = {"raw": key, "base64": base64.b64encode(key.encode()).decode(), "hex": key.encode().hex(),
                         "percent": "".join(f"%{byte:02x}" for byte in key.encode()), "url": urllib.parse.quote(key, safe="")}
            data = json.dumps({"status": "ok", "data": [1], "next_page_token": "abcdefgh", "you": key})
            simulator.control("fault", source=source, kind="status", status=200, body=data, content_type="application/json")
            for form in ("text", "json"):
                done = sandbox.run("fetch", source, "/quote", "--format", form)
                expect(b"[redacted]" in done.stdout, "the key is taken out of data", done)
            simulator.control("recover", source=source)
            simulator.control("fault", source=source, kind="status", status=401, body=REFUSALS[3].format(key, key))
            for words in (["keys", "check", source], ["fetch", source, "/x"], ["sources", source], ["health"]):
                done = sandbox.at_terminal(*words)
                expect(b"\x1b]0" not in done.stdout and b"\x1b[2J" not in done.stdout, "nothing controls the terminal", done)
                sandbox.run(*words)
            simulator.control("recover", source=source)
            for status in (401, 403, 500, 200, 429):
                for text in REFUSALS:
                    for spelling, said in spellings.items() if status == 401 else [("raw", key)]:
                        simulator.control("fault", source=source, kind="status", status=status, body=text.format(said, said),
                                          headers={"x-echo": said, "location": f"http://localhost/{said}"})
                        sandbox.run("fetch", source, "/quote", "--format", "json" if spelling == "raw" else "text", "--timeout", "5s")
                        simulator.control("recover", source=source)
        simulator.control("fault", source="*", kind="redirect")
        sandbox.run("keys", "check")
        for source in SOURCES:
            sandbox.run("fetch", source, "/x", "--timeout", "5s")
        expect(simulator.look("stats")["trap"]["with_key"] == 0, "no key follows a redirect")
        sandbox.harvest("what providers repeat")


def pasted_keys(programs, needles):
    with Simulator() as simulator:
        sandbox, _ = at_the_simulator(programs, needles, simulator)
        for line in PASTED:
            filler = Filler(needles, line)
            sandbox.run(*[filler.fill(word, escape=False) for word in line.split(" ")])
        sandbox.harvest("pasted keys")


STORIES = [every_way_to_ask, what_providers_repeat, pasted_keys]
