#!/usr/bin/python3
"""Completion scripts: each shell that is installed must be able to read its own, and bash must complete with it.

Usage: completion.py QUANTCONF
"""

import re
import shutil
import tempfile

from tool import COMMANDS, expect, finish, run


def completed(*words):
    """What bash offers for the last of these words."""
    script = ('source <(quantconf completion bash); COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _quantconf; '
              'echo "${COMPREPLY[@]}"')
    return run("bash", "-c", script, "bash", *words).stdout.split()


def parses(shell, text):
    with tempfile.NamedTemporaryFile("w", suffix="." + shell) as file:
        file.write(text)
        file.flush()
        done = run(shell, "-n", file.name)
    return done.returncode == 0 and not done.stderr, done.stderr


scripts = {shell: run("quantconf", "completion", shell).stdout for shell in ("bash", "zsh", "fish")}
for shell, text in scripts.items():
    expect(text and "@" not in text.replace('"$@"', "").replace("[@]", ""), f"{shell}: every place is filled in")
    for command in COMMANDS:
        expect(re.search(rf"\b{command}\b", text), f"{shell}: offers {command}")
    if shutil.which(shell) is None:
        print(f"{shell} is not installed: its script was not parsed")
        continue
    good, problem = parses(shell, text)
    expect(good, f"{shell} can read its script: {problem}")
    expect(not parses(shell, text + "\nif (((\n")[0], f"{shell} would notice a broken script")

expect(completed("quantconf", "") == COMMANDS, "bash: every command")
expect(completed("quantconf", "che") == ["check"], "bash: one command")
expect(completed("quantconf", "--env", "prod") == ["production"], "bash: environments")
expect(completed("quantconf", "check", "--form") == ["--format"], "bash: options")
expect(completed("quantconf", "get", "trading.slip") == ["trading.slippage_bps"], "bash: paths")
expect(completed("quantconf", "keys", "c") == ["check"], "bash: the verb of keys")
for words in (["keys", "check", "f"], ["sources", "f"], ["fetch", "f"]):
    expect(completed("quantconf", *words) == ["finnhub", "fred"], f"bash: {words}: sources")
for option in ("--param", "--timeout"):
    expect(completed("quantconf", "fetch", "fred", "/series", option, "f") == [], f"bash: a value of {option} is no source")
expect(completed("quantconf", "fetch", "fred", "/series", "--par") == ["--param"], "bash: options of fetch")
expect(completed("quantconf", "--env", "production", "schema", "p") == ["paths"], "bash: topics behind options")
if shutil.which("fish"):
    def fish(line):
        done = run("fish", "-c", f"quantconf completion fish | source; complete -C '{line}'", folder=tempfile.gettempdir())
        return [offer.split("\t")[0] for offer in done.stdout.splitlines()]
    expect(fish("quantconf che") == ["check"], "fish: one command")
    expect(fish("quantconf --env prod") == ["production"], "fish: environments")
    expect(fish("quantconf get trading.slip") == ["trading.slippage_bps"], "fish: paths")
    expect(fish("quantconf schema p") == ["paths"], "fish: topics")
    expect(fish("quantconf keys check gn") == ["gnews"] and fish("quantconf fetch gn") == ["gnews"], "fish: sources")
    expect(fish("quantconf fetch gnews /x --par") == ["--param"], "fish: options of fetch")
options = set(re.findall(r"--[a-z-]+", "".join(run("quantconf", *c).stdout for c in
                                              [["--help"], *([name, "--help"] for name in COMMANDS)])))
offered = set(completed("quantconf", "--"))
expect(offered <= options, f"bash: offers only options that --help knows: {offered - options}")
for option in options:
    expect(option in offered, f"bash: offers {option}")
finish()
