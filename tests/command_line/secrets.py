#!/usr/bin/python3
"""The `secret` family and `run` as a newcomer meets them: what they say to wrong input, what they leave behind, and the one
JSON object that each verb prints.

Usage: secrets.py QUANTCONF
"""

import base64
import json
import os
import pty
import re
import shutil
import subprocess
import tempfile

from tool import COMMANDS, ENVIRONMENT, TOOL, expect, finish, run, store_secrets


class Folder:
    """A new configuration folder with an empty store."""

    def __init__(self, folder):
        self.folder = folder
        expect(self.run("init").returncode == 0, "init")
        self.state = os.path.join(folder, "config/.quantconf")

    def run(self, *words, stdin="", variables=None):
        return subprocess.run([TOOL, *words], cwd=self.folder, env={**ENVIRONMENT, "HOME": self.folder, **(variables or {})},
                              input=stdin, capture_output=True, text=True, timeout=120)

    def must(self, *words, **more):
        done = self.run(*words, **more)
        expect(done.returncode == 0, f"{words}: exit {done.returncode}: {done.stderr}")
        return done.stdout

    def json(self, *words, exit_code=0, **more):
        done = self.run(*words, "--format", "json", **more)
        expect(done.returncode == exit_code, f"{words}: exit {done.returncode}, expected {exit_code}: {done.stderr}")
        return json.loads(done.stdout)

    def refuses(self, *words, exit_code, says, hint, **more):
        done = self.run(*words, **more)
        expect(done.returncode == exit_code, f"{words}: exit {done.returncode}, expected {exit_code}: {done.stderr}")
        error, _, rest = done.stderr.partition("hint: ")
        expect(says in error, f"{words}: {says!r} is not in {error!r}")
        expect(hint in rest, f"{words}: {hint!r} is not in {rest!r}")
        expect(not done.stdout, f"{words}: prints {done.stdout}")

    def generation(self):
        return self.json("secret", "verify")["generation"]

    def newest_record(self):
        return self.must("audit", "log").splitlines()[-1]


def in_a_folder(story):
    with tempfile.TemporaryDirectory() as folder:
        story(Folder(folder))


def each_verb_prints_one_object(f):
    def changed(words, **expected):
        answer = f.json("secret", *words, stdin="not a real key")
        has = {"name": "key", "version": None, "pending": None, "previous": None, **expected, "generation": f.generation()}
        expect(answer == has, f"{words}: {answer}, expected {has}")

    missing = {one["name"]: one["used_by"] for one in f.json("secret", "list")["missing"]}
    expect(missing["polygon_key"] == ["data_sources.polygon_api_key"], f"{missing}")
    changed(["set", "key"], action="set", version=1)
    changed(["rotate", "key"], action="rotate", version=1, pending=2)
    changed(["rotate", "key", "--abort"], action="abort", version=1)
    changed(["rotate", "key"], action="rotate", version=1, pending=3)
    changed(["rotate", "key", "--promote"], action="promote", version=3, previous=1)
    changed(["rotate", "key", "--retire"], action="retire", version=3)
    changed(["rm", "key"], action="rm")

    key = os.path.join(f.folder, "second.key")
    answer = f.json("secret", "slot", "add", "a recovery key", "--new-key-file", key)
    expect(answer == {"action": "slot add", "id": 2, "kind": "key", "label": "a recovery key", "key": key,
                      "generation": f.generation()}, f"slot add: {answer}")
    answer = f.json("secret", "slot", "rm", "2")
    expect(answer == {"action": "slot rm", "id": 2, "generation": f.generation()}, f"slot rm: {answer}")
    answer = f.json("secret", "reencrypt")
    expect(answer == {"action": "reencrypt", "secrets": 0, "generation": f.generation()}, f"reencrypt: {answer}")
    answer = f.json("secret", "rekey")
    expect(list(answer) == ["action", "slot", "key", "generation"] and answer["key"].endswith(".key"), f"rekey: {answer}")
    answer = f.json("secret", "rekey", "--new-key-file", key + ".other")
    expect(answer["key"] == key + ".other" and answer["slot"] == 3, f"rekey: {answer}")
    f.key = {"QUANTCONF_KEY_FILE": key + ".other"}
    expect(f.json("secret", "list", variables=f.key)["secrets"] == [], "list")
    f.refuses("secret", "get", "key", "--format", "json", exit_code=2, says="prints the bytes", hint="--help")
    f.refuses("get", "--reveal", "database.password", "--format", "json", exit_code=2, says="prints the bytes", hint="--format")


