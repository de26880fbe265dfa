"""What is killed, and what has to hold afterwards: the write protocol alone. The verbs of the tool: verbs.py."""

import os
import re
import subprocess
from dataclasses import dataclass
from typing import Callable

# What the write protocols name before they are done, and a new key before it has its name.
LEFTOVER = re.compile(r"\.q\..+\.\d+\.[0-9a-f]{16}|.+\.key\.new|\..+\.quantconf-change(?:-old)?|change\.journal.*")
OLD, NEW = "old", "new"


@dataclass
class Story:
    name: str
    prepare: Callable      # folder -> nothing. Makes the old state, without strace.
    act: Callable          # folder -> the command that is killed. Acknowledges by writing `acknowledged`.
    look: Callable         # folder -> OLD or NEW if that state is there, whole; otherwise what is wrong.
    acknowledged: str = "done"
    stdin: str = ""
    after_new: Callable = None  # folder -> what writes next if the new state is there; None: the same again.
    environment: Callable = lambda folder: dict(os.environ)
    spare_syncs: int = 0   # How many calls of fsync another one makes up for.
    fails_too: tuple = ()  # Calls that fail once each, besides those that write, sync and rename.
    fails: bool = True     # Whether calls that fail are tried here; if not, a test of its own does it.
    budget: float = 0      # Seconds for all kills; 0: as long as it takes.


def read(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()


def leftovers(folder):
    return [name for _, _, names in os.walk(folder) for name in names if LEFTOVER.fullmatch(name)]


def replacement(programs):
    """The write protocol alone."""
    def act(folder, text="new"):
        return [os.path.join(programs, "replace_once"), os.path.join(folder, "file"), text]

    def prepare(folder):
        for text in ("oldest", "old"):
            subprocess.run(act(folder, text), check=True, capture_output=True, timeout=60)

    def look(folder):
        now, previous = read(folder, "file"), read(folder, "file.prev")
        if now == "old" and previous in ("oldest", "old"):
            return OLD
        # Killed between the exchange of names and the old one's new name, an earlier one stays the previous one.
        return NEW if now == "new" and previous in ("oldest", "old") else f"{now!r} after {previous!r}"

    return Story("replacement", prepare, act, look)
