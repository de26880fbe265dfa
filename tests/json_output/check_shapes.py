#!/usr/bin/python3
"""Every JSON output of the tool, parsed and held against the shapes of docs/cli.md.

Usage: check_shapes.py QUANTCONF SOURCE_DIR
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOOL, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
EXAMPLES, BROKEN = os.path.join(SOURCE, "examples/config"), os.path.join(SOURCE, "examples/broken")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
               **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}}
checks = failures = 0


def expect(condition, what):
    global checks, failures
    checks += 1
    if not condition:
        failures += 1
        print(f"FAILED  {what}")


def run(*arguments, variables=None, folder=None):
    return subprocess.run([TOOL, *arguments], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
                          env={**ENVIRONMENT, **(variables or {})})


def parsed(*arguments, exit_code=0, variables=None):
    done = run(*arguments, variables=variables)
    expect(done.returncode == exit_code, f"{arguments}: exit {done.returncode}, expected {exit_code}: {done.stderr}")
    return json.loads(done.stdout)


def has_members(value, shape, where):
    """`shape` maps a member to its type, to a tuple of types, or to a pattern that its text must match."""
    for name, kind in shape.items():
        expect(name in value, f"{where}: no member {name}")
        if name in value and isinstance(kind, str):
            expect(isinstance(value[name], str) and re.fullmatch(kind, value[name]), f"{where}.{name}: {value[name]!r}")
        elif name in value:
            expect(isinstance(value[name], kind), f"{where}.{name}: {value[name]!r}")


def is_exactly(value, shape, where, optional=()):
    """has_members, and nothing else: an addition must be documented first."""
    has_members(value, shape, where)
    surplus = set(value) - set(shape) - set(optional)
    expect(not surplus, f"{where}: undocumented members {surplus}")


def is_diagnostic(value, where):
    is_exactly(value, {"severity": "error|warning|note", "code": "QC[0-9]{4}", "path": str, "message": ".+",
                        "expected": str, "found": str, "hint": str, "layer": str, "file": (str, type(None)),
                        "line": int, "column": int, "related": list}, where, optional=("variable", "option"))
    expect((value["file"] is None) or value["line"] > 0, f"{where}: a file has a line")
    for related in value["related"]:
        is_exactly(related, {"file": (str, type(None)), "line": int, "column": int, "message": ".+"}, where,
                   optional=("variable", "option"))


def check_output():
    answer = parsed("check", "--all", "--format", "json", EXAMPLES)
    is_exactly(answer, {"ok": bool, "environments": dict}, "check")
    expect(answer["ok"] is True, "the examples are valid")
    expect(list(answer["environments"]) == ["development", "staging", "production", "testing"], "four environments")
    for name, verdict in answer["environments"].items():
        is_exactly(verdict, {"ok": bool, "hash": "[0-9a-f]{64}", "diagnostics": list}, name)
        for diagnostic in verdict["diagnostics"]:
            is_diagnostic(diagnostic, name)
    hashes = [verdict["hash"] for verdict in answer["environments"].values()]
    expect(len(set(hashes)) == 4, "four different configurations have four different hashes")

    broken = parsed("--config-dir", BROKEN, "--env", "production", "check", "--format", "json", exit_code=1)
    expect(broken["ok"] is False, "the broken folder is refused")
    verdict = broken["environments"]["production"]
    expect(verdict["ok"] is False and verdict["hash"] is None, "no hash without a valid configuration")
    expect(len(verdict["diagnostics"]) >= 5, "every problem in one run")
    for diagnostic in verdict["diagnostics"]:
        is_diagnostic(diagnostic, "broken")
    errors = [d for d in verdict["diagnostics"] if d["severity"] == "error"]
    expect(all(d["line"] > 0 and d["column"] > 0 and d["file"].startswith(BROKEN) for d in errors), "errors have places")


def letter_by_letter():
    """One small folder whose every output is known."""
    base = ("database: {username: a, password: \"SECURE:p\", database: d}\n"
            "trading:\n  max_position_size: 0.02\n  max_daily_loss: 1000.0\n  risk_free_rate: 0.05\n"
            "  commission_per_contract: 1.0\n  slippage_bps: 5\n")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "config"))
        for name, text in (("base", base), ("production", "trading:\n  max_position_size: 5\n"),
                           ("staging", "trading:\n  max_position_size: 0.04\nmonitoring: {smtp: null, log_path: x.log}\n")):
            with open(os.path.join(folder, "config", name + ".yaml"), "w", encoding="utf-8") as file:
                file.write(text)

        def answer(*arguments, **more):
            return json.loads(run(*arguments, "--format", "json", folder=folder, **more).stdout)

        wrong = {"severity": "error", "code": "QC1203", "path": "trading.max_position_size",
                 "message": "expected 0.01..1.0, found 5", "expected": "0.01..1.0", "found": "5",
                 "hint": "5% is written 0.05", "layer": "environment", "file": "config/production.yaml", "line": 2,
                 "column": 22, "related": []}
        verdict = answer("--env", "production", "check")
        expect(verdict == {"ok": False, "environments": {"production": {"ok": False, "hash": None,
                                                                        "diagnostics": [wrong]}}}, f"check: {verdict}")
        below = dict(wrong, file=None, line=0, column=0, found="6", message="expected 0.01..1.0, found 6", hint="6% is written 0.06")
        option = answer("--env", "staging", "check", "--set", "trading.max_position_size=6")
        option = option["environments"]["staging"]["diagnostics"]
        expect(option == [dict(below, layer="option", option="--set trading.max_position_size")], f"option: {option}")
        variable = answer("--env", "staging", "check", variables={"QUANTBOT_TRADING_MAX_POSITION_SIZE": "6"})
        variable = variable["environments"]["staging"]["diagnostics"]
        expect(variable == [dict(below, layer="variable", variable="QUANTBOT_TRADING_MAX_POSITION_SIZE")],
               f"variable: {variable}")

        explained = answer("--env", "staging", "explain", "trading.max_position_size")
        expect(explained["path"] == "trading.max_position_size" and explained["value"] == 0.04, f"explain: {explained}")
        expect(explained["origins"] == [
            {"layer": "environment", "file": "config/staging.yaml", "line": 2, "column": 22, "value": "0.04", "wins": True},
            {"layer": "base", "file": "config/base.yaml", "line": 3, "column": 22, "value": "0.02", "wins": False}],
               f"explain: {explained['origins']}")

        changes = answer("diff", "testing", "staging")["changes"]
        expect(changes == [
            {"path": "environment", "kind": "changed", "from": "testing", "to": "staging", "risk": None},
            {"path": "trading.max_position_size", "kind": "changed", "from": 0.02, "to": 0.04, "risk": "riskier"},
            {"path": "monitoring.log_path", "kind": "added", "from": None, "to": "x.log", "risk": None}], f"diff: {changes}")
        back = answer("diff", "staging", "testing")["changes"]
        expect(back[-1] == {"path": "monitoring.log_path", "kind": "removed", "from": "x.log", "to": None, "risk": None}, f"diff: {back}")


def other_outputs():
    production = ("--config-dir", EXAMPLES, "--env", "production")
    shown = parsed(*production, "show", "--format", "json")
    expect(shown["trading"]["max_position_size"] == 0.05, "show gives typed values")
    expect(parsed(*production, "get", "trading.max_position_size", "--format", "json") == 0.05, "get gives one value")
    section = parsed(*production, "get", "trading", "--format", "json")
    expect(section == shown["trading"], "get gives a section")

    explained = parsed(*production, "explain", "trading.max_position_size", "--format", "json")
    has_members(explained, {"path": "trading.max_position_size", "value": float, "origins": list,
                            "variable": "QUANTBOT_TRADING_MAX_POSITION_SIZE"}, "explain")
    for origin in explained["origins"]:
        has_members(origin, {"layer": ".+", "file": (str, type(None)), "line": int, "column": int, "wins": bool}, "origin")
        is_exactly(origin, dict.fromkeys(("layer", "file", "line", "column", "value", "wins"), object), "origin",
                   optional=("variable", "option"))
    expect([origin["wins"] for origin in explained["origins"]].index(True) == 0, "the winner comes first")
    expect(sum(origin["wins"] for origin in explained["origins"]) == 1, "one wins")
    expect(explained["origins"][0]["file"].endswith("production.yaml"), "the winner has a file")
    code = parsed("explain", "QC1203", "--format", "json")
    has_members(code, {"code": "QC1203", "name": ".+", "meaning": str, "example": str, "remedy": str}, "explain code")

    changes = parsed("--config-dir", EXAMPLES, "diff", "development", "production", "--format", "json", exit_code=1)
    for change in changes["changes"]:
        is_exactly(change, {"path": ".+", "kind": "added|removed|changed", "from": object, "to": object, "risk": (str, type(None))}, "diff")
    sizes = [c for c in changes["changes"] if c["path"] == "trading.max_position_size"]
    expect(len(sizes) == 1 and sizes[0]["from"] == 0.01 and sizes[0]["to"] == 0.05, "diff shows both values")
    same = parsed("--config-dir", EXAMPLES, "diff", "production", "production", "--format", "json")
    expect(same == {"changes": []}, "nothing differs from itself")

    variables = parsed("env", "list", "--format", "json", variables={"QUANTBOT_DEBUG": "true"})["variables"]
    for variable in variables:
        has_members(variable, {"name": "QUANTBOT_[A-Z0-9_]+", "path": ".+", "type": ".+", "set": bool}, "env list")
    expect([v["path"] for v in variables if v["set"]] == ["debug"], "env list knows what is set")
    one = parsed("env", "explain", "QUANTBOT_DATABASE_HOST", "--format", "json")
    has_members(one, {"name": "QUANTBOT_DATABASE_HOST", "path": "database.host", "type": ".+", "set": bool}, "env explain")

    doctor = run("--config-dir", EXAMPLES, "doctor", "--format", "json")
    for check in json.loads(doctor.stdout)["checks"]:
        has_members(check, {"name": ".+", "status": "ok|warn|fail", "detail": str, "hint": str}, "doctor")
    has_members(parsed("version", "--format", "json"), {"name": "quantconf", "version": r"\d+\.\d+\.\d+"}, "version")
    schema = parsed("schema", "json")
    expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", "schema json names its dialect")


INFO = {"version": int, "hash": "[0-9a-f]{64}", "environment": "production", "at": r"\d{4}-.*Z", "author": ".+", "reason": str,
        "kind": "load|reload|update|rollback", "changes": int}


def outputs_of_versions():
    maybe_text = (str, type(None))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(EXAMPLES, os.path.join(folder, "config"))
        home = {"HOME": folder}

        def answer(*words, exit_code=0):
            done = run("--env", "production", *words, "--format", "json", folder=folder, variables=home)
            expect(done.returncode == exit_code, f"{words}: exit {done.returncode}: {done.stderr}")
            return json.loads(done.stdout)

        def is_change(made, action, *more):
            is_exactly(made, {"action": action, "dry_run": bool, "version": (int, type(None)), "hash": "[0-9a-f]{64}",
                              "environment": "production", "changes": list, "places": list, "pending": list, "processes": list,
                              "refused_by": list, "still_wins": list},
                       action, optional=more)
            for change in made["changes"]:
                is_exactly(change, {"path": ".+", "kind": "added|removed|changed", "from": object, "to": object, "risk": (str, type(None))}, action)
            for place in made["places"]:
                is_exactly(place, {"path": ".+", "layer": ".+", "file": ".+", "line": int, "column": int}, action)

        expect(answer("history") == {"versions": []}, "no history yet")
        nothing = answer("health", exit_code=1)  # There is no store for its references.
        expect(nothing["version"] is None and nothing["config_hash"] is None and nothing["last_loaded"] is None, f"{nothing}")
        tried = answer("set", "trading.max_position_size=0.02", "--dry-run")
        is_change(tried, "set")
        expect(tried["version"] is None and tried["dry_run"], f"{tried}")
        is_change(answer("set", "trading.max_position_size=0.02", "--reason", "news"), "set")
        for words in (("set", "trading.max_posit=1", "--dry-run"), ("rollback", "v99", "--reason", "x")):
            nothing = answer(*words, exit_code=1)
            expect(nothing["ok"] is False and nothing["action"] == words[0] and nothing["error"].startswith("there is no such"), f"{nothing}")
        refused = answer("set", "trading.max_position_size=5", "--reason", "x", exit_code=1)
        is_exactly(refused, {"ok": bool, "action": "set", "dry_run": bool, "version": type(None), "diagnostics": list, "error": type(None)}, "refused")
        for diagnostic in refused["diagnostics"]:
            is_diagnostic(diagnostic, "refused")
        is_exactly(answer("reload"), {"ok": bool, "accept_missing": bool, "answers": list, "loaded": dict}, "reload")
        is_exactly(answer("reload")["loaded"], {"version": int, "hash": "[0-9a-f]{64}", "environment": "production"}, "reload")
        back = answer("rollback", "v1", "--reason", "over")
        is_change(back, "rollback", "rolled_back_to")
        expect(back["rolled_back_to"] == 1 and back["version"] == 3, f"{back}")
        listed = answer("history")
        is_exactly(listed, {"versions": list}, "history")
        for version in listed["versions"]:
            is_exactly(version, INFO, "history")
        expect([v["kind"] for v in listed["versions"]] == ["rollback", "update", "load"], f"{listed}")
        expect(len(answer("history", "--limit", "1")["versions"]) == 1, "--limit")
        shown = answer("history", "show", "v2")
        is_exactly(shown, {**INFO, "parent": int, "rolled_back_to": type(None), "layers": list, "secrets": list,
                           "differences": list, "canonical": ".+", "values": dict}, "history show")
        for layer in shown["layers"]:
            is_exactly(layer, {"layer": ".+", "name": ".+", "sha256": maybe_text}, "history show")
        expect(shown["differences"] == [{"path": "trading.max_position_size", "kind": "changed", "from": 0.05, "to": 0.02, "risk": "safer"}],
               f"{shown['differences']}")
        expect(answer("diff", "v1", "v2", exit_code=1)["changes"] == shown["differences"], "diff of versions")
        expect(answer("diff", "v1", "v3") == {"changes": []}, "a rollback gives the same again")
        health = answer("health", exit_code=1)
        is_exactly(health, {"status": "ok|degraded|failing", "environment": "production", "version": int, "hash": "[0-9a-f]{64}",
                            "config_hash": "[0-9a-f]{64}", "last_loaded": ".+Z", "last_reload_ok": bool,
                            "file_watcher_active": bool, "database_configured": bool, "monitoring_enabled": bool,
                            "api_keys": dict, "processes": list, "not_responding": list, "checks": list}, "health")
        for check in health["checks"]:
            is_exactly(check, {"name": ".+", "status": "ok|warn|fail", "detail": str, "hint": str}, "health")
        expect(answer("at", "1700000000", exit_code=1) == {"at": "2023-11-14T22:13:20.000000Z", "processes": []}, "at")


KEY_STATUS = "valid|invalid|expired|rate_limited|quota_exhausted|not_entitled|unreachable|unknown"
MAYBE = {"number": (int, type(None)), "seconds": (int, float, type(None)), "text": (str, type(None))}
KEY = {"status": KEY_STATUS, "checked_at": MAYBE["text"], "error": MAYBE["text"], "rate_limit_remaining": MAYBE["number"],
       "rate_limit_reset": MAYBE["text"], "quota_used": MAYBE["number"], "daily_quota": MAYBE["number"], "hint": str, "detail": str,
       "since": MAYBE["text"], "last_status": KEY_STATUS, "last_attempt": MAYBE["text"], "is_confirming": bool,
       "expires": MAYBE["text"], "fingerprint": str}


def outputs_about_providers():
    """Nobody is asked: there is no key, or it cannot be one by its looks."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(EXAMPLES, os.path.join(folder, "config"))

        def answer(*words, exit_code=0):
            done = run(*words, "--format", "json", folder=folder, variables={"HOME": folder})
            expect(done.returncode == exit_code, f"{words}: exit {done.returncode}: {done.stderr}")
            return json.loads(done.stdout)

        expect(run("secret", "init", folder=folder, variables={"HOME": folder}).returncode == 0, "secret init")
        stored = subprocess.run([TOOL, "secret", "set", "fred_key"], cwd=folder, env={"PATH": "/usr/bin:/bin", "HOME": folder},
                                input="no key by its looks", capture_output=True, text=True, timeout=60)
        expect(stored.returncode == 0, f"secret set: {stored.stderr}")
        keys = answer("keys", "check", "fred", "gnews", exit_code=1)["sources"]
        expect(list(keys) == ["fred", "gnews"], f"keys check: {list(keys)}")
        for key in keys.values():
            is_exactly(key, KEY, "keys check")
        expect(keys["fred"]["status"] == "invalid" and re.fullmatch("[0-9a-f]{16}", keys["fred"]["fingerprint"]), f"{keys['fred']}")
        sources = answer("sources")["sources"]
        expect(len(sources) == 10, f"sources: {list(sources)}")
        for source in sources.values():
            is_exactly(source, {"title": ".+", "endpoint": "https://.+", "has_key": bool, "is_usable": bool, "why_not": str, "hint": str,
                                "breaker": "closed|open|half_open", "paused_seconds": MAYBE["seconds"], "windows": list,
                                "key": (dict, type(None))}, "sources")
            for window in source["windows"]:
                is_exactly(window, {"window": r"\d+ per .+", "limit": int, "used": int, "remaining": int,
                                    "reset_seconds": (int, float), "from_provider": bool}, "sources")
        is_exactly(sources["fred"]["key"], KEY, "sources")
        is_exactly(answer("fetch", "gnews", "/search", exit_code=1),
                   {"source": "gnews", "status": KEY_STATUS, "detail": "not_configured", "reason": ".+", "hint": ".+",
                    "http_status": int, "content_type": str, "as_of": ".+Z", "attempts": int, "cost": int,
                    "waited_seconds": (int, float), "took_seconds": (int, float), "wait_seconds": MAYBE["seconds"], "body": str},
                   "fetch")


