"""What is killed, and what has to hold afterwards. A verb of the tool is one more line in STORIES."""

import os
import re
from dataclasses import dataclass, field
from typing import Callable

LEFTOVER = re.compile(r"\.q\..+\.\d+\.[0-9a-f]{16}")


@dataclass
class Story:
    name: str
    prepare: Callable      # folder -> nothing. Makes the old state, without strace.
    act: Callable          # folder -> the command that is killed. Acknowledges by writing `acknowledged`.
    is_old: Callable       # folder -> whether the old state is there, whole.
    is_new: Callable       # folder -> whether the new state is there, whole.
    acknowledged: str = "done"
    stdin: str = ""
    environment: dict = field(default_factory=dict)


def read(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()


def leftovers(folder):
    return [name for name in os.listdir(folder) if LEFTOVER.fullmatch(name)]


def replacement(programs):
    """The write protocol alone."""
    def act(folder, text="new"):
        return [os.path.join(programs, "replace_once"), os.path.join(folder, "file"), text]

    def prepare(folder):
        import subprocess
        for text in ("oldest", "old"):
            subprocess.run(act(folder, text), check=True, capture_output=True, timeout=60)

    return Story("replacement", prepare, act,
                 is_old=lambda folder: read(folder, "file") == "old" and read(folder, "file.prev") in ("oldest", "old"),
                 is_new=lambda folder: read(folder, "file") == "new" and read(folder, "file.prev") == "old")


STORIES = [replacement]
