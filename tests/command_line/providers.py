#!/usr/bin/python3
"""keys, sources and fetch against ten simulated providers on this machine: words, exit codes, and where a key goes.

Usage: providers.py QUANTCONF
"""

import fcntl
import json
import os
import pty
import socket
import subprocess
import sys
import tempfile
import termios

from tool import ENVIRONMENT, TOOL, expect, finish

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "simulator"))
from started import Simulator  # noqa: E402

SECRETS = {"polygon": "polygon_key", "finnhub": "finnhub_key", "alpha_vantage": "alpha_vantage_key", "newsapi": "newsapi_key",
           "openweather": "openweather_key", "fred": "fred_key", "stocktwits": "stocktwits_token", "gnews": "gnews_key",
           "openai": "openai_key"}
IN_LOCAL = "  stocktwits_token: SECURE:stocktwits_token\n  gnews_key: SECURE:gnews_key\n  openai_api_key: SECURE:openai_key\n" \
           "  reddit_client_id: SECURE:reddit_client_id\n  reddit_client_secret: SECURE:reddit_client_secret\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bot:
    """A folder that `init` has written, a home of its own, and the simulator in place of all providers."""

    def __init__(self, folder, simulator=None):
        self.folder = folder
        self.simulator = simulator
        self.run("init")
        if simulator:
            endpoints = "".join(f'    {name}: "{url}"\n' for name, url in simulator.started["endpoints"].items())
            # More than any story needs: only one of them is about limits.
            limits = "".join(f"    {name}: {{requests_per_second: 50, requests_per_minute: 500, strategy: sliding_window}}\n"
                             for name in simulator.started["keys"])
            self.write("config/local.yaml",
                       "data_sources:\n" + IN_LOCAL + "  endpoints:\n" + endpoints + "  rate_limits:\n" + limits)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return os.path.join(self.folder, name)

    def run(self, *words, stdin="", **more):
        return subprocess.run([TOOL, *words], cwd=self.folder, env={**ENVIRONMENT, "HOME": self.folder}, input=stdin,
                              capture_output=True, text=True, timeout=60, **more)

    def store(self, name, value, *words):
        done = self.run("secret", "set", name, *words, stdin=value)
        expect(done.returncode == 0, f"secret set {name}: {done.stderr}")

    def store_keys(self, **named):
        """The simulator's good keys, or those that are named."""
        for source, secret in SECRETS.items():
            self.store(secret, self.simulator.key(source, named.get(source, "good")))
        reddit = self.simulator.started["keys"]["reddit"][named.get("reddit", "good")]
        self.store("reddit_client_id", reddit["key"])
        self.store("reddit_client_secret", reddit["secret"])

    def says(self, words, exit_code, *texts, err=False):
        """Runs it and looks for texts in what it prints."""
        done = self.run(*words)
        expect(done.returncode == exit_code, f"{words}: exit {done.returncode}, expected {exit_code}\n{done.stdout}{done.stderr}")
        for text in texts:
            expect(text in (done.stderr if err else done.stdout + done.stderr), f"{words}: {text!r} in\n{done.stdout}{done.stderr}")
        return done

    def json(self, *words, exit_code=0):
        done = self.says([*words, "--format", "json"], exit_code)
        return json.loads(done.stdout) if done.stdout else {}

    def status_of(self, source, exit_code, *words):
        return self.json("keys", "check", source, *words, exit_code=exit_code)["sources"][source]

    def on_terminal(self, *words):
        ours, theirs = pty.openpty()
        with subprocess.Popen([TOOL, *words], cwd=self.folder, env={**ENVIRONMENT, "HOME": self.folder}, stdin=subprocess.DEVNULL,
                              stdout=theirs, stderr=subprocess.DEVNULL) as process:
            os.close(theirs)
            text = b""
            try:
                while part := os.read(ours, 65536):
                    text += part
            except OSError:  # Linux says so when the other end is closed.
                pass
            process.wait(timeout=60)
        os.close(ours)
        return text


    def at_terminal(self, *words, answers):
        """(exit code, what a person sees) who gives an answer to each question that ends with a colon."""
        ours, theirs = pty.openpty()

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        with subprocess.Popen([TOOL, *words], cwd=self.folder, env={**ENVIRONMENT, "HOME": self.folder}, stdin=theirs,
                              stdout=theirs, stderr=theirs, preexec_fn=own_terminal) as process:
            os.close(theirs)
            shown, asked, waiting = b"", 0, list(answers)
            try:
                while part := os.read(ours, 65536):
                    shown += part
                    if waiting and shown[asked:].rstrip(b" ").endswith(b":"):
                        asked = len(shown)
                        os.write(ours, waiting.pop(0).encode() + b"\n")
            except OSError:
                pass
            code = process.wait(timeout=60)
        os.close(ours)
        return code, shown.decode()


