"""What the tool can be asked, by its own word: --help of every command, and completion.

A command, verb, option or format that no test here has used fails: nobody has looked whether it leaks.
"""

import re

from report import expect
from sandbox import Sandbox


def options_of(text):
    """{option: what its help says} of one --help."""
    lines = re.findall(r"^  (--[a-z-]+)(.*)$", text, flags=re.M)
    return {name: rest.strip() for name, rest in lines}


def read(sandbox):
    """({command: help}, {command: verbs}, help of all) as the program says it."""
    everything = sandbox.run("--help", code=0).stdout.decode()
    commands = re.findall(r"^  ([a-z]+) ", everything.partition("Commands:\n")[2].partition("\n\n")[0], flags=re.M)
    helps = {name: sandbox.run(name, "--help", code=0).stdout.decode() for name in commands}
    script = sandbox.run("completion", "bash", code=0).stdout.decode()
    verbs = {name: [] for name in commands}
    for names, words in re.findall(r"^        ([a-z| ]+)\) COMPREPLY=\(\$\(compgen -W \"([a-z ]+)\"", script, flags=re.M):
        for name in names.split(" | "):
            verbs[name] = words.split() if name not in ("diff", "help") else []
    offered = re.search(r'case " ([a-z ]+) " in', script)
    expect(offered and offered[1].split() == commands, "completion offers the commands of --help")
    for name in commands:
        usage = re.search(rf"^Usage: quantconf {name} ([a-z|]+)(?: |$)", helps[name], flags=re.M)
        if usage and "|" in usage[1]:
            expect(set(verbs[name]) == set(usage[1].split("|")), f"completion offers the verbs of {name} --help")
        listed = re.findall(r"^  ([a-z]+)(?:\|| )", re.split("^(?:Options|Example):$", helps[name], flags=re.M)[0], flags=re.M)
        verbs[name] = sorted(set(verbs[name]) | set(listed))
    verbs["secret"] += re.findall(r"^  (slot) (\w+)\|(\w+) \w+\|(\w+)", helps["secret"], flags=re.M) or [("slot", "?")]
    return helps, verbs, everything


def _was_used(command, *words):
    def stands_in(line):
        return command in line and all(any(word in (said, said.split("=")[0]) for said in line) for word in words)
    return any(stands_in(line) for line in Sandbox.understood)


def everything_was_used(helps, verbs, everything):
    for command, text in helps.items():
        expect(_was_used(command), f"{command} is tested")
        for verb in verbs[command]:
            for word in verb if isinstance(verb, tuple) else (verb,):
                expect(_was_used(command, word), f"{command} {word} is tested")
        for option in options_of(text):
            expect(_was_used(command, option), f"{command} {option} is tested")
        formats = options_of(text).get("--format", "").removeprefix("NAME").strip()
        for name in formats.split(", ") if formats else []:
            expect(_was_used(command, "--format", name), f"{command} --format {name} is tested")
    for option in options_of(everything):
        expect(any(option in line for line in Sandbox.understood), f"{option} is tested")
