"""The verbs of the tool that change the secret store, killed in a folder as `quantconf init` makes it. Whatever was
interrupted: the store opens with the key that is there, each secret has its old or its new value, the record of who
did what is whole, and no file holds a value in the clear."""

import json
import os
import re
import subprocess

from stories import NEW, OLD, Story

VALUES = {"alpha": "canary-alpha-1", "beta": "canary-beta-1"}
NEXT = "canary-alpha-2"
CANARY = b"canary-"
IMPORTED = "many.env"  # The one file that has values in the clear, because somebody wrote it.
BUDGET = 6  # Seconds of killing for each verb.


def environment(folder):
    """Nobody's own key, folders or settings."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder}


class Tool:
    def __init__(self, programs):
        self.program = os.path.join(programs, "quantconf")

    def command(self, folder, *words):
        return [self.program, "--config-dir", os.path.join(folder, "config"), *words]

    def run(self, folder, *words, stdin=""):
        return subprocess.run(self.command(folder, *words), capture_output=True, text=True, timeout=120, input=stdin,
                              env=environment(folder), cwd=folder)

    def must(self, folder, *words, stdin=""):
        done = self.run(folder, *words, stdin=stdin)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
        return done.stdout

    def value(self, folder, reference):
        """Nothing if there is no such version."""
        done = self.run(folder, "secret", "get", reference)
        return done.stdout if done.returncode == 0 else None


def files_in_the_clear(folder):
    found = []
    for top, _, names in os.walk(folder):
        for name in set(names) - {IMPORTED}:
            with open(os.path.join(top, name), "rb") as file:
                if CANARY in file.read():
                    found.append(name)
    return found


def whats_wrong(tool, folder):
    """What every verb has to leave behind, as a list of what it has not."""
    wrong = [f"a value is in the clear in {name}" for name in files_in_the_clear(folder)]
    whole = tool.run(folder, "secret", "verify")
    if whole.returncode != 0 or not re.search(r": (\d+) of \1 secrets", whole.stdout):
        wrong.append(f"secret verify: {whole.stdout}{whole.stderr}")
    proof = tool.run(folder, "audit", "verify")
    # The opening before has reconciled what was begun: it must not be asked for twice.
    if proof.returncode != 0 or "not how it ended" in proof.stdout:
        wrong.append(f"audit verify: {proof.stdout}{proof.stderr}")
    if tool.value(folder, "beta") != VALUES["beta"]:
        wrong.append("the other secret has another value")
    return wrong


def generation(tool, folder):
    return json.loads(tool.must(folder, "secret", "verify", "--format", "json"))["generation"]


def slots(tool, folder):
    return [slot["id"] for slot in json.loads(tool.must(folder, "secret", "slot", "list", "--format", "json"))["slots"]]


def stories_of(programs):
    tool = Tool(programs)

    def prepare(folder):
        tool.must(folder, "init", os.path.join(folder, "config"))
        for name, value in VALUES.items():
            tool.must(folder, "secret", "set", name, stdin=value)

    def prepare_pending(folder):
        prepare(folder)
        tool.must(folder, "secret", "rotate", "alpha", stdin=NEXT)

    def prepare_import(folder):
        prepare(folder)
        with open(os.path.join(folder, IMPORTED), "w", encoding="utf-8") as file:
            file.writelines(f"{name}={NEXT}\n" for name in ("alpha", "gamma", "delta"))

    def story(name, words, acknowledged, what_is, prepare=prepare, after_new=None, **more):
        """`what_is` tells the states apart: folder -> OLD, NEW, or what is there instead."""
        def look(folder):
            wrong = whats_wrong(tool, folder)
            return "; ".join(wrong) if wrong else what_is(folder)

        def act(folder):
            placed = [os.path.join(folder, word) if word == IMPORTED else word for word in words]
            return tool.command(folder, "secret", *placed)

        return Story(f"secret {name}", prepare, act, look,
                     acknowledged=acknowledged, stdin=NEXT, environment=environment, budget=BUDGET,
                     after_new=after_new and (lambda folder: tool.command(folder, "secret", *after_new)), **more)

    def one_of(found, old, new):
        return OLD if found == old else NEW if found == new else f"there is {found}"

    def values(folder, *references):
        return [tool.value(folder, reference) for reference in references]

    first = VALUES["alpha"]
    return [
        story("set", ["set", "alpha"], "stored alpha, version 2",
              lambda folder: one_of(values(folder, "alpha"), [first], [NEXT])),
        story("rotate", ["rotate", "alpha"], "version 2 of alpha is pending",
              lambda folder: one_of(values(folder, "alpha", "alpha@pending"), [first, None], [first, NEXT]),
              after_new=["rotate", "alpha", "--abort"]),
        story("promote", ["rotate", "alpha", "--promote"], "alpha is now version 2",
              lambda folder: one_of(values(folder, "alpha", "alpha@pending", "alpha@previous"),
                                    [first, NEXT, None], [NEXT, None, first]),
              prepare=prepare_pending, after_new=["set", "beta"]),
        story("import", ["import", "--dotenv", IMPORTED, "alpha", "gamma", "delta", "--force"], "imported alpha",
              lambda folder: one_of(values(folder, "alpha", "gamma", "delta"), [first, None, None], [NEXT] * 3),
              prepare=prepare_import, after_new=["set", "beta"]),
        # Between its two generations both keys open the store: not done, and nothing lost. The mark of the second one
        # and the name of the key lie in one folder, and one fsync brings both to disk.
        story("rekey", ["rekey"], "the store has a new key",
              lambda folder: "another value" if values(folder, "alpha") != [first] else
              OLD if 1 in slots(tool, folder) else NEW, spare_syncs=1),
        story("reencrypt", ["reencrypt"], "every secret is encrypted anew",
              lambda folder: "another value" if values(folder, "alpha") != [first] else
              one_of(generation(tool, folder), 3, 4)),
    ]
