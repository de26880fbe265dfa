"""strace as the crash tests need it: what a command does to the disk, and the same command hit at one of those calls."""

import re
import subprocess

# Whatever changes a file, a name or a lock, or promises that a change is on disk. Opening counts when it may create.
CALLS = ("openat open creat write pwrite64 writev pwritev fsync fdatasync sync_file_range rename renameat renameat2 link "
         "linkat symlinkat unlink unlinkat mkdir mkdirat rmdir ftruncate truncate fallocate fchmod fchmodat chmod "
         "flock").split()
LINE = re.compile(r"^(?:\d+ +)?(?P<name>\w+)\((?P<rest>.*)$")
STRACE = ["strace", "-f", "-y", "-s", "64", "-e", "signal=none"]


class Call:
    """One line of a trace: the n-th call of its name, counted from one as strace counts."""

    def __init__(self, name, number, text):
        self.name, self.number, self.text = name, number, text

    @property
    def is_done(self):
        """Whether the kernel really did it: not refused, and not left out by injection."""
        return "= -1 " not in self.text and "INJECTED" not in self.text

    @property
    def writes(self):
        return not self.name.startswith("open") or "O_CREAT" in self.text or "O_TMPFILE" in self.text

    def descriptor_path(self):
        """Of the first argument, a descriptor as -y shows it: 3</folder/file>."""
        found = re.match(r"[^(]*\(\d+<([^>]*)>", self.text)
        return found.group(1).removesuffix(" (deleted)") if found else None

    def names(self):
        """Whole paths of the arguments of rename and its like, in order."""
        pairs = re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"', self.text)
        return [name if name.startswith("/") else f"{folder}/{name}" for folder, name in pairs]


class Run:
    """What came of a command under strace."""

    def __init__(self, calls, code, output, errors):
        self.calls, self.code, self.output, self.errors = calls, code, output, errors


def parse(text):
    counts, calls = {}, []
    for line in text.splitlines():
        found = LINE.match(line)
        if found and found["name"] in CALLS:
            counts[found["name"]] = counts.get(found["name"], 0) + 1
            calls.append(Call(found["name"], counts[found["name"]], line))
    return calls


def run(command, log, inject=None, names=CALLS, environment=None, stdin=None):
    """Runs a command to its end. `inject` is "name:what:when=n" in strace's own words."""
    known = ",".join("?" + name for name in names)  # "?": no complaint about calls this machine does not have.
    traced = [*STRACE, "-o", log, "-e", "trace=" + known, *(["-e", "inject=" + inject] if inject else []), *command]
    done = subprocess.run(traced, capture_output=True, text=True, timeout=120, env=environment, input=stdin)
    with open(log, encoding="utf-8", errors="replace") as file:
        return Run(parse(file.read()), done.returncode, done.stdout, done.stderr)
