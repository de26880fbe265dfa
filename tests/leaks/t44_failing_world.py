"""t44: a store that is damaged, foreign, locked out or on a full disk says so without a secret, and leaves none behind."""

import ctypes
import errno
import os
import shutil
import signal
import subprocess

import probes
from plant import own_key, planted, the_one_key
from report import expect, note
from sandbox import Done, Sandbox

CHANGES = [["secret", "set", "from_stdin"], ["secret", "rotate", "from_stdin"], ["secret", "rotate", "rotated", "--promote"],
           ["secret", "rotate", "rotated", "--abort"], ["secret", "rm", "bearer"], ["secret", "rekey"], ["secret", "reencrypt"],
           ["secret", "import", "--dotenv", "old.env", "--force"],
           ["secret", "import", "--fernet", "legacy.json", "--key", "legacy.key"],
           ["secret", "slot", "add", "more", "--new-key-file", "more.key"], ["secret", "slot", "rm", "2"], ["secret", "init"],
           ["secret", "rotate", "rotated", "--retire", "--format", "json"], ["secret", "set", "from_stdin", "--format", "json"],
           ["secret", "list", "--accept-damage"], ["secret", "verify", "--accept-damage", "--format", "json"],
           ["audit", "verify", "--accept-rollback"]]
ASKS = [["check"], ["check", "--format", "json"], ["run", "--", "true"], ["get", "--reveal", "database.password"], ["doctor"],
        ["run", "--export-secret", "from_stdin=X", "--", "true"]]


def state(sandbox, name):
    return os.path.join(sandbox.config, ".quantconf", name)


