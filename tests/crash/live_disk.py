"""A bot on a disk that fails, or is full, once at each call of a change (threats: 28, 85): readers go on, the change is refused
with a reason or done, nothing is half there, and the next change works. And a state.db that is damaged, cut, deleted or
replaced while the bot runs: nothing of it is ever deleted.

  live_disk.py PROGRAMS [--all|--damage]
"""

import os
import shutil
import sys
import tempfile
import time

import tracing
from live_folder import BASE, FIRST, ONE, PATHS, PROCESS, SHARED, TWO, LiveFolder
from stories import leftovers
from verbs import environment

NEXT = {BASE: 222, ONE: 223, TWO: 0.224, SHARED: 1225}
BUDGET = 2  # Seconds for each change.
LOOK = "look " + " ".join(PATHS)
# Calls, and how each of them may fail.
FAILURES = {"write": "ENOSPC", "pwrite64": "ENOSPC", "fsync": "EIO", "fdatasync": "EIO", "rename": "EIO", "renameat2": "EIO",
            "unlink": "EIO", "unlinkat": "EIO", "ftruncate": "EIO", "fchmod": "EIO", "flock": "EIO", "openat": "ENOSPC"}
count = {True: 0, False: 0}


def expect(condition, what):
    count[bool(condition)] += 1
    if not condition:
        print(f"FAILED  {what}")


def seen_in(line):
    return {path: float(value) for path, _, value in (word.partition("=") for word in line.split()[3:])}


class Case:
    """One change: what it asks for, and what is there before and after it."""

    def __init__(self, name, line, before, after, kept):
        self.name, self.before, self.after, self.kept = name, {**FIRST, **before}, {**FIRST, **after}, {**FIRST, **kept}
        # Whatever has become of the first one, the third is another change.
        self.lines = [LOOK, line, LOOK, line, LOOK, "update file later cache_max_size_mb=333", "reload", "health"]


def cases():
    file = {ONE: NEXT[ONE], TWO: NEXT[TWO]}
    return [Case("update of a file", f"update file hit {ONE}={NEXT[ONE]} {TWO}={NEXT[TWO]}", {}, file, file),
            Case("update of the shared file", f"update shared hit {SHARED}={NEXT[SHARED]}", {}, {SHARED: NEXT[SHARED]},
                 {SHARED: NEXT[SHARED]}),
            Case("update of the process", f"update process hit {PROCESS}=11", {}, {PROCESS: 11}, {}),
            Case("rollback", "rollback 1 hit", NEXT, {}, {})]


