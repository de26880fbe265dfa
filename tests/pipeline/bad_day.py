"""The pipeline example survives a bad day of its providers: outage, revocation, 429 with Retry-After, a quota that is used
up, a limit that is cut while it runs, and recovery. `bad_day.py PROGRAMS SOURCE_FOLDER`

Everything waits for events, none for a time: on a slow machine it takes longer and says the same.
"""

import os
import re
import shutil
import sys
import tempfile

PROGRAMS, SOURCE = (os.path.abspath(path) for path in sys.argv[1:3])
sys.path.insert(0, os.path.join(SOURCE, "tests", "simulator"))

import configuration  # noqa: E402
from running import Pipeline  # noqa: E402
from started import Simulator  # noqa: E402

EXAMPLE = os.path.join(SOURCE, "examples", "cpp_pipeline")
KEYS = {"polygon": "paid", "alpha_vantage": "premium_75"}  # Plans of examples/cpp_pipeline/config.
CUT = 12  # Requests a minute to Stocktwits, once the limit is cut.
RETRY_AFTER = 4  # As bad_day.json has it.
REFUSED_KEY_REST = 30  # A refused key is tried again after this at the earliest, to confirm it.
IN_FLIGHT = 8  # max_concurrent_requests.
# A request that was counted may be on its way for so long, in a process that has to wait for a processor.
GUARD = 0.25
# More requests than one round has: once they have arrived, all that were counted by the old limit have as well, because a
# round begins when the one before it has all its answers.
MORE_THAN_A_ROUND = 40

# What has to happen, in the words of the program: label, who, in place of whom, why.
STORIES = {
    "outage: Finnhub's quotes come from Polygon":
        r"stock_quote_delayed \w+: polygon in place of finnhub \(finnhub: .*(503|failed several times|rests)",
    "outage: the weather of a while ago is better than none":
        r"weather: an old answer of openweather in place of openweather \(openweather: ",
    "revocation: general news come from GNews": r"news_general: gnews in place of newsapi \(newsapi: .*key",
    "revocation: the verdict on the key is told": r"the key of newsapi: invalid, .*key",
    "daily quota used up: general news come from Finnhub":
        r"news_general: finnhub in place of \w+ \(.*gnews: .*(quota|limit|today)",
    "429 with Retry-After: macro data come from Alpha Vantage":
        r"macro: alpha_vantage in place of fred \(fred: .*(too many|rate|429|left alone)",
    "limit cut: Reddit speaks for Stocktwits":
        r"social \w+: reddit in place of stocktwits \(stocktwits: not sent, because our own count",
    "recovery: Finnhub has its place again": r"stock_quote_delayed \w+: finnhub in place of polygon",
    "recovery: FRED has its place again": r"macro: fred in place of alpha_vantage",
    "recovery: the weather is that of today": r"weather: openweather in place of an old answer of openweather",
}

_failures = []


def expect(condition, what):
    if not condition:
        _failures.append(what)
        print(f"FAILED  {what}")


def play(simulator, pipeline):
    """From the first answer to the end; gives (exit code, output, seconds of the end)."""
    expect(pipeline.wait_for(re.compile(r"social \w+: stocktwits")), "Stocktwits answers at the start")
    code, words = pipeline.set(f"data_sources.rate_limits.stocktwits.requests_per_minute={CUT}")
    expect(code == 0, f"quantconf set: {code} {words}")
    expect(pipeline.wait_for(re.compile(rf"stocktwits\.requests_per_minute  200 -> {CUT}$")), "it is told of the new limit")
    # The provider holds it, too, a round later: every request beyond it is a violation from then on.
    simulator.control("limits", source="stocktwits", windows=[[CUT, 60], [400, 3600]], after=MORE_THAN_A_ROUND)
    for what, pattern in STORIES.items():
        expect(pipeline.wait_for(re.compile(pattern, re.IGNORECASE)), what)
    expect(any(step["do"] == "limits" for step in simulator.look("stats")["fired"]), "the provider holds the new limit")
    return pipeline.end()


def judge_requests(log):
    """What arrived at the providers: nothing that could not succeed."""
    def answered(source, status):
        return [entry for entry in log if entry["source"] == source and entry["status"] == status]

    refused = answered("newsapi", 401)
    expect(refused, "NewsAPI has refused the revoked key")
    expect(all(after["at"] - before["at"] >= REFUSED_KEY_REST - 1 for before, after in zip(refused, refused[1:])),
           f"a revoked key is not tried again: {len(refused)} requests")
    expect(len(answered("gnews", 403)) == 1, f"a used up quota is asked once: {len(answered('gnews', 403))}")
    too_many = answered("fred", 429)
    expect(len(too_many) == 1, f"FRED has refused once: {len(too_many)}")
    early = [entry for entry in log if entry["source"] == "fred" and too_many and
             0 < entry["at"] - too_many[0]["at"] < RETRY_AFTER]
    expect(not early, f"nobody asks FRED before Retry-After has passed: {early}")
    # Finnhub is asked about three symbols at a time, OpenWeather once.
    judge_outage("finnhub", answered("finnhub", 503), IN_FLIGHT)
    judge_outage("openweather", [entry for entry in log if entry["fault"] == "reset"], 1)
    expect(not [entry for entry in log if entry["status"] == 429 and entry["source"] not in ("fred", "gnews")],
           "no provider but FRED had to say that it was too much")