def nobody_has_a_key(folder):
    bot = Bot(folder)
    done = bot.says(["keys", "check"], 0, "no source has a key", "hint: `quantconf keys check SOURCE`")
    expect(done.stdout == "no source has a key\n", f"the hint is no result: {done.stdout}")
    expect(bot.json("keys", "check") == {"sources": {}}, "nobody in JSON, too")
    bot.says(["keys", "check", "fred"], 1, "the store has no secret fred_key, which data_sources.fred_api_key refers to",
             "`quantconf secret set fred_key` stores it")
    bot.says(["keys", "check", "stocktwits"], 1, "data_sources.stocktwits_token is not set")  # Though it answers without.
    bot.says(["keys", "check", "gnews"], 1, "data_sources.gnews_key is not set", "`quantconf secret set gnews_key`",
             'gnews_key: "SECURE:gnews_key"')
    expect(bot.status_of("gnews", 1)["detail"] == "not_configured", "the reason in one word")
    overview = bot.says(["sources"], 0).stdout
    expect(overview.count("no key") == 1 and overview.count("hint:") == 1, f"that nobody has a key is said once: {overview}")
    expect("stocktwits" in overview and "no key   polygon, finnhub," in overview, f"{overview}")
    expect(all(len(line) <= 80 for line in overview.splitlines()), f"a terminal has 80 columns: {overview}")
    bot.says(["sources", "openai"], 0, "no key   openai", "data_sources.openai_api_key is not set", "SECURE:openai_key")
    expect(bot.json("sources", "openai")["sources"]["openai"]["is_usable"] is False, "sources in JSON")
    done = bot.says(["fetch", "gnews", "/search"], 1, "gnews: unknown, nothing was charged", "error: data_sources.gnews_key is not set",
                    "hint: store it with", err=True)
    expect(done.stdout == "", "there is no answer")
    expect(bot.json("fetch", "gnews", "/search", exit_code=1)["detail"] == "not_configured", "fetch in JSON")


def words_that_are_no_source(bot):
    pasted = "8f2k1x9q7w3e5r6t"  # A key in the wrong place.
    for words in (["keys", "check"], ["sources"]):
        bot.says([*words, "polgon"], 1, "there is no source \"polgon\"", "did you mean polygon?", err=True)
        done = bot.says([*words, pasted], 1, "there is no such source", "`quantconf sources` lists them all", err=True)
        expect(pasted not in done.stdout + done.stderr, "what may be a key is not repeated")
    done = bot.says(["fetch", pasted, "/x"], 1, "there is no such source", err=True)
    expect(pasted not in done.stdout + done.stderr, "what may be a key is not repeated")


