#!/usr/bin/python3
"""`health` and `doctor` where nothing runs, and something would keep a program from starting or from changing anything.

Usage: health.py QUANTCONF
"""

import os
import shutil
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


for story in (references_without_a_store_are_no_start, no_references_need_no_store):
    with tempfile.TemporaryDirectory() as home:
        story(Folder(home))
finish()