def judge_outage(source, failures, in_flight):
    """Three failures open the breaker, what is in flight follows, then one probe each 1.6 s or later."""
    expect(failures, f"{source} was down")
    lasted = failures[-1]["at"] - failures[0]["at"] if failures else 0
    expect(len(failures) <= 3 + in_flight + lasted / 1.6,
           f"{source} is left alone while it is down: {len(failures)} requests in {lasted:.1f} s")


def judge_summary(summary, log):
    """What the program says at the end, beside what the simulator has seen."""
    kinds = summary["capabilities"]
    for capability, sources in {"stock_quote_delayed": {"finnhub", "polygon"}, "news_general": {"newsapi", "gnews", "finnhub"},
                                "macro": {"fred", "alpha_vantage"}, "social": {"stocktwits", "reddit"},
                                "weather": {"openweather"}, "news_company": {"finnhub"},
                                "sentiment_news": {"alpha_vantage"}}.items():
        by = kinds.get(capability, {"by": {}})["by"]
        expect(sources <= by.keys(), f"{capability} is answered by {sources}: {by}")
        expect(sum(by.values()) == kinds[capability]["answers"], f"{capability}: every answer has a source")
    for capability, kind in kinds.items():
        # General news have nobody left while Finnhub is down as well; everything else always finds somebody.
        expect(capability == "news_general" or not kind["failed"], f"{capability} never fails: {kind['failed']}")
        expect(all(each["because"] for each in kind["passed_over"]), f"{capability}: everybody is passed over for a reason")
    expect(kinds["weather"]["old"] > 0, "the weather was old for a while")
    expect(kinds["sentiment_news"]["from_cache"] > 0, "what changes slowly comes from the cache")
    expect([(change["from"], change["to"]) for change in summary["limit_changes"]] == [("200", str(CUT))],
           f"one limit has changed: {summary['limit_changes']}")
    for source, said in summary["sources"].items():
        # Reddit's tokens are asked for elsewhere, and have a counter of their own.
        tokens = sum(1 for entry in log if entry["source"] == f"{source}_token")
        arrived = sum(1 for entry in log if entry["source"] == source) + tokens
        # What was taken back at the very end may not have arrived.
        expect(arrived <= said["requests"] <= arrived + IN_FLIGHT,
               f"{source}: it says that it has sent {said['requests']} requests, {arrived} have arrived")
        expect(said["cost"] == said["requests"] - tokens, f"{source}: every request is paid for: {said}")
    key = summary["sources"]["newsapi"]["key"]
    expect(key == "invalid", f"the verdict on the revoked key: {key}")
    left = {window["window"]: window for window in summary["sources"]["stocktwits"]["windows"]}
    expect(left[f"{CUT} per minute"]["left"] == 0, f"nothing is left of the limit that was cut: {left}")


def judge_secrets(simulator, text):
    """No key, nor what it buys, stands in anything that the program has written."""
    for source, keys in simulator.started["keys"].items():
        for name, key in keys.items():
            for half in ("key", "secret"):
                expect(not key.get(half) or key[half] not in text, f"the {half} {name} of {source} is in the output")
    expect("simulated-token-" not in text, "a token of Reddit is in the output")


def run(folder):
    shutil.copytree(os.path.join(EXAMPLE, "config"), os.path.join(folder, "config"))
    with Simulator("--scenario", os.path.join(EXAMPLE, "bad_day.json")) as simulator:
        # The same windows from the start, so that the check counts what was sent before the cut as well.
        simulator.control("limits", source="stocktwits", windows=[[200, 60], [400, 3600]])
        with open(os.path.join(folder, "config", "local.yaml"), "w", encoding="utf-8") as local:
            local.write(configuration.layer(simulator.started["endpoints"], simulator.started["keys"], KEYS))
        with Pipeline(PROGRAMS, folder) as pipeline:
            code, output, seconds = play(simulator, pipeline)
        said = "\n".join(pipeline.lines)
        expect(code == 0, f"it exits with 0, not {code}")
        expect(seconds < 20, f"it ends soon when it is asked to: {seconds:.1f} s")
        expect("\x1b" not in said + output and "\r" not in said + output, "there is no bar where there is no terminal")
        judge_secrets(simulator, said + output)
        log = simulator.look("log?limit=10000")["entries"]
        checked = simulator.look(f"check?guard={GUARD}")
        expect(checked["ok"] and checked["complete"], f"no limit was broken: {checked['violations']}")
        judge_requests(log)
        judge_summary(pipeline.summary(output), log)
        if _failures:
            print(said, output, sep="\n")


with tempfile.TemporaryDirectory(prefix="pipeline-") as temporary:
    run(temporary)
print(f"{len(_failures)} failed" if _failures else "everything was survived")
sys.exit(1 if _failures else 0)
