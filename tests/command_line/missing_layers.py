#!/usr/bin/python3
"""Somebody changes the configuration while one of its files is away: the tool, a program that runs, and what both say.

Usage: missing_layers.py QUANTCONF
"""

import os
import tempfile

from folder import BOT, Folder, end
from tool import expect, finish

BASE = """\
trading:
  max_position_size: 0.5   # generous
  max_daily_loss: 50000.0
  risk_free_rate: 0.05
  commission_per_contract: 1.0
  slippage_bps: 5
database: {host: db, username: u, password: "SECURE:database_password", database: d, ssl_mode: require}
"""
PRODUCTION = "# Real money.\ntrading:\n  max_position_size: 0.05\n  max_daily_loss: 5000.0\n"
OVERRIDES = ".quantconf/overrides.production.yaml"
WHY = ["QC1721", "config/production.yaml had content and is gone now", "until it has content again", "reload --accept-missing"]


def begin(path):
    """A folder of which base.yaml alone is valid, and dangerous."""
    folder = Folder(path)
    for name in ("development", "staging", "testing"):
        os.remove(folder.file(name + ".yaml"))
    folder.write("base.yaml", BASE)
    folder.write("production.yaml", PRODUCTION)
    return folder


def follow(folder):
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["file_watcher_active"] and h["status"] == "ok", "health")
    return bot


def take_away(folder, name):
    os.rename(folder.file(name), folder.file(name + "~"))


def bring_back(folder, name):
    os.rename(folder.file(name + "~"), folder.file(name))


def every_change_is_refused(folder, texts):
    versions = folder.must("history")
    for change in (("set", "cache_ttl_seconds=30"), ("set", "trading.max_daily_loss=4000"),
                   ("set", "cache_ttl_seconds=30", "--layer", "shared"), ("set", "cache_ttl_seconds=30", "--layer", "base"),
                   ("rollback", "v1")):
        folder.refused(*change, "--reason", "harmless", texts=texts)
        folder.refused(*change, "--dry-run", texts=texts)
    expect(not os.path.exists(folder.file(OVERRIDES)), "no override was written")
    expect(folder.must("history") == versions, "nothing was recorded")


def while_a_program_runs(path):
    folder = begin(path)
    bot = follow(folder)
    take_away(folder, "production.yaml")
    folder.comes_true(lambda h: not h["last_reload_ok"], "health")
    every_change_is_refused(folder, WHY)
    health = folder.json("health", code=1)
    expect(health["version"] == 1 and "QC1721" in health["processes"][0]["last_error"], f"the alarm stays: {health}")
    folder.write("production.yaml", "")
    every_change_is_refused(folder, ["QC1721", "config/production.yaml had content and is empty now"])
    os.remove(folder.file("production.yaml"))
    bring_back(folder, "production.yaml")
    changed = folder.json("set", "cache_ttl_seconds=30", "--reason", "harmless")
    expect([c["path"] for c in changed["changes"]] == ["cache_ttl_seconds"], f"{changed}")
    folder.comes_true(lambda h: h["version"] == changed["version"] and h["status"] == "ok", "health")
    end(bot)


def where_nothing_runs(path):
    folder = begin(path)
    folder.must("reload")
    take_away(folder, "production.yaml")
    every_change_is_refused(folder, WHY)
    folder.must("reload", "--accept-missing")
    expect(folder.json("set", "cache_ttl_seconds=30", "--reason", "meant")["version"] == 3, "and then it goes on")


def where_the_loss_changes_no_value(path):
    folder = begin(path)
    folder.write("production.yaml", "# Nothing yet.\n")
    bot = follow(folder)
    take_away(folder, "production.yaml")
    folder.refused("set", "cache_ttl_seconds=30", "--reason", "x", texts=WHY)
    folder.must("reload", "--accept-missing")
    folder.must("set", "cache_ttl_seconds=30", "--reason", "x")
    end(bot)


def local_yaml_is_waited_for_where_a_program_runs(path):
    folder = begin(path)
    folder.write("testing.yaml", "debug: true\n")
    folder.write("local.yaml", "trading:\n  slippage_bps: 3\n")
    os.remove(folder.file("production.yaml"))
    bot = folder.start(BOT, "config", "testing")
    folder.comes_true(lambda h: h["file_watcher_active"] and h["processes"][0]["version"] == 1, "--env", "testing", "health")
    take_away(folder, "local.yaml")
    folder.refused("--env", "testing", "set", "cache_ttl_seconds=30", "--layer", "base", "--reason", "x",
                   texts=["QC1721", "config/local.yaml had content and is gone now", "5 s"])
    bring_back(folder, "local.yaml")
    folder.must("--env", "testing", "set", "cache_ttl_seconds=30", "--layer", "base", "--reason", "x")
    end(bot)


def an_emergency_limit_does_not_go_with_its_file(path):
    folder = begin(path)
    bot = follow(folder)
    limited = folder.json("set", "trading.max_daily_loss=300", "--layer", "shared", "--reason", "emergency")["version"]
    folder.comes_true(lambda h: h["version"] == limited, "health")
    take_away(folder, OVERRIDES)
    health = folder.comes_true(lambda h: not h["last_reload_ok"], "health")
    expect(health["status"] == "degraded" and "overrides.production.yaml had content and is gone now" in health["processes"][0]["last_error"],
           f"{health}")
    expect(health["version"] == limited, f"the limit holds: {health}")
    folder.refused("set", "cache_ttl_seconds=30", "--reason", "x", texts=["QC1721", "overrides.production.yaml"])
    bring_back(folder, OVERRIDES)
    folder.comes_true(lambda h: h["last_reload_ok"], "health")
    cleared = folder.json("set", "--unset", "trading.max_daily_loss", "--layer", "shared", "--reason", "over")["version"]
    folder.comes_true(lambda h: h["version"] == cleared and h["status"] == "ok", "health")
    expect(folder.must("get", "trading.max_daily_loss") == "5000.0\n", "cleared by who may")
    take_away(folder, OVERRIDES)
    folder.comes_true(lambda h: not h["last_reload_ok"], "health")
    folder.must("reload", "--accept-missing")
    folder.comes_true(lambda h: h["status"] == "ok", "health")
    end(bot)


for story in (while_a_program_runs, where_nothing_runs, where_the_loss_changes_no_value,
              local_yaml_is_waited_for_where_a_program_runs, an_emergency_limit_does_not_go_with_its_file):
    with tempfile.TemporaryDirectory() as place:
        story(os.path.realpath(place))
finish()
