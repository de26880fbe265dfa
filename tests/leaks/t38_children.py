"""t38, t40, t47: what the programs that we start get from us, what other processes of the user see, and core files.

What the caller's own environment holds goes on to the command of `run`: it is his, and he has put it there.
"""

import glob
import json
import os
import resource
import signal
import stat
import subprocess

from plant import parts, planted, the_one_key
from report import expect, note
from t44_failing_world import wait_until_it_reads

# Prints what a child can see of itself.
CHILD = """
import json, os, sys
files = {}
for number in sorted(map(int, os.listdir("/proc/self/fd"))):
    try:
        files[number] = [os.readlink(f"/proc/self/fd/{number}"), None]
        if number > 2 or files[number][0].startswith("/"):
            with open(f"/proc/self/fd/{number}", "rb") as file:
                files[number][1] = file.read(100000).hex()
    except OSError:  # It may be written only, or was the one through which the list was read.
        continue
seen = {"environ": open("/proc/self/environ", "rb").read().hex(), "cmdline": open("/proc/self/cmdline", "rb").read().hex(),
        "parent": open(f"/proc/{os.getppid()}/cmdline", "rb").read().hex(), "files": files}
with open(sys.argv[1], "w") as file:
    json.dump(seen, file)
"""


class Child:
    """What the command of one `run` has seen."""

    def __init__(self, sandbox, words, allowed=(), **more):
        out = sandbox.path("tmp", "seen.json")
        script = sandbox.write("work/child.py", CHILD)
        done = sandbox.run(*words, "--", "/usr/bin/python3", script, out, code=0, **more)
        with open(out, encoding="ascii") as file:
            seen = json.load(file)
        os.remove(out)
        self.environ, self.cmdline = bytes.fromhex(seen["environ"]), bytes.fromhex(seen["cmdline"])
        self.variables = dict(entry.split(b"=", 1) for entry in self.environ.split(b"\0") if entry)
        # The folder of descriptors itself was open while it was listed.
        self.files = {int(number): file for number, file in seen["files"].items() if not file[0].endswith("/fd")}
        self.sealed = [bytes.fromhex(content or "") for place, content in self.files.values() if "quantconf-secret" in place]
        sandbox.nothing_in(self.environ, "/proc/PID/environ of the command", allowed, done)
        sandbox.nothing_in(self.cmdline + bytes.fromhex(seen["parent"]), "/proc/PID/cmdline", (), done)
        for number, (place, content) in self.files.items():
            known = number <= 2 or "quantconf-secret" in place
            expect(known, f"t47 the command inherits no descriptor of ours ({place})", done)
            if content and "quantconf-secret" not in place:
                sandbox.nothing_in(bytes.fromhex(content), f"descriptor {number} of the command, {place}", (), done)


def variables_of_the_command(programs, needles):
    sandbox, values = planted(programs, needles)
    ours = {b"QUANTCONF_CONFIG_DIR", b"QUANTCONF_STATE_DIR", b"QUANTBOT_ENVIRONMENT"}
    callers = {name.encode() for name in sandbox.variables}
    plain = Child(sandbox, ["run"])
    expect(set(plain.variables) == callers | ours, "t38 nothing but three variables is added", sorted(plain.variables))
    expect(not plain.sealed, "t47 no sealed file that nobody asked for")
    key = the_one_key(sandbox)[0]
    named = Child(sandbox, ["--key-file", key, "run"])
    expect(named.variables.get(b"QUANTCONF_KEY_FILE") == key.encode(), "t38 the key is handed on as the path that was given")
    by_variable = Child(sandbox, ["run"], variables={"QUANTCONF_KEY_FILE": key})
    expect(set(by_variable.variables) == callers | ours | {b"QUANTCONF_KEY_FILE"}, "t38 and so is the caller's own")

    mine = needles.new("in the caller's own environment")
    own = Child(sandbox, ["run"], allowed=[mine], variables={"AWS_SECRET_ACCESS_KEY": mine})
    expect(own.variables.get(b"AWS_SECRET_ACCESS_KEY") == mine.encode(), "the caller's own environment goes on to the command")

    sealed = Child(sandbox, ["run", "--export", "database.password=DB", "--export-secret", "sharp=SHARP_FILE"])
    expect(sorted(sealed.sealed) == sorted(values[name].encode() for name in ("from_stdin", "sharp")),
           "sealed files hold what was asked for")
    expect(set(sealed.variables) == callers | ours | {b"DB_FILE", b"SHARP_FILE"}, "t38 and variables name their places")
    webhook = values["webhook"]
    exported = Child(sandbox, ["run", "--export-secret", "webhook=HOOK"], allowed=parts(sandbox, webhook))
    expect(exported.variables.get(b"HOOK") == webhook.encode(), "the documented exception: --export-secret NAME=VAR")
    expect(needles.find(exported.environ), "which the search finds")