class Place:
    def __init__(self, programs):
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="quantconf-disk-"))
        self.starts, self.folder = {}, os.path.join(self.top, "now")
        self.programs, self.live = programs, LiveFolder(programs, self.folder)

    def prepare(self, is_changed):
        """A folder to copy: with one version, or with three files that have changed since."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if is_changed not in self.starts:
            os.mkdir(self.folder, 0o700)
            self.live.make()
            self.live.ask_fresh_bot(*([f"update file r1 {ONE}={NEXT[ONE]} {TWO}={NEXT[TWO]}",
                                       f"update shared r2 {SHARED}={NEXT[SHARED]}"] if is_changed else []))
            if is_changed:
                self.live.tool.must(self.folder, "set", f"{BASE}={NEXT[BASE]}", "--layer", "base", "--reason", "r3")
            self.starts[is_changed] = os.path.join(self.top, f"start-{is_changed}")
            os.rename(self.folder, self.starts[is_changed])
        shutil.copytree(self.starts[is_changed], self.folder)
        os.chmod(self.folder, 0o700)

    def run(self, case, inject=None):
        self.prepare(case.before != FIRST)
        return tracing.run(self.live.bot_command(), os.path.join(self.top, "trace"), inject,
                           stdin="".join(line + "\n" for line in case.lines), environment=environment(self.folder))


def calls_of_the_change(calls):
    """Between what the reader saw before and the acknowledgement."""
    says = [at for at, call in enumerate(calls) if call.name == "write" and "(1<" in call.text]
    between = calls[says[1] + 1:says[2]]
    return [call for call in between if call.name in FAILURES and call.writes and "-shm>" not in call.text]


def check(case, place, run, where):
    said = run.output.splitlines()
    expect(len(said) == 9, f"{where}: the bot has ended: {said} {run.errors[-300:]}")
    if len(said) != 9:
        return ""
    _, first, change, after, again, after_again, later, reloaded, health = said
    expect(seen_in(first) == case.before, f"{where}: before it there is {first}")
    if change.startswith("done"):
        expect(seen_in(after) == case.after, f"{where}: done, and readers see {after}")
    else:
        expect(change.startswith("refused ") and len(change) > 20, f"{where}: no reason: {change}")
        is_in_place = "everything is in place and recorded" in change
        expect(seen_in(after) == (case.after if is_in_place else case.before), f"{where}: {change}, and readers see {after}")
        expect(is_in_place == (after.split()[1] != first.split()[1]), f"{where}: {change}, and the version is {after}")
    # The disk is well again: no restart is needed.
    expect(again.startswith("done") and seen_in(after_again) == case.after, f"{where}: not again: {change}: {again}")
    expect(later.startswith("done") and reloaded.startswith("done"), f"{where}: nothing later: {later} {reloaded}")
    expect(health.startswith("health reload_ok history_ok"), f"{where}: {health}")
    return change


def check_folder(case, place, where, may_leave=False):
    fresh = place.live.ask_fresh_bot(LOOK)
    expect(len(fresh) == 2 and seen_in(" ".join(fresh[1])) == {**case.kept, ONE: 333}, f"{where}: a fresh start says {fresh}")
    faults = place.live.faults_of_history() + place.live.faults_on_disk() + place.live.faults_of_record()
    faults += [f"still there: {name}" for name in leftovers(place.folder) if not may_leave]
    expect(not faults, f"{where}: {faults}")


def fail_once_at_each_call(place, case, wants_all):
    began = time.monotonic()
    whole = place.run(case)
    check(case, place, whole, case.name)
    check_folder(case, place, case.name)
    calls = calls_of_the_change(whole.calls)
    expect(len(calls) > 5, f"{case.name}: only {len(calls)} calls; is strace working? {whole.errors}")
    step = 1 if wants_all else max(1, int((time.monotonic() - began) * len(calls) / BUDGET))
    refused = 0
    chosen = [call for at, call in enumerate(calls) if at % step == 0 or call.name in ("fsync", "renameat2")]
    for call in chosen:
        where = f"{case.name}, {FAILURES[call.name]} of {call.name} number {call.number}"
        failed = place.run(case, f"{call.name}:error={FAILURES[call.name]}:when={call.number}")
        expect("INJECTED" in "".join(one.text for one in failed.calls), f"{where}: nothing has failed")
        refused += check(case, place, failed, where).startswith("refused")
        # What could not be removed goes with the next change of that file.
        check_folder(case, place, where, may_leave="unlink" in call.name)
    expect(refused, f"{case.name}: nothing was refused")
    print(f"{case.name}: {len(chosen)} of {len(calls)} calls failed (k = {step}); refused {refused} times", flush=True)


def overwrite(path):
    """With its log: SQLite would go on with what is whole there."""
    for name in (path, path + "-wal"):
        with open(name, "r+b") as file:
            file.write(b"\xa5" * os.path.getsize(name))


def replace(path):
    with open(path + ".new", "wb") as file:
        file.write(b"no database at all" * 1000)
    os.chmod(path + ".new", 0o600)
    os.rename(path + ".new", path)


DAMAGES = {"overwritten": overwrite, "cut to nothing": lambda path: os.truncate(path, 0), "replaced": replace,
           "deleted": os.unlink}


def damage_while_it_runs(place, name, damage):
    """Readers go on, changes are refused, nobody deletes or mends what is damaged; and once somebody has put it aside, the
    same bot goes on without a restart."""
    place.prepare(is_changed=False)
    database, state = place.live.database, place.live.state
    bot = place.live.start_bot()

    def ask(line):
        bot.stdin.write(line + "\n")
        bot.stdin.flush()
        return bot.stdout.readline()

    bot.stdout.readline()
    expect(ask(f"update file before {ONE}=111").startswith("done"), f"{name}: not even before it")
    before = ask(LOOK)
    damage(database)
    was_there = os.path.exists(database)
    for line in (f"update file hit {ONE}=222", f"update shared hit {SHARED}=2222", f"update process hit {PROCESS}=22", "reload"):
        answer = ask(line)
        # A reload of what is shown already needs no record.
        refused = answer.startswith("refused") and "state.db" in answer or line == "reload" and answer.startswith("done")
        expect(refused, f"{name}: {line}: {answer}")
        expect(ask(LOOK) == before, f"{name}: {line}: readers see something else")
    by_tool = place.live.tool.run(place.folder, "set", f"{BASE}=5", "--layer", "base", "--reason", "hit")
    expect(by_tool.returncode == 3 and "state.db" in by_tool.stderr, f"{name}: set: {by_tool.returncode} {by_tool.stderr}")
    expect(os.path.exists(database) == was_there, f"{name}: what was damaged is gone, or replaced in silence")
    expect(place.live.ask_fresh_bot()[0][0] == "cannot", f"{name}: a start ignores it")
    for file in os.listdir(state):
        if file.startswith("state.db"):
            os.rename(os.path.join(state, file), os.path.join(state, "aside." + file))
    begun = place.live.tool.run(place.folder, "secret", "list", "--accept-rollback")
    expect(begun.returncode == 0, f"{name}: no new one: {begun.stderr}")
    answers = [ask(f"update file after {ONE}=333") for _ in range(2)]
    expect(answers[-1].startswith("done") and f"{ONE}=333" in ask(LOOK), f"{name}: does not go on: {answers}")
    bot.stdin.close()
    bot.wait(timeout=60)
    bot.stdout.close()
    expect(place.live.ask_fresh_bot()[0][0] == "open", f"{name}: no start afterwards: {place.live.ask_fresh_bot()}")
    print(f"state.db {name} while a bot runs: refused, and kept", flush=True)


def main():
    place = Place(os.path.abspath(sys.argv[1]))
    try:
        for case in cases() if "--damage" not in sys.argv else []:
            fail_once_at_each_call(place, case, "--all" in sys.argv)
        for name, damage in DAMAGES.items():
            damage_while_it_runs(place, name, damage)
    finally:
        shutil.rmtree(place.top, ignore_errors=True)
    print(f"{count[True]} passed, {count[False]} failed")
    sys.exit(0 if count[True] and not count[False] else 1)


main()