def good_keys(bot):
    done = bot.says(["keys", "check"], 0)
    expect([line.split()[0] for line in done.stdout.splitlines()] == ["valid"] * 10, f"ten good keys: {done.stdout}")
    keys = bot.json("keys", "check", "newsapi", "finnhub")["sources"]
    expect(list(keys) == ["newsapi", "finnhub"], f"those that were asked for, in that order: {list(keys)}")
    expect(keys["newsapi"]["quota_used"] == 2 and keys["newsapi"]["daily_quota"] == 100, f"a check is paid for: {keys['newsapi']}")
    expect(keys["finnhub"]["rate_limit_remaining"] == 58, f"what the provider says: {keys['finnhub']}")
    overview = bot.says(["sources"], 0).stdout
    expect(overview.count("ready  ") == 10 and overview.count("key valid") == 10, f"all are ready: {overview}")
    health = bot.json("health", exit_code=1)  # There is no database password.
    expect(health["api_keys"]["polygon"]["status"] == "valid" and
           next(c for c in health["checks"] if c["name"] == "keys")["status"] == "ok", f"health knows: {health['api_keys']}")
    done = bot.says(["fetch", "fred", "/series", "--param", "series_id=GNPCA", "--param", "file_type=json"], 0)
    expect("seriess" in json.loads(done.stdout) and "HTTP 200, 1 request of its quota" in done.stderr, f"data: {done}")
    answer = bot.json("fetch", "polygon", "/v1/marketstatus/now")
    expect((answer["status"], answer["http_status"], answer["cost"], answer["attempts"]) == ("valid", 200, 1, 1), f"{answer}")
    expect("market" in json.loads(answer["body"]), f"{answer}")


def keys_in_every_state(bot, simulator):
    """(source, key, its status, exit code). Which provider says what, tests/sources/fixtures.json knows; here it is the codes."""
    cases = [("polygon", "revoked", "invalid", 1), ("openai", "disabled", "expired", 1), ("newsapi", "exhausted", "quota_exhausted", 0),
             ("fred", "exhausted", "rate_limited", 0), ("alpha_vantage", "unentitled", "not_entitled", 0)]
    for source, name, status, exit_code in cases:
        bot.store(SECRETS[source], simulator.key(source, name))
        key = bot.status_of(source, exit_code)
        expect(key["status"] == status and key["error"], f"{source}, {name}: {key}")
        text = bot.says(["keys", "check", source], exit_code, status).stdout
        expect(("hint: `quantconf secret set" in text) == (exit_code == 1), f"what to do about a bad key: {text}")
        bot.store(SECRETS[source], simulator.key(source))
        expect(bot.status_of(source, 0)["status"] == "valid", f"{source} is good again: another key is another matter")


def a_good_key_that_is_refused(bot, simulator):
    simulator.control("key", source="gnews", key="good", state="revoked")
    key = bot.status_of("gnews", 1)
    expect(key["status"] == "valid" and key["last_status"] == "invalid" and key["is_confirming"], f"one refusal is a doubt: {key}")
    bot.says(["keys", "check", "gnews"], 1, "valid ", "refused when it was last asked about", "hint: `quantconf secret set gnews_key`")
    nowhere = ["--set", f"data_sources.endpoints.gnews=http://127.0.0.1:{free_port()}"]
    text = bot.says(["keys", "check", "gnews", *nowhere], 3, "last attempt: unreachable", "it was refused before that").stdout
    expect("when it was last asked" not in text, f"the last attempt was no refusal: {text}")
    simulator.control("key", source="gnews", key="good", state="good")
    expect(bot.status_of("gnews", 0)["is_confirming"] is False, "and a good answer ends it")


def health_knows_what_is_used(bot):
    bot.says(["keys", "check", "fred"], 0)
    limit = ["--set", "data_sources.rate_limits.fred.requests_per_day=100"]
    used = bot.json("keys", "check", "fred", *limit)["sources"]["fred"]["quota_used"]
    keys = json.loads(bot.run("health", "--format", "json", *limit).stdout)["api_keys"]
    expect(used > 0 and keys["fred"]["quota_used"] == used and keys["fred"]["daily_quota"] == 100, f"{used}: {keys['fred']}")
    expect(keys["reddit"]["quota_used"] is None, f"counted by a part of the key that nobody has unlocked: {keys['reddit']}")
    text = bot.run("health", *limit).stdout
    expect(f"fred {used} of 100" in text, text)


