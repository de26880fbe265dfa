#!/usr/bin/python3
"""`health` about processes that are there and do not do their work: one that is stopped, one whose signs of life are overdue, one
that has not looked at files that others have recorded; and about those that are blamed for nothing.

Usage: silence.py QUANTCONF SHIFTED_CLOCK
"""

import json
import os
import signal
import sqlite3
import sys
import tempfile

from folder import BOT, Folder, end
from tool import expect, finish

CLOCK = os.path.abspath(sys.argv[2])
MINUTE = 60
WRITER = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
os.kill(os.getpid(), signal.SIGSTOP)
database.execute("ROLLBACK")
"""


def later(seconds, slept=0):
    return {"LD_PRELOAD": CLOCK, "SHIFTED_CLOCK_SECONDS": str(seconds), "SHIFTED_SLEEP_SECONDS": str(slept)}


def is_fine(folder, **when):
    health = folder.json("health", variables=later(**when))
    expect(health["status"] == "ok" and health["not_responding"] == [], f"{when}: {health['checks']}")


def is_blamed(folder, bot, why, *words, **when):
    health = folder.json("health", code=1, variables=later(**when))
    expect(health["status"] == "degraded", f"{health}")
    expect([(one["pid"], one["why"]) for one in health["not_responding"]] == [(bot.pid, why)], f"{health['not_responding']}")
    expect(health["not_responding"][0]["since"] == health["processes"][0]["updated"], f"{health}")
    text = folder.must("health", code=1, variables=later(**when))
    for word in (f"live_bot {bot.pid} on ", "its last word is of 20", *words):
        expect(word in text, f"{why}: {word!r} is not in {text}")
    return health["not_responding"][0]


def stop_at_rest(folder, bot):
    """Inside of a transaction it would keep everybody else from writing, which is another story: the next one."""
    while True:
        bot.send_signal(signal.SIGSTOP)
        os.waitpid(bot.pid, os.WUNTRACED)
        try:
            change(folder, "BEGIN IMMEDIATE", timeout=0)
            return
        except sqlite3.OperationalError as error:
            expect("locked" in str(error), f"{error}")
            bot.send_signal(signal.SIGCONT)


def one_that_is_stopped_while_it_writes(folder):
    """Another program in its place, because nothing stops a bot between two calls of SQLite."""
    writer = folder.start(sys.executable, "-c", WRITER, folder.file(".quantconf/state.db"))
    os.waitpid(writer.pid, os.WUNTRACED)
    refused = folder.run("set", "trading.max_position_size=0.03", "--reason", "news")
    expect(refused.returncode == 3, f"{refused}")
    expect(f"nothing was changed, because nothing could be recorded; process {writer.pid}, which is stopped "
           f"(`kill -CONT {writer.pid}` lets it go on), holds it" in refused.stderr, f"{refused.stderr}")
    writer.send_signal(signal.SIGCONT)
    expect(writer.wait(timeout=60) == 0, "the writer failed")
    folder.must("set", "trading.max_position_size=0.03", "--reason", "news")


def one_that_is_stopped_and_goes_on(folder):
    bot = folder.start(BOT, "config", "production")
    began = folder.comes_true(lambda h: h["file_watcher_active"], "health")
    is_fine(folder, seconds=0)
    stop_at_rest(folder, bot)
    folder.comes_true(lambda h: h["not_responding"], "health")
    one = is_blamed(folder, bot, "stopped", "is stopped", f"kill -CONT {bot.pid}", seconds=0)
    expect(one["version"] == one["recorded"] == began["version"], f"nothing is missed: {one}")
    changed = folder.json("set", "trading.max_position_size=0.02", "--reason", "news")
    one = is_blamed(folder, bot, "stopped", f"v{began['version']} while v{changed['version']} is recorded since", seconds=0)
    expect(one["version"] == began["version"] and one["recorded"] == changed["version"], f"{one}")
    bot.send_signal(signal.SIGCONT)
    folder.comes_true(lambda h: h["version"] == changed["version"] and h["status"] == "ok", "health")
    is_fine(folder, seconds=0)
    folder.must("rollback", f"v{began['version']}", "--reason", "over")
    folder.comes_true(lambda h: h["version"] == changed["version"] + 1, "health")
    end(bot)


def one_whose_sign_of_life_is_overdue(folder):
    bot = folder.start(BOT, "config", "production")
    folder.comes_true(lambda h: h["file_watcher_active"], "health")
    is_fine(folder, seconds=10 * MINUTE)
    is_blamed(folder, bot, "overdue", "gives no signs of life any more", f"/proc/{bot.pid}/stack", seconds=12 * MINUTE)
    is_fine(folder, seconds=8 * 60 * MINUTE, slept=8 * 60 * MINUTE)
    is_blamed(folder, bot, "overdue", seconds=8 * 60 * MINUTE + 12 * MINUTE, slept=8 * 60 * MINUTE)
    change(folder, "UPDATE process SET watcher_active = 0 WHERE ended IS NULL")
    is_fine(folder, seconds=12 * MINUTE)
    change(folder, "UPDATE process SET watcher_active = 1, host = CAST('elsewhere' AS BLOB) WHERE ended IS NULL")
    health = folder.json("health", code=1, variables=later(12 * MINUTE))
    expect("another machine or container" in [c["hint"] for c in health["checks"] if c["name"] == "responding"][0], f"{health}")
    end(bot)


def change(folder, sql, timeout=60):
    """In the name of processes: no test can make one hang, and another has to stay as it is."""
    with sqlite3.connect(folder.file(".quantconf/state.db"), timeout=timeout) as database:
        database.execute(sql)
    database.close()


def one_that_does_not_look_at_files(folder):
    bot = folder.start(BOT, "config", "production")
    began = folder.comes_true(lambda h: h["file_watcher_active"], "health")
    changed = folder.json("set", "trading.max_position_size=0.02", "--reason", "news")
    folder.comes_true(lambda h: h["version"] == changed["version"], "health")
    change(folder, f"UPDATE process SET version = {began['version']}, updated = updated - 5000000 WHERE ended IS NULL")
    is_fine_but_for_versions = folder.json("health", code=0, variables=later(2 * MINUTE))
    expect(is_fine_but_for_versions["not_responding"] == [], f"{is_fine_but_for_versions}")
    one = is_blamed(folder, bot, "behind", "does not follow the files any more", f"while v{changed['version']} is recorded", seconds=4 * MINUTE)
    expect(one["recorded"] == changed["version"], f"{one}")
    is_fine(folder, seconds=4 * MINUTE, slept=4 * MINUTE)
    # The same files, with a variable of its own: nobody else has to look at anything.
    other = folder.start(BOT, "config", "production", variables={"QUANTBOT_TRADING_SLIPPAGE_BPS": "3"})
    folder.comes_true(lambda h: len(h["processes"]) == 2 and h["file_watcher_active"], "health")
    change(folder, f"UPDATE process SET version = {changed['version']}, updated = updated - 5000000 WHERE pid = {bot.pid}")
    health = folder.json("health", code=1, variables=later(4 * MINUTE))
    expect(health["not_responding"] == [], f"{health}")
    end(other)
    end(bot)


def who_has_looked_and_found_nothing_new_for_itself_says_so(folder):
    mine = {"QUANTBOT_TRADING_SLIPPAGE_BPS": "3"}
    bot = folder.start(BOT, "config", "production", variables=mine)
    began = folder.comes_true(lambda h: h["file_watcher_active"], "health")
    folder.json("set", "trading.slippage_bps=7", "--reason", "news")
    # Its last word was some seconds ago: the next one comes when ten have passed.
    folder.comes_true(lambda h: h["processes"][0]["updated"] > folder.json("history")["versions"][0]["at"], "health")
    health = folder.json("health", variables=later(4 * MINUTE))
    expect(health["version"] == began["version"] and health["not_responding"] == [], f"{health}")
    end(bot)


with tempfile.TemporaryDirectory() as path:
    subject = Folder(os.path.realpath(path))
    for story in (one_that_is_stopped_and_goes_on, one_that_is_stopped_while_it_writes, one_whose_sign_of_life_is_overdue,
                  one_that_does_not_look_at_files, who_has_looked_and_found_nothing_new_for_itself_says_so):
        story(subject)
finish()
