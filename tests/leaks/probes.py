"""Every question that changes nothing, in every format."""

SECRET_PATHS = ("database.password", "database.dsn", "data_sources.polygon_api_key", "monitoring.alert_webhook_url")
SECTIONS = ("database", "data_sources", "monitoring", "trading")


def in_formats(words, *formats):
    return [[*words, "--format", name] for name in formats]


def of_configuration():
    """What shows a configuration, right or wrong."""
    found = [["show", "--origins"], ["check", "--all"], ["check", "--all", "--with-env"], ["run", "--", "true"],
             ["explain", "database.host"], ["explain", "app_name"], ["explain", "data_sources.rate_limits"]]
    found += in_formats(["check"], "text", "json", "sarif", "github")
    found += in_formats(["show"], "yaml", "json", "flat")
    found += in_formats(["diff", "development", "production"], "text", "json")
    found += in_formats(["--env", "production", "check"], "text", "json", "sarif", "github")
    for path in SECRET_PATHS + SECTIONS:
        found += in_formats(["get", path], "text", "json") + in_formats(["explain", path], "text", "json")
    return found + in_formats(["doctor"], "text", "json")


def short():
    """The same, where many configurations are looked at."""
    return [["show", "--origins"], ["show", "--format", "json"], ["check", "--format", "text"], ["check", "--format", "json"],
            ["--env", "production", "check", "--format", "sarif"], ["check", "--format", "github"], ["explain", "database"],
            ["explain", "database.password"], ["explain", "data_sources.polygon_api_key", "--format", "json"],
            ["explain", "database.host"], ["explain", "app_name"], ["get", "database"],
            ["diff", "development", "production"], ["doctor"], ["run", "--", "true"]]


def of_store():
    found = [["audit", "export"], ["secret", "get", "no_such_secret"], ["secret", "get", "from_stdin@9"],
             ["run", "--export-secret", "no_such_secret=X", "--", "true"],
             ["run", "--export", "database.password=DB", "--", "true"]]
    for words in (["secret", "list"], ["secret", "verify"], ["secret", "slot", "list"], ["audit", "log"],
                  ["audit", "log", "--limit", "3"], ["audit", "verify"]):
        found += in_formats(words, "text", "json")
    return found


def of_versions():
    """What looks back, once v1 is recorded."""
    found = [["history", "--limit", "1"], ["--env", "production", "history"]]
    for words in (["history"], ["history", "show", "v1"], ["health"], ["diff", "v1", "live"], ["diff", "v1", "development"],
                  ["at", "2026-03-01T09:30:00Z", "--path", "database.password", "--path", "data_sources.polygon_api_key"]):
        found += in_formats(words, "text", "json")
    return found


def of_program():
    found = [["schema", topic] for topic in ("json", "docs", "paths")]
    found += [["completion", shell] for shell in ("bash", "zsh", "fish")]
    found += in_formats(["version"], "text", "json") + [["--version"], ["help"], ["help", "secret"]]
    found += in_formats(["env", "list"], "text", "json")
    found += in_formats(["env", "explain", "QUANTBOT_DATABASE_PASSWORD"], "text", "json")
    found += in_formats(["explain", "QC1608"], "text", "json")
    return found
