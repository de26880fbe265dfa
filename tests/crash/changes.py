"""Several files that change together, killed at each call: after the next start all of them are old, or all are new and
the history knows it."""

import os
import subprocess

from stories import NEW, OLD, Story, read


def change(programs):
    def command(folder, *words):
        return [os.path.join(programs, "change_once"), folder, *words]

    def must(folder, *words):
        done = subprocess.run(command(folder, *words), capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def prepare(folder):
        os.mkdir(os.path.join(folder, "config"), 0o700)
        os.mkdir(os.path.join(folder, "state"), 0o700)
        for name, text in (("config/base.yaml", "a: old"), ("config/production.yaml", "b: old"),
                           ("state/overrides.yaml", "o: old"), ("config/local-old.yaml", "l")):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        must(folder, "old")

    def files(folder):
        return [read(folder, name) for name in ("config/base.yaml", "config/production.yaml", "state/overrides.yaml",
                                                "config/local-old.yaml", "config/local-new.yaml")]

    def look(folder):
        was_acknowledged = files(folder)
        recovered = must(folder, "recover")
        found = (files(folder), must(folder, "show"))
        if must(folder, "recover") != "nothing":
            return "the second start finds a journal"
        if found == (["a: old", "b: old", "o: old", "l", None], "old"):
            return OLD
        if found == (["a: new", "b: new", "o: new", None, "l"], "new"):
            return NEW
        return f"{found} of {was_acknowledged}, {recovered}"

    # The overrides lie in the folder of the journal: what brings the end of the journal to disk brings their name too.
    return Story("change", prepare, lambda folder: command(folder, "old", "new"), look,
                 after_new=lambda folder: command(folder, "new", "newer"), spare_syncs=1,
                 fails_too=("openat", "fchmod", "unlinkat", "unlink", "flock", "ftruncate"))
