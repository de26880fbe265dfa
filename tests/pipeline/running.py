"""The pipeline example while it runs: what it says, line by line, and what it says at the end."""

import json
import os
import signal
import subprocess
import threading
import time

PATIENCE = 90  # Seconds for one thing to happen. A bound, not an expectation.


class Pipeline:
    """Started in `folder`, whose configuration is in `folder`/config; ended with the test."""

    def __init__(self, programs, folder):
        self._programs = programs
        self._folder = folder
        # A home of its own: neither keys nor ledgers of whoever runs the test.
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "XDG_STATE_HOME": os.path.join(folder, "state"),
                            "XDG_CONFIG_HOME": os.path.join(folder, "settings"), "LANG": "C.UTF-8",
                            **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}}
        self.lines = []
        self._changed = threading.Condition()

    def __enter__(self):
        # Ended when everything has happened; the number is only what it would do by itself.
        self._process = subprocess.Popen([os.path.join(self._programs, "cpp_pipeline"), "config", "600", "--json"],
                                         cwd=self._folder, env=self.environment, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(timeout=PATIENCE)
        self._reader.join()
        self._process.stdout.close()
        self._process.stderr.close()

    def _read(self):
        for line in self._process.stderr:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self.lines.append("(it has ended)")
            self._changed.notify_all()

    def wait_for(self, pattern):
        """The first line that matches; None if it does not come in time."""
        deadline = time.monotonic() + PATIENCE
        seen = 0
        with self._changed:
            while True:
                for line in self.lines[seen:]:
                    if pattern.search(line):
                        return line
                seen = len(self.lines)
                left = deadline - time.monotonic()
                if left <= 0 or self._process.poll() is not None:
                    return None
                self._changed.wait(min(left, 1))

    def set(self, setting):
        """Cuts a limit as an operator would; gives the tool's exit code and words."""
        done = subprocess.run([os.path.join(self._programs, "quantconf"), "--config-dir", "config", "set", setting,
                               "--reason", "the provider is angry"], cwd=self._folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, done.stdout + done.stderr

    def end(self):
        """(exit code, everything that it wrote to standard output, seconds it took) after a Ctrl-C."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGINT)
        output = self._process.stdout.read()
        code = self._process.wait(timeout=PATIENCE)
        self._reader.join()
        return code, output, time.monotonic() - began

    @staticmethod
    def summary(output):
        return json.loads(output)