def the_key_comes_by_a_descriptor_or_a_person(bot):
    """Never by an argument or a variable, and through all three programs."""
    folder = os.path.join(bot.folder, ".config", "quantconf")
    name = next(name for name in os.listdir(folder) if name.endswith(".key"))
    place, elsewhere = os.path.join(folder, name), os.path.join(bot.folder, "elsewhere.key")
    bot.at_terminal("secret", "slot", "add", "mine", "--new-passphrase", answers=["correct horse", "correct horse"])
    os.rename(place, elsewhere)
    bot.says(["keys", "check", "fred"], 3, "there is no key", err=True)
    for words, text in ((["keys", "check", "fred"], "valid"), (["sources", "fred"], "ready"), (["fetch", "fred", "/series"], "")):
        with open(elsewhere, "rb") as key:
            done = bot.run("--key-fd", str(key.fileno()), *words, pass_fds=[key.fileno()])
            expect(done.returncode in (0, 1) and text in done.stdout and "no key" not in done.stderr, f"{words}: {done}")
        code, shown = bot.at_terminal("--passphrase", *words, answers=["correct horse"])
        expect(code in (0, 1) and text in shown and shown.count("passphrase of the store") == 1, f"{words}: {code} {shown}")
    code, shown = bot.at_terminal("--passphrase", "keys", "check", "fred", answers=["wrong"])
    expect(code == 3 and "wrong key" in shown, f"{code} {shown}")
    os.rename(elsewhere, place)


def nobody_answers(bot, simulator):
    nowhere = ["--set", f"data_sources.endpoints.finnhub=http://127.0.0.1:{free_port()}"]
    key = bot.status_of("finnhub", 3, *nowhere)
    expect(key["status"] == "valid" and key["last_status"] == "unreachable", f"silence spoils no verdict: {key}")
    bot.says(["fetch", "finnhub", "/quote", *nowhere, "--timeout", "2s"], 3, "finnhub: unreachable", err=True)
    bot.store("polygon_key", simulator.key("polygon", "revoked"))
    bot.says(["keys", "check", "finnhub", "polygon", *nowhere], 1, "unreachable", "invalid")
    bot.store("polygon_key", simulator.key("polygon"))
    simulator.control("fault", source="finnhub", kind="hang", hold=30)
    bot.says(["fetch", "finnhub", "/quote", "--timeout", "300ms"], 3, "finnhub: unreachable", err=True)
    simulator.control("recover", source="finnhub")
    simulator.control("fault", source="finnhub", kind="captive_portal")
    bot.says(["keys", "check", "finnhub"], 3)
    simulator.control("recover", source="finnhub")


def our_own_limit(bot, simulator):
    def asked():
        return len([entry for entry in simulator.look("log?limit=1000")["entries"] if entry["source"] == "gnews"])

    once = ["--set", "data_sources.rate_limits.gnews.requests_per_day=1"]
    before = asked()
    answer = bot.json("fetch", "gnews", "/search", "--param", "q=x", *once, exit_code=1)
    expect(answer["status"] == "quota_exhausted" and answer["detail"] == "own_limit" and answer["cost"] == 0, f"{answer}")
    expect("1 per day" in answer["reason"] and answer["wait_seconds"] > 3600, f"which limit, and how long: {answer}")
    bot.says(["fetch", "gnews", "/search", *once], 1, "nothing was charged", "our own count is at its limit: 1 per day",
             "hint: it may be asked again in", err=True)
    key = bot.status_of("gnews", 0, *once)
    expect(key["status"] == "valid" and key["last_status"] == "quota_exhausted", f"a limit says nothing about the key: {key}")
    bot.says(["sources", "gnews", *once], 0, "not now  gnews", "its quota is used up", "0 of 1       left per day, again in")
    expect(asked() == before, f"nothing was sent: {before} {asked()}")
    paced = ["--set", "data_sources.rate_limits.gnews.strategy=leaky_bucket", "--set",
             "data_sources.rate_limits.gnews.requests_per_minute=1", "--timeout", "200ms"]
    bot.says(["fetch", "gnews", "/search", *paced], 1, "1 per minute", err=True)


