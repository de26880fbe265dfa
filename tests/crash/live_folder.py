"""A folder in which a bot lives, for the tests that kill it: how it is made, and what has to be true of it whatever has
happened."""

import hashlib
import json
import os
import sqlite3
import subprocess

from verbs import Tool, environment

# What changes, and where it stands at first. All of it changes at run time, and no two of it make a rule.
BASE, ONE, TWO, SHARED, PROCESS = PATHS = ("cache_ttl_seconds", "cache_max_size_mb", "trading.commission_per_contract",
                                           "trading.max_daily_loss", "max_concurrent_requests")
FIRST = {BASE: 100, ONE: 100, TWO: 0.1, SHARED: 1000, PROCESS: 10}
LAYERS = {
    "base.yaml": """# What all share.
cache_ttl_seconds: 100   # Of base.
database: {username: bot, database: bot, password: "SECURE:database_password"}
trading:
  max_position_size: 0.05
  max_daily_loss: 1000.0   # The shared file wins over it.
  risk_free_rate: 0.05
  commission_per_contract: 1.0
  slippage_bps: 5
""",
    "development.yaml": """# What is ours.
cache_max_size_mb: 100  # Changes together with the next one.
trading: {commission_per_contract: 0.1}
"""}


def values_of(canonical):
    values = json.loads(canonical)
    trading = values["trading"]
    return {path: float(trading[path.partition(".")[2]] if "." in path else values[path]) for path in PATHS}


class LiveFolder:
    """`folder` holds `config` and, as its HOME, the key."""

    def __init__(self, programs, folder):
        self.programs, self.folder, self.tool = programs, folder, Tool(programs)
        self.config = os.path.join(folder, "config")
        self.state = os.path.join(self.config, ".quantconf")
        self.database = os.path.join(self.state, "state.db")

    def make(self):
        self.tool.must(self.folder, "init", self.config)
        self.tool.must(self.folder, "secret", "set", "database_password", stdin="a password")
        for name, text in LAYERS.items():
            with open(os.path.join(self.config, name), "w", encoding="utf-8") as file:
                file.write(text)

    def bot_command(self, how="still"):
        return [os.path.join(self.programs, "crash_bot"), self.config, how]

    def start_bot(self, how="still"):
        return subprocess.Popen(self.bot_command(how), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                env=environment(self.folder), cwd=self.folder)

    def ask_fresh_bot(self, *lines):
        """What a start that nothing disturbs answers, a list of words for each line."""
        done = subprocess.run(self.bot_command(), input="".join(line + "\n" for line in lines), capture_output=True,
                              text=True, timeout=60, env=environment(self.folder), cwd=self.folder)
        return [line.split(" ") for line in done.stdout.splitlines()] or [["no answer:", done.stderr]]

    def rows(self, question):
        """From the database itself: what the tool would be too polite to show."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def versions(self):
        """Number -> hash, reason, values."""
        rows = self.rows("SELECT number, hash, reason, canonical FROM version ORDER BY number")
        return {number: (digest.decode(), reason.decode(), canonical.decode()) for number, digest, reason, canonical in rows}

    def faults_on_disk(self):
        """Before anything has looked after it: each file is whole, and all of them together are valid."""
        check = self.tool.run(self.folder, "check")
        return [] if check.returncode == 0 else [f"check: {check.stdout}{check.stderr}"]

    def faults_of_history(self):
        """What is half there."""
        faults = [f"integrity: {row}" for row in self.rows("PRAGMA integrity_check") if row != ("ok",)]
        faults += [f"points to nothing: {row}" for row in self.rows("PRAGMA foreign_key_check")]
        faults += [f"a version without its layers: {row}" for row in self.rows(
            "SELECT number FROM version WHERE NOT EXISTS (SELECT 1 FROM version_layer WHERE version = number)")]
        faults += [f"a publication without its version: {row}" for row in self.rows(
            "SELECT id FROM publication WHERE version NOT IN (SELECT number FROM version)")]
        for number, (digest, _, canonical) in self.versions().items():
            if hashlib.sha256(canonical.encode()).hexdigest() != digest:
                faults.append(f"version {number} does not hash to its hash")
        return faults

    def faults_of_record(self):
        proof = self.tool.run(self.folder, "audit", "verify")
        return [] if proof.returncode == 0 else [f"audit verify: {proof.stdout}{proof.stderr}"]
