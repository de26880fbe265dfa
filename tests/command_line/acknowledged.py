#!/usr/bin/python3
"""Every change that `set` or `rollback` acknowledges is found by its reason: as a version with its author and with what the files said
then, and in the audit log. What is refused, or changes nothing, leaves nothing.

Usage: acknowledged.py QUANTCONF
"""

import concurrent.futures
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile

from folder import BOT, Folder, end
from tool import expect, finish, store_secrets

_reasons = (f"ticket {number}" for number in itertools.count(40))


def versions(folder):
    return folder.json("history")["versions"]


def by_tools(folder):
    """Programs that run may still be recording what they see."""
    return [version for version in versions(folder) if version["kind"] != "reload"]


def audited(folder):
    return [json.loads(line) for line in folder.must("audit", "log", "--format", "json").splitlines()]


def acknowledged(folder, *words, kind="update", variables=None):
    """Makes a change, and expects it in the history and the audit log, with exactly what the files say now."""
    reason = next(_reasons)
    before = versions(folder)
    made = folder.json(*words, "--reason", reason, variables=variables)
    found = [version for version in versions(folder) if version["reason"] == reason]
    expect(len(found) == 1, f"{words}: it is in the history once, not {len(found)} times")
    if len(found) != 1:
        return made
    expect(found[0]["version"] == made["version"] and found[0]["hash"] == made["hash"], f"{words}: {found[0]} is not {made}")
    expect(found[0]["kind"] == kind and found[0]["author"], f"{words}: {found[0]}")
    expect(made["version"] not in [version["version"] for version in before], f"{words}: the version is its own")
    record = folder.json("history", "show", f"v{made['version']}", variables=variables)
    expect(record["values"] == folder.json("show", variables=variables), f"{words}: the version is what the files say")
    differences = {change["path"] for change in record["differences"]}
    expect(differences == {change["path"] for change in made["changes"]}, f"{words}: {differences} is what was changed: {made['changes']}")
    expect(any(entry["action"] == f"config.{kind}" and entry["to"] == str(made["version"]) for entry in audited(folder)),
           f"{words}: v{made['version']} is in the audit log")
    return made


def changes_nothing(folder, *words):
    reason = next(_reasons)
    before, files = by_tools(folder), folder.files()
    done = folder.run(*words, "--reason", reason)
    expect(done.returncode == 0 and "nothing to change" in done.stdout, f"{words}: {done.stdout}{done.stderr}")
    expect(" v0" not in done.stdout and "this is" not in done.stdout, f"{words}: {done.stdout}")
    expect(by_tools(folder) == before and folder.files() == files, f"{words}: nothing was changed, and nothing recorded")


@contextlib.contextmanager
def programs(folder, number):
    bots = [folder.start(BOT, "config", "production") for _ in range(number)]
    if bots:
        folder.comes_true(lambda h: len(h["processes"]) == number and h["file_watcher_active"], "health")
    yield
    for bot in bots:
        end(bot)


def settle(folder, number, pending):
    """Until every program has seen the files: what waits for its restart says so."""
    if number:
        folder.comes_true(lambda h: all(row["pending"] == pending for row in h["processes"]), "health")


