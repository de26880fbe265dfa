"""The tool in a folder of its own, and everything that it lets out of its hands there."""

import fcntl
import hashlib
import os
import pty
import resource
import select
import signal
import subprocess
import tempfile
import termios
import time

from report import expect

LIMIT = 60  # Seconds that no command needs.


class Done:
    def __init__(self, words, returncode, stdout, stderr):
        self.words, self.returncode, self.stdout, self.stderr = words, returncode, stdout, stderr

    def __str__(self):
        return f"quantconf {' '.join(self.words)}: exit {self.returncode}\n{self.stdout.decode(errors='replace')}" \
               f"{self.stderr.decode(errors='replace')}"


class Sandbox:
    """One folder: configuration, state, keys, HOME and TMPDIR. Whatever leaves it is searched at once."""

    counts = {"runs": 0, "searched": 0}
    all = []
    understood = set()  # Every command line, as words, that was not refused as wrong usage.

    def __init__(self, programs, needles, top=None):
        self.needles = needles
        self.top = tempfile.mkdtemp(prefix="leaks-", dir=top)
        self.program = os.path.join(programs, "quantconf")
        self.config = os.path.join(self.top, "config")
        self.own = {}  # File -> values that the user has put there himself.
        self._searched = set()
        Sandbox.all.append(self)
        for name in ("home", "tmp", "work"):
            os.mkdir(os.path.join(self.top, name))
        kept = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
        self.variables = {"PATH": f"{programs}:/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm",
                          "HOME": os.path.join(self.top, "home"), "TMPDIR": os.path.join(self.top, "tmp"), **kept}

    def path(self, *names):
        return os.path.join(self.top, *names)

    def write(self, name, text, *values, mode=0o600):
        """A file of the user with these values in it."""
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)
        self.own[path] = values
        return path

    # ------------------------------------------------------------------------------------------------ running

    def command(self, words):
        return [self.program, *(["--config-dir", self.config] if os.path.isdir(self.config) else []), *words]

    def start(self, words, variables=None, largest_file=None, **more):
        """Starts the tool. `largest_file` is a disk that is full after so many bytes."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
        if largest_file is not None:  # Slower, so only then.
            more = {**more, "preexec_fn": limit, "restore_signals": False}
        Sandbox.counts["runs"] += 1
        return subprocess.Popen(self.command(words), cwd=self.path("work"), env={**self.variables, **(variables or {})},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def run(self, *words, stdin=b"", code=None, allowed=(), **more):
        """Runs the tool; what it prints may hold only the values that are allowed."""
        process = self.start(words, stdin=subprocess.PIPE, **more)
        out, err = process.communicate(stdin.encode() if isinstance(stdin, str) else stdin, timeout=LIMIT)
        done = Done(words, process.returncode, out, err)
        self.judge(done, allowed)
        expect(code is None or done.returncode == code, f"exit {code}", done)
        return done

    def judge(self, done, allowed=()):
        if done.returncode != 2:
            Sandbox.understood.add(tuple(done.words))
        self.nothing_in(done.stdout, f"standard output of {' '.join(done.words)}", allowed, done)
        self.nothing_in(done.stderr, f"standard error of {' '.join(done.words)}", (), done)
        expect(done.returncode in (0, 1, 2, 3, 7, 125, 126, 127), "an exit code that is documented", done)

    def at_terminal(self, *words, answers=(), stdin=None, allowed=(), meanwhile=None, code=None):
        """Runs the tool at a terminal, gives an answer to each question that ends with a colon; `meanwhile` sees the
        process at the last question, with its answer not yet given."""
        ours, theirs = pty.openpty()
        name = os.ttyname(theirs)

        def own_terminal():
            os.setsid()
            fcntl.ioctl(os.open(name, os.O_RDWR), termios.TIOCSCTTY, 0)
        Sandbox.counts["runs"] += 1
        process = subprocess.Popen(self.command(words), cwd=self.path("work"), env=self.variables, preexec_fn=own_terminal,
                                   stdin=subprocess.PIPE if stdin is not None else theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        if stdin is not None:
            process.stdin.write(stdin.encode())
            process.stdin.close()
        shown, asked, waiting, end = b"", 0, list(answers), time.monotonic() + LIMIT
        while time.monotonic() < end:
            if not select.select([ours], [], [], 1)[0]:
                continue
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed.
                break
            if not part:
                break
            shown += part
            if waiting and shown[asked:].rstrip(b" ").endswith(b":"):
                asked = len(shown)
                if len(waiting) == 1 and meanwhile:
                    meanwhile(process)
                os.write(ours, waiting.pop(0).encode() + b"\n")
        os.close(ours)
        done = Done(words, process.wait(timeout=LIMIT), shown, b"")
        if done.returncode != 2:
            Sandbox.understood.add(tuple(words))
        expect(not waiting, "every question was asked", done)
        expect(code is None or done.returncode == code, f"exit {code}", done)
        self.nothing_in(shown, f"terminal of {' '.join(words)}", allowed, done)
        return done

    # ----------------------------------------------------------------------------------------------- searching

    def nothing_in(self, data, what, allowed=(), context=""):
        digest = hashlib.sha256(data).digest()
        if digest in self._searched:
            return
        Sandbox.counts["searched"] += len(data)
        found = {hit for hit in self.needles.find(data) if hit[0] not in self.needles.labels_of(*allowed)}
        expect(not found, f"no secret in {what}: {sorted(found)[:4]}", context)
        if not allowed:
            self._searched.add(digest)

    def files(self):
        for top, folders, names in os.walk(self.top):
            for name in names + folders:
                path = os.path.join(top, name)
                yield path
                self.nothing_in(os.fsencode(name), f"the name of {path}")

    def harvest(self, what):
        """Searches every file that is there now, those of the user for values that are not his."""
        for path in self.files():
            if os.path.islink(path):
                self.nothing_in(os.fsencode(os.readlink(path)), f"the link {path}")
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    self.nothing_in(file.read(), f"{path} after {what}", self.own.get(path, ()))
