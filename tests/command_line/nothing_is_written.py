#!/usr/bin/python3
"""A state folder that cannot be written, a log that is gone or was edited, a store that is damaged or older: what still
works, what is refused, and what is said about it.

Usage: nothing_is_written.py QUANTCONF
"""

import glob
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile

from tool import ENVIRONMENT, TOOL, expect, finish

LOOKS = ("secret list", "secret verify", "secret slot list", "audit log", "audit verify", "audit export", "check")
REFUSED = (("secret set a", "secret.set"), ("secret rm a", "secret.remove"), ("secret rotate a", "secret.rotate"),
           ("secret rekey", "store.rekey"), ("secret slot rm 2", "slot.remove"), ("secret get a", "secret.reveal"),
           ("get --reveal database.password", "secret.reveal"), ("run -- true", "secret.resolve"),
           ("secret list --accept-rollback", None))
BASE = """database: {username: q, password: "SECURE:a"}
trading: {max_position_size: 0.01, max_daily_loss: 100, risk_free_rate: 0.05, commission_per_contract: 1, slippage_bps: 5}
"""
CANARY = "canary-value"


class Folder:
    def __init__(self, path):
        self.path = path
        self.state = os.path.join(path, "config/.quantconf")
        self.log = os.path.join(self.state, "state.db")
        self.store = os.path.join(self.state, "secrets.qcs")
        self.must("init")
        for name in ("a", "b"):
            self.must(f"secret set {name}", stdin=f"{CANARY}-{name}")
        with open(os.path.join(path, "config/base.yaml"), "w") as file:
            file.write(BASE)

    def run(self, words, stdin=""):
        return subprocess.run([TOOL, *words.split()], cwd=self.path, env={**ENVIRONMENT, "HOME": self.path}, input=stdin,
                              capture_output=True, text=True, timeout=120)

    def must(self, words, stdin=""):
        done = self.run(words, stdin)
        expect(done.returncode == 0, f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def refuses(self, words, code, *texts, stdin="x"):
        done = self.run(words, stdin)
        expect(done.returncode == code, f"{words}: exit {done.returncode}, expected {code}: {done.stdout}{done.stderr}")
        for text in texts:
            expect(text in done.stderr + done.stdout, f"{words}: {text!r} is not in {done.stdout}{done.stderr}")
        expect(CANARY not in done.stdout + done.stderr, f"{words}: reveals a value")
        return done

    def edit_log(self, sql):
        connection = sqlite3.connect(self.log)
        connection.executescript(sql)
        connection.close()

    def remove_log(self):
        for path in glob.glob(self.log + "*"):
            os.remove(path)

    def actions(self, action):
        lines = [json.loads(line) for line in self.must("audit export").splitlines()]
        return [line for line in lines if line["action"] == action]

    def bytes_of_state(self):
        result = {}
        for name in ("secrets.qcs", "state.db"):
            with open(os.path.join(self.state, name), "rb") as file:
                result[name] = file.read()
        return result


def expect_looking_only(folder):
    before = folder.bytes_of_state()
    for words in LOOKS:
        folder.must(words)
    for words, action in REFUSED:
        if action is None:
            folder.must(words)  # There is nothing to accept, so nothing to record.
            continue
        folder.refuses(words, 125 if words.startswith("run") else 3, f"cannot record {action} in ", folder.log,
                       "it cannot be written", "nothing was changed or revealed", "writable", "--state-dir")
    expect(folder.bytes_of_state() == before, "something was written")


def t36_a_disk_that_cannot_be_written(folder):
    is_root = os.geteuid() == 0
    aside = folder.state + ".aside"
    if is_root:
        os.rename(folder.state, aside)
        os.mkdir(folder.state, 0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "none", folder.state, "-o", "mode=0700"]).returncode == 0
        if not mounted:
            print("no rights to mount a tmpfs")
            os.rmdir(folder.state)
            os.rename(aside, folder.state)
            return
        shutil.copytree(aside, folder.state, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", folder.state], check=True)
    else:
        os.chmod(folder.state, 0o500)
    try:
        expect_looking_only(folder)
    finally:
        if is_root:
            subprocess.run(["umount", folder.state], check=True)
            os.rmdir(folder.state)
            os.rename(aside, folder.state)
        else:
            os.chmod(folder.state, 0o700)
    folder.must("secret set a", stdin=f"{CANARY}-a")  # And goes on where it can be written.


def a_log_that_is_gone(folder):
    folder.remove_log()
    for words in ("secret list", "secret get a", "secret set a", "secret verify"):
        folder.refuses(words, 3, "cannot open " + folder.log, "it does not exist", "--accept-rollback")
    folder.refuses("check", 1, folder.log, "--accept-rollback")
    folder.refuses("audit log", 3, "audit verify")
    expect(not os.path.exists(folder.log), "a new log was made in silence")
    answer = json.loads(folder.refuses("audit verify --format json", 1).stdout)
    expect(answer["completeness"] == "broken" and "there is no" in answer["reason"], f"{answer}")
    expect(not os.path.exists(folder.log), "a new log was made in order to look")

    folder.must("secret list --accept-rollback")
    accepted = folder.actions("store.accept_rollback")
    expect(accepted and accepted[0]["seq"] == 1 and "cause=secrets:50" in accepted[0]["detail"], f"{accepted}")
    folder.refuses("audit verify", 1, "broken")
    folder.refuses("secret set a", 3, "has lost the record")
    folder.must("secret set a --accept-rollback", stdin=f"{CANARY}-a")
    expect("complete" in folder.must("audit verify"), "the new log is the store's log now")
    expect(len(folder.actions("store.accept_rollback")) >= 3, "each acceptance is recorded")


def an_empty_log_in_its_place(folder):
    folder.edit_log("DELETE FROM audit; DELETE FROM audit_open")
    folder.refuses("secret get a", 3, "cannot open " + folder.log, "has lost the record", "--accept-rollback")
    folder.refuses("audit verify", 1, "broken")
    folder.must("secret set a --accept-rollback", stdin=f"{CANARY}-a")
    folder.must("audit verify")


def a_log_that_was_cut(folder):
    folder.must("secret get a")
    anchor = json.loads(folder.must("audit verify --format json"))["anchor"]
    folder.edit_log(f"DELETE FROM audit WHERE seq >= {anchor}")
    folder.refuses("audit verify", 1, "broken")
    folder.refuses("secret set a", 3, "has lost the record")
    folder.must("secret set a --accept-rollback", stdin=f"{CANARY}-a")
    accepted = folder.actions("store.accept_rollback")
    expect(accepted and "cause=secrets:50" in accepted[-2]["detail"], f"the cut is not recorded: {accepted}")
    folder.must("audit verify")


def rows_that_mean_nothing(folder):
    folder.edit_log("INSERT OR IGNORE INTO audit_open VALUES(1),(2),(3),(99999),(-4)")
    for words in ("secret list", "secret get a", "audit verify"):
        folder.must(words)
    folder.must("secret set a", stdin=f"{CANARY}-a")
    answer = json.loads(folder.must("audit verify --format json"))
    expect(answer["ok"], f"{answer}")
    results = [line["refers_to"] for line in map(json.loads, folder.must("audit export").splitlines())
               if line["phase"] == "result"]
    expect(len(results) == len(set(results)), f"an intent has two results: {results}")


def an_older_store(folder):
    with open(folder.store + ".prev", "rb") as old, open(folder.store, "rb") as new:
        old, new = old.read(), new.read()
    with open(folder.store, "wb") as file:
        file.write(old)
    folder.refuses("secret list", 3, "older")
    folder.refuses("audit verify", 3, "integrity:    holds", "store:        older", "cannot trust")
    folder.refuses("audit verify --accept-rollback", 1, "store:        older")
    folder.refuses("audit log --accept-rollback", 2)
    expect(not [line for line in folder.actions("store.accept_rollback") if "secrets:24" in line["detail"]],
           "looking is not accepting")
    folder.must("secret list --accept-rollback")
    expect([line for line in folder.actions("store.accept_rollback") if "secrets:24" in line["detail"]],
           "the older store was accepted without a record")
    with open(folder.store, "wb") as file:
        file.write(new)


def a_damaged_store(folder):
    with open(folder.store, "rb") as file:
        whole = file.read()
    # Each byte once, from the end: until one is found that costs exactly one secret.
    for at in range(len(whole) - 80, len(whole) - 300, -20):
        with open(folder.store, "wb") as file:
            file.write(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        readable = [folder.run(f"secret get {name} --accept-damage").returncode == 0 for name in ("a", "b")]
        if sorted(readable) == [False, True]:
            break
    expect(sorted(readable) == [False, True], "no byte costs exactly one secret")
    good, bad = ("a", "b") if readable[0] else ("b", "a")
    for words in ("secret list", f"secret get {good}", "secret verify", "check"):
        folder.refuses(words, 1 if words == "check" else 3, "it is damaged", "--accept-damage")
    reveals = len(folder.actions("secret.reveal"))
    expect(folder.must(f"secret get {good} --accept-damage") == f"{CANARY}-{good}", "another value")
    expect(len(folder.actions("secret.reveal")) == reveals + 1, "a reveal was not recorded")
    folder.refuses(f"secret get {bad} --accept-damage", 3)
    folder.must("secret list --accept-damage")
    answer = json.loads(folder.refuses("secret verify --accept-damage --format json", 1).stdout)
    expect(answer["bad"] == [bad] and not answer["whole"] and not answer["ok"], f"{answer}")
    folder.refuses("secret set a --accept-damage", 2, "--accept-damage belongs to")
    with open(folder.store, "wb") as file:
        file.write(whole)
    answer = json.loads(folder.must("secret verify --accept-damage --format json"))
    expect(answer["ok"] and answer["whole"], f"{answer}")


with tempfile.TemporaryDirectory() as path:
    subject = Folder(os.path.realpath(path))
    for story in (t36_a_disk_that_cannot_be_written, rows_that_mean_nothing, a_damaged_store, an_older_store,
                  a_log_that_was_cut, an_empty_log_in_its_place, a_log_that_is_gone):
        story(subject)
finish()
