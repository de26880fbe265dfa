"""t44, t39: a secret pasted where no secret belongs on the command line is not repeated; no option wants one."""

import re

from plant import LIMITS, planted
from report import expect
from sandbox import Sandbox
from surface import options_of
from t44_configurations import Filler

# Where a value lands that was meant for standard input, a file or another option. <K> stands for the value.
PASTED = [
    "secret set polygon_key <K>", "secret set polygon_key <K> <K>", "secret set polygon_key=<K>", "secret set polygon_key:<K>",
    "secret set polygon_key --value <K>", "secret set polygon_key --value=<K>", "secret set polygon_key -v <K>",
    "secret set polygon_key -v<K>",
    "secret set <S>", "secret rotate polygon_key <K>", "secret rotate <S>", "secret rm <S>", "secret get <S>",
    "secret get from_stdin@<K>", "secret <K>", "secret <S> x", "secret list <K>", "secret verify <K>", "secret rekey <K>",
    "secret rekey --new-passphrase <K>", "secret rekey --new-passphrase=<K>", 
    "secret reencrypt <K>", "secret reencrypt --other-passphrase=<K>", "secret slot add recovery <K>", "secret slot rm <K>",
    "secret slot rm <S>", "secret slot add recovery --new-passphrase=<K>", "secret slot <S>", "secret import <K>",
    "secret init <K>", 
    "--passphrase=<K> secret list", "--passphrase <K> secret list", "secret list --passphrase=<K>", "secret list --passphrase <K>",
    "--key-fd <K> secret list", "--key-fd=<K> secret list", "--key <K> secret list", "--password <K> check", "--password=<K> check",
    "--set database.password <K> check", "check --set database.password <K>", "show --set database.password <K>",
    "get database --set database.password <K>", "--set <K> check", "check <S>", "check password=<K>", "show <K>",
    "run --export database.password=<S> -- true", "run --export-secret from_stdin=<S> -- true", "run --export <S> -- true",
    "run --export-secret from_stdin -- true", "run --export-secret=<S> -- true", "run --password=<K> -- true",
    "run --no-such=<K> true",
    "get --reveal database.password <K>", "get database.password=<K>", "get database.password:<K>", "explain database.password=<K>",
    "explain database.password <K>", "env explain QUANTBOT_DATABASE_PASSWORD=<K>", "env list <K>", "env <K>", "schema <K>",
    "completion <K>", "doctor <K>", "version <K>", "help <K>", "audit log <K>", "audit log --limit <K>", "audit <K>",
    "audit log --limit=<K>",
    "set database.password=<K> --reason x", "set database.password=<S> --reason x", "set database.password <K> --reason x",
    "set <K> --reason x", "set database.pasword=<K> --reason x", "set database.password=SECURE:<S> --reason x",
    "set database.password=SECURE:x@<K> --reason x", "set database={password:<K>} --reason x", "set =<K> --reason x",
    "set data_sources={polygon_api_key:<K>} --reason x", "set database.password.x=<K> --reason x",
    "set database.password[0]=<K> --reason x", "set database.host=postgresql://u:<K>@db/x --reason x",
    "set database.password=<K>", "set --unset <K> --reason x", "set --unset=database.password=<K> --reason x",
    "set debug=true --layer <K> --reason x", "set debug=true --value <K> --reason x", "history <K>", "history show <K>",
    "history --limit <K>", "history show v1 <K>", "at <K>", "at <S>", "at 2026-03-01T09:30:00Z --path <K>",
    "at 2026-03-01T09:30:00Z --path database.password=<K>", "rollback <K> --reason x", "rollback v1 <K> --reason x", "health <K>",
    "watch <K>", "reload <K>", "reload --timeout <K>", "reload --timeout=<K>", "reload --accept-missing=<K>",
    "<K>", "<K> check", "--<K>", "-<K>", "check --format <K>", "show --format=<K>", "diff development production <K>",
    "init config <K>", "check --env production <K>", "check --all <K>",
]

