#!/usr/bin/python3
"""Runs the worked example of every command's --help, in a folder that `quantconf init` has written
and whose secrets are stored.

What an example shows must be what happens: errors first, then results. "..." stands for any lines. The twelve digits of a
configuration's hash are only compared in their form, so that a new field does not make every example wrong.

Usage: help_examples.py QUANTCONF
"""

import re
import tempfile

from tool import COMMANDS, expect, finish, run, store_secrets

HASH = re.compile(r"\b[0-9a-f]{12}\b")


def steps_of(example):
    """[(command, lines that it is said to print)]"""
    steps = []
    for line in example:
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(HASH.sub("<hash>", line))
    return steps


def matches(expected, actual):
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and expected[0] == actual[0] and matches(expected[1:], actual[1:])


def printed_by(command, before, folder):
    if command.endswith("<TAB>"):
        words = command.removesuffix("<TAB>").split()
        script = "\n".join([*before, f"COMP_WORDS=({' '.join(words)}) COMP_CWORD={len(words) - 1}", "_quantconf",
                            r'printf "%s\n" "${COMPREPLY[@]}" | sort | paste -sd " "'])
        done = run("bash", "-c", script, folder=folder)
        return re.sub(" ", " " * 5, done.stdout).splitlines()
    done = run("bash", "-c", command, folder=folder)
    return [HASH.sub("<hash>", line) for line in (done.stderr + done.stdout).splitlines()]


for name in COMMANDS:
    text = run("quantconf", name, "--help").stdout
    expect("\nExample:\n" in text, f"{name} --help has an example")
    lines = [line.removeprefix("  ") for line in text.partition("\nExample:\n")[2].splitlines()]
    steps = steps_of(lines)
    expect(any(command.partition("quantconf ")[2] for command, _ in steps), f"{name}: the example runs quantconf")
    with tempfile.TemporaryDirectory() as folder:
        expect(run("quantconf", "init", folder=folder).returncode == 0, "init")
        if name not in ("secret", "audit"):  # Their examples begin with an empty store.
            store_secrets(folder)
        for number, (command, expected) in enumerate(steps):
            actual = printed_by(command, [command for command, _ in steps[:number]], folder)
            expect(matches(expected, actual), f"{name}: $ {command}\n--- --help says\n" + "\n".join(expected) +
                   "\n--- printed\n" + "\n".join(actual))
    expect(run("quantconf", "help", name).stdout == text, f"help {name} and {name} --help are one text")
finish()
