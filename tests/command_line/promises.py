#!/usr/bin/python3
"""Exit codes, streams, and where options may stand.

Usage: promises.py QUANTCONF
"""

import contextlib
import itertools
import json
import os
import sqlite3
import subprocess
import tempfile

from tool import COMMANDS, ENVIRONMENT, TOOL, expect, finish, run, store_secrets

PRODUCTION = ["--env", "production"]


def prints(done, exit_code, what, *, out=False, err=False):
    expect(done.returncode == exit_code, f"{what}: exit {done.returncode}, expected {exit_code}: {done.stderr}")
    expect(bool(done.stdout) == out, f"{what}: {'something' if out else 'nothing'} on standard output: {done.stdout}")
    expect(bool(done.stderr) == err, f"{what}: {'something' if err else 'nothing'} on standard error: {done.stderr}")


def options_stand_anywhere(folder):
    options = [["--config-dir", "config"], PRODUCTION, ["--set", "trading.slippage_bps=7"], ["--format=json"]]
    expected = run("quantconf", *sum(options[:3], []), "get", "trading.slippage_bps", *options[3], folder=folder)
    expect(expected.stdout.strip() == "7", "options before the command")
    for order in itertools.permutations(options[:3]):
        for before in range(4):
            words = [*sum(order[:before], []), "get", *sum(order[before:], []), "trading.slippage_bps", *options[3]]
            done = run("quantconf", *words, folder=folder)
            expect(done.stdout == expected.stdout, f"{words}: {done.stdout}{done.stderr}")


def folder_is_found(folder):
    elsewhere = {"QUANTCONF_CONFIG_DIR": os.path.join(folder, "config")}
    value = ("get", "database.database")
    expect(run("quantconf", *PRODUCTION, *value, variables=elsewhere).stdout == "quantbot_prod\n", "QUANTCONF_CONFIG_DIR")
    prints(run("quantconf", *value, "--config-dir", "nowhere", folder=folder, variables=elsewhere), 1,
           "--config-dir is stronger than the variable", err=True)
    expect(run("quantconf", *value, folder=folder, variables={"QUANTCONF_CONFIG_DIR": ""}).stdout == "quantbot_dev\n",
           "an empty variable says nothing")


def check_takes_a_folder(folder):
    expected = run("quantconf", "--config-dir", "config", "check", "--all", folder=folder).stdout
    for words in (["check", "--all", "config"], ["check", "config", "--all"]):
        expect(run("quantconf", *words, folder=folder).stdout == expected and expected, f"{words}")
    prints(run("quantconf", "check", "nowhere", folder=folder), 1, "check of a folder that is not there", out=True, err=True)
    prints(run("quantconf", "check", "config", "--config-dir", "config", folder=folder), 2, "two folders", err=True)
    environment = run("quantconf", "check", "production", folder=folder)
    prints(environment, 2, "an environment is no folder", err=True)
    expect("`quantconf --env production check`" in environment.stderr, f"{environment.stderr}")


def environment_is_chosen(folder):
    get = ("get", "environment")
    names = {"QUANTBOT_ENVIRONMENT": "staging", "ENVIRONMENT": "production", "ENV": "testing"}
    for expected in ("staging", "production", "testing"):
        expect(run("quantconf", *get, folder=folder, variables=names).stdout == expected + "\n", f"{names}")
        names.pop(next(iter(names)))
    expect(run("quantconf", *get, folder=folder).stdout == "development\n", "development when nobody says anything")
    expect(run("quantconf", *get, "--env", "stage", folder=folder, variables={"ENV": "test"}).stdout == "staging\n", "--env")