def every_kind_of_change(folder, number):
    with programs(folder, number):
        first = acknowledged(folder, "set", "trading.max_daily_loss=4500")["version"]
        changes_nothing(folder, "set", "trading.max_daily_loss=4500")
        acknowledged(folder, "set", "worker_threads=2")
        settle(folder, number, ["worker_threads"])
        acknowledged(folder, "set", "worker_threads=3")
        both = acknowledged(folder, "set", "worker_threads=2", "trading.max_daily_loss=4000")["version"]
        settle(folder, number, ["worker_threads"])
        acknowledged(folder, "set", "trading.max_daily_loss=4100")
        acknowledged(folder, "rollback", f"v{both}", kind="rollback")
        changes_nothing(folder, "rollback", f"v{both}")
        acknowledged(folder, "rollback", f"v{first}", kind="rollback")
        settle(folder, number, [])
        acknowledged(folder, "set", "worker_threads=5", "--layer", "shared")
        acknowledged(folder, "set", "--unset", "worker_threads", "--layer", "shared")
        acknowledged(folder, "set", "trading.slippage_bps=5")  # As base.yaml has it: the text alone is new.
        changes_nothing(folder, "set", "trading.slippage_bps=5")
        acknowledged(folder, "set", "--unset", "trading.slippage_bps")
        folder.write("production.yaml", folder.read("production.yaml").replace("pool_size: 20", "pool_size: 21"))
        acknowledged(folder, "set", "trading.max_daily_loss=4200")  # Not what somebody else has edited before.
        good = folder.read("production.yaml")
        folder.write("production.yaml", good.replace("max_daily_loss: 4200", "max_daily_loss: 1"))
        reason = next(_reasons)
        made = folder.json("set", "trading.max_daily_loss=4200", "--reason", reason)
        expect([v["version"] for v in versions(folder) if v["reason"] == reason] == [made["version"]], "mended, which is a change")
        folder.write("production.yaml", good.replace("pool_size: 21", "pool_size: 20"))
        acknowledged(folder, "set", "trading.max_daily_loss=5000", variables={"QUANTBOT_DEBUG": "false"})


def two_restarts_between_changes(folder):
    """What waited for a restart is what the next start loads, and can be rolled back."""
    with programs(folder, 1):
        began = folder.json("health")["version"]
        acknowledged(folder, "set", "database.host=a.example")
        second = acknowledged(folder, "set", "database.host=b.example")["version"]
        settle(folder, 1, ["database.host"])
        expect(folder.json("health")["version"] == began, "readers see what they saw, and the health says what is pending")
    with programs(folder, 1):
        expect(folder.json("health")["version"] == second, "the next start shows what was recorded, as the same version")
        back = acknowledged(folder, "rollback", f"v{began}", kind="rollback")
        same = {v["version"]: v["hash"] for v in versions(folder)}
        expect(same[back["version"]] == same[began], "a rollback has the hash of what it repeats")


def what_is_refused_leaves_nothing(folder):
    before = versions(folder)
    folder.write("production.yaml", folder.read("production.yaml").replace("pool_size: 20", "pool_size: 22"))
    variables = {"QUANTBOT_TRADING_SLIPPAGE_BPS": "9"}
    folder.refused("set", "trading.max_daily_loss=1", "--reason", "x", texts=["QC1203"], variables=variables)
    folder.refused("rollback", f"v{before[0]['version']}", "--reason", "x", texts=["QC1724"], variables=variables)
    for words in (("set", "trading.max_daily_loss=4000"), ("rollback", f"v{before[0]['version']}")):
        folder.refused(*words, "--reason", "x", "--set", "trading.slippage_bps=9", texts=["takes no --set"], code=2)
    expect(versions(folder) == before, "a refused change records no version, not even of what it has found")
    folder.write("production.yaml", folder.read("production.yaml").replace("pool_size: 22", "pool_size: 20"))


def at_every_amount_of_free_space(folder):
    """A tightening that cannot be recorded is not made, at whichever moment the disk is full: a program that runs may owe the record, a
    tool ends."""
    if os.getuid() != 0:
        return
    disk = os.path.join(folder.path, "disk")
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", disk], capture_output=True, check=False).returncode != 0:
        return
    try:
        small = os.path.join(disk, "config")
        shutil.copytree(folder.file(""), small, ignore=shutil.ignore_patterns(".quantconf"))
        place = ["--config-dir", small]
        folder.must(*place, "set", "trading.max_daily_loss=4999", "--reason", "first")
        outcomes = set()
        for free in (*range(0, 68, 4), 128, 256):
            before = (folder.json(*place, "history")["versions"], folder.must(*place, "get", "trading.max_daily_loss"))
            space = os.statvfs(disk)
            with open(os.path.join(disk, "ballast"), "wb") as file:
                file.write(b"x" * max(0, space.f_bavail * space.f_frsize - free * 1024))
            done = folder.run(*place, "set", f"trading.max_daily_loss={4900 - free}", "--reason", f"free {free}")
            os.remove(os.path.join(disk, "ballast"))
            after = (folder.json(*place, "history")["versions"], folder.must(*place, "get", "trading.max_daily_loss"))
            outcomes.add(done.returncode)
            if done.returncode == 0:
                expect(after[0][0]["reason"] == f"free {free}" and float(after[1]) == 4900 - free, f"{free} KiB: {after}")
            else:
                expect(done.returncode == 3 and after == before, f"{free} KiB: exit {done.returncode}, {done.stdout}{done.stderr}")
            expect("v0" not in done.stdout, f"{free} KiB: {done.stdout}")
        expect(outcomes == {0, 3}, f"some amounts suffice, some do not: {outcomes}")
    finally:
        subprocess.run(["umount", disk], check=True)


