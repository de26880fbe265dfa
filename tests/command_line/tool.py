"""What the tests of this folder share: the tool in an empty environment, and a count of what was expected."""

import glob
import os
import re
import subprocess
import sys

TOOL = os.path.abspath(sys.argv[1])
COMMANDS = ("init check show get explain diff set history at rollback reload health watch sources keys fetch schema env secret audit "
            "run doctor completion version help").split()
ENVIRONMENT = {"PATH": os.path.dirname(TOOL) + ":/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm",
               **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}}
_count = {True: 0, False: 0}


def expect(condition, what):
    _count[bool(condition)] += 1
    if not condition:
        print(f"FAILED  {what}")


def run(*command, folder=None, variables=None):
    """Runs a program, "quantconf" being ours, with nothing on its standard input."""
    return subprocess.run(command, cwd=folder, env={**ENVIRONMENT, "HOME": folder or "/", **(variables or {})},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def store_secrets(folder):
    """Something in the store for each reference of the configuration that `init` has written."""
    names = set()
    for path in glob.glob(os.path.join(folder, "config", "*.yaml")):
        with open(path, encoding="utf-8") as file:
            names |= set(re.findall(r'^[^#\n]*"SECURE:([a-z_]+)"', file.read(), flags=re.M))
    for name in names:
        done = subprocess.run([TOOL, "secret", "set", name], cwd=folder, env={**ENVIRONMENT, "HOME": folder},
                              input="not a real key", capture_output=True, text=True, timeout=120)
        expect(done.returncode == 0, f"secret set {name}: {done.stderr}")


def finish():
    print(f"{_count[True]} passed, {_count[False]} failed")
    sys.exit(0 if _count[True] and not _count[False] else 1)
