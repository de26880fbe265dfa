#!/usr/bin/python3
"""`health` and `doctor` where nothing runs, and something would keep a program from starting or from changing anything.

Usage: health.py QUANTCONF
"""

import os
import shutil
import sqlite3
import tempfile

from folder import Folder
from tool import expect, finish


def row(answer, name):
    return next((one for one in answer["checks"] if one["name"] == name), {"status": None, "detail": "", "hint": ""})


def references_without_a_store_are_no_start(folder):
    """As in a folder that came from version control: the store stays on the machine that made it."""
    shutil.rmtree(folder.file(".quantconf"))
    health = folder.json("health", code=1)
    secrets = row(health, "secrets")
    expect(health["status"] == "failing" and secrets["status"] == "fail", f"{health}")
    expect(" references, and there is no store to look them up in; nothing could start" in secrets["detail"], f"{secrets}")
    expect("secret init" in secrets["hint"], f"{secrets}")
    doctor = folder.json("doctor")
    expect(row(doctor, "secrets")["status"] == "warn" and "no store" in row(doctor, "secrets")["detail"], f"{doctor}")


def no_references_need_no_store(folder):
    shutil.rmtree(folder.file(".quantconf"))
    for name in ("base.yaml", "production.yaml", "staging.yaml", "development.yaml", "testing.yaml"):
        if os.path.exists(folder.file(name)):
            folder.write(name, folder.read(name).replace('"SECURE:', '"SECURE:?'))
    health = folder.json("health")
    expect(health["status"] == "ok" and row(health, "secrets")["status"] is None, f"{health}")
    expect(row(folder.json("doctor"), "secrets")["status"] == "ok", "doctor warns of nothing")


def somebody_who_holds_the_lock_is_named(folder):
    folder.must("set", "trading.max_position_size=0.03", "--reason", "makes a state.db")
    expect(row(folder.json("health"), "lock")["status"] is None, "nobody holds it")
    holder = sqlite3.connect(folder.file(".quantconf/state.db"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    health = folder.json("health", code=1)
    lock = row(health, "lock")
    expect(health["status"] == "degraded" and lock["status"] == "warn", f"{health}")
    expect("state.db is locked: nothing can be changed or recorded" in lock["detail"], f"{lock}")
    expect(f"process {os.getpid()} holds it" in lock["hint"], f"{lock}")
    holder.execute("ROLLBACK")
    holder.close()
    expect(folder.json("health")["status"] == "ok", "it was given back")


def a_history_that_cannot_be_read_is_one_line_and_one_hint(folder):
    folder.must("set", "trading.max_position_size=0.03", "--reason", "makes a state.db")
    with open(folder.file(".quantconf/state.db"), "r+b") as file:
        file.write(b"no database at all, and no SQLite header either")
    history = row(folder.json("health", code=1), "history")
    expect(history["status"] == "fail" and "\n" not in history["detail"] and "hint:" not in history["detail"], f"{history}")
    expect(history["hint"] and history["hint"] not in history["detail"], f"{history}")


for story in (references_without_a_store_are_no_start, no_references_need_no_store, somebody_who_holds_the_lock_is_named,
              a_history_that_cannot_be_read_is_one_line_and_one_hint):
    with tempfile.TemporaryDirectory() as home:
        story(Folder(home))
finish()
