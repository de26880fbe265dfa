"""A folder with a configuration, the tool in it, and programs that run there."""

import json
import os
import signal
import subprocess
import time

from tool import ENVIRONMENT, TOOL, expect, store_secrets

LIMIT = 60  # Seconds.
BOT = os.path.join(os.path.dirname(TOOL), "live_bot")


class Folder:
    def __init__(self, path):
        self.path = path
        self.variables = {**ENVIRONMENT, "HOME": path}
        self.must("init")
        store_secrets(path)  # Without them nothing could start, and `health` says so.

    def run(self, *words, variables=None):
        chosen = () if "--env" in words else ("--env", "production")
        return subprocess.run([TOOL, *chosen, *words], cwd=self.path, env={**self.variables, **(variables or {})},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT)

    def must(self, *words, code=0, variables=None):
        done = self.run(*words, variables=variables)
        expect(done.returncode == code, f"{words}: exit {done.returncode}, expected {code}: {done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *words, code=0, variables=None):
        return json.loads(self.must(*words, "--format", "json", code=code, variables=variables))

    def refused(self, *words, texts, code=1, variables=None):
        before = self.files()
        done = self.run(*words, variables=variables)
        expect(done.returncode == code, f"{words}: exit {done.returncode}, expected {code}: {done.stdout}{done.stderr}")
        for text in texts:
            expect(text in done.stderr, f"{words}: {text!r} is not in {done.stderr}")
        expect(self.files() == before, f"{words}: a file was changed")

    def file(self, name):
        return os.path.join(self.path, "config", name)

    def read(self, name):
        with open(self.file(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        with open(self.file(name) + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.file(name) + ".new", self.file(name))

    def files(self):
        return {name: self.read(name) for name in os.listdir(self.file("")) if os.path.isfile(self.file(name))}

    def start(self, *command, variables=None):
        return subprocess.Popen(command, cwd=self.path, env={**self.variables, **(variables or {})}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def comes_true(self, what, *words):
        """Asks until the answer is the one; health ends with 1 where something is wrong."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            answer = json.loads(self.run(*words, "--format", "json").stdout)
            if what(answer):
                return answer
        expect(False, f"{words}: it did not come true: {answer}")
        return answer


def end(process, how=signal.SIGTERM):
    process.send_signal(how)
    out, err = process.communicate(timeout=LIMIT)
    return process.returncode, out, err