def a_ledger_that_cannot_be_opened(bot):
    """Nobody takes it for a missing key: the reason, the way out, and exit code 3."""
    ledgers = os.path.join(bot.folder, ".local", "state", "quantconf", "quota")
    [ledger] = [os.path.join(ledgers, name) for name in os.listdir(ledgers)
                if name.startswith("finnhub-") and name.endswith(".ledger")]
    os.chmod(ledger, 0o660)
    for words in (["sources", "finnhub"], ["fetch", "finnhub", "/quote"], ["keys", "check", "finnhub"], ["sources"]):
        done = bot.says(words, 3, "requests cannot be counted: cannot ", os.path.basename(ledger), "chmod 0600")
        expect(all("hint:" not in line or line.strip().startswith("hint:") for line in
                   (done.stdout + done.stderr).splitlines()), f"a hint has its own line: {done}")
    expect(bot.json("fetch", "finnhub", "/quote", exit_code=3)["detail"] == "ledger", "and why in one word")
    expect("requests cannot be counted" in bot.json("sources", exit_code=3)["sources"]["finnhub"]["why_not"], "in JSON, too")
    bot.says(["sources", "fred"], 0)  # Not asked about.
    os.chmod(ledger, 0o600)
    bot.says(["sources", "finnhub"], 0, "ready")


def half_a_key(bot, simulator):
    bot.says(["secret", "rm", "reddit_client_secret"], 0)
    for words in (["keys", "check", "reddit"], ["fetch", "reddit", "/r/x"]):
        bot.says(words, 1, "`quantconf secret set reddit_client_secret` stores it")
    bot.says(["sources", "reddit"], 0, "no key   reddit", "`quantconf secret set reddit_client_secret` stores it")
    bot.store("reddit_client_secret", simulator.started["keys"]["reddit"]["good"]["secret"])


def a_key_that_is_known_to_be_bad(bot, simulator):
    bot.store("finnhub_key", simulator.key("finnhub", "revoked"))
    bot.says(["keys", "check", "finnhub"], 1, "invalid")
    bot.says(["sources", "finnhub"], 0, "not now  finnhub", "it has refused this key", "`quantconf secret set finnhub_key`")
    bot.says(["fetch", "finnhub", "/quote"], 1, "nothing was charged", "it has refused this key",
             "`quantconf secret set finnhub_key` stores another one; `quantconf keys check finnhub` asks about this one again")
    bot.store("finnhub_key", "REPLACE_ME")
    bot.says(["fetch", "finnhub", "/quote"], 1, "nothing was charged", "the key is a placeholder", "secret set finnhub_key")
    bot.says(["sources", "finnhub"], 0, "not now  finnhub", "the key is a placeholder", "secret set finnhub_key")
    bot.store("finnhub_key", simulator.key("finnhub"))
    bot.says(["fetch", "finnhub", "/quote"], 0)