def codes_and_streams(folder):
    def tool(*words, **more):
        return run("quantconf", *words, folder=folder, **more)

    wrong = ["--set", "trading.max_position_size=5"]
    for command in COMMANDS:
        prints(tool(command, "--help"), 0, f"{command} --help", out=True)
        prints(tool(command, "--no-such-option"), 125 if command == "run" else 2, f"{command} --no-such-option", err=True)
    prints(tool(), 2, "no command", err=True)
    prints(tool("--help"), 0, "--help", out=True)
    prints(tool("--version"), 0, "--version", out=True)
    prints(tool("check"), 0, "a valid folder", out=True)
    prints(tool("check", *wrong), 1, "an invalid value", out=True, err=True)
    prints(tool("show", *wrong), 1, "no values without validity", err=True)
    prints(tool("get", "trading.slippage_bps", *wrong), 1, "no value without validity", err=True)
    prints(tool("get", "nothing"), 1, "an unknown path", err=True)
    prints(tool("explain", "trading.max_position_size", *wrong), 0, "explain of something invalid", out=True, err=True)
    prints(tool("explain", "QC9x"), 1, "an unknown code", err=True)
    prints(tool("diff", "staging", "production"), 1, "differences", out=True)
    prints(tool("diff", "staging", "staging"), 0, "no differences")
    prints(tool("diff", "staging", "nowhere"), 2, "neither an environment nor a folder", err=True)
    prints(tool("diff", "staging", "v3"), 1, "no such version", err=True)
    prints(tool("init"), 1, "init over files", err=True)
    prints(tool("env", "explain", "QUANTBOT_X"), 1, "an unknown variable", err=True)
    prints(tool("--schema", "nowhere.json", "check"), 3, "a schema that is not there", err=True)
    prints(tool("--env", "moon", "check"), 2, "no such environment", err=True)
    prints(tool("check", variables={"ENV": "moon"}), 1, "a variable names no environment", err=True)
    prints(tool("init", "show"), 0, "a folder may be called like a command", out=True)
    prints(tool("get", "check"), 1, "so may a key", err=True)
    expect(tool("help", "check").stdout == tool("check", "--help").stdout, "help check")
    expect("Commands:" in tool("help").stdout, "help lists the commands")
    prints(tool("help", "checkk"), 2, "help of no command", err=True)
    prints(tool("keys"), 2, "keys without check", err=True)
    prints(tool("keys", "chek"), 2, "keys chek", err=True)
    prints(tool("sources", "polgon"), 1, "no such source", err=True)
    prints(tool("fetch", "gnews"), 2, "fetch without a path", err=True)
    prints(tool("fetch", "gnews", "top-headlines"), 2, "a path without a slash", err=True)
    prints(tool("fetch", "gnews", "/x", "--param", "lang"), 2, "a parameter without a value", err=True)
    prints(tool("fetch", "gnews", "/x", "--timeout", "2h"), 2, "a timeout beyond an hour", err=True)
    prints(tool("fetch", "gnews", "/x"), 1, "fetch without a key", err=True)
    prints(tool("sources", "gnews"), 0, "sources", out=True)
    prints(tool("keys", "check", "gnews"), 1, "a key that is not set", out=True)
    for command in (["keys", "check"], ["sources"], ["fetch", "gnews", "/x"]):
        prints(tool(*command, *wrong), 1, f"{command} of an invalid configuration", err=True)
        prints(tool(*command, "--schema", "config/quantconf.schema.json"), 2, f"{command} with --schema", err=True)
    for option in (["--key-fd", "0"], ["--passphrase"]):
        prints(tool("keys", "check", *option), 3, f"keys with {option}, where there is neither key nor terminal", err=True)
    prints(tool("doctor"), 0, "doctor", out=True)
    for report in ("json", "sarif", "github"):
        prints(tool("check", *wrong, "--format", report), 1, f"check --format {report}", out=True)
    with open("/dev/full", "w") as full:
        done = subprocess.run([TOOL, "schema", "json"], stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, timeout=60)
        expect(done.returncode == 3, f"a result that could not be written: exit {done.returncode}")
        expect(b"error:" in done.stderr, "and the reason")


def init_says_what_it_wrote(folder):
    said = json.loads(run("quantconf", "init", "new", "--format", "json", folder=folder).stdout)
    there = [name for name in os.listdir(os.path.join(folder, "new")) if name != ".quantconf"]
    expect(sorted(said["written"]) == sorted("new/" + name for name in there), f"{said}")
    expect(os.path.samefile(said["store"], os.path.join(folder, "new/.quantconf/secrets.qcs")), f"{said}")
    expect(os.path.basename(said["key"]) == said["uuid"] + ".key" and os.path.isfile(said["key"]), f"{said}")
    again = json.loads(run("quantconf", "init", "new", "--force", "--format", "json", folder=folder).stdout)
    expect((again["store"], again["uuid"], again["key"]) == (said["store"], None, None), f"a store that is there stays: {again}")


