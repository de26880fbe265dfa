#!/usr/bin/python3
"""A previous value after its 15 minutes, on a clock that a library in front of libc moves: `secret list` says so, and the next
change destroys it.

Usage: grace.py QUANTCONF SHIFTED_CLOCK
"""

import json
import os
import subprocess
import sys
import tempfile

from tool import ENVIRONMENT, TOOL, expect, finish

CLOCK = os.path.abspath(sys.argv[2])
GRACE = 15 * 60
WORDS = "past its 15 minutes"

with tempfile.TemporaryDirectory() as folder:
    def run(*words, later=0, stdin="not a real key"):
        clock = {"LD_PRELOAD": CLOCK, "SHIFTED_CLOCK_SECONDS": str(later)}
        done = subprocess.run([TOOL, *words], cwd=folder, env={**ENVIRONMENT, "HOME": folder, **clock}, input=stdin,
                              capture_output=True, text=True, timeout=120)
        expect(done.returncode == 0, f"{words}: {done.stderr}")
        return done.stdout

    def versions(**more):
        secrets = json.loads(run("secret", "list", "--format", "json", **more))["secrets"]
        return [(v["state"], v["past_grace"]) for v in secrets[0]["versions"]]

    run("init")
    run("secret", "set", "key")
    run("secret", "set", "key")
    # Not to the second: the test itself takes some.
    expect(WORDS not in run("secret", "list", later=GRACE - 300), "not before")
    expect(versions(later=GRACE - 300) == [("previous", False), ("current", False)], f"{versions(later=GRACE - 300)}")
    expect(WORDS in run("secret", "list", later=GRACE), run("secret", "list", later=GRACE))
    expect(versions(later=GRACE) == [("previous", True), ("current", False)], f"{versions(later=GRACE)}")
    expect(run("secret", "get", "key@previous", later=GRACE) == "not a real key", "looking destroys nothing")

    run("secret", "rekey", later=GRACE)
    expect(versions(later=GRACE) == [("retired", False), ("current", False)], "the next change, whatever it is about")
    expect(WORDS not in run("secret", "list", later=GRACE), "and nothing more to say")
    record = run("audit", "log")
    expect("secret.retire" in record and "count=1" in record, record)

    run("secret", "set", "key", later=GRACE)
    run("secret", "rotate", "key", "--retire", later=2 * GRACE + 1)
    expect(versions(later=2 * GRACE)[-2:] == [("retired", False), ("current", False)], "--retire finds what is past its time")
finish()
