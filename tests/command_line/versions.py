#!/usr/bin/python3
"""Commands of versions while a program runs: who sees a change, what is refused, what each says about it.

Usage: versions.py QUANTCONF
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile

from folder import BOT, LIMIT, Folder, end
from tool import TOOL, expect, finish, store_secrets


def a_file_keeps_all_that_was_not_named(folder):
    before = folder.read("production.yaml").splitlines()
    changed = folder.json("set", "trading.max_position_size=0.03", "--reason", "volatility")
    after = folder.read("production.yaml").splitlines()
    expect([line for line in after if line not in before] == ["  max_position_size: 0.03"], f"{after}")
    expect(changed["version"] == 2 and changed["environment"] == "production", f"{changed}")
    expect(changed["changes"] == [{"path": "trading.max_position_size", "kind": "changed", "from": 0.05, "to": 0.03, "risk": "safer"}], f"{changed}")
    expect(changed["places"][0]["file"] == "config/production.yaml" and changed["places"][0]["line"] == 18, f"{changed}")
    folder.must("set", "trading.max_position_size=0.05", "--reason", "back")
    expect(folder.read("production.yaml").splitlines() == before, "set there and back leaves the file as it was")


def what_is_refused_changes_nothing(folder):
    folder.refused("set", "trading.max_position_size=5", "--reason", "x", texts=["QC1203", "nothing was changed"])
    folder.refused("set", "trading.max_position_size=0.02", "--reason", "x", "--layer", "base",
                   texts=["QC1723", "config/production.yaml wins over config/base.yaml"])
    folder.refused("set", "trading.max_position_size=0.02", "--reason", "x", texts=["QC1723", "QUANTBOT_TRADING_MAX_POSITION_SIZE"],
                   variables={"QUANTBOT_TRADING_MAX_POSITION_SIZE": "0.04"})
    folder.refused("set", "trading.max_positon_size=0.02", "--reason", "x", texts=["did you mean trading.max_position_size?"])
    folder.refused("set", "database.password=plain", "--reason", "x", texts=["never goes over the command line"], code=2)
    folder.refused("set", "database={password: plain}", "--reason", "x", texts=["holds secrets"], code=2)
    folder.refused("set", "debug=true", "debug=false", "--reason", "x", texts=["named twice"], code=2)
    folder.refused("set", "debug=", "--reason", "x", texts=["--unset"], code=2)
    folder.refused("set", "debug=true", texts=["--reason"], code=2)
    folder.refused("set", "--reason", "x", texts=["PATH=VALUE"], code=2)
    folder.refused("set", "debug", "--reason", "x", texts=["no path in front of a = sign"], code=2)
    folder.refused("set", "debug=true", "--layer", "bas", "--reason", "x", texts=["did you mean base?"], code=2)
    folder.refused("set", "trading.slippage_bps=4", "--layer", "local", "--reason", "x", texts=["QC1004"])
    folder.refused("set", "trading.slippage_bps=4", "--dry-run", texts=[], code=0)
    folder.refused("set", "debug=true", "--reason", "x" * 1001, texts=["too long"])
    folder.refused("rollback", "v1", texts=["--reason"], code=2)
    folder.refused("rollback", "v99", "--reason", "x", texts=["there is no version v99"])
    folder.refused("rollback", "1", "--reason", "x", texts=["a version is written v12"], code=2)
    folder.refused("history", "show", texts=["needs a version"], code=2)
    folder.refused("history", "v1", texts=["expected show"], code=2)
    folder.refused("at", "yesterday", texts=["2026-03-01T09:30:00Z"], code=2)
    folder.refused("diff", "v1", "v99", texts=["there is no version v99"])
    development = folder.json("--env", "development", "set", "trading.slippage_bps=4", "--reason", "x")["version"]
    folder.refused("rollback", f"v{development}", "--reason", "x", texts=["another environment"])


def one_layer_that_others_read_too(folder):
    """What base.yaml would give is judged for every environment, not only for the one that is chosen."""
    testing, production = folder.read("testing.yaml"), folder.read("production.yaml")
    for name, text in (("testing.yaml", testing), ("production.yaml", production)):
        folder.write(name, "".join(line for line in text.splitlines(True) if not line.startswith("debug:")))
    folder.must("--env", "production", "show")
    folder.refused("--env", "testing", "set", "debug=true", "--layer", "base", "--reason", "x",
                   texts=["QC1701", "must be false in production", "production reads this file too"])
    folder.must("--env", "testing", "set", "cache_max_size_mb=300", "--layer", "base", "--reason", "x")
    folder.write("testing.yaml", testing)
    folder.write("production.yaml", production)


def a_rollback_of_what_others_read_too(folder):
    """As with `set`: it makes no other environment invalid, and names the programs of all of them."""
    testing, base = folder.read("testing.yaml"), folder.read("base.yaml")
    production = folder.read("production.yaml")
    folder.write("testing.yaml", "".join(line for line in testing.splitlines(True) if not line.startswith("debug:")))
    chosen = ("--env", "testing", "--reason", "x")
    on = folder.json("set", "debug=true", "--layer", "base", *chosen)["version"]
    folder.must("set", "debug=false", "--layer", "base", *chosen)
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["file_watcher_active"], "health")
    back = folder.json("rollback", f"v{on}", *chosen)
    expect([p["pid"] for p in back["processes"]] == [bot.pid], f"production reads base.yaml too: {back}")
    end(bot)
    folder.must("set", "debug=false", "--layer", "base", *chosen)
    folder.write("production.yaml", "".join(line for line in production.splitlines(True) if not line.startswith("debug:")))
    folder.refused("rollback", f"v{on}", *chosen, texts=["QC1701", "must be false in production", "production reads this file too"])
    folder.refused("rollback", f"v{on}", *chosen, "--dry-run", texts=["QC1701"])
    for name, text in (("base.yaml", base), ("testing.yaml", testing), ("production.yaml", production)):
        folder.write(name, text)


def a_program_that_refuses_is_named(folder):
    """It has a variable of its own, with which the files are wrong."""
    production = folder.read("production.yaml")
    folder.must("set", "monitoring.prometheus_enabled=false", "--reason", "x")
    bot = folder.start(BOT, "config", "production", variables={"QUANTBOT_MONITORING_PROMETHEUS_ENABLED": "true"})
    folder.comes_true(lambda h: h["file_watcher_active"], "health")
    folder.must("set", "monitoring.enable_metrics=false", "--reason", "x")
    folder.comes_true(lambda h: not h["last_reload_ok"], "health")
    changed = folder.json("set", "trading.slippage_bps=4", "--reason", "x", code=1)
    expect(changed["version"] and [r["pid"] for r in changed["refused_by"]] == [bot.pid], f"{changed}")
    expect("enable_metrics" in changed["refused_by"][0]["why"], f"{changed}")
    text = folder.must("set", "trading.slippage_bps=3", "--reason", "x", code=1)
    expect("refused by live_bot" in text and "seen by" not in text and "enable_metrics" in text, text)
    dry = folder.json("set", "trading.slippage_bps=4", "--dry-run")
    expect(dry["refused_by"] == [], f"nobody was asked: {dry}")
    changed = folder.json("set", "monitoring.enable_metrics=true", "--reason", "mended")
    expect(changed["refused_by"] == [] and changed["processes"][0]["last_reload_ok"], f"{changed}")
    end(bot)
    folder.write("production.yaml", production)


def a_refusal_is_json_too(folder):
    refused = folder.json("set", "trading.max_position_size=5", "--reason", "x", code=1)
    expect(not refused["ok"] and refused["action"] == "set" and refused["version"] is None, f"{refused}")
    expect([d["code"] for d in refused["diagnostics"]] == ["QC1203"] and refused["error"] is None, f"{refused}")
    refused = folder.json("set", "debug=true", "--reason", "x" * 1001, code=1)
    expect(refused["diagnostics"] == [] and "too long" in refused["error"], f"{refused}")
    for blank in ("   ", "\t\n"):
        folder.refused("set", "debug=true", "--reason", blank, texts=["--reason"], code=2)


def a_link_to_nothing_is_shown_by_health(folder):
    os.rename(folder.file("production.yaml"), folder.file("saved"))
    os.symlink("nowhere", folder.file("production.yaml"))
    health = folder.json("health", code=3)
    files = [c for c in health["checks"] if c["name"] == "files"][0]
    expect(health["status"] == "failing" and "production.yaml" in files["detail"] and "link" in files["hint"], f"{health}")
    os.rename(folder.file("saved"), folder.file("production.yaml"))


def secrets_that_are_missing_are_seen(folder):
    folder.must("secret", "rm", "database_password")
    health = folder.json("health", code=1)
    said = [c for c in health["checks"] if c["name"] == "secrets"][0]
    expect(health["status"] == "failing" and said["status"] == "fail" and "database.password" in said["detail"], f"{health}")
    bot = folder.start(BOT, "config", "production")
    health = folder.comes_true(lambda h: h["file_watcher_active"], "health")
    said = [c for c in health["checks"] if c["name"] == "secrets"][0]
    expect(health["status"] == "degraded" and said["status"] == "warn" and "SECURE:database_password" in said["detail"], f"{health}")
    end(bot)
    log = folder.must("audit", "log")
    folder.json("health", code=1)
    expect(folder.must("audit", "log") == log, "looking is not recorded")
    keys = os.path.join(folder.path, ".config", "quantconf")
    os.rename(keys, keys + ".aside")
    health = folder.json("health", code=0)
    said = [c for c in health["checks"] if c["name"] == "secrets"][0]
    expect(said["status"] == "ok" and "not looked up" in said["detail"], f"without a key nobody can say: {health}")
    os.rename(keys + ".aside", keys)
    store_secrets(folder.path)
    expect(folder.json("health")["status"] == "ok", "and stored again")


def a_program_that_runs_sees_it(folder):
    bot = folder.start(BOT, "config", "production")
    health = folder.comes_true(lambda h: h["processes"] and h["file_watcher_active"], "health")
    expect(health["status"] == "ok" and health["processes"][0]["pid"] == bot.pid, f"{health}")
    began = health["version"]
    changed = folder.json("set", "trading.max_position_size=0.02", "--reason", "news")
    expect([row["pid"] for row in changed["processes"]] == [bot.pid], f"{changed}")
    shown = folder.comes_true(lambda h: h["version"] == changed["version"], "health")
    expect(shown["hash"] == changed["hash"] == shown["config_hash"], f"{shown}")
    at = folder.json("at", shown["processes"][0]["updated"], "--path", "trading.max_position_size")
    expect(at["processes"][0]["version"] == changed["version"], f"{at}")
    expect(at["processes"][0]["values"] == {"trading.max_position_size": 0.02}, f"{at}")
    expect(folder.json("diff", f"v{began}", "live", code=1)["changes"][0]["to"] == 0.02, "diff with live")
    expect(folder.json("diff", "live", "production")["changes"] == [], "the files say what is live")
    folder.json("at", "2001-01-01T00:00:00Z", code=1)

    good = folder.read("production.yaml")
    watch = folder.start(TOOL, "--env", "production", "watch", "--format", "json")
    expect("watching production, 1 process running" in watch.stderr.readline(), "watch says when it has begun")
    folder.write("production.yaml", good.replace("max_position_size: 0.02", "max_position_size: 9"))
    event = json.loads(watch.stdout.readline())
    expect(event["event"] == "reload_failed" and event["version"] == changed["version"], f"{event}")
    expect([d["code"] for d in event["diagnostics"] if d["severity"] == "error"] == ["QC1203"], f"{event}")
    health = folder.comes_true(lambda h: not h["last_reload_ok"], "health")
    expect(health["status"] == "degraded" and health["version"] == changed["version"], f"{health}")
    expect({c["name"]: c["status"] for c in health["checks"]}["files"] == "warn", f"{health}")
    mended = folder.json("set", "trading.max_position_size=0.01", "--reason", "mended")
    event = json.loads(watch.stdout.readline())
    expect(event["event"] == "version" and event["version"] == mended["version"] and event["reason"] == "mended", f"{event}")
    expect(event["changes"][0]["path"] == "trading.max_position_size" and event["changes"][0]["to"] == 0.01, f"{event}")
    folder.comes_true(lambda h: h["status"] == "ok", "health")
    back = folder.json("rollback", f"v{began}", "--reason", "calm")
    event = json.loads(watch.stdout.readline())
    expect(event["kind"] == "rollback" and event["version"] == back["version"], f"{event}")
    expect(back["rolled_back_to"] == began and back["changes"][0]["to"] == 0.05, f"{back}")
    folder.comes_true(lambda h: h["version"] == back["version"] and h["status"] == "ok", "health")
    code, rest, _ = end(watch, signal.SIGINT)
    expect(code == 0 and rest == "", f"watch ends well: {code} {rest}")
    code, _, err = end(bot)
    expect(code == 0 and folder.json("health")["processes"] == [], f"the bot ends well: {err}")


def a_program_whose_own_variable_wins_does_not_show_a_change(folder):
    name = "QUANTBOT_TRADING_MAX_POSITION_SIZE"
    plain = folder.start(BOT, "config", "production")
    began = folder.comes_true(lambda h: len(h["processes"]) == 1 and h["file_watcher_active"], "health")
    own = folder.start(BOT, "config", "production", variables={name: "0.03", "QUANTBOT_DATABASE__PASSWORD": "SECURE:own_password"})
    folder.comes_true(lambda h: len(h["processes"]) == 2 and h["file_watcher_active"], "health")
    tried = folder.must("set", "trading.max_position_size=0.02", "--dry-run")
    expect(f"where {name} from its environment still wins for trading.max_position_size: 0.03\n" in tried, tried)
    changed = folder.json("set", "trading.max_position_size=0.02", "trading.slippage_bps=4", "--reason", "news")
    of_own = {(one["pid"], one["path"], one["layer"], one["name"], one["value"]) for one in changed["still_wins"]}
    expect(of_own == {(own.pid, "trading.max_position_size", "variable", name, "0.03")}, f"{changed['still_wins']}")
    back = folder.must("rollback", f"v{began['version']}", "--reason", "over")
    lines = back.splitlines()
    seen = [line for line in lines if line.startswith("seen by ")]
    expect(len(seen) == 2 and f" {plain.pid} on " in seen[0] and f" {own.pid} on " in seen[1], back)
    expect(lines[-1] == f"  where {name} from its environment still wins for trading.max_position_size: 0.03", back)
    secret = folder.run("set", "database.password=SECURE:other_password", "--reason", "x")
    expect("QUANTBOT_DATABASE__PASSWORD from its environment still wins for database.password: SECURE:own_password\n" in secret.stdout, f"{secret}")
    folder.must("rollback", f"v{began['version']}", "--reason", "over")
    folder.must("reload")  # Whoever is stopped while it records something keeps others from state.db.
    own.send_signal(signal.SIGSTOP)
    plain.send_signal(signal.SIGSTOP)
    text = folder.must("set", "trading.slippage_bps=4", "--dry-run")
    expect(text.count("not seen by live_bot") == 2 and "is stopped" in text, text)
    end(own, signal.SIGKILL)
    end(plain, signal.SIGKILL)


def is_asked_to_load_again(folder):
    """Who is asked, who cannot be, and the end of the waiting."""
    production = folder.start(BOT, "config", "production")
    testing = folder.start(BOT, "config", "testing")
    folder.comes_true(lambda h: len(h["processes"]) == 2 and all(p["file_watcher"] == "active" for p in h["processes"]), "health")
    asked = json.loads(subprocess.run([TOOL, "reload", "--format", "json"], cwd=folder.path, env=folder.variables,
                                      capture_output=True, check=True, timeout=LIMIT).stdout)
    expect({a["process"]["pid"] for a in asked["answers"]} == {production.pid, testing.pid}, f"all are asked: {asked}")
    is_exactly = {"answer", "said", "process"}
    expect(all(set(a) == is_exactly and a["answer"] == "accepted" for a in asked["answers"]), f"{asked}")
    asked = folder.json("reload")
    expect([a["process"]["pid"] for a in asked["answers"]] == [production.pid], f"--env asks its own: {asked}")
    good = folder.read("production.yaml")
    folder.write("production.yaml", good.replace("max_position_size: 0.05", "max_position_size: 9"))
    asked = folder.json("reload", code=1)
    expect(not asked["ok"] and asked["answers"][0]["answer"] == "refused" and "QC1203" in asked["answers"][0]["said"], f"{asked}")
    folder.write("production.yaml", good)

    production.send_signal(signal.SIGSTOP)
    asked = folder.json("reload", "--timeout", "100ms", code=3)
    expect(asked["answers"][0]["answer"] == "no_answer", f"{asked}")
    expect(not os.path.exists(folder.file(".quantconf/reload.request")), "the request ends with the waiting")
    waiting = folder.start(TOOL, "--env", "production", "reload", "--timeout", "1m", "--format", "json")
    while not os.path.exists(folder.file(".quantconf/reload.request")):
        expect(waiting.poll() is None, "it waits")
    done = folder.run("reload", "--timeout", "100ms")
    expect(done.returncode == 3 and "did not finish within 100 ms" in done.stderr, f"one at a time: {done}")
    production.send_signal(signal.SIGKILL)
    production.wait(LIMIT)
    asked = json.loads(waiting.communicate(timeout=LIMIT)[0])
    expect(asked["answers"][0]["answer"] == "ended" and waiting.returncode == 3, f"{asked}")
    end(testing)


def a_watcher_that_broke_is_not_one_that_was_never_wanted(folder):
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["file_watcher_active"], "health")
    for number, word, status, code in ((3, "polling", "warn", 1), (0, "off", "ok", 0), (2, "starting", "ok", 0)):
        with sqlite3.connect(folder.file(".quantconf/state.db")) as database:  # In its name: no test can break inotify.
            database.execute("UPDATE process SET watcher_active = ? WHERE ended IS NULL", (number,))
        database.close()
        health = folder.json("health", code=code)
        expect(not health["file_watcher_active"] and not health["processes"][0]["file_watcher_active"], f"{health}")
        expect(health["processes"][0]["file_watcher"] == word, f"{health}")
        expect({c["name"]: c["status"] for c in health["checks"]}["watcher"] == status, f"{health}")
        asked = folder.json("reload", code=3 if word == "off" else 0)
        expect(asked["answers"][0]["answer"] == ("not_following" if word == "off" else "accepted"), f"{asked}")
    end(bot)


def a_hangup_is_a_reload(folder):
    """SIGHUP belongs to programs: to our own, never to the library."""
    bot = folder.start(os.path.join(os.path.dirname(TOOL), "cpp_bot"), "config", "60", variables={"ENV": "production"})
    folder.comes_true(lambda h: h["file_watcher_active"], "health")
    for _ in range(2):
        bot.send_signal(signal.SIGHUP)
        line = bot.stdout.readline()
        while line and "SIGHUP" not in line:
            line = bot.stdout.readline()
        expect("asked by SIGHUP: nothing new" in line, f"the bot has looked: {line!r}")
    os.rename(folder.file("base.yaml"), folder.file("saved"))
    bot.send_signal(signal.SIGHUP)
    expect(any("asked by SIGHUP: refused" in line for line in iter(bot.stdout.readline, "")), "and says what was wrong")
    os.rename(folder.file("saved"), folder.file("base.yaml"))

    watch = folder.start(TOOL, "--env", "production", "watch")
    expect("1 process running" in watch.stderr.readline(), "watch says when it has begun")
    watch.send_signal(signal.SIGHUP)
    line = watch.stderr.readline()
    expect("reloaded, 1 process running" in line, f"watch has begun anew: {line!r}")
    end(bot, signal.SIGKILL)
    watch.send_signal(signal.SIGHUP)
    line = watch.stderr.readline()
    expect("reloaded, 0 processes running" in line, f"and again: {line!r}")
    code, _, _ = end(watch, signal.SIGINT)
    expect(code == 0, "watch ends well")


def a_killed_program_is_not_listed(folder):
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["processes"], "health")
    end(bot, signal.SIGKILL)
    expect(folder.json("health")["processes"] == [], "a dead process is no process")


def overrides_of_all_programs(folder):
    changed = folder.json("set", "trading.slippage_bps=3", "--layer", "shared", "--reason", "thin market")
    expect(changed["places"][0]["layer"] == "shared", f"{changed}")
    expect(folder.must("get", "trading.slippage_bps") == "3\n", "get shows what programs get")
    expect("overrides.production.yaml" in folder.must("explain", "trading.slippage_bps"), "explain says why")
    folder.refused("set", "trading.slippage_bps=2", "--reason", "x", texts=["overrides.production.yaml wins over"])
    folder.must("set", "--unset", "trading.slippage_bps", "--layer", "shared", "--reason", "over")
    expect(folder.must("get", "trading.slippage_bps") == "5\n", "and no more")


def nothing_runs_and_nothing_could_start(folder):
    good = folder.read("production.yaml")
    folder.write("production.yaml", good.replace("max_position_size: 0.05", "max_position_size: 9"))
    health = folder.json("health", code=1)
    expect(health["status"] == "failing" and not health["last_reload_ok"], f"{health}")
    folder.must("set", "trading.max_position_size=0.05", "--reason", "mended")
    expect(folder.json("health")["status"] == "ok", "set can mend what is broken")


def whoever_names_the_key_has_a_change_recorded_with_it(folder):
    keys = os.path.join(folder.path, ".config", "quantconf")
    key, = (os.path.join(keys, name) for name in os.listdir(keys) if name.endswith(".key"))

    def is_keyed():
        lines = [line for line in folder.must("audit", "log").splitlines() if "config.update" in line]
        return "(without key)" not in lines[-1]

    folder.must("set", "trading.max_position_size=0.03", "--reason", "a")
    expect(not is_keyed(), "nothing is unlocked for an edit")
    folder.must("set", "trading.max_position_size=0.04", "--reason", "b", "--key-file", key)
    expect(is_keyed(), "--key-file")
    with open(key, encoding="utf-8") as file:
        done = subprocess.run([TOOL, "--env", "production", "set", "trading.max_position_size=0.05", "--reason", "c", "--key-fd", "0"],
                              cwd=folder.path, env=folder.variables, stdin=file, capture_output=True, text=True, timeout=LIMIT)
    expect(done.returncode == 0 and is_keyed(), f"--key-fd: {done.stderr}")
    folder.must("rollback", "v1", "--reason", "d", "--dry-run", "--key-file", "no-such.key")
    folder.refused("set", "trading.max_position_size=0.03", "--reason", "e", "--key-file", "no-such.key", texts=["no-such.key"], code=3)


def a_history_alone_is_no_store(folder):
    state = os.path.join(folder.path, "config", ".quantconf")
    os.rename(state, state + ".aside")
    try:
        answer = folder.run("check")
        expect("were not looked up: this folder has no secret store" in answer.stderr, f"{answer}")
        folder.must("set", "trading.max_position_size=0.03", "--reason", "a")
        again = folder.run("check")
        expect(again.returncode == answer.returncode == 0 and again.stderr == answer.stderr, f"{again}")
        folder.must("set", "trading.max_position_size=0.05", "--reason", "b", "--key-file", "of-another-folder.key")
    finally:
        shutil.rmtree(state)
        os.rename(state + ".aside", state)
    os.rename(os.path.join(state, "secrets.qcs"), os.path.join(state, "gone"))
    for name in ("secrets.qcs.prev", "secrets.lock"):
        if os.path.exists(os.path.join(state, name)):
            os.remove(os.path.join(state, name))
    expect("QC1611" in folder.run("check").stderr, "a log with a store's record tells of a store that is gone")
    os.rename(os.path.join(state, "gone"), os.path.join(state, "secrets.qcs"))


with tempfile.TemporaryDirectory() as path:
    subject = Folder(os.path.realpath(path))
    for story in (a_file_keeps_all_that_was_not_named, what_is_refused_changes_nothing, one_layer_that_others_read_too,
                  a_rollback_of_what_others_read_too, a_program_that_refuses_is_named, a_refusal_is_json_too,
                  a_link_to_nothing_is_shown_by_health, secrets_that_are_missing_are_seen, a_program_that_runs_sees_it,
                  a_program_whose_own_variable_wins_does_not_show_a_change, is_asked_to_load_again, a_watcher_that_broke_is_not_one_that_was_never_wanted,
                  a_hangup_is_a_reload, a_killed_program_is_not_listed, overrides_of_all_programs,
                  nothing_runs_and_nothing_could_start, whoever_names_the_key_has_a_change_recorded_with_it,
                  a_history_alone_is_no_store):
        story(subject)
finish()
