"""The allow-list. Everything that may hold a secret stands here, and must: a search that finds nothing there is broken."""

import os

from plant import LIMITS, parts, planted
from report import expect
from sandbox import Sandbox


def hits(sandbox, data, what):
    expect(sandbox.needles.find(data), f"{what} is found by the search")


def what_is_asked_for_by_name(programs, needles):
    sandbox, values = planted(programs, needles)
    hits(sandbox, sandbox.run("get", "--reveal", "database.password", allowed=[values["from_stdin"]], code=0).stdout, "get --reveal")
    hits(sandbox, sandbox.run("secret", "get", "dsn", allowed=parts(sandbox, values["dsn"]), code=0).stdout, "secret get")
    pending = next(value for label, value in needles.values.items() if label.startswith("rotated, pending"))
    hits(sandbox, sandbox.run("secret", "get", "rotated@pending", allowed=[pending], code=0).stdout, "secret get @pending")
    asked = {"allowed": [values["from_stdin"]], "code": 0}
    done = sandbox.run("run", "--export-secret", "from_stdin=X", "--", "sh", "-c", "cat /proc/$$/environ", **asked)
    hits(sandbox, done.stdout, "run --export-secret NAME=VAR")
    done = sandbox.run("run", "--export-secret", "from_stdin=X_FILE", "--", "sh", "-c", "cat $X_FILE", **asked)
    hits(sandbox, done.stdout, "a sealed file that the command prints")


def files_of_the_user(programs, needles):
    """What he has written in plain text stays where it is, and the key file holds the key."""
    sandbox, _ = planted(programs, needles)
    for path, allowed in sandbox.own.items():
        if allowed:
            with open(path, "rb") as file:
                hits(sandbox, file.read(), os.path.basename(path))


def a_text_that_is_no_secret(programs, needles):
    """The schema decides: in a field for texts a password of a URL is shown by what prints values. What explains them, and
    diagnostics, hide it all the same."""
    sandbox = Sandbox(programs, needles)
    secret = needles.new("the password of a URL in a text")
    sandbox.write("config/base.yaml", f"app_name: https://u:{secret}@example.com/\n"
                  "database: {host: localhost, username: a, database: b, password: SECURE:x}\n" + LIMITS, secret)
    for words in (["show"], ["get", "app_name"], ["show", "--format", "json"]):
        hits(sandbox, sandbox.run(*words, allowed=[secret], code=0).stdout, " ".join(words))
    for words in (["explain", "app_name"], ["explain", "app_name", "--format", "json"], ["check"], ["check", "--format", "json"],
                  ["check", "--set", "app_name=7.5", "--set", "debug=perhaps"]):
        sandbox.run(*words)


STORIES = [what_is_asked_for_by_name, files_of_the_user, a_text_that_is_no_secret]