def versions_name_their_secrets(folder):
    made = acknowledged(folder, "set", "trading.max_daily_loss=4000")["version"]
    named = {s["name"]: s["version"] for s in folder.json("history", "show", f"v{made}")["secrets"]}
    expect("database_password" in named and set(named.values()) == {None}, f"by reference; nothing was unlocked: {named}")
    expect("  secrets not looked up: alert_webhook_url, " in folder.must("history", "show", f"v{made}"), "in text as well")
    subprocess.run([os.path.join(os.path.dirname(BOT), "quantconf"), "secret", "set", "database_password"], cwd=folder.path,
                   env=folder.variables, input="not a real one", text=True, check=True, capture_output=True)
    folder.must("secret", "rm", "polygon_key")
    with programs(folder, 1):
        shown = {s["name"]: s["version"] for s in folder.json("history", "show", f"v{made}")["secrets"]}
        expect(folder.json("health", code=1)["version"] == made and shown["database_password"] == 2, f"who shows it has looked: {shown}")
        expect(shown["polygon_key"] is None, f"what is not there has no number: {shown}")
    store_secrets(folder.path)
    acknowledged(folder, "set", "trading.max_daily_loss=5000")


def many_at_once(folder):
    """Changes of different values meet in one file, and all are made; of the same value, one is, and the others say who was faster."""
    settings = ["trading.slippage_bps=6", "cache_ttl_seconds=101", "max_concurrent_requests=11", "cache_max_size_mb=300",
                "trading.commission_per_contract=2", "worker_threads=3", "database.pool_size=9", "trading.max_daily_loss=3999"]
    before = versions(folder)[0]["version"]
    with concurrent.futures.ThreadPoolExecutor(len(settings)) as pool:
        done = list(pool.map(lambda setting: folder.run("set", setting, "--reason", f"at once {setting}"), settings))
    for setting, one in zip(settings, done):
        expect(one.returncode == 0, f"{setting}: {one.stdout}{one.stderr}")
    reasons = {v["reason"] for v in versions(folder) if v["version"] > before}
    expect(reasons == {f"at once {setting}" for setting in settings}, f"{reasons}")

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: folder.run("set", f"trading.max_daily_loss={3000 + n}", "--reason", f"mine {n}"), range(4)))
    made = [v["reason"] for v in versions(folder) if v["reason"].startswith("mine")]
    expect(sorted(made) == sorted(f"mine {n}" for n, one in enumerate(done) if one.returncode == 0), f"{made}")
    for one in done:
        expect(one.returncode == 0 or (one.returncode == 1 and "trading.max_daily_loss was changed by somebody else meanwhile" in one.stderr
                                       and "was faster: mine" in one.stderr), f"{one}")


with tempfile.TemporaryDirectory() as path:
    subject = Folder(os.path.realpath(path))
    for running in (0, 1, 2):
        every_kind_of_change(subject, running)
    for story in (two_restarts_between_changes, what_is_refused_leaves_nothing,
                  at_every_amount_of_free_space, versions_name_their_secrets, many_at_once):
        story(subject)
finish()