def key_from_a_descriptor(programs, needles):
    sandbox, _ = planted(programs, needles)
    key, text = the_one_key(sandbox)
    with open(key, "rb") as file:
        number = os.dup(file.fileno())
        os.set_inheritable(number, True)
        Child(sandbox, ["--key-fd", str(number), "run"], pass_fds=[number])
        os.close(number)
    script, out = sandbox.path("work", "child.py"), sandbox.path("tmp", "seen.json")
    with open(key, "rb") as file:  # As standard input, which nobody closes.
        done = sandbox.start(["--key-fd", "0", "run", "--", "/usr/bin/python3", script, out], stdin=file)
        _, err = done.communicate(timeout=60)
    expect(done.returncode == 0, "a key on standard input opens the store", err)
    with open(out, encoding="ascii") as file:
        seen = file.read()
    os.remove(out)
    expect(text.encode().hex() not in seen, "t47 the command cannot read the key again from its standard input")


def what_git_sees(programs, needles):
    """doctor asks git; it needs no secret for that."""
    sandbox, _ = planted(programs, needles)
    out = sandbox.path("tmp", "git.json")
    child = sandbox.write("work/child.py", CHILD)
    os.mkdir(sandbox.path("bin"))
    sandbox.write("bin/git", f"#!/bin/sh\nexec /usr/bin/python3 {child} {out}\n", mode=0o755)
    filler = needles.new("in the environment while git runs")
    path = sandbox.path("bin") + ":" + sandbox.variables["PATH"]
    sandbox.run("doctor", variables={"PATH": path, "QUANTBOT_DATABASE_PASSWORD": filler, "AWS_SECRET_ACCESS_KEY": filler})
    if expect(os.path.exists(out), "doctor asked git"):
        with open(out, encoding="ascii") as file:
            seen = json.load(file)
        os.remove(out)
        sandbox.nothing_in(bytes.fromhex(seen["environ"]), "t38 the environment of git")
        extra = [place for number, (place, _) in seen["files"].items() if int(number) > 2 and not place.endswith("/fd")]
        expect(not extra, "t47 git inherits no descriptor of ours", extra)
    sandbox.harvest("doctor with a git that writes")


def seen_while_it_runs(programs, needles):
    """Other processes of the user look at ours while it has secrets in memory."""
    sandbox, _ = planted(programs, needles)
    process = sandbox.start(["secret", "set", "from_stdin"], stdin=subprocess.PIPE)
    process.stdin.write(needles.new("while others look").encode())
    process.stdin.flush()
    wait_until_it_reads(process.pid)
    for name in ("environ", "cmdline", "comm", "status"):
        try:
            with open(f"/proc/{process.pid}/{name}", "rb") as file:
                sandbox.nothing_in(file.read(), f"/proc/PID/{name} of the tool")
        except PermissionError:  # So it is for everybody but root, because it has no core files.
            expect(name == "environ" and os.getuid() != 0, f"/proc/PID/{name} can be read")
    owner = os.stat(f"/proc/{process.pid}/mem").st_uid
    expect(os.getuid() != 0 or owner == 0, "t40 its memory belongs to root")
    with open(f"/proc/{process.pid}/limits", encoding="ascii") as file:
        core = next(line for line in file if line.startswith("Max core file size"))
    expect(core.split()[4] == "0", "t40 its core files have no size", core)
    process.stdin.close()
    process.wait(timeout=60)
    process.stdout.close()
    process.stderr.close()


def cores(folder):
    return [path for path in glob.glob(os.path.join(folder, "core*")) if stat.S_ISREG(os.lstat(path).st_mode)]


def core_files(programs, needles):
    sandbox, _ = planted(programs, needles)
    work = sandbox.path("work")
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    with open("/proc/sys/kernel/core_pattern", encoding="ascii") as file:
        pattern = file.read().strip()
    subprocess.run(["/bin/sh", "-c", "kill -ABRT $$"], cwd=work, check=False)
    can = bool(cores(work))
    if not can:
        note(f"core files do not land beside the program here (core_pattern {pattern}): that none is written was only seen "
             "from the limits")
    for path in cores(work):
        os.remove(path)
    for what, words, answers in (("a question", ["secret", "set", "from_terminal"], [needles.new("typed before the core"), ""]),
                                 ("a rotation", ["secret", "rotate", "from_stdin"], [needles.new("typed before the core"), ""])):
        done = sandbox.at_terminal(*words, answers=answers, meanwhile=lambda process: process.send_signal(signal.SIGABRT))
        expect(done.returncode == -signal.SIGABRT, f"t40 SIGABRT ends {what}", done)
        expect(not cores(work), f"t40 no core file of {what}")
    process = sandbox.start(["secret", "set", "from_stdin"], stdin=subprocess.PIPE)
    process.stdin.write(needles.new("read before the core").encode())
    process.stdin.flush()
    wait_until_it_reads(process.pid)
    process.send_signal(signal.SIGABRT)
    process.communicate(timeout=60)
    expect(not cores(work), "t40 no core file of a tool that waits for its input")
    done = sandbox.start(["run", "--export", "database.password=DB", "--", "/bin/sh", "-c", "kill -ABRT $$"],
                         stdin=subprocess.DEVNULL)
    done.communicate(timeout=60)
    expect(bool(cores(work)) == can, "t40 the command itself may have core files")
    for path in cores(work):
        with open(path, "rb") as file:
            sandbox.nothing_in(file.read(), "t40 the core file of the command")
        os.remove(path)
    sandbox.harvest("core files")


STORIES = [variables_of_the_command, key_from_a_descriptor, what_git_sees, seen_while_it_runs, core_files]
