"""t51: the address of an alert webhook is a secret: whoever has it can post."""

import json

from plant import BASE, planted
from report import expect
from sandbox import Sandbox

PATH = "monitoring.alert_webhook_url"


def a_reference_is_shown_as_one(programs, needles):
    sandbox, values = planted(programs, needles)
    for words in (["get", PATH], ["show"], ["show", "--format", "json"], ["show", "--format", "flat"], ["show", "--origins"],
                  ["explain", PATH], ["explain", PATH, "--format", "json"], ["get", "monitoring"]):
        done = sandbox.run(*words, code=0)
        expect(b"SECURE:webhook" in done.stdout, f"{' '.join(words)} shows the reference", done)
    sandbox.run("check", code=0)
    sandbox.write("config/production.yaml", "database: {host: db.internal, ssl_mode: require}\n"
                  "monitoring: {alert_webhook_url: SECURE:sharp}\n")
    for form in ("text", "json"):
        done = sandbox.run("diff", "development", "production", "--format", form, code=1)
        expect(b"SECURE:webhook" in done.stdout and b"SECURE:sharp" in done.stdout, "diff compares references", done)
    schema = json.loads(sandbox.run("schema", "json", code=0).stdout)
    field = schema["properties"]["monitoring"]["properties"]["alert_webhook_url"]
    expect(field["x-quantconf"]["secret"] is True, "the schema says secret")


def a_literal_is_not_shown(programs, needles):
    sandbox = Sandbox(programs, needles)
    secret = needles.new("a webhook in plain text")
    sandbox.write("config/production.yaml", "database: {host: db.internal, ssl_mode: require}\n")
    addresses = {f"https://hooks.example.com/services/{secret}": True, f"http://hooks.example.com/{secret}": False,
                 f"hooks.example.com/{secret}": False, f"https://u:{secret}@hooks.example.com/": True,
                 f"https://hooks.example.com/ {secret}": False}
    for address, is_good in addresses.items():
        sandbox.write("config/base.yaml", BASE.replace("SECURE:webhook", address), secret)
        for environment in ("development", "production"):
            for form in ("text", "json", "sarif", "github"):
                done = sandbox.run("--env", environment, "check", "--format", form)
                said = done.stdout + done.stderr
                # The bot's schema permits it, with a warning everywhere: who has the address can write, but not trade.
                expect(PATH.encode() in said and b"QC1603" in said, "a literal webhook is remarked upon", done)
                expect(done.returncode == (0 if is_good else 1), "an address that is none is refused", done)
            for words in (["show"], ["explain", PATH], ["explain", PATH, "--format", "json"], ["get", PATH],
                          ["diff", "staging", "production"]):
                sandbox.run("--env", environment, *words)
        sandbox.run("check", variables={"QUANTBOT_MONITORING_ALERT_WEBHOOK_URL": address}, code=1)
        sandbox.run("--set", f"{PATH}={address}", "check", code=1)


STORIES = [a_reference_is_shown_as_one, a_literal_is_not_shown]
