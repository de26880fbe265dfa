#!/usr/bin/python3
"""Runs one scenario: a story told as a shell transcript, with the files it needs.

    The story, in plain sentences.

    $ quantconf --config-dir config check
    ok      development  ***
    2| config/base.yaml:3:1: warning...
    [1]

    -- config/base.yaml --
    trading: ...

A line that starts with "$ " runs in bash, in an empty folder that holds the files from the end of the scenario.
The lines below it, up to an empty line, are what it prints: standard output as it stands, standard error behind "2| ", a
last line "[N]" for an exit code other than 0. "***" stands for any text within a line, a line "..." for any lines.
An empty line of output is written "|".

Usage: run.py SCENARIO BIN_DIR    (UPDATE_GOLDEN=1 writes what was printed into the scenario)
"""

import os
import re
import subprocess
import sys
import tempfile


def split_files(text):
    """The transcript and {path: text} of the files at its end."""
    parts = re.split(r"^-- (\S+) --\n", text, flags=re.M)
    return parts[0], dict(zip(parts[1::2], parts[2::2]))


def steps_of(transcript):
    """[(prose lines, command, expected lines)], the last one perhaps without a command."""
    steps, prose, lines = [], [], transcript.split("\n")
    while lines:
        line = lines.pop(0)
        if not line.startswith("$ "):
            prose.append(line)
            continue
        expected = []
        while lines and lines[0].strip():
            expected.append(lines.pop(0))
        steps.append((prose, line[2:], expected))
        prose = []
    return steps, prose


def printed_by(command, folder, environment):
    run = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=60)
    lines = [line or "|" for line in run.stdout.split("\n")[:-1]] if run.stdout.endswith("\n") else \
            ([line or "|" for line in run.stdout.split("\n")] if run.stdout else [])
    lines += ["2| " + line for line in run.stderr.split("\n")[:-1]]
    return lines + ([f"[{run.returncode}]"] if run.returncode else [])


def matches(expected, actual):
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    if not actual:
        return False
    pattern = ".*".join(re.escape(part) for part in expected[0].split("***"))
    return re.fullmatch(pattern, actual[0]) is not None and matches(expected[1:], actual[1:])


def main():
    scenario, bin_dir = sys.argv[1], os.path.abspath(sys.argv[2])
    with open(scenario, encoding="utf-8") as file:
        transcript, files = split_files(file.read())
    steps, rest = steps_of(transcript)
    if not steps:
        sys.exit(f"{scenario}: no command, nothing tested")
    failed, rewritten = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)) or folder, exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(text)
        environment = {"PATH": bin_dir + ":/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8", "TERM": "xterm",
                       "SOURCE_DIR": os.path.abspath(os.path.join(os.path.dirname(scenario), "..", "..")),
                       **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}}
        for prose, command, expected in steps:
            actual = printed_by(command, folder, environment)
            good = matches(expected, actual)
            rewritten += prose + ["$ " + command] + (expected if good else actual)
            if not good:
                failed += 1
                print(f"FAILED  $ {command}\n--- expected\n" + "\n".join(expected) + "\n--- printed\n" +
                      "\n".join(actual))
    if failed and os.environ.get("UPDATE_GOLDEN"):
        text = "\n".join(rewritten + rest)
        text += "".join(f"-- {path} --\n{content}" for path, content in files.items())
        with open(scenario, "w", encoding="utf-8") as file:
            file.write(text)
        print(f"{scenario}: rewritten")
        return 0
    print(f"{os.path.basename(scenario)}: {len(steps) - failed} of {len(steps)} commands as told")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