def import_is_all_or_nothing(f):
    path = os.path.join(f.folder, "many.env")

    def write(lines):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    write([f"S{i}_API_KEY=v{i}" for i in range(200)] + ["LOG_LEVEL=debug", "_TOKEN=x"])
    before = f.generation()
    answer = f.json("secret", "import", "--dotenv", path)
    expect(list(answer) == ["action", "ok", "imported", "same", "kept", "not_taken", "not_encrypted", "generation"], f"{answer}")
    expect(answer["ok"] and len(answer["imported"]) == 200 and answer["not_encrypted"] == 200, f"import: {answer}")
    expect([one["name"] for one in answer["not_taken"]] == ["LOG_LEVEL", "_TOKEN"], f"import: {answer['not_taken']}")
    expect(f.generation() == before + 1, "200 secrets are one generation")
    expect("secret.import" in f.newest_record() and "count=200" in f.newest_record(), f.newest_record())
    expect(f.must("secret", "get", "S199_API_KEY") == "v199", "the last one is there")

    write(["S0_API_KEY=other", "S1_API_KEY=v1", "NEW_API_KEY=n"])
    answer = f.json("secret", "import", "--dotenv", path, exit_code=1)
    expect((answer["ok"], answer["kept"], answer["same"], answer["imported"]) ==
           (False, ["S0_API_KEY"], ["S1_API_KEY"], ["NEW_API_KEY"]), f"import: {answer}")
    expect(f.must("secret", "get", "S0_API_KEY") == "v0", "kept")
    expect(f.json("secret", "import", "--dotenv", path, "--force")["imported"] == ["S0_API_KEY"], "--force")
    expect(f.json("secret", "import", "--dotenv", path)["imported"] == [], "nothing is new")
    newest = f.newest_record()
    expect("secret.import" in newest and "count=" not in newest, f"what was compared is recorded: {newest}")
    f.refuses("secret", "import", exit_code=2, says="from where", hint="--dotenv FILE")
    done = f.run("secret", "import", "--dotenv", path, "NOPE")
    expect(done.returncode == 1 and "the file has no such name" in done.stderr, f"a name that is not there: {done}")


def slots_are_explained(f):
    key = os.path.join(f.folder, "slot.key")
    add = ("secret", "slot", "add")
    f.refuses(*add, "two\nlines", "--new-key-file", key, exit_code=2, says="not a label", hint="64 visible")
    f.refuses(*add, "", "--new-key-file", key, exit_code=2, says="not a label", hint="64 visible")
    f.refuses(*add, "both", "--new-key-file", key, "--new-passphrase", exit_code=2, says="choose one", hint="--help")
    f.refuses("secret", "rekey", "--new-key-file", key, "--new-passphrase", exit_code=2, says="choose one", hint="--help")
    f.refuses("secret", "set", "a", "--new-key-file", key, exit_code=2, says="belong to `secret rekey`", hint="--help")
    f.refuses("secret", "rekey", "--other-passphrase", exit_code=2, says="belong to `secret reencrypt`", hint="--help")
    f.refuses("secret", "slot", "rm", "1", exit_code=1, says="it is in use", hint="another slot")
    f.refuses("secret", "slot", "rm", "one", exit_code=2, says="number of a slot", hint="slot list")
    f.refuses("secret", "slot", "rm", "77", exit_code=1, says="not found", hint="slot list")
    f.refuses("secret", "slot", exit_code=2, says="list, add LABEL and rm ID", hint="slot add recovery")
    expect(not os.path.exists(key), "a refused slot leaves no key file behind")
    for number in range(2, 9):
        f.must(*add, f"label of {number}", "--new-key-file", f"{key}.{number}")
    expect("slot:8" in f.newest_record() and "not a name" not in f.newest_record(), f.newest_record())
    f.refuses(*add, "ninth", "--new-key-file", key, exit_code=1, says="as many as there can be", hint="at most 8 slots")
    expect(not os.path.exists(key), "nor does the ninth slot")
    shutil.copy(f"{key}.2", key)
    f.must("secret", "slot", "rm", "8")
    f.refuses(*add, "again", "--new-key-file", key, exit_code=1, says="exists already", hint="opens the store already")
    expect(os.path.exists(key), "a key file that somebody else made stays")