def where_a_key_may_go(bot):
    """t52: the configuration alone sends a key nowhere."""
    elsewhere = ["--set", "data_sources.endpoints.polygon=https://proxy.example"]
    hint = "`quantconf secret set polygon_key --host proxy.example` allows it"
    why = "proxy.example is no host of Polygon.io"
    for words in (["keys", "check", "polygon"], ["fetch", "polygon", "/x", "--timeout", "3s"]):
        bot.says([*words, *elsewhere], 1, why, hint)
    bot.says(["sources", "polygon", *elsewhere], 0, "not now  polygon", why, hint)
    bot.says(["fetch", "polygon", "/x", "--set", "data_sources.endpoints.polygon=http://proxy.example"], 1, "unencrypted")
    key = bot.simulator.key("polygon")
    bot.store("polygon_key", key, "--host", "proxy.example")
    bot.says(["sources", "polygon", *elsewhere], 0, "ready    polygon")
    bot.says(["keys", "check", "polygon"], 1, "the secret polygon_key may be sent to proxy.example only, not to 127.0.0.1")
    bot.says(["fetch", "polygon", "/v1/marketstatus/now"], 1, "`quantconf secret set polygon_key --host 127.0.0.1` allows it")
    bot.store("polygon_key", key, "--host", "127.0.0.1")
    bot.says(["fetch", "polygon", "/v1/marketstatus/now"], 0)
    bot.store("polygon_key", key, "--host", "all")
    bot.says(["fetch", "polygon", "/v1/marketstatus/now"], 0)


def this_machine_in_production(bot):
    words = ["--env", "production", "--set", f"data_sources.endpoints.fred={bot.simulator.started['endpoints']['fred']}"]
    local = os.path.join(bot.folder, "config", "local.yaml")
    os.rename(local, local + ".away")  # Is refused there as a whole.
    for command in (["fetch", "fred", "/series"], ["keys", "check", "fred"], ["sources"]):
        done = bot.says([*words, *command], 1, "a server on this machine stands in for the provider in production", err=True)
        expect(done.stdout == "", f"{command}: nobody was asked: {done.stdout}")
    os.rename(local + ".away", local)
    done = bot.says(["--env", "production", "keys", "check"], 1, "QC1004", "nobody was asked", err=True)
    expect("warning" not in done.stderr, f"only what is in the way is said: {done.stderr}")


