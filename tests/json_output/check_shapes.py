#!/usr/bin/python3
"""Every JSON output of the tool, parsed and held against the shapes of docs/cli.md.

Usage: check_shapes.py QUANTCONF SOURCE_DIR
"""

import json
import os
import re
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


def run(*arguments, variables=None):
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
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


def is_diagnostic(value, where):
    has_members(value, {"severity": "error|warning|note", "code": "QC[0-9]{4}", "path": str, "message": ".+",
                        "expected": str, "found": str, "hint": str, "layer": str, "file": (str, type(None)),
                        "line": int, "column": int, "related": list}, where)
    for related in value["related"]:
        has_members(related, {"file": (str, type(None)), "line": int, "column": int, "message": ".+"}, where)


def check_output():
    answer = parsed("--config-dir", EXAMPLES, "check", "--all", "--format", "json")
    expect(answer["ok"] is True, "the examples are valid")
    expect(list(answer["environments"]) == ["development", "staging", "production", "testing"], "four environments")
    for name, verdict in answer["environments"].items():
        has_members(verdict, {"ok": bool, "hash": "[0-9a-f]{64}", "diagnostics": list}, name)
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
        expect("value" in origin, "origin has a value")
    expect([origin["wins"] for origin in explained["origins"]].index(True) == 0, "the winner comes first")
    expect(sum(origin["wins"] for origin in explained["origins"]) == 1, "one wins")
    expect(explained["origins"][0]["file"].endswith("production.yaml"), "the winner has a file")
    code = parsed("explain", "QC1203", "--format", "json")
    has_members(code, {"code": "QC1203", "name": ".+", "meaning": str, "example": str, "remedy": str}, "explain code")

    changes = parsed("--config-dir", EXAMPLES, "diff", "development", "production", "--format", "json", exit_code=1)
    for change in changes["changes"]:
        has_members(change, {"path": ".+", "kind": "added|removed|changed"}, "diff")
        expect("from" in change and "to" in change, "diff has both sides")
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


def machine_reports():
    sarif = json.loads(run("--config-dir", BROKEN, "--env", "production", "check", "--format", "sarif").stdout)
    expect(sarif["version"] == "2.1.0", "SARIF 2.1.0")
    results = sarif["runs"][0]["results"]
    rules = [rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]]
    expect(len(results) >= 5, "SARIF has results")
    for result in results:
        has_members(result, {"ruleId": "QC[0-9]{4}", "level": "error|warning|note", "message": dict}, "sarif")
        expect(result["ruleId"] in rules, "every SARIF result has its rule")
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
other_outputs()
machine_reports()
no_secret_anywhere()
print(f"{checks - failures} passed, {failures} failed")
sys.exit(1 if failures else 0)