# Options whose value names something; each new one has to be judged before it may stand here.
NAMES_OF_THINGS = {
    "--config-dir": "DIR", "--env": "NAME", "--schema": "FILE", "--set": "PATH=VALUE", "--state-dir": "DIR", "--key-file": "FILE",
    "--key-fd": "N", "--format": "NAME", "--host": "HOST", "--expires": "DATE", "--new-key-file": "FILE", "--other-key-file": "FILE",
    "--fernet": "FILE", "--key": "FILE", "--dotenv": "FILE", "--limit": "N", "--export": "PATH=VAR", "--export-secret": "NAME=VAR",
    "--reason": "TEXT", "--layer": "NAME", "--unset": "PATH", "--path": "PATH", "--timeout": "DURATION",
    "--param": "NAME=VALUE",  # Of a question; a parameter of the name of a key is refused.
}
KINDS = set(NAMES_OF_THINGS.values())


def pasted_values(programs, needles):
    sandbox, _ = planted(programs, needles)
    for line in PASTED:
        filler = Filler(needles, line)
        words = [filler.fill(word, escape=False) for word in line.split(" ")]
        sandbox.run(*words, stdin="a value that is right")
    sandbox.harvest("pasted arguments")


def a_key_in_place_of_its_file(programs, needles):
    """Whoever mistakes --key-file for an option that takes the key, or QUANTCONF_KEY_FILE for a variable that does."""
    sandbox, _ = planted(programs, needles)
    key = next(value for label, value in needles.values.items() if label.startswith("master key #"))
    for command in (["secret", "list"], ["check"], ["run", "--", "true"], ["doctor"], ["get", "--reveal", "database.password"]):
        sandbox.run("--key-file", key, *command)
        sandbox.run(*command, variables={"QUANTCONF_KEY_FILE": key})
    for words in (["rekey", "--new-key-file", key], ["slot", "add", "x", "--new-key-file", key],
                  ["reencrypt", "--other-key-file", key]):
        sandbox.run("secret", *words)
    for path in sandbox.files():
        if path.endswith(key.rpartition("/")[2]):
            expect(False, "no file is made whose name is the key")


def a_secret_in_place_of_its_file(programs, needles):
    sandbox = Sandbox(programs, needles)
    sandbox.write("config/base.yaml", LIMITS)
    filler = Filler(needles, "a variable with _FILE that holds the value")
    for command in (["check"], ["show"], ["explain", "database.password"], ["check", "--format", "json"], ["env", "list"],
                    ["env", "explain", "QUANTBOT_DATABASE_PASSWORD"], ["doctor"]):
        sandbox.run(*command, variables={"QUANTBOT_DATABASE_PASSWORD_FILE": filler.fill("<K>"), "QUANTBOT_DATABASE_DSN_FILE":
                                         filler.fill("postgresql://u:<K>@h/d")})


def no_option_takes_a_secret(helps, everything):
    """t39. A value is read from standard input, a descriptor, a file or the terminal, never from the command line."""
    for where, text in {"": everything, **helps}.items():
        for option, rest in options_of(text).items():
            kind = re.match(r"([A-Z][A-Z=]*)(?= |$)", rest)
            if kind is None:
                continue  # Takes nothing.
            expect(NAMES_OF_THINGS.get(option) == kind[1], f"{where} {option} {kind[1]} is known to take no secret",
                   "a new option: it may take a name, a file or a number, never a key or a value; then write it into the table")
        usage = re.search(r"^Usage: .*$", text, flags=re.M)[0]
        if where == "set":  # Refuses the value of a field that is a secret.
            usage = usage.replace("PATH=VALUE", "")
        expect(not re.search(r"VALUE|PASSWORD|SECRET|TOKEN", usage), f"{where}: no argument takes a value", usage)
    expect(KINDS <= {"DIR", "NAME", "FILE", "PATH=VALUE", "N", "HOST", "DATE", "PATH=VAR", "NAME=VAR", "TEXT", "PATH", "DURATION", "NAME=VALUE"},
           "kinds of values that are no secrets")


STORIES = [pasted_values, a_key_in_place_of_its_file, a_secret_in_place_of_its_file]