def what_controls_a_terminal(bot, simulator):
    body = "first\n\x1b]0;owned\x07\x1b[2Jlast\r"
    simulator.control("fault", source="finnhub", kind="status", status=200, body=body, content_type="text/plain")
    shown = bot.on_terminal("fetch", "finnhub", "/quote")
    expect(b"\x1b]0" not in shown and b"\x1b[2J" not in shown and b"first\r\n" in shown and b"\\x1b" in shown, f"{shown}")
    done = subprocess.run([TOOL, "fetch", "finnhub", "/quote"], cwd=bot.folder, env={**ENVIRONMENT, "HOME": bot.folder},
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    expect(done.stdout == body.encode(), f"a pipe gets the bytes: {done.stdout}")
    simulator.control("recover", source="finnhub")


def a_wrong_question(bot, simulator):
    def answers(source, path, exit_code, status, body, content_type="application/json"):
        simulator.control("fault", source=source, kind="status", status=status, content_type=content_type, body=body)
        bot.says(["fetch", source, path, "--timeout", "3s"], exit_code, f"{source}: unknown", err=True)
        simulator.control("recover", source=source)

    answers("gnews", "/search", 1, 400, '{"errors":{"q":"The query is required."}}')
    answers("openai", "/models", 1, 400, '{"error":{"message":"Unknown parameter: x","type":"invalid_request_error","code":null}}')
    answers("polygon", "/v9", 1, 404, '{"error":"page not found"}')
    answers("gnews", "/search", 1, 403, '{"errors":["Access from your country is not supported"]}')
    answers("alpha_vantage", "?function=X", 1, 200, '{"Error Message":"Invalid API call. Please retry."}')
    answers("finnhub", "/quote", 3, 404, "<html><title>404</title></html>", "text/html")
    answers("finnhub", "/quote", 3, 400, '{"error":')
    answers("finnhub", "/quote", 3, 200, '{"hotel":"Please log in."}')
    expect(bot.status_of("openai", 0)["status"] == "valid", "a wrong question spoils no key")


def a_key_that_is_repeated(bot, simulator):
    key = simulator.key("finnhub")
    simulator.control("fault", source="finnhub", kind="status", status=200, content_type="application/json",
                      body=json.dumps({"c": 1.5, "h": 2, "token": "of-the-next-page", "you": key}))
    for words in (["fetch", "finnhub", "/quote"], ["fetch", "finnhub", "/quote", "--format", "json"]):
        done = bot.run(*words)
        expect(key not in done.stdout + done.stderr and "[redacted]" in done.stdout, f"{words}: {done}")
    simulator.control("recover", source="finnhub")
    masked = f"{key[:8]}********{key[-4:]}"
    simulator.control("fault", source="finnhub", kind="status", status=401, content_type="application/json",
                      body=json.dumps({"error": {"message": f"Incorrect API key provided: {masked}.", "code": "invalid_api_key"}}))
    said = bot.run("fetch", "finnhub", "/quote").stdout
    expect("provided: [redacted].\"" in said and "\"invalid_api_key\"" in said, f"the ends of the key, and nothing else, are gone: {said}")
    simulator.control("recover", source="finnhub")


def how_the_store_is_opened(bot):
    keys = os.path.join(bot.folder, ".config", "quantconf")
    [key] = [os.path.join(keys, name) for name in os.listdir(keys) if name.endswith(".key")]
    os.rename(key, os.path.join(bot.folder, "own.key"))
    for words in (["keys", "check"], ["fetch", "fred", "/series"]):
        done = bot.says(words, 3, "there is no key", "hint:", err=True)
        expect(done.stdout == "", f"{words}: nobody was asked: {done.stdout}")
    bot.says(["sources"], 3, "stocktwits", "there is no key")
    bot.says(["keys", "check", "fred", "--key-file", "own.key"], 0, "valid")
    os.rename(os.path.join(bot.folder, "own.key"), key)
    os.rename(os.path.join(bot.folder, "config", ".quantconf"), os.path.join(bot.folder, "elsewhere"))
    bot.says(["keys", "check", "fred"], 3, "there is no store", err=True)
    bot.says(["keys", "check", "fred", "--state-dir", "elsewhere"], 0, "valid")
    os.rename(os.path.join(bot.folder, "elsewhere"), os.path.join(bot.folder, "config", ".quantconf"))


def a_catalogue_that_is_wrong(bot):
    path = bot.write(".config/quantconf/sources.yaml", "polygon: {base: [\n")
    os.chmod(path, 0o600)
    bot.says(["sources", "fred"], 0, "warning:", "the built-in facts about providers are used instead", err=True)
    os.remove(path)


with tempfile.TemporaryDirectory() as folder:
    nobody_has_a_key(folder)
GENEROUS = [word for source in (*SECRETS, "reddit") if source != "finnhub" for word in ("--limit", f"{source}=none")]

with Simulator(*GENEROUS) as simulator, tempfile.TemporaryDirectory() as folder:
    bot = Bot(folder, simulator)
    bot.store_keys()
    words_that_are_no_source(bot)
    good_keys(bot)
    keys_in_every_state(bot, simulator)
    a_good_key_that_is_refused(bot, simulator)
    health_knows_what_is_used(bot)
    nobody_answers(bot, simulator)
    our_own_limit(bot, simulator)
    a_ledger_that_cannot_be_opened(bot)
    half_a_key(bot, simulator)
    a_key_that_is_known_to_be_bad(bot, simulator)
    where_a_key_may_go(bot)
    this_machine_in_production(bot)
    what_controls_a_terminal(bot, simulator)
    a_wrong_question(bot, simulator)
    a_key_that_is_repeated(bot, simulator)
    how_the_store_is_opened(bot)
    the_key_comes_by_a_descriptor_or_a_person(bot)
    a_catalogue_that_is_wrong(bot)
finish()
