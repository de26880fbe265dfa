"""Kills a command with SIGKILL at each of its calls that change something (threats: 28, 29), then looks: the old state or
the new one, whole; the new one if that was acknowledged; and the command succeeds when it is run again.

kill_everywhere.py FOLDER_OF_PROGRAMS [BEGINNING_OF_A_STORY'S_NAME]

A slow machine kills at every k-th call only, and says so; QUANTCONF_CRASH_ALL=1 kills at all of them, always.
"""

import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

import changes
import durability
import live_stories
import stories
import tracing
import verbs

count = {True: 0, False: 0}


def expect(condition, what):
    count[bool(condition)] += 1
    if not condition:
        print(f"FAILED  {what}")


class Place:
    """A private folder in which the old state is made afresh before each kill."""

    def __init__(self, story):
        self.story = story
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="quantconf-crash-"))
        self.folder, self.log = os.path.join(self.top, "state"), os.path.join(self.top, "trace")
        self.start = os.path.join(self.top, "start")
        os.mkdir(self.start, 0o700)
        story.prepare(self.start)

    def act(self, inject=None):
        """From the old state, so that each run sees the same."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.start, self.folder)
        os.chmod(self.folder, 0o700)
        return tracing.run(self.story.act(self.folder), self.log, inject, stdin=self.story.stdin,
                           environment=self.story.environment(self.folder))

    def act_again(self, state):
        """What comes next: the same, or something else where the same can be done only once."""
        is_over = state == stories.NEW and self.story.after_new
        command = self.story.after_new(self.folder) if is_over else self.story.act(self.folder)
        return subprocess.run(command, capture_output=True, text=True, timeout=120, input=self.story.stdin,
                              env=self.story.environment(self.folder))


def points_of(story, whole, cost):
    """Where to kill: everywhere, or at every k-th call, so that it ends in time. New names and the acknowledgement are
    never left out."""
    points = [call for call in whole.calls if call.writes]
    wanted = [call for call in points if call.name.startswith("rename")] + points[-1:]
    step = 1
    if story.budget and not os.environ.get("QUANTCONF_CRASH_ALL"):
        step = math.ceil(cost * len(points) / max(story.budget - cost * len(wanted), 4 * cost))
    chosen = [call for at, call in enumerate(points) if at % step == 0 or call in wanted]
    return chosen, f"{len(chosen)} of {len(points)} calls (k = {step})"


def kill_at_each(place):
    story = place.story
    began = time.monotonic()
    whole = place.act()
    expect(whole.code == 0 and story.acknowledged in whole.output, f"{story.name}: {whole.errors}")
    state = story.look(place.folder)
    expect(state == stories.NEW, f"{story.name}: done, and there is {state}")
    expect(place.act_again(state).returncode == 0, f"{story.name}: nothing can come after it")
    points, how_many = points_of(story, whole, time.monotonic() - began)
    expect(len(points) > 5, f"{story.name}: only {len(points)} calls that write; is strace working? {whole.errors}")
    seen = {stories.OLD: 0, stories.NEW: 0}
    for call in points:
        where = f"{story.name}, killed at {call.name} number {call.number}"
        killed = place.act(f"{call.name}:signal=SIGKILL:when={call.number}")
        expect(killed.code != 0, f"{where}: nothing was killed")
        state = story.look(place.folder)
        expect(state in seen, f"{where}: neither the old nor the new state: {state}")
        seen[state] = seen.get(state, 0) + 1
        expect(state == stories.NEW or story.acknowledged not in killed.output, f"{where}: acknowledged, and lost")
        again = place.act_again(state)
        expect(again.returncode == 0, f"{where}: cannot be done again: {again.stderr}")
        expect(not stories.leftovers(place.folder), f"{where}: {stories.leftovers(place.folder)} still there")
    old, new = seen[stories.OLD], seen[stories.NEW]
    expect(old and new, f"{story.name}: {old} old and {new} new states; both have to be seen")
    print(f"{story.name}: killed at {how_many}: {old} times the old state, {new} times the new one", flush=True)


def a_full_disk_loses_nothing(place):
    """Each new name and each sync fails once, and each write finds the disk full: an error, and the old or the new
    state."""
    story = place.story
    began = time.monotonic()
    whole = place.act()
    story.look(place.folder)
    names = ("write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", *story.fails_too)
    calls = [call for call in whole.calls if call.name in names and "<" in call.text and "-shm>" not in call.text]
    step = 1
    if story.budget and not os.environ.get("QUANTCONF_CRASH_ALL"):
        step = math.ceil((time.monotonic() - began) * len(calls) / story.budget)
    calls_hit = [call for at, call in enumerate(calls) if at % step == 0 or call.name == "fsync" or "rename" in call.name]
    for call in calls_hit:
        why = "ENOSPC" if "write" in call.name else "EIO"
        where = f"{story.name}, {why} of {call.name} number {call.number}"
        failed = place.act(f"{call.name}:error={why}:when={call.number}")
        state = story.look(place.folder)
        expect(state in (stories.OLD, stories.NEW), f"{where}: neither the old nor the new state: {state}")
        expect(state == stories.NEW or failed.code != 0, f"{where}: reported as done")
    print(f"{story.name}: {len(calls_hit)} of {len(calls)} failures (k = {step})", flush=True)


def every_promise_is_kept(place):
    """The acknowledgement comes after every fsync that it needs, and this test would notice if one were missing."""
    story = place.story
    whole = place.act()
    # SQLite syncs with fdatasync, and sometimes once more than it must; what is ours calls fsync.
    syncs = [call for call in whole.calls if call.name == "fsync"]
    if syncs and not any(call.descriptor_path() for call in syncs):
        print(f"{story.name}: NOT CHECKED what fsync promises: strace may not see the files of a program that hides "
              "its memory, unless root runs it")
        return
    expect(durability.faults_of(whole.calls, place.folder) == [],
           f"{story.name}: {durability.faults_of(whole.calls, place.folder)}")
    expect(syncs, f"{story.name}: no fsync at all")
    unnoticed = []
    for call in syncs:
        # strace answers "fine" in place of the kernel: the program believes it, the disk knows nothing.
        without = place.act(f"{call.name}:retval=0:when={call.number}")
        if not durability.faults_of(without.calls, place.folder):
            unnoticed.append(call.number)
    expect(len(unnoticed) == story.spare_syncs, f"{story.name}: fsync can be left out and no test notices: {unnoticed}")


def main():
    programs, wanted = os.path.abspath(sys.argv[1]), sys.argv[2:]
    if shutil.which("strace") is None:
        sys.exit("strace is needed: scripts/install-deps --test")
    for story in [stories.replacement(programs), changes.change(programs), *verbs.stories_of(programs),
                  *live_stories.stories_of(programs)]:
        if wanted and not story.name.startswith(tuple(wanted)):
            continue
        place = Place(story)
        try:
            kill_at_each(place)
            if story.fails:
                a_full_disk_loses_nothing(place)
            every_promise_is_kept(place)
        finally:
            shutil.rmtree(place.top, ignore_errors=True)
    print(f"{count[True]} passed, {count[False]} failed")
    sys.exit(0 if count[True] and not count[False] else 1)


main()