def a_missing_key_says_where_it_was_looked_for(f):
    folder = os.path.join(f.folder, ".config/quantconf")
    key = next(name for name in os.listdir(folder) if name.endswith(".key"))
    os.rename(os.path.join(folder, key), os.path.join(f.folder, "moved.key"))
    look = ("secret", "list")
    f.refuses(*look, exit_code=3, says=os.path.join(folder, key), hint="because no --key-file")
    f.refuses(*look, "--key-file", "nope", exit_code=3, says=os.path.join(f.folder, "nope"), hint="--key-file names it")
    f.refuses(*look, exit_code=3, says="/no/such/folder/key", hint="$QUANTCONF_KEY_FILE names it",
              variables={"QUANTCONF_KEY_FILE": "/no/such/folder/key"})
    expect("from its backup" in f.run(*look).stderr, "and what to do")
    for text in ("-1", "x", "3.5", "99999999999", ""):
        f.refuses(*look, f"--key-fd={text}", exit_code=2, says="the number of an open descriptor" if text else "--key-fd",
                  hint="")
    f.refuses(*look, "--key-fd", "99", exit_code=3, says="descriptor 99", hint="--key-fd 3 3< FILE")
    f.must(*look, "--key-file", "moved.key")


def rotation_is_of_what_exists(f):
    f.must("secret", "set", "polygon_key", stdin="one")
    f.refuses("secret", "rotate", "polygon_kye", exit_code=1, says="not found", hint="did you mean polygon_key?", stdin="two")
    f.refuses("secret", "rotate", "other", exit_code=1, says="not found", hint="`quantconf secret set other`", stdin="two")
    expect(len(f.json("secret", "list")["secrets"]) == 1, "nothing was made")
    f.refuses("secret", "rotate", "polygon_key", "--promote", exit_code=1, says="not found", hint="no pending value")
    f.refuses("secret", "rotate", "polygon_key", "--retire", exit_code=1, says="not found", hint="no previous value")
    f.refuses("secret", "rotate", "polygon_key", "--retire", "--abort", exit_code=2, says="three different", hint="leave")
    f.must("secret", "rotate", "polygon_key", stdin="tried")
    f.must("secret", "set", "polygon_key", stdin="newer")
    expect("an older value is still pending" in f.must("secret", "list"), f.must("secret", "list"))
    f.refuses("secret", "rotate", "polygon_key", "--promote", exit_code=1, says="a newer value is current", hint="--abort")
    expect(f.must("secret", "get", "polygon_key") == "newer", "the newer value stays")
    f.must("secret", "rotate", "polygon_key", "--retire")
    f.refuses("secret", "get", "polygon_key@previous", exit_code=1, says="not found", hint="no previous value")


def a_refused_reveal_is_recorded_as_refused(f):
    store_secrets(f.folder)
    f.must("secret", "set", "bound", "--env", "production", stdin="v")
    for words in (("secret", "get", "nope"), ("secret", "get", "bound@7"), ("run", "--export-secret", "nope=X", "--", "true"),
                  ("run", "--export-secret", "bound=X", "--", "true")):
        done = f.run(*words)
        expect(done.returncode != 0 and not done.stdout, f"{words}: {done}")
        record = f.newest_record()
        expect("secret.reveal" in record and "refused" in record and "done" not in record, f"{words}: {record}")
    f.must("secret", "get", "bound")
    expect("secret.reveal" in f.newest_record() and " done " in f.newest_record(), f.newest_record())
    os.rename(os.path.join(f.folder, "config/local.yaml.example"), os.path.join(f.folder, "unused"))
    with open(os.path.join(f.folder, "config/local.yaml"), "w", encoding="utf-8") as file:
        file.write("database: {password: SECURE:gone}\n")
    f.refuses("get", "--reveal", "database.password", exit_code=1, says="not found", hint="secret list")
    expect("secret:gone" in f.newest_record() and "refused" in f.newest_record(), f.newest_record())


