"""t44: a secret in a configuration that is right or wrong, whichever way it came in, appears in no output."""

import json
import re

import mistakes
import probes
from plant import BASE, LIMITS, base_files
from report import expect
from sandbox import Sandbox


class Filler:
    """Puts new values into a text and remembers which."""

    def __init__(self, needles, label):
        self.needles, self.label, self.values = needles, label, []

    def value(self, kind, escape):
        draw = {"K": self.needles.new, "D": self.needles.digits, "S": self.needles.sharp}[kind]
        self.values.append(draw(self.label))
        return json.dumps(self.values[-1], ensure_ascii=False)[1:-1] if escape else self.values[-1]

    def fill(self, text, escape=True):
        return re.sub("<([KDS])>", lambda found: self.value(found[1], escape), text)


def look(sandbox, words=(), variables=None, commands=None):
    for command in commands or probes.short():
        sandbox.run(*words, *command, variables=variables)


def wrong_yaml(programs, needles):
    """Folders without a store: what is wrong is in the files."""
    sandbox = Sandbox(programs, needles)
    cases = {**mistakes.IN_YAML, **mistakes.BROKEN_YAML}
    for what, text in cases.items():
        filler = Filler(needles, what)
        text = filler.fill(text)
        is_whole = what in mistakes.BROKEN_YAML or "trading:" in text
        sandbox.write("config/base.yaml", text if is_whole else text + LIMITS, *filler.values)
        look(sandbox)
    for what, data in mistakes.BYTES_AROUND.items():
        filler = Filler(needles, what)
        wide = what == "UTF-16"
        text = filler.fill(data.decode("utf-16" if wide else "latin-1"))
        sandbox.write("config/base.yaml", text.encode("utf-16" if wide else "latin-1"), *filler.values)
        look(sandbox)
    sandbox.harvest("wrong YAML")


def hidden_by_a_higher_layer(programs, needles):
    """A layer that nobody sees any more is still in excerpts, in explain and in diff."""
    sandbox = Sandbox(programs, needles)
    filler = Filler(needles, "beneath another layer")
    texts = ["database: {password: <K>, host: 7}\nmonitoring: {alert_webhook_url: \"ftp://x/<K>\"}\n",
             "database: {password: SECURE:x}\n", "database: {password: <K>}\ndata_sources: {polygon_api_key: <K>}\n"]
    for name, text in zip(("base", "development", "local"), texts):
        sandbox.write(f"config/{name}.yaml", filler.fill(text) + (LIMITS if name == "base" else ""), *filler.values)
    look(sandbox, commands=probes.of_configuration())
    sandbox.write("elsewhere/base.yaml", filler.fill("database: {password: <K>}\n") + LIMITS, *filler.values)
    look(sandbox, commands=[["diff", sandbox.config, sandbox.path("elsewhere"), "--format", name] for name in ("text", "json")])


def wrong_json(programs, needles):
    sandbox = Sandbox(programs, needles)
    for what, text in mistakes.BROKEN_JSON.items():
        filler = Filler(needles, f"JSON with {what}")
        sandbox.write("config/base.json", filler.fill(text), *filler.values)
        look(sandbox)


def dotenv(programs, needles):
    sandbox = Sandbox(programs, needles)
    sandbox.write("config/base.yaml", LIMITS)
    for what, text in mistakes.DOTENV.items():
        filler = Filler(needles, f".env with {what}")
        sandbox.write("config/.env", filler.fill(text, escape=False), *filler.values)
        look(sandbox)


def variables(programs, needles):
    sandbox = Sandbox(programs, needles)
    sandbox.write("config/base.yaml", LIMITS)
    for name, text in mistakes.VARIABLES:
        filler = Filler(needles, f"variable {name}")
        look(sandbox, variables={name: filler.fill(text, escape=False)})
    for what, mode, data in (("readable for all", 0o644, "<K>\n"), ("invalid UTF-8", 0o600, "<K>\xff\n"),
                             ("too large", 0o600, "<K>" + "x" * 2_000_000), ("several lines", 0o600, "<K>\n<K>\n"),
                             ("for a section", 0o600, "{polygon_api_key: <K>")):
        filler = Filler(needles, f"a file named by a variable, {what}")
        path = sandbox.write("work/value", filler.fill(data).encode("latin-1"), mode=mode)
        sandbox.own[path] = filler.values
        for name in ("QUANTBOT_DATABASE_PASSWORD_FILE", "QUANTBOT_DATABASE_HOST_FILE", "QUANTBOT_DATA_SOURCES_FILE"):
            if name.endswith("HOST_FILE"):
                continue  # A host is no secret.
            look(sandbox, variables={name: path})
    filler = Filler(needles, "a variable that is not UTF-8")
    look(sandbox, variables={"QUANTBOT_DATABASE_PASSWORD": filler.fill("<K>").encode() + b"\xff"})


def settings(programs, needles):
    sandbox = Sandbox(programs, needles)
    sandbox.write("config/base.yaml", LIMITS)
    for setting in mistakes.SETTINGS:
        filler = Filler(needles, f"--set {setting}")
        text = filler.fill(setting, escape=False)
        look(sandbox, ["--set", text], commands=[c for c in probes.short() if c[0] != "diff"])
        look(sandbox, ["--set=" + text], commands=[["check"]])
        look(sandbox, ["--sett", text], commands=[["check"]])
        look(sandbox, commands=[["check", "--set" + text], ["get", "database", "--set", text + "\xff"]])
    filler = Filler(needles, "--set with no equals sign")
    look(sandbox, ["--set", filler.fill("database.password <K>")], commands=[["check"], ["show"]])


def own_schema(programs, needles):
    """Somebody else's schema, right and wrong, with values of a secret field in it."""
    sandbox = Sandbox(programs, needles)
    field = '"%s": {"type": "string", "x-quantconf": {"secret": true}, %s}'
    for what, part in (("a default", '"default": "<K>"'), ("an enum", '"enum": ["<K>", "<K>"]'), ("a const", '"const": "<K>"'),
                       ("an example", '"examples": ["<K>"]'), ("a default that is a list", '"default": ["<K>"]'),
                       ("an open text", '"default": "<K>\n"'),
                       ("a missing comma", '"default": "<K>" "a": 1')):
        for name in ("token", "account"):
            filler = Filler(needles, f"a schema with {what} of {name}")
            text = filler.fill('{"type": "object", "properties": {' + field % (name, part) + "}}")
            sandbox.write("work/schema.json", text, *filler.values)
            value = Filler(needles, f"a value for {name}")
            sandbox.write("config/base.yaml", value.fill(f"{name}: <K>\n"), *value.values)
            look(sandbox, ["--schema", "schema.json"], commands=[["check"], ["show"], ["schema", "docs"], ["schema", "json"],
                                                                 ["explain", name], ["check", "--format", "sarif"]])


def references_that_fail(programs, needles):
    """With a store: everything that refers to it, under a wrong name, version, environment."""
    sandbox = Sandbox(programs, needles)
    base_files(sandbox)
    look(sandbox, commands=probes.of_configuration() + [["run", "--export", "database.password=X", "--", "true"]])
    expect("SECURE:from_stdin" in BASE, "the folder refers to secrets")
    sandbox.run("secret", "init", code=0)
    look(sandbox, commands=probes.of_configuration())


STORIES = [wrong_yaml, hidden_by_a_higher_layer, wrong_json, dotenv, variables, settings, own_schema, references_that_fail]
