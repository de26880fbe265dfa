#!/usr/bin/python3
"""What health says about keys, from the verdicts in state.db; and that no program that looks at them loads libcurl.

Usage: key_health.py QUANTCONF
"""

import json
import os
import sqlite3
import subprocess
import tempfile

from tool import ENVIRONMENT, TOOL, expect, finish, store_secrets

DAY = 1_772_323_200_000_000  # 2026-03-01T00:00:00Z.
SHAPE = ["status", "checked_at", "error", "rate_limit_remaining", "rate_limit_reset", "quota_used", "daily_quota"]


class Folder:
    def __init__(self, path):
        self.path = path
        self.variables = {**ENVIRONMENT, "HOME": path}
        self.run("init")
        store_secrets(path)
        expect(self.run("set", "trading.max_position_size=0.02", "--reason", "first").returncode == 0, "state.db is made")

    def run(self, *words):
        return subprocess.run([TOOL, "--env", "production", *words], cwd=self.path, env=self.variables,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def health(self):
        return json.loads(self.run("health", "--format", "json").stdout)

    def write(self, statement, *values):
        database = sqlite3.connect(os.path.join(self.path, "config", ".quantconf", "state.db"))
        with database:
            database.execute(statement, values)
        database.close()

    def verdict(self, source, status, reason, last_status=None, last_reason=None, fingerprint="0123456789abcdef"):
        at = (DAY, 1, b"boot")
        self.write("INSERT OR REPLACE INTO key_verdict VALUES(" + ", ".join("?" * 24) + ")", source, fingerprint.encode(),
                   status.encode(), b"", reason.encode(), DAY, 1, *at, 0, 0, 0, b"", (last_status or status).encode(), b"",
                   (reason if last_reason is None else last_reason).encode(), *at, 0, -1, 7, 32_503_680_000_000_000)
        self.write("INSERT OR REPLACE INTO key_use VALUES(?, ?, ?, ?)", b"production", source, fingerprint.encode(), DAY)


def check_named(health, name):
    return next((check for check in health["checks"] if check["name"] == name), None)


def before_any_check_nothing_is_known(folder):
    health = folder.health()
    expect(health["status"] == "ok", f"{health}")
    expect(check_named(health, "keys") is None, f"{health}")
    expect("polygon" in health["api_keys"], f"{health['api_keys']}")
    for key in health["api_keys"].values():
        expect(list(key) == SHAPE, f"{key}")
        expect(key["status"] == "unknown" and key["checked_at"] is None and key["error"] is None, f"{key}")


def a_good_key_is_shown_with_what_is_left(folder):
    folder.verdict(b"polygon", "valid", "fine")
    health = folder.health()
    expect(health["status"] == "ok" and check_named(health, "keys")["status"] == "ok", f"{health}")
    expect(health["api_keys"]["polygon"] == {
        "status": "valid", "checked_at": "2026-03-01T00:00:00.000000Z", "error": None, "rate_limit_remaining": 7,
        "rate_limit_reset": "3000-01-01T00:00:00.000000Z", "quota_used": None,
        "daily_quota": health["api_keys"]["polygon"]["daily_quota"]}, f"{health['api_keys']['polygon']}")


def silence_does_not_spoil_a_verdict(folder):
    folder.verdict(b"polygon", "valid", "fine", "unreachable", "no answer in 30 s")
    health = folder.health()
    expect(health["status"] == "ok", f"{health}")
    expect(health["api_keys"]["polygon"]["status"] == "valid", f"{health}")
    expect(health["api_keys"]["polygon"]["error"] == "no answer in 30 s", f"{health}")


def a_bad_key_makes_health_degraded(folder):
    folder.verdict(b"polygon", "invalid", "Unknown API Key")
    done = folder.run("health")
    expect(done.returncode == 1 and "polygon is invalid: Unknown API Key" in done.stdout, f"{done}")
    health = folder.health()
    expect(health["status"] == "degraded" and health["api_keys"]["polygon"]["error"] == "Unknown API Key", f"{health}")


def another_key_of_the_same_source_is_another_matter(folder):
    folder.verdict(b"polygon", "valid", "fine", fingerprint="fedcba9876543210")
    expect(folder.health()["status"] == "ok", "the old key is not in use any more")


def rows_of_somebody_else_do_no_harm(folder):
    folder.verdict(b"polygon", "sparkling", "\x1b[2J")
    folder.verdict(b"nobody", "invalid", "x")
    health = folder.health()
    expect(health["api_keys"]["polygon"]["status"] == "unknown" and "nobody" not in health["api_keys"], f"{health}")


def programs_that_look_load_no_libcurl():
    folder = os.path.dirname(TOOL)
    for name in ("quantconf", "quantconf-vault"):
        done = subprocess.run(["ldd", os.path.join(folder, name)], capture_output=True, text=True, timeout=60)
        expect(done.returncode == 0 and "libc.so" in done.stdout, f"{name}: {done.stdout}{done.stderr}")
        expect("curl" not in done.stdout, f"{name} loads libcurl: {done.stdout}")


with tempfile.TemporaryDirectory() as path:
    bot = Folder(path)
    before_any_check_nothing_is_known(bot)
    a_good_key_is_shown_with_what_is_left(bot)
    silence_does_not_spoil_a_verdict(bot)
    a_bad_key_makes_health_degraded(bot)
    another_key_of_the_same_source_is_another_matter(bot)
    rows_of_somebody_else_do_no_harm(bot)
programs_that_look_load_no_libcurl()
finish()