def exports_do_not_decide_what_runs(f):
    store_secrets(f.folder)
    f.must("secret", "set", "mine", stdin="v")
    value = "trading.max_position_size"
    for variable, why in (("LD_PRELOAD", "which code runs"), ("LD_X", "which code runs"), ("PATH", "which code runs"),
                          ("HOME", "which code runs"), ("PYTHONPATH", "which code runs"), ("BASH_ENV", "which code runs"),
                          ("NODE_OPTIONS", "which code runs"),
                          ("QUANTCONF_KEY_FILE", "which configuration"), ("QUANTBOT_ENVIRONMENT", "which configuration")):
        f.refuses("run", "--export", f"{value}={variable}", "--", "true", exit_code=125, says=why, hint="another variable")
        f.refuses("run", "--export-secret", f"mine={variable}", "--", "true", exit_code=125, says=why, hint="another variable")
    f.refuses("run", "--export", "trading=LIMIT", "--", "true", exit_code=125, says="trading is a section", hint="name a key in it")
    twice = ("run", "--export", f"{value}=LIMIT", "--export-secret")
    f.refuses(*twice, "mine=LIMIT", "--", "true", exit_code=125, says="two exports go to the variable LIMIT", hint="its own")
    f.refuses("run", "--export", "database.password=P", "--export-secret", "mine=P_FILE", "--", "true", exit_code=125,
              says="two exports go to the variable P_FILE", hint="its own")
    expect(f.must(*twice, "mine=PATH_OF_MINE", "--", "sh", "-c", "echo $LIMIT $PATH_OF_MINE") == "0.01 v\n", "the others")


def a_removed_store_is_remembered(f):
    f.must("secret", "set", "key", stdin="old")
    f.must("secret", "set", "key", stdin="new")
    store = os.path.join(f.state, "secrets.qcs")
    f.refuses("secret", "init", exit_code=1, says="it exists already", hint="never made over another one")
    os.remove(store)
    f.refuses("secret", "init", exit_code=1, says="there was a store here, and it is gone", hint="secrets.qcs.prev")
    done = f.run("init", "--force")
    expect(done.returncode == 1 and "there was a store here" in done.stderr, f"init: {done.stderr}")
    # What the hint says works.
    shutil.copy(store + ".prev", store)
    f.refuses("secret", "list", exit_code=3, says="older than", hint="--accept-rollback")
    f.must("secret", "set", "other", "--accept-rollback", stdin="v")
    expect(f.must("secret", "get", "key") == "old", "the generation before")
    shutil.move(f.state, os.path.join(f.folder, "aside"))
    f.must("secret", "init")


def check_counts_what_it_could_not_try(f):
    shutil.rmtree(f.state)
    done = f.run("check")
    expect(done.returncode == 0 and re.search(r"note: \d+ secret references were not looked up", done.stderr), f"{done.stderr}")
    expect(not f.run("check", "--all").stderr, "--all looks at files alone, and says so in its help")
    expect(not f.run("check", "--format", "json").stderr, "a program gets its JSON alone")
    expect("not looked up" in f.run("check", "--all", "--with-env").stderr, "--with-env would have")
    f.must("secret", "init")
    expect("not looked up" not in f.run("check").stderr, "with a store they are looked up")


def an_empty_store_is_no_mistake(f):
    done = f.run("secret", "list", "--config-dir", "config", "--set", "database.password=SECURE:x")
    expect(done.returncode == 0 and "holds no secrets" in done.stderr, f"list: {done}")
    expect(f.must("secret", "verify") == "generation 1: the store is whole and holds no secrets\n", "verify")


def wrong_words_are_explained(f):
    f.refuses("secret", "set", exit_code=2, says="needs the name of a secret", hint="never an argument")
    f.refuses("secret", "rm", exit_code=2, says="needs the name of a secret", hint="--help")
    f.refuses("secret", "list", "x", exit_code=2, says="takes no further argument", hint="--help")
    f.refuses("secret", "set", "key", "--host", "https://a.example/", exit_code=2, says="names no host", hint="alone", stdin="v")
    f.refuses("secret", "set", "key", *["--host=h.example"] * 17, exit_code=2, says="at most 16 hosts", hint="", stdin="v")
    f.refuses("secret", "set", "key", "--expires", "soon", exit_code=2, says="no date", hint="2027-01-31", stdin="v")
    f.refuses("secret", "rotate", "key", "--host", "h", exit_code=2, says="belong to `secret set`", hint="--help", stdin="v")
    f.refuses("secret", "rm", "key", exit_code=1, says="cannot remove", hint="secret list")
    expect("may be sent to, no other" in f.must("secret", "--help"), "what --host does")


