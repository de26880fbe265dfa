"""A failing disk while the store is made: each fdatasync fails once, and each write meets a full disk once. Once the disk is
well again, `secret init` gives a store, or there is one, and it takes and gives a secret.

  init_again.py PROGRAMS
"""

import os
import subprocess
import sys
import tempfile

from verbs import Tool, environment


def attempt(tool, call, error, number):
    """What is wrong afterwards, and whether the call was reached."""
    with tempfile.TemporaryDirectory(prefix="quantconf-init-") as folder:
        os.mkdir(os.path.join(folder, "config"))
        first = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", "trace=" + call, "-e",
                                f"inject={call}:error={error}:when={number}", *tool.command(folder, "secret", "init")],
                               env=environment(folder), capture_output=True, text=True, timeout=60)
        again = tool.run(folder, "secret", "init")
        stored = tool.run(folder, "secret", "set", "alpha", stdin="value")
        value = tool.run(folder, "secret", "get", "alpha")
        is_right = stored.returncode == 0 and value.stdout == "value"
        wrong = "" if is_right else f"{call} {error} {number}: {first.stderr}{again.stderr}{stored.stderr}{value.stderr}"
        return wrong, first.returncode != 0


def main():
    tool, failures, tried = Tool(os.path.abspath(sys.argv[1])), [], 0
    for call, error in (("fdatasync", "EIO"), ("pwrite64", "ENOSPC"), ("fsync", "EIO")):
        number, misses = 0, 0
        while misses < 3:  # Some errors harm nothing; three in a row mean that there are no more calls.
            number += 1
            wrong, was_reached = attempt(tool, call, error, number)
            misses = 0 if was_reached else misses + 1
            tried += 1
            failures += [wrong] if wrong else []
    for failure in failures:
        print("FAILED", failure)
    print(f"{tried - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures or tried < 20 else 0)


if __name__ == "__main__":
    main()
