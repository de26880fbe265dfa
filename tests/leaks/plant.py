"""A folder in which every way into the store was used, and a secret stands in every place that may hold one."""

import json
import re

import legacy
from base64 import b64decode, b64encode
from report import expect
from sandbox import Sandbox

LIMITS = "trading: {max_position_size: 0.01, max_daily_loss: 100, risk_free_rate: 0.05, commission_per_contract: 1, " \
         "slippage_bps: 5}\n"
BASE = """\
app_name: QuantBot
database: {host: localhost, username: quantbot, database: quantbot, password: "SECURE:from_stdin"}
data_sources:
  polygon_api_key: SECURE:from_terminal
  finnhub_api_key: SECURE:from_fernet
  newsapi_key: SECURE:FROM_DOTENV_KEY
  gnews_key: SECURE:from_base64
  openai_api_key: SECURE:rotated
  fred_api_key: SECURE:rotated@previous
  alpha_vantage_api_key: SECURE:numeric
  stocktwits_token: SECURE:sharp
monitoring: {alert_webhook_url: "SECURE:webhook"}
""" + LIMITS


def the_one_key(sandbox):
    """Path and text of the store's master key."""
    paths = [path for path in sandbox.files() if re.search(r"/\.config/quantconf/[0-9a-f-]{36}\.key$", path)]
    with open(paths[0], encoding="ascii") as file:
        return paths[0], file.read().strip()


def own_key(sandbox, label):
    """The key that the store has now is a secret too, and its file is the one place that holds it."""
    path, text = the_one_key(sandbox)
    sandbox.needles.add(label, text)
    sandbox.needles.add(f"{label}, its bytes", b64decode(text))
    sandbox.own[path] = (text, b64decode(text))
    return text


def base_files(sandbox):
    sandbox.write("config/base.yaml", BASE)
    sandbox.write("config/production.yaml", "database: {host: db.internal, ssl_mode: require}\n")
    sandbox.write("config/staging.yaml", "database: {host: db.staging}\n")


def store(sandbox):
    """{name: value} of the current versions, each stored through another door."""
    new = sandbox.needles.new
    values = {"from_stdin": new("from standard input"), "from_terminal": new("from the terminal"),
              "from_fernet": new("imported from Fernet"), "from_base64": new("imported from base64"),
              "FROM_DOTENV_KEY": new("imported from .env"), "rotated": new("rotated, current"),
              "numeric": sandbox.needles.digits("a number"), "sharp": sandbox.needles.sharp("with characters that need escapes"),
              "webhook": f"https://hooks.example.com/services/{new('webhook')}",
              "bearer": f"Authorization: Bearer {new('bearer header')}",
              "dsn": f"postgresql://quantbot:{new('password of a URL')}@db:5432/quantbot"}
    base_files(sandbox)
    sandbox.run("secret", "init", code=0)
    own_key(sandbox, "master key")
    for name in ("from_stdin", "numeric", "sharp", "webhook", "bearer", "dsn"):
        sandbox.run("secret", "set", name, stdin=values[name], code=0)
    sandbox.run("secret", "set", "binary", stdin=b"\xff\0" + new("inside a binary value").encode() + b"\xfe\0", code=0)
    sandbox.at_terminal("secret", "set", "from_terminal", answers=[values["from_terminal"]] * 2, code=0)
    key = legacy.new_fernet_key().decode()
    fernet = {"from_fernet": legacy.fernet(key, values["from_fernet"]),
              "from_base64": b64encode(values["from_base64"].encode()).decode()}
    sandbox.needles.add("key of the legacy store", key)
    sandbox.write("work/legacy.json", json.dumps(fernet), values["from_base64"])
    sandbox.write("work/legacy.key", key, key)
    sandbox.run("secret", "import", "--fernet", "legacy.json", "--key", "legacy.key", code=0)
    dotenv = values["FROM_DOTENV_KEY"]
    sandbox.write("work/old.env", f"FROM_DOTENV_KEY='{dotenv}'\nLOG=x\n", dotenv)
    sandbox.run("secret", "import", "--dotenv", "old.env", code=0)
    sandbox.run("secret", "set", "rotated", stdin=new("rotated, previous"), code=0)
    sandbox.run("secret", "rotate", "rotated", stdin=values["rotated"], code=0)
    sandbox.run("secret", "rotate", "rotated", "--promote", code=0)
    sandbox.run("secret", "rotate", "rotated", stdin=new("rotated, pending"), code=0)
    for name, value in values.items():
        done = sandbox.run("secret", "get", name, allowed=parts(sandbox, value))
        expect(done.stdout == value.encode(), f"{name} is in the store as it was given", done)
    return values


def parts(sandbox, value):
    """The secrets that a longer secret contains."""
    return [part for part in sandbox.needles.values.values() if isinstance(part, str) and part in value]


def planted(programs, needles, **more):
    sandbox = Sandbox(programs, needles, **more)
    return sandbox, store(sandbox)