def other_programs_words_are_understood(f):
    for word, ours in (("remove", "rm"), ("delete", "rm"), ("add", "set"), ("show", "get"), ("ls", "list"), ("imprt", "import")):
        f.refuses("secret", word, "x", exit_code=2, says=f'found "{word}"', hint=f"did you mean {ours}?")
    f.must("secret", "set", "key", stdin="v")
    for text, hint in (("SECURE:key", "leave SECURE: out"), ("key@current", "alone"), ("?key", "NAME@3"), ("key@0", "NAME@3"),
                       ("a value?", "NAME@pending")):
        f.refuses("secret", "get", text, exit_code=2, says="not the name of a secret", hint=hint)
    f.refuses("secret", "get", "database.password", exit_code=1, says="not found",
              hint="`quantconf get --reveal database.password`")
    for count in ("-1", "x"):
        f.refuses("audit", "log", "--limit", count, exit_code=2, says="a count of records", hint="--help")
    f.refuses("--config-dir", "nowhere", "secret", "list", exit_code=3, says="there is no store", hint="`quantconf init`")
    for words, says, hint in (((), "CMD", "run --help"), (("--exprt", "a=B", "--", "true"), '"--exprt"', "--export"),
                              (("sh", "-x", "true"), "no such option", "put `--` before the command"),
                              (("--set", "nonsense", "--", "true"), "--set needs PATH=VALUE", "--set")):
        f.refuses("run", *words, exit_code=125, says=says, hint=hint)
    f.refuses("--schema", "/nowhere.json", "run", "--", "true", exit_code=125, says="/nowhere.json", hint="")
    f.refuses("run", "--export", "nonsense", "--", "true", exit_code=125, says="PATH=VAR", hint="no digit")
    f.refuses("secret", "reencrypt", "--other-key-file", "nope", exit_code=3, says=os.path.join(f.folder, "nope"),
              hint="--other-key-file names it")


def what_was_bound_can_be_freed(f):
    def info():
        secret = f.json("secret", "list")["secrets"][0]
        return secret["environments"], secret["hosts"], bool(secret["expires"])

    f.must("secret", "set", "key", "--env", "production", "--host", "h.example", "--expires", "2099-01-01", stdin="v")
    expect(info() == (["production"], ["h.example"], True), f"{info()}")
    f.must("secret", "set", "key", "--expires", "never", stdin="v")
    expect(info() == (["production"], ["h.example"], False), f"{info()}")
    f.must("secret", "set", "key", "--env", "all", "--host", "all", stdin="v")
    expect(info() == ([], [], False), f"{info()}")
    f.refuses("secret", "set", "key", "--expires", "", exit_code=2, says="expected a value", hint="", stdin="v")
    done = f.run("secret", "set", "key", "--expires", "2020-01-01", stdin="v")
    expect(done.returncode == 0 and "note: 2020-01-01 has passed" in done.stderr, f"{done}")
    expect("(has expired)" in f.must("secret", "list"), "and the list says so")
    for value in ("v\r\n", " v", "v\n\n"):
        done = f.run("secret", "set", "key", stdin=value)
        expect(done.returncode == 0 and "note: the value begins or ends with a blank" in done.stderr, f"{value!r}: {done}")
    expect("note" not in f.run("secret", "set", "key", stdin="a b\n").stderr, "a blank inside is nothing to mention")


def the_record_says_which_version_was_seen(f):
    for verb, value in (("set", "one"), ("set", "two"), ("rotate", "three")):
        f.must("secret", verb, "key", stdin=value)
    for reference, version in (("key@previous", 1), ("key", 2), ("key@pending", 3), ("key@1", 1)):
        f.must("secret", "get", reference)
        expect(re.search(rf"secret:key +done +{version} ->", f.newest_record()), f"{reference}: {f.newest_record()}")


