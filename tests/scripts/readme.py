#!/usr/bin/python3
"""What README.md shows of the tool is what the tool prints: runs each block that begins with "$ quantconf".

Usage: readme.py README.md BIN_DIR
"""

import os
import re
import sys

sys.dont_write_bytecode = True  # The source tree is not ours to write into.
import run  # noqa: E402


def main():
    readme, bin_dir = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with open(readme, encoding="utf-8") as file:
        blocks = re.findall(r"^```\n(\$ quantconf .*?)^```", file.read(), flags=re.M | re.S)
    steps = [step for block in blocks for step in run.steps_of(block)[0]]
    if not steps:
        sys.exit("README.md shows no command: nothing tested")
    failed = 0
    environment = {"PATH": bin_dir + ":/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8",
                   **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}}
    for _, command, expected in steps:
        actual = run.printed_by(command, os.path.dirname(readme), environment)
        if not run.matches(expected, actual):
            failed += 1
            print(f"FAILED  $ {command}\n--- README\n" + "\n".join(expected) + "\n--- printed\n" + "\n".join(actual))
    print(f"{len(steps) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
