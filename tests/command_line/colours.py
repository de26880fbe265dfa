#!/usr/bin/python3
"""Colours appear on a terminal and nowhere else, and not where NO_COLOR or TERM=dumb forbid them.

Usage: colours.py QUANTCONF
"""

import os
import pty
import subprocess
import tempfile

from tool import ENVIRONMENT, TOOL, expect, finish, run

ESCAPE = "\x1b["


def on_terminal(*arguments, variables=None, folder=None):
    """What the tool writes when standard output and standard error are a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([TOOL, *arguments], cwd=folder, env={**ENVIRONMENT, **(variables or {})},
                          stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        text = b""
        try:
            while part := os.read(ours, 65536):
                text += part
        except OSError:  # Linux says so when the other end is closed.
            pass
        process.wait(timeout=60)
    os.close(ours)
    return text.decode()


with tempfile.TemporaryDirectory() as folder:
    run("quantconf", "init", folder=folder)
    wrong = ("check", "--set", "trading.max_position_size=5")
    for command in (wrong, ("check", "--all"), ("diff", "staging", "production"), ("doctor",), ("get", "nothing"),
                    ("explain", "trading.slippage_bps"), ("explain", "QC9x")):
        expect(ESCAPE in on_terminal(*command, folder=folder), f"{command}: colours on a terminal")
        for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            text = on_terminal(*command, folder=folder, variables=variables)
            expect(text and ESCAPE not in text, f"{command}: no colours with {variables}")
        done = run("quantconf", *command, folder=folder)
        expect(ESCAPE not in done.stdout + done.stderr, f"{command}: no colours into a pipe")
    for command in (("show", "--format", "json"), ("show", "--origins"), ("check", "--format", "json"), ("check", "--format", "sarif"),
                    ("check", "--format", "github"), ("schema", "json"), ("schema", "docs"), ("completion", "bash"),
                    ("get", "trading")):
        expect(ESCAPE not in on_terminal(*command, folder=folder), f"{command}: what programs read has no colours")
    expect(ESCAPE in on_terminal("check", folder=folder, variables={"NO_COLOR": ""}), "an empty NO_COLOR says nothing")
finish()