def prompts_say_for_what(f):
    def asked(*words, answers):
        ours, theirs = pty.openpty()
        with subprocess.Popen(["setsid", "--ctty", TOOL, *words], cwd=f.folder, env={**ENVIRONMENT, "HOME": f.folder},
                              stdin=theirs, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            text = b""
            try:
                for answer in answers:
                    while not text.endswith(b": "):
                        text += os.read(ours, 4096)
                    os.write(ours, answer.encode() + b"\n")
                    text += b"|"
                while part := os.read(ours, 4096):
                    text += part
            except OSError:  # Linux says so when the other end is closed.
                pass
            process.wait(timeout=60)
        os.close(ours)
        return text.decode().replace("\r", "")

    store = os.path.join(f.state, "secrets.qcs")
    text = asked("secret", "set", "key", answers=["v", "v"])
    expect(f"value of key, for the store {store}: " in text and "once more" in text, text)
    text = asked("secret", "slot", "add", "recovery", "--new-passphrase", answers=["some words", "some words"])
    expect(f"new passphrase, for the slot recovery of the store {store}" in text, text)
    text = asked("--passphrase", "secret", "list", answers=["some words"])
    expect(f"passphrase of the store {store}: " in text and "key" in text, text)
    text = asked("secret", "reencrypt", "--other-passphrase", answers=["some words"])
    expect(f"passphrase of another slot of the store {store}: " in text and "encrypted anew" in text, text)


def only_key(f):
    folder = os.path.join(f.folder, ".config/quantconf")
    return [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".key")]


def a_refused_init_leaves_no_key(f):
    key, = only_key(f)
    os.rename(key, key + ".saved")
    f.refuses("secret", "init", exit_code=1, says="it exists already", hint="never made over")
    expect(not only_key(f), f"there is a key that opens nothing: {only_key(f)}")
    f.refuses("secret", "init", exit_code=1, says="it exists already", hint="never made over",
              variables={"QUANTCONF_KEY_FILE": os.path.join(f.folder, ".config/quantconf/mistyped.key")})
    expect(not only_key(f), f"there is a key that opens nothing: {only_key(f)}")


def a_wrong_key_begins_no_new_log(f):
    f.must("secret", "set", "a", stdin="v")
    for name in ("state.db", "state.db-wal", "state.db-shm"):
        if os.path.exists(os.path.join(f.state, name)):
            os.remove(os.path.join(f.state, name))
    wrong = os.path.join(f.folder, "wrong.key")
    with open(os.open(wrong, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
        file.write(base64.b64encode(os.urandom(32)).decode() + "\n")
    f.refuses("--key-file", wrong, "secret", "list", "--accept-rollback", exit_code=3, says="wrong key", hint="nothing was changed")
    f.refuses("secret", "get", "a", exit_code=3, says="audit log", hint="--accept-rollback")
    f.must("secret", "list", "--accept-rollback")
    expect(f.must("secret", "get", "a") == "v", "the loss was accepted with the right key")


def help_fits_a_terminal():
    """What an example prints is as wide as it is."""
    for words in (["--help"], *([name, "--help"] for name in COMMANDS)):
        text = run("quantconf", *words).stdout.partition("\nExample:\n")[0]
        wide = [line for line in text.splitlines() if len(line) > 80]
        expect(text and not wide, f"{words}: wider than 80 columns: {wide}")


def help_has_two_columns():
    for name in COMMANDS:
        options = run("quantconf", name, "--help").stdout.partition("\nOptions:\n")[2].partition("\nExample:\n")[0]
        rows = [re.match(r"  (--\S+( [A-Z=]+)?)? +(?=\S)", line) for line in options.splitlines() if line]
        expect(all(rows), f"{name} --help: not in columns: {options}")
        starts = {row.end() for row in rows if row}
        expect(len(starts) <= 1, f"{name} --help: the texts begin in columns {starts}")
        expect(all(row.group().endswith("  ") for row in rows if row), f"{name} --help: no space between the columns")


for story in (each_verb_prints_one_object, import_is_all_or_nothing, slots_are_explained,
              a_missing_key_says_where_it_was_looked_for, rotation_is_of_what_exists, a_refused_reveal_is_recorded_as_refused,
              exports_do_not_decide_what_runs, a_removed_store_is_remembered, check_counts_what_it_could_not_try,
              an_empty_store_is_no_mistake, wrong_words_are_explained, other_programs_words_are_understood,
              what_was_bound_can_be_freed, the_record_says_which_version_was_seen, prompts_say_for_what,
              a_refused_init_leaves_no_key, a_wrong_key_begins_no_new_log):
    in_a_folder(story)
help_fits_a_terminal()
help_has_two_columns()
finish()
