#!/usr/bin/python3
"""state.db is deleted, or an older copy is put in its place, while a program runs: what the program, `history` and `health` say.

Usage: lost_history.py QUANTCONF
"""

import os
import shutil
import sqlite3
import tempfile

from folder import BOT, Folder, end
from tool import expect, finish

GAP = 100


def database(folder, ending=""):
    return folder.file(".quantconf/state.db" + ending)


def remove(folder):
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(database(folder, ending)):
            os.remove(database(folder, ending))


def begin(folder):
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["file_watcher_active"] and h["status"] == "ok", "health")
    changed = folder.json("set", "trading.max_position_size=0.02", "--reason", "news")
    folder.comes_true(lambda h: h["version"] == changed["version"], "health")
    return bot, changed["version"]


def goes_on_behind_a_gap(folder, bot, shown, number):
    health = folder.comes_true(lambda h: h["version"] == number, "health")
    expect(health["status"] == "degraded" and [p["pid"] for p in health["processes"]] == [bot.pid], f"{health}")
    said = [c for c in health["checks"] if c["name"] == "history_lost"]
    expect(said[0]["status"] == "warn" and f"v{number} of " in said[0]["detail"] and f"showed v{shown}" in said[0]["detail"], f"{said}")
    version = folder.json("history")["versions"][0]
    expect(version["version"] == number and version["kind"] == "load" and f"showed v{shown}" in version["reason"], f"{version}")
    expect("history_lost" in folder.must("health", code=1), "in text as well")
    expect(folder.json("diff", "live", "production")["changes"] == [], "what is live can be looked up")
    end(bot)
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["file_watcher_active"] and h["status"] == "ok", "health")
    end(bot)
    expect(folder.json("health")["version"] == number, "who starts later has lost nothing")


def one_that_is_deleted(folder):
    bot, shown = begin(folder)
    remove(folder)

    goes_on_behind_a_gap(folder, bot, shown, shown + GAP)


def one_that_is_deleted_with_its_folder_and_a_tool_is_faster(folder):
    bot, shown = begin(folder)
    shutil.rmtree(folder.file(".quantconf"))
    made = folder.json("set", "trading.max_position_size=0.03", "--reason", "more")
    health = folder.comes_true(lambda h: h["version"] is not None and h["version"] > shown and h["processes"]
                               and h["hash"] == made["hash"], "health")
    expect(health["status"] == "degraded", f"{health}")
    listed = folder.json("history")["versions"]
    numbers = [v["version"] for v in listed]
    expect(numbers == sorted(set(numbers), reverse=True), f"{numbers}")
    expect(any(v["kind"] == "load" and "was deleted" in v["reason"] and v["version"] > shown for v in listed), f"{listed}")
    end(bot)
    folder.must("set", "trading.max_position_size=0.02", "--reason", "back")


def an_older_copy(folder):
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["file_watcher_active"], "health")
    with sqlite3.connect(database(folder)) as live, sqlite3.connect(os.path.join(folder.path, "backup")) as copy:
        live.backup(copy)
    known = folder.json("history")["versions"]
    changed = folder.json("set", "trading.max_position_size=0.04", "--reason", "news")
    folder.comes_true(lambda h: h["version"] == changed["version"], "health")
    copied = shutil.copy(os.path.join(folder.path, "backup"), database(folder, ".restored"))
    os.chmod(copied, 0o600)
    remove(folder)
    os.rename(copied, database(folder))
    health = folder.comes_true(lambda h: any(c["name"] == "history_lost" for c in h["checks"]), "health")
    expect(health["version"] == changed["version"] + GAP and health["hash"] == changed["hash"], f"{health}")
    expect(folder.json("history")["versions"][1:] == known, "what the copy knew is still there")
    end(bot)


def where_a_secret_store_has_its_log_in_it_nothing_is_begun_anew(folder):
    bot, shown = begin(folder)
    with open(folder.file(".quantconf/secrets.qcs"), "w", encoding="utf-8"):
        pass
    remove(folder)
    health = folder.run("health")
    expect(health.returncode == 1 and "failing" in health.stdout and "--accept-rollback" in health.stdout, f"{health}")
    folder.refused("set", "trading.max_position_size=0.03", "--reason", "x", texts=["state.db", "--accept-rollback"], code=3)
    expect("--accept-rollback" in folder.run("history").stderr, "no command takes it for a new folder")
    expect(not os.path.exists(database(folder)), "nothing was made")
    end(bot)


with tempfile.TemporaryDirectory() as path:
    for number, story in enumerate((one_that_is_deleted, one_that_is_deleted_with_its_folder_and_a_tool_is_faster, an_older_copy,
                                    where_a_secret_store_has_its_log_in_it_nothing_is_begun_anew)):
        os.mkdir(os.path.join(path, str(number)))
        subject = Folder(os.path.join(os.path.realpath(path), str(number)))
        shutil.rmtree(subject.file(".quantconf"), ignore_errors=True)  # No secrets: their log would have to stay.
        for name in (one for one in subject.files() if one.endswith(".yaml")):
            subject.write(name, subject.read(name).replace('"SECURE:', '"SECURE:?'))  # So that none is needed.
        story(subject)
finish()