def versions(programs, needles):
    """Every change and every look back, in a folder with secrets, with a program that shows them."""
    sandbox, _ = planted(programs, needles)
    bot = subprocess.Popen([os.path.join(programs, "live_bot"), sandbox.config, "development"], env=sandbox.variables,
                           cwd=sandbox.path("work"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while b'"pid"' not in sandbox.run("health", "--format", "json").stdout:
        expect(bot.poll() is None, "the bot runs")
    watches = [sandbox.start(["watch", "--format", name]) for name in ("text", "json")]
    for watch in watches:
        watch.stderr.readline()
    for name in ("text", "json"):
        sandbox.run("set", "trading.slippage_bps=4", "--reason", "thin", "--layer", "shared", "--format", name, code=0)
        sandbox.run("set", "--unset", "trading.slippage_bps", "--reason", "over", "--layer", "shared", "--format", name, code=0)
        sandbox.run("set", "database.password=SECURE:bearer", "--dry-run", "--format", name, code=0)
        sandbox.run("set", "database.password=SECURE:bearer", "--reason", "another one", "--format", name, code=0)
        for words in probes.of_versions():
            sandbox.run(*words)
        sandbox.run("reload", "--format", name, code=0)
        sandbox.run("rollback", "v1", "--dry-run", "--format", name, code=0)
        sandbox.run("rollback", "v1", "--reason", "back", "--format", name, code=0)
    wrong = needles.new("beside what is refused by a program that runs")
    sandbox.write("config/development.yaml", f"database: {{password: {wrong}, port: 99999999}}\n", wrong)
    while b"refused" not in sandbox.run("health").stdout:
        expect(bot.poll() is None, "the bot runs")
    for name in ("text", "json"):
        sandbox.run("reload", "--accept-missing", "--timeout", "1m", "--format", name, code=1)
    for words in probes.of_versions() + [["set", "database.port=1", "--reason", "mend"], ["rollback", "v1", "--reason", "mend"]]:
        sandbox.run(*words)
    for process, words in ((watches[0], ["watch", "--format", "text"]), (watches[1], ["watch", "--format", "json"]), (bot, ["bot"])):
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        sandbox.judge(Done(words, 0 if process is bot else process.returncode, out, err))
        expect(process is bot or (process.returncode == 0 and out), f"{words} has told something and ended well", err)
    sandbox.harvest("versions")


def good_folder(programs, needles):
    """Every command, verb and format where nothing is wrong, and every change."""
    sandbox, values = planted(programs, needles)
    for words in probes.of_configuration() + probes.of_store() + probes.of_program():
        sandbox.run(*words)
    for words in (["check"], ["show"], ["secret", "list"], ["audit", "log"], ["explain", "database.password"], ["doctor"]):
        sandbox.at_terminal(*words)
    new = needles.new("set over an old one")
    sandbox.run("secret", "set", "from_stdin", "--env", "development,production", "--host", "db.internal", "--expires", "2099-01-31",
                stdin=new, code=0)
    sandbox.run("secret", "rotate", "rotated", "--abort", code=0)
    sandbox.run("secret", "rotate", "rotated", "--retire", "--format", "json", code=0)
    sandbox.run("secret", "rotate", "rotated", "--retire")
    for verb in ("list", "verify"):
        sandbox.run("secret", verb, "--accept-damage", code=0)
    sandbox.run("audit", "verify", "--accept-rollback", code=0)
    sandbox.run("secret", "rm", "bearer", code=0)
    sandbox.run("secret", "import", "--dotenv", "old.env", "--force", code=0)
    sandbox.run("secret", "import", "--fernet", "legacy.json", "--key", "legacy.key", code=0)
    sandbox.run("secret", "slot", "add", "more", "--new-key-file", "../home/more.key", code=0)
    more = sandbox.path("home", "more.key")
    with open(more, encoding="ascii") as file:
        sandbox.own[more] = (needles.add("a second key", file.read().strip()),)
    sandbox.run("secret", "reencrypt", "--other-key-file", more, code=0)
    sandbox.run("secret", "slot", "rm", "2", code=0)
    sandbox.run("secret", "rekey", code=0)
    own_key(sandbox, "master key after rekey")
    sandbox.run("secret", "rekey", "--new-key-file", "../home/own.key", code=0)
    own = sandbox.path("home", "own.key")
    with open(own, encoding="ascii") as file:
        sandbox.own[own] = (needles.add("a key of one's own", file.read().strip()),)
    sandbox.run("--key-file", own, "secret", "verify", code=0)
    sandbox.run("--key-file", own, "secret", "set", "from_stdin", "--accept-rollback",
                stdin=needles.new("over an older store"), code=0)
    sandbox.run("--state-dir", state(sandbox, ""), "--key-fd", "0", "secret", "verify", stdin=open(own, "rb").read(), code=0)
    sandbox.run("--schema", "nowhere.json", "check", code=3)
    sandbox.run("init", "another", "--force", "--format", "json", code=0)
    sandbox.run("init", "another", "--format", "text")
    sandbox.run("secret", "init", "--format", "json")
    sandbox.harvest("every change")


def passphrases(programs, needles):
    sandbox, values = planted(programs, needles)
    phrase, second = needles.sharp("passphrase").replace("\\", ""), needles.new("another passphrase")
    needles.add("passphrase as typed", phrase)
    wrong = needles.new("a wrong passphrase")
    sandbox.at_terminal("secret", "slot", "add", "recovery", "--new-passphrase", answers=[phrase, wrong])
    sandbox.at_terminal("secret", "slot", "add", "recovery", "--new-passphrase", answers=[phrase, phrase], code=0)
    sandbox.at_terminal("--passphrase", "secret", "verify", answers=[phrase], code=0)
    sandbox.at_terminal("--passphrase", "check", answers=[wrong])
    sandbox.at_terminal("--passphrase", "secret", "set", "from_stdin", answers=[phrase],
                        stdin=needles.new("set with a passphrase"), code=0)
    sandbox.at_terminal("--passphrase", "secret", "reencrypt", "--other-key-file", the_one_key(sandbox)[0],
                        answers=[phrase], code=0)
    sandbox.at_terminal("secret", "reencrypt", "--other-passphrase", answers=[phrase], code=0)
    sandbox.at_terminal("secret", "set", "from_terminal", answers=[needles.new("typed once"), needles.new("typed otherwise")])
    sandbox.at_terminal("secret", "rekey", "--new-passphrase", answers=[second, second])
    sandbox.run("--passphrase", "secret", "list", start_new_session=True)  # There is no terminal to ask at.
    sandbox.harvest("passphrases")


def damaged_stores(programs, needles):
    """Every way in which the files of a store can be wrong, and every question about them."""
    sandbox, values = planted(programs, needles)
    store, mark, log = (state(sandbox, name) for name in ("secrets.qcs", "secrets.qcs.prev", "state.db"))
    key, key_text = the_one_key(sandbox)
    kept = sandbox.path("kept")
    shutil.copytree(sandbox.top, kept, ignore=shutil.ignore_patterns("kept"))
    sandbox.own[os.path.join(kept, os.path.relpath(key, sandbox.top))] = sandbox.own[key]
    for path in list(sandbox.own):
        sandbox.own.setdefault(os.path.join(kept, os.path.relpath(path, sandbox.top)), sandbox.own[path])

    def put_back():
        for path in (store, mark, log, key):
            if os.path.islink(path) or os.path.exists(path):
                os.remove(path)
            shutil.copy2(os.path.join(kept, os.path.relpath(path, sandbox.top)), path)
        for path in (log + "-wal", log + "-shm"):
            if os.path.exists(path):
                os.remove(path)

    def overwrite(path, data, at=None):
        with open(path, "r+b" if at is not None else "wb") as file:
            file.seek(at or 0)
            file.write(data)

    with open(store, "rb") as file:
        whole = file.read()
    wrong_text = needles.new("text of a key file that is none")
    harms = {
        "one byte": lambda: overwrite(store, b"\xff\xff\xff", len(whole) // 2),
        "the header": lambda: overwrite(store, b"\0" * 8, 0),
        "the end": lambda: overwrite(store, whole[:-9]),
        "nothing left": lambda: overwrite(store, b""),
        "no store": lambda: os.remove(store),
        "an old store": lambda: shutil.copy2(mark, store),
        "readable for all": lambda: os.chmod(store, 0o644),
        "a link": lambda: (os.rename(store, store + ".x"), os.symlink("secrets.qcs.x", store)),
        "a key of another store": lambda: overwrite(key, b"A" * 43 + b"=\n"),
        "a key that is none": lambda: overwrite(key, (wrong_text + "\n").encode()),
        "a key readable for all": lambda: os.chmod(key, 0o644),
        "two keys in a file": lambda: overwrite(key, (key_text + "\n" + key_text + "\n").encode()),
        "no key": lambda: os.remove(key),
        "a damaged log": lambda: overwrite(log, b"\xff" * 300, 4096),
        "no log": lambda: os.remove(log),
    }
    sandbox.own[key] += (wrong_text,)
    for what, harm in harms.items():
        harm()
        for words in ASKS + [["secret", "list"], ["secret", "verify"], ["audit", "verify"], ["audit", "export"]] + CHANGES:
            allowed = values["from_stdin"] if words[:2] == ["get", "--reveal"] else None
            sandbox.run(*words, stdin=needles.values[next(iter(needles.values))], allowed=[allowed] if allowed else ())
        sandbox.harvest(what) if what in ("the end", "no log") else None
        put_back()
        if os.path.exists(store + ".x"):
            os.remove(store + ".x")


def full_disks(programs, needles):
    """Writing fails at a size, then on a disk that is full, then on one that is read-only."""
    sandbox, values = planted(programs, needles)
    for size in (0, 100, 2000, 6000):
        for words in CHANGES:
            sandbox.run(*words, stdin=needles.new("for a full disk"), largest_file=size)
        sandbox.run("init", "another", largest_file=size)
    sandbox.harvest("files that may not grow")
    disk = sandbox.path("disk")
    os.mkdir(disk)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", disk.encode(), b"tmpfs", 0, b"size=2m") != 0:
        note(f"no file system may be mounted here ({os.strerror(ctypes.get_errno())}): a really full and a read-only disk "
             "were left out")
        return
    try:
        small, values = planted(programs, needles, top=disk)
        try:
            with open(os.path.join(small.path("work"), "ballast"), "wb") as file:
                while file.write(b"\0" * 512):
                    file.flush()
        except OSError as problem:
            expect(problem.errno == errno.ENOSPC, "the disk is full", problem)
        asked = ASKS + [["secret", "list"], ["audit", "log"]] + CHANGES
        reveals = {("get", "--reveal", "database.password"): [values["from_stdin"]]}
        for words in asked:
            small.run(*words, stdin=needles.new("for a full disk"), allowed=reveals.get(tuple(words), ()))
        small.harvest("a full disk")
        MS_REMOUNT, MS_RDONLY = 32, 1
        expect(libc.mount(b"none", disk.encode(), b"tmpfs", MS_REMOUNT | MS_RDONLY, None) == 0, "the disk became read-only")
        for words in asked:
            small.run(*words, stdin=needles.new("for a read-only disk"), allowed=reveals.get(tuple(words), ()))
        small.harvest("a read-only disk")
    finally:
        libc.umount2(disk.encode(), 2)


def ended_in_the_middle(programs, needles):
    """SIGTERM while a value is being read, and at a prompt."""
    sandbox, _ = planted(programs, needles)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
        process = sandbox.start(["secret", "set", "from_stdin"], stdin=-1)
        process.stdin.write(needles.new("half a value").encode())
        process.stdin.flush()
        wait_until_it_reads(process.pid)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        sandbox.nothing_in(out + err, f"the output of a tool that signal {number} ended")
        expect(process.returncode == -number, f"signal {number} ends it")
        words = ["secret", "rotate", "from_stdin"]
        done = sandbox.at_terminal(*words, answers=[needles.new("typed before the end"), ""],
                                   meanwhile=lambda it: it.send_signal(number))
        expect(done.returncode == -number, f"signal {number} ends a question")
    sandbox.harvest("signals")


def wait_until_it_reads(pid):
    """Until the process sleeps in read(0, ...)."""
    for _ in range(1_000_000):
        try:
            with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
                if file.read().startswith("0 0x0 "):
                    return
        except OSError:
            return
    expect(False, "the tool waits for its standard input")


STORIES = [versions, good_folder, passphrases, damaged_stores, full_disks, ended_in_the_middle]
