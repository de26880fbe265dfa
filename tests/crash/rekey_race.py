"""Two `secret rekey` at once, the first one stopped before it takes the lock to give its key its name: whatever the second one does, a key
that is there opens the store.

  rekey_race.py PROGRAMS
"""

import os
import subprocess
import sys
import tempfile

from verbs import Tool, environment

STOPS = {  # What happens to the second one.
    "ends": [],
    "is killed before the store takes its key": ["-e", "inject=renameat2:signal=KILL:when=2"],
    "is killed after the store took its key": ["-e", "inject=fdatasync:signal=KILL:when=4"],
}


def strace(folder, trace, more):
    return ["strace", "-f", "-o", os.path.join(folder, "trace." + trace), "-e", "trace=" + trace, *more]


def main():
    tool, failures = Tool(os.path.abspath(sys.argv[1])), []
    for what, inject in STOPS.items():
        with tempfile.TemporaryDirectory(prefix="quantconf-rekey-") as folder:
            tool.must(folder, "init", os.path.join(folder, "config"))
            tool.must(folder, "secret", "set", "alpha", stdin="value")
            rekey = tool.command(folder, "secret", "rekey")
            stalled = subprocess.Popen(strace(folder, "flock", ["-e", "inject=flock:delay_enter=1500000:when=7"]) + rekey,
                                       env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            # Two generations with the new key, then the name: the second one comes in between.
            store, seen = os.path.join(folder, "config/.quantconf/secrets.qcs"), set()
            while stalled.poll() is None and len(seen) < 3:
                seen.add(os.stat(store).st_ino)
            if stalled.poll() is not None:
                failures.append("the first one was not slow enough")
            subprocess.run(strace(folder, "renameat2,fdatasync", inject) + rekey, env=environment(folder), capture_output=True,
                           timeout=60)
            said = stalled.communicate(timeout=60)[0]
            value = tool.run(folder, "secret", "get", "alpha")
            if value.stdout != "value":
                failures.append(f"the second one {what}: {value.stderr}{said.decode()}")
    for failure in failures:
        print("FAILED", failure)
    print(f"{len(STOPS) - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