def is_place_of_sarif(place, artifacts, where):
    for physical in [place["physicalLocation"]] if "physicalLocation" in place else []:
        uri = physical["artifactLocation"]["uri"]
        expect(re.fullmatch(r"(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), f"{where}: {uri} is no URI reference")
        expect(uri.startswith("file:///") or not uri.startswith("/"), f"{where}: an absolute path has a scheme")
        expect(uri in artifacts, f"{where}: {uri} is among the artifacts")
        has_members(physical["region"], {"startLine": int, "startColumn": int}, where)
        expect(physical["region"]["startLine"] >= 1 and physical["region"]["startColumn"] >= 1, f"{where}: from 1")
    for logical in place.get("logicalLocations", []):
        expect(set(logical) <= {"name", "fullyQualifiedName"} and all(logical.values()), f"{where}: {logical}")


def is_sarif(report):
    """What the SARIF 2.1.0 standard asks for, of the parts that we write."""
    is_exactly(report, {"$schema": "https://.*sarif-2.1.0.*json", "version": "2[.]1[.]0", "runs": list}, "sarif")
    [log] = report["runs"]
    is_exactly(log, {"tool": dict, "columnKind": "unicodeCodePoints", "artifacts": list, "results": list}, "sarif run")
    driver = log["tool"]["driver"]
    is_exactly(driver, {"name": "quantconf", "version": r"\d+[.]\d+[.]\d+", "rules": list}, "sarif driver")
    rules = [rule["id"] for rule in driver["rules"]]
    expect(len(rules) == len(set(rules)), "sarif: each rule once")
    for rule in driver["rules"]:
        is_exactly(rule, {"id": "QC[0-9]{4}", "shortDescription": dict, "fullDescription": dict, "help": dict}, "rule")
        expect(all(rule[part]["text"] for part in ("shortDescription", "fullDescription", "help")), f"{rule['id']}: texts")
    artifacts = [artifact["location"]["uri"] for artifact in log["artifacts"]]
    expect(len(artifacts) == len(set(artifacts)), "sarif: each artifact once")
    for result in log["results"]:
        where = "sarif " + result["ruleId"]
        is_exactly(result, {"ruleId": "QC[0-9]{4}", "ruleIndex": int, "level": "error|warning|note", "message": dict,
                            "locations": list}, where, optional=["relatedLocations"])
        expect(rules[result["ruleIndex"]] == result["ruleId"], f"{where}: the index leads to its rule")
        expect(result["message"]["text"], f"{where}: a message")
        for place in result["locations"] + result.get("relatedLocations", []):
            is_place_of_sarif(place, artifacts, where)
    return log["results"]


def machine_reports():
    sarif = ("check", "--format", "sarif")
    results = is_sarif(json.loads(run("--config-dir", BROKEN, "--env", "production", *sarif).stdout))
    expect(len(results) >= 5 and all(result["locations"] for result in results), "SARIF has results, and they have places")
    expect(is_sarif(json.loads(run("--config-dir", EXAMPLES, *sarif, "--all").stdout)) == [], "SARIF of what is valid")
    one = is_sarif(json.loads(run("--config-dir", EXAMPLES, *sarif, "--set", "debug=7").stdout))
    expect([result["ruleId"] for result in one] == ["QC1201"], f"SARIF of an option: {one}")
    relative = is_sarif(json.loads(run("--config-dir", "examples/broken", *sarif, folder=SOURCE).stdout))
    uris = {place["physicalLocation"]["artifactLocation"]["uri"] for result in relative for place in result["locations"]}
    expect("examples/broken/base.yaml" in uris, f"SARIF has paths as GitHub wants them: {uris}")
    github = run("--config-dir", BROKEN, "--env", "production", "check", "--format", "github")
    lines = github.stdout.splitlines()
    expect(len(lines) >= 5 and all(re.match(r"::(error|warning|notice) ", line) for line in lines), "GitHub commands")


def no_secret_anywhere():
    canary = "canary-" + "7f3a9c"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("base.yaml", "production.yaml"):
            with open(os.path.join(EXAMPLES, name), encoding="utf-8") as example:
                text = example.read()
            with open(os.path.join(folder, name), "w", encoding="utf-8") as copy:
                copy.write(re.sub(r"SECURE:\w+", canary, text))
        outputs = [("check",), ("check", "--all"), ("--env", "production", "check", "--format", "json"),
                   ("--env", "production", "check", "--format", "sarif"), ("--env", "production", "check", "--format", "github"),
                   ("show",), ("show", "--origins"), ("show", "--format", "json"), ("show", "--format", "flat"),
                   ("get", "data_sources"), ("explain", "data_sources.polygon_api_key"),
                   ("explain", "data_sources.polygon_api_key", "--format", "json"), ("diff", "development", "production"),
                   ("doctor",)]
        for arguments in outputs:
            done = run("--config-dir", folder, *arguments, variables={"QUANTBOT_FRED_API_KEYY": canary,
                                                                      "QUANTBOT_DATA_SOURCES_FRED_API_KEY": canary})
            expect(canary not in done.stdout + done.stderr, f"{arguments} shows a secret")
            expect(done.returncode in (0, 1), f"{arguments}: exit {done.returncode}")


check_output()
letter_by_letter()
other_outputs()
outputs_of_versions()
outputs_about_providers()
machine_reports()
no_secret_anywhere()
print(f"{checks - failures} passed, {failures} failed")
sys.exit(1 if failures else 0)