def a_code_is_explained_in_whole_lines(folder):
    said = run("quantconf", "explain", "QC1203", folder=folder).stdout
    expect(said.endswith("\n") and not said.endswith("\n\n"), f"{said!r}")


def usage_lines_say_what_may_be_repeated(folder):
    for command, usage in (("run", "run [OPTIONS] -- CMD [ARGUMENTS]"), ("sources", "sources [SOURCE...] [OPTIONS]"),
                           ("set", "set [PATH=VALUE...] [OPTIONS]"), ("get", "get PATH [OPTIONS]")):
        said = run("quantconf", command, "--help", folder=folder).stdout
        expect(f"Usage: quantconf {usage}\n" in said, f"{command}: {said}")


def doctor_finds_what_is_odd(folder):
    def findings(exit_code):
        done = run("quantconf", "doctor", "--format", "json", folder=folder)
        expect(done.returncode == exit_code, f"doctor: exit {done.returncode}: {done.stdout}")
        return [(c["name"], c["status"], c["detail"], c["hint"]) for c in json.loads(done.stdout)["checks"]]

    base = os.path.join(folder, "config/base.yaml")
    for name, hint in (("prod.yaml", "did you mean production.yaml?"), ("prodution.yml", "did you mean production.yml?"),
                       ("risk_limits.yaml", "layers are base, an environment's name, and local")):
        path = os.path.join(folder, "config", name)
        open(path, "w").close()
        expect(("layers", "warn", f"config/{name} is no layer: nobody reads it", hint) in findings(0), name)
        os.remove(path)
    os.chmod(base, 0o666)
    expect(("permissions", "fail") in [f[:2] for f in findings(1)], "everybody may write base.yaml")
    os.chmod(base, 0o644)
    with open(os.path.join(folder, "config/quantconf.schema.json"), "a") as schema:
        schema.write("\n")
    expect(("editor", "warn") in [f[:2] for f in findings(0)], "the editor's schema is out of date")
    run("bash", "-c", "quantconf schema json > config/quantconf.schema.json", folder=folder)
    expect("editor" not in [f[0] for f in findings(0)], "the hint repairs it")


def doctor_notices_a_damaged_state(folder):
    path = os.path.join(folder, "config", ".quantconf", "state.db")
    done = run("quantconf", "set", "trading.slippage_bps=4", "--reason", "first", folder=folder)
    expect(done.returncode == 0, f"{done.stderr}")

    def state():
        checks = json.loads(run("quantconf", "doctor", "--format", "json", folder=folder).stdout)["checks"]
        return next(check for check in checks if check["name"] == "state")

    expect(state()["status"] == "ok" and state()["detail"].endswith("state.db is whole"), f"{state()}")
    for damage, mend in (("update version set parent = 99", "update version set parent = 0"),
                         ("alter table key_use rename to elsewhere", "alter table elsewhere rename to key_use")):
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute(damage)
        expect(state()["status"] == "fail" and "is damaged" in state()["detail"], f"{damage}: {state()}")
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute(mend)
    expect(state()["status"] == "ok", f"{state()}")
    for name in ("state.db-wal", "state.db-shm"):
        if os.path.exists(os.path.join(os.path.dirname(path), name)):
            os.remove(os.path.join(os.path.dirname(path), name))
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2)
    expect(state()["status"] == "fail" and state()["hint"], f"{state()}")
    done = run("quantconf", "doctor", folder=folder)
    expect(done.returncode == 1 and "fail  state" in done.stdout, f"doctor of half a state.db: {done.returncode} {done.stdout}")


with tempfile.TemporaryDirectory() as folder:
    run("quantconf", "init", folder=folder)  # No store: nothing else opens state.db.
    doctor_notices_a_damaged_state(folder)

with tempfile.TemporaryDirectory() as folder:
    prints(run("quantconf", "init", folder=folder), 0, "init", out=True)
    store_secrets(folder)
    options_stand_anywhere(folder)
    folder_is_found(folder)
    check_takes_a_folder(folder)
    environment_is_chosen(folder)
    codes_and_streams(folder)
    init_says_what_it_wrote(folder)
    a_code_is_explained_in_whole_lines(folder)
    usage_lines_say_what_may_be_repeated(folder)
    doctor_finds_what_is_odd(folder)
finish()
