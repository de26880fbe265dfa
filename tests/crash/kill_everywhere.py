"""Kills a command with SIGKILL at each of its calls that change something (threats: 28, 29), then looks: the old state or
the new one, whole; the new one if that was acknowledged; and the command succeeds when it is run again.

kill_everywhere.py FOLDER_OF_PROGRAMS [STORY]
"""

import os
import shutil
import subprocess
import sys
import tempfile

import durability
import stories
import tracing

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
                           environment={**os.environ, **self.story.environment})

    def act_again(self):
        return subprocess.run(self.story.act(self.folder), capture_output=True, text=True, timeout=120,
                              input=self.story.stdin, env={**os.environ, **self.story.environment}).returncode


def kill_at_each(place):
    story = place.story
    whole = place.act()
    expect(whole.code == 0 and story.acknowledged in whole.output, f"{story.name}: {whole.errors}")
    points = [call for call in whole.calls if call.writes]
    expect(len(points) > 5, f"{story.name}: only {len(points)} calls that write; is strace working? {whole.errors}")
    old = new = 0
    for call in points:
        where = f"{story.name}, killed at {call.name} number {call.number}"
        killed = place.act(f"{call.name}:signal=SIGKILL:when={call.number}")
        expect(killed.code != 0, f"{where}: nothing was killed")
        is_old, is_new = story.is_old(place.folder), story.is_new(place.folder)
        old, new = old + is_old, new + (is_new and not is_old)
        expect(is_old or is_new, f"{where}: neither the old nor the new state: {os.listdir(place.folder)}")
        expect(is_new or story.acknowledged not in killed.output, f"{where}: acknowledged, and lost")
        expect(place.act_again() == 0, f"{where}: cannot be done again")
        expect(not stories.leftovers(place.folder), f"{where}: {stories.leftovers(place.folder)} still there")
    expect(old and new, f"{story.name}: {old} old and {new} new states; both have to be seen")
    print(f"{story.name}: killed at {len(points)} calls: {old} times the old state, {new} times the new one")


def every_promise_is_kept(place):
    """The acknowledgement comes after every fsync that it needs, and this test would notice if one were missing."""
    story = place.story
    whole = place.act()
    expect(durability.faults_of(whole.calls, place.folder) == [],
           f"{story.name}: {durability.faults_of(whole.calls, place.folder)}")
    syncs = [call for call in whole.calls if call.name in ("fsync", "fdatasync")]
    expect(syncs, f"{story.name}: no fsync at all")
    for call in syncs:
        # strace answers "fine" in place of the kernel: the program believes it, the disk knows nothing.
        without = place.act(f"{call.name}:retval=0:when={call.number}")
        expect(durability.faults_of(without.calls, place.folder),
               f"{story.name}: {call.name} number {call.number} can be left out and no test notices")


def main():
    programs, wanted = os.path.abspath(sys.argv[1]), sys.argv[2:]
    if shutil.which("strace") is None:
        sys.exit("strace is needed: scripts/install-deps --test")
    for make in stories.STORIES:
        story = make(programs)
        if wanted and story.name not in wanted:
            continue
        place = Place(story)
        try:
            kill_at_each(place)
            every_promise_is_kept(place)
        finally:
            shutil.rmtree(place.top, ignore_errors=True)
    print(f"{count[True]} passed, {count[False]} failed")
    sys.exit(0 if count[True] and not count[False] else 1)


main()
