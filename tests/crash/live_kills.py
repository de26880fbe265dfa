"""A bot killed with SIGKILL at random moments while it changes its configuration, alone or beside another process at the same
folder (threats: 29, 53, 56). Whatever it acknowledged is in the history and on disk; what it was doing is done or is
not, never by half; and the next change works.

  live_kills.py PROGRAMS [--seconds N] [--rounds N] [--seed N]
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time

from live_folder import BASE, FIRST, ONE, PATHS, PROCESS, SHARED, TWO, LiveFolder, values_of
from stories import leftovers

ROUNDS_OF_A_FOLDER = 40  # Then a new one: a history that only grows makes every round slower.


class Change:
    """One change that somebody asked for. `version` is None until it was acknowledged."""

    def __init__(self, line, reason, settings=None, target=None, is_kept=True):
        self.line, self.reason, self.settings, self.target = line, reason, settings or {}, target
        self.is_kept = is_kept  # In files. What is changed for one process ends with it.
        self.version = self.hash = None


class Kill:
    """Of all bots at once, some time after whoever starts it first."""

    def __init__(self, delay, bots):
        self.timer = threading.Timer(delay, lambda: [bot.kill() for bot in bots])
        self.lock, self.is_started = threading.Lock(), False

    def start(self):
        with self.lock:
            if not self.is_started:
                self.is_started = True
                self.timer.start()


class Loop:
    def __init__(self, programs, seed):
        self.programs, self.random, self.seed = programs, random.Random(seed), seed
        self.faults, self.kills, self.acknowledged, self.refused = [], 0, 0, 0
        self.unfinished = {"done": 0, "not done": 0, "while opening": 0}
        self.recovered, self.serial = 0, 0
        self.top = self.place = None

    def new_folder(self):
        self.remove()
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="quantconf-kills-"))
        os.chmod(self.top, 0o700)
        self.place = LiveFolder(self.programs, self.top)
        self.place.make()
        self.files = {path: float(value) for path, value in FIRST.items()}  # What a fresh start has to find.
        self.changes = []  # Acknowledged ones, of everybody, all rounds.

    def remove(self):
        if self.top:
            shutil.rmtree(self.top, ignore_errors=True)

    def next_value(self, path):
        self.serial += 1
        return self.serial % 9000 / 1000 if path == TWO else self.serial % 800 + 200

    def change_of(self, scope, *paths):
        settings = {path: self.next_value(path) for path in paths}
        reason = f"r{self.serial}"
        words = " ".join(f"{path}={value}" for path, value in settings.items())
        return Change(f"update {scope} {reason} {words}", reason, settings, is_kept=scope != "process")

    def choose(self, is_overridden):
        """The next change of the bot. An override of its own would stand in the way of a rollback."""
        what = self.random.random()
        targets = [change.version for change in self.changes[-30:]]
        if what < 0.35 and targets:
            if is_overridden:
                return Change(f"update process r0 {PROCESS}=", "r0", {PROCESS: None}, is_kept=False)
            self.serial += 1
            target, reason = self.random.choice(targets), f"r{self.serial}"
            return Change(f"rollback {target} {reason}", reason, target=target)
        if what < 0.65:
            return self.change_of("file", ONE, TWO)
        return self.change_of("shared", SHARED) if what < 0.85 else self.change_of("process", PROCESS)

    def drive(self, bot, changes, is_alone, kill):
        """Until the bot is dead; the change that was not answered. `kill` is a timer, started once it is open."""
        overridden = False
        try:
            opened = bot.stdout.readline()
            if not opened.endswith("\n"):
                return "opening"
            if not opened.startswith("open"):
                self.faults.append(f"cannot start: {opened}")
                bot.kill()
                return None
            kill.start()
            while True:
                change = self.choose(overridden)
                bot.stdin.write(change.line + "\n")
                bot.stdin.flush()
                answer = bot.stdout.readline()
                if not answer.endswith("\n"):
                    return change
                words = answer.split()
                if words[0] == "done":
                    change.version, change.hash = int(words[1]), words[2]
                    changes.append(change)
                    if not change.is_kept:
                        overridden = change.settings[PROCESS] is not None
                else:
                    self.refused += 1
                    if is_alone:
                        self.faults.append(f"refused, though nobody else is there: {change.line}: {answer}")
        except BrokenPipeError:
            return change

    def change_beside(self, is_over, changes):
        """What an operator does meanwhile; he is never killed."""
        while not is_over.is_set():
            self.serial += 1
            reason, value, target = f"t{self.serial}", self.serial % 9000 + 1, None
            if changes and self.serial % 3 == 0:
                target = changes[-1].version
                done = self.place.tool.run(self.top, "rollback", f"v{target}", "--reason", reason, "--format", "json")
            else:
                done = self.set_base(value, reason)
            if done.returncode == 0:
                said = json.loads(done.stdout)
                if not any(reason == found for _, found, _ in self.place.versions().values()):
                    self.said.append(f"    no version of its own: {reason} {target or value}: {done.stdout}".replace("\n", " "))
                    continue  # There was nothing to do.
                change = Change(f"tool: {reason} {target or value}", reason, None if target else {BASE: value}, target)
                change.version, change.hash = said["version"], said["hash"]
                changes.append(change)
            elif done.returncode == 1 and '"refused_by"' in done.stdout:
                self.faults.append(f"made, and refused by a bot that only was slower: {done.stdout}".replace("\n", " "))
            else:
                self.refused += 1
                self.said.append(f"    refused: {reason}: {done.stdout}{done.stderr}".replace("\n", " "))
                if done.returncode != 1 and "error" not in done.stderr:
                    self.faults.append(f"the tool beside it: {done.returncode} {done.stderr}")

    def set_base(self, value, reason):
        return self.place.tool.run(self.top, "set", f"{BASE}={value}", "--layer", "base", "--reason", reason, "--format",
                                   "json")

    def round(self):
        kind = self.random.choices(("alone", "tool", "bot"), (5, 3, 2))[0]
        how = "still" if kind == "alone" and self.random.random() < 0.5 else "follow"
        changes, others, open_changes, threads = [], [], [], []
        self.said = []  # By others, this round.
        before = max(self.place.versions(), default=0)
        bot = self.place.start_bot(how)
        bots = [bot]
        is_over = threading.Event()
        kill = Kill(self.random.uniform(0.0, 0.15), bots)
        if kind == "tool":
            threads.append(threading.Thread(target=self.change_beside, args=(is_over, others)))
        if kind == "bot":
            other = self.place.start_bot("follow")
            bots.append(other)
            threads.append(threading.Thread(target=lambda: open_changes.append(self.drive(other, others, False, kill))))
        for thread in threads:
            thread.start()
        if self.random.random() < 0.15:
            kill.start()
        open_changes.append(self.drive(bot, changes, kind == "alone", kill))
        is_over.set()
        for thread in threads:
            thread.join()
        for one in bots:
            one.kill()
            one.wait()
            one.stdout.close()
            with contextlib.suppress(BrokenPipeError):
                one.stdin.close()
        self.kills += len(bots)
        self.acknowledged += len(changes) + len(others)
        self.look(kind, before, changes + others, [one for one in open_changes if one])

    def look(self, kind, before, acknowledged, unanswered):
        place = self.place
        where = f"{kind} round, {len(acknowledged)} acknowledged, then {[getattr(one, 'line', one) for one in unanswered]}: "
        faults = place.faults_on_disk()
        self.recovered += os.path.exists(os.path.join(place.state, "change.journal"))
        answers = place.ask_fresh_bot("look " + " ".join(PATHS))
        if len(answers) != 2 or answers[0][0] != "open":
            self.faults.append(f"{where}no fresh start: {answers}")
            return
        seen = {path: float(value) for path, _, value in (word.partition("=") for word in answers[1][3:])}
        faults += place.faults_of_history() + place.faults_of_record()
        versions = place.versions()
        done = list(acknowledged)
        for change in unanswered:
            if change == "opening":
                self.unfinished["while opening"] += 1
                continue
            numbers = [number for number, (_, reason, _) in versions.items() if reason == change.reason and number > before]
            self.unfinished["done" if numbers else "not done"] += 1
            if numbers:
                change.version = min(numbers)
                change.hash = versions[change.version][0]
                done.append(change)
        done.sort(key=lambda change: change.version)
        for change in done:
            faults += self.faults_of(change, versions)
            if change.is_kept and change.target:
                self.files = values_of(versions[change.target][2])
            elif change.is_kept:
                self.files |= {path: float(value) for path, value in change.settings.items()}
            if change.is_kept:
                faults += self.faults_of_mixture(change, versions)
        if seen != self.files:
            faults.append(f"a fresh start loads {seen} instead of {self.files}")
            faults += [f"    {change.version} acknowledged: {change.line}" for change in done]
            faults += [f"    {number} recorded: {reason} {values_of(canonical)}"
                       for number, (_, reason, canonical) in versions.items() if number > before]
            self.files = seen
        self.changes += done
        self.serial += 1
        value, reason = self.serial % 9000 + 1, f"n{self.serial}"
        after = self.set_base(value, reason)
        if after.returncode != 0:
            faults.append(f"the next set does not work: {after.stderr}")
        else:
            self.files[BASE] = float(value)
            faults += [f"still there: {name}" for name in leftovers(self.top)]
        self.faults += [where + fault for fault in faults + (self.said if faults else [])]

    def faults_of_mixture(self, change, versions):
        """What was recorded has to have been on disk as a whole, and not half of it before somebody else's change."""
        recorded = values_of(versions[change.version][2])
        wrong = {path: recorded[path] for path in PATHS if path != PROCESS and recorded[path] != self.files[path]}
        return [f"version {change.version} of {change.line} was never on disk: {wrong} of {self.files}"] if wrong else []

    def faults_of(self, change, versions):
        if change.version not in versions:
            return [f"lost: version {change.version} of {change.line}"]
        digest, reason, _ = versions[change.version]
        faults = [] if digest == change.hash else [f"version {change.version} has another hash than was acknowledged"]
        values = values_of(versions[change.version][2])
        if change.target and digest != versions[change.target][0]:
            faults.append(f"version {change.version} is not what version {change.target} was")
        wrong = {path: values[path] for path, value in change.settings.items() if value is not None and values[path] != value}
        if wrong:
            faults.append(f"version {change.version} of {change.line} has {wrong}")
        if not change.target and change.settings.get(PROCESS, 0) is not None and reason != change.reason:
            faults.append(f"version {change.version} of {change.line} is recorded with the reason {reason}")
        return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    loop = Loop(os.path.abspath(options.programs), options.seed)
    print(f"seed {options.seed}", flush=True)
    end, rounds = time.monotonic() + options.seconds, 0
    try:
        while rounds < options.rounds and time.monotonic() < end and len(loop.faults) < 20:
            if rounds % ROUNDS_OF_A_FOLDER == 0:
                loop.new_folder()
            loop.round()
            rounds += 1
    finally:
        loop.remove()
    for fault in loop.faults:
        print("FAILED ", fault)
    print(f"{rounds} rounds, {loop.kills} kills, {loop.acknowledged} changes acknowledged, {loop.refused} refused; what was "
          f"not answered: {loop.unfinished}; {loop.recovered} journals found; {len(loop.faults)} faults; seed {loop.seed}")
    sys.exit(0 if rounds >= 5 and loop.acknowledged and not loop.faults else 1)


main()
