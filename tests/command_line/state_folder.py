#!/usr/bin/python3
"""Where the state of a program lies whose user is not the one who changes its configuration.

Usage: state_folder.py QUANTCONF
"""

import glob
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time

from tool import ENVIRONMENT, TOOL, expect, finish

LAYER = """trading:
  max_position_size: 0.05
  max_daily_loss: 5000.0
  risk_free_rate: 0.05
  commission_per_contract: 1.0
  slippage_bps: 4
database:
  host: db
  username: u
  password: "SECURE:database_password"
  database: d
  ssl_mode: require
"""
LIMIT = 60  # Seconds.
IS_ROOT = os.geteuid() == 0
OTHER = 65534
AS_OTHER = ["setpriv", "--reuid", str(OTHER), "--regid", str(OTHER), "--clear-groups", "--inh-caps=-all",
            "--bounding-set=-all", "--no-new-privs"] if IS_ROOT else []


class Place:
    """A configuration, a home, and the programs where every user may run them."""

    def __init__(self, top):
        self.top, self.config, self.home = top, os.path.join(top, "config"), os.path.join(top, "home")
        os.chmod(top, 0o755)
        for name in ("quantconf", "quantconf-vault", "live_bot"):
            shutil.copy(os.path.join(os.path.dirname(TOOL), name), top)
        self.tool = os.path.join(top, "quantconf")
        self.new_home("home")
        os.mkdir(self.config, 0o755)
        with open(os.path.join(self.config, "base.yaml"), "w", encoding="utf-8") as file:
            file.write(LAYER)
        os.chmod(os.path.join(self.config, "base.yaml"), 0o644)

    def new_home(self, name):
        self.home = os.path.join(self.top, name)
        os.mkdir(self.home, 0o700)
        if IS_ROOT:
            os.chown(self.home, OTHER, OTHER)

    def states(self):
        return glob.glob(os.path.join(self.home, ".local", "state", "quantconf", "*", "state.db"))

    def bot(self, **variables):
        return subprocess.Popen([*AS_OTHER, os.path.join(self.top, "live_bot"), self.config, "development"], cwd="/",
                                env={**ENVIRONMENT, "HOME": self.home, **variables}, stdin=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def other_runs(self, *words, **variables):
        return subprocess.run([*AS_OTHER, self.tool, "--config-dir", self.config, *words], cwd="/",
                              env={**ENVIRONMENT, "HOME": self.home, **variables}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT)

    def set(self, value, **variables):
        """As the user who runs the test."""
        return subprocess.run([self.tool, "--config-dir", self.config, "set", f"trading.slippage_bps={value}", "--layer",
                               "base", "--reason", "a test"], cwd="/", env={**ENVIRONMENT, "HOME": self.top, **variables},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT)

    def runs(self, bot, **variables):
        """Whether the bot has come so far that others see it."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end and bot.poll() is None:
            if '"pid"' in self.other_runs("health", "--format", "json", **variables).stdout:
                return True
        return False

    def starts(self, what, **variables):
        bot = self.bot(**variables)
        started = self.runs(bot, **variables)
        bot.send_signal(signal.SIGTERM)
        expect(started, f"{what}: {bot.communicate(timeout=LIMIT)[1]}")

    def refusal(self):
        bot = self.bot()
        said = bot.communicate(timeout=LIMIT)[1]
        expect(bot.returncode not in (0, -signal.SIGTERM), f"it was to be refused: {bot.returncode} {said}")
        return said


def a_folder_that_cannot_be_written_has_its_state_at_home(place):
    os.chmod(place.config, 0o555)
    place.starts("the first start")
    expect(len(place.states()) == 1, f"{place.states()}")
    folder = os.path.dirname(place.states()[0])
    while folder != place.home:
        expect(stat.S_IMODE(os.stat(folder).st_mode) == 0o700, f"{folder}: {os.stat(folder)}")
        folder = os.path.dirname(folder)
    place.starts("the second start")
    expect(len(place.states()) == 1 and not os.path.exists(os.path.join(place.config, ".quantconf")), f"{place.states()}")
    os.chmod(place.config, 0o755)


def a_home_that_is_not_there_is_not_made(place):
    os.chmod(place.config, 0o555)
    home, place.home = place.home, os.path.join(place.home, "missing", "home")
    expect("No such file" in place.refusal(), "without a home")
    expect(not os.path.exists(os.path.dirname(place.home)), "a home was made")
    place.home = home
    os.chmod(place.config, 0o755)


def what_root_makes_in_its_own_folder_stops_nobody_who_has_a_history(place):
    bot = place.bot()
    expect(place.runs(bot), "it does not start")
    done = place.set(5, SUDO_UID=str(OTHER))
    made = os.path.join(place.config, ".quantconf")
    expect(done.returncode == 0 and f"note: {made} is new and belongs to root" in done.stderr, f"{done}")
    expect(os.path.exists(made), "root's own state")
    bot.send_signal(signal.SIGTERM)
    bot.communicate(timeout=LIMIT)
    place.starts("after root's change")
    expect(len(place.states()) == 1, f"{place.states()}")
    expect("note" not in place.set(6, SUDO_UID=str(OTHER)).stderr, "said once, when it is made")


def whoever_has_none_hears_whose_it_is(place):
    place.new_home("another-home")
    said = place.refusal()
    for text in (os.path.join(place.config, ".quantconf"), f"belongs to user 0, and this is user {OTHER}", "QUANTCONF_STATE_DIR"):
        expect(text in said, f"{text} is not in: {said}")
    place.starts("with a folder of its own", QUANTCONF_STATE_DIR=os.path.join(place.home, "state"))


def root_makes_no_state_where_another_user_runs_the_program(place):
    os.chown(place.config, OTHER, OTHER)
    done = place.set(5)
    expect(done.returncode == 3 and f"belongs to user {OTHER}" in done.stderr and "sudo -u" in done.stderr, f"{done}")
    with open(os.path.join(place.config, "base.yaml"), encoding="utf-8") as file:
        expect("slippage_bps: 4" in file.read(), "it was changed")
    expect(not os.path.exists(os.path.join(place.config, ".quantconf")), f"{os.listdir(place.config)}")
    place.starts("after root was refused")
    done = place.set(5)
    expect(done.returncode == 3 and f"belongs to user {OTHER}, and this is user 0" in done.stderr, f"{done}")
    place.starts("once more")


def root_that_says_so_makes_it(place):
    os.chown(place.config, OTHER, OTHER)
    os.mkdir(os.path.join(place.config, ".quantconf"), 0o700)
    done = place.set(5)
    expect(done.returncode == 0, f"{done}")


stories = [a_folder_that_cannot_be_written_has_its_state_at_home, a_home_that_is_not_there_is_not_made]
roots = [(a_folder_that_cannot_be_written_has_its_state_at_home,
          what_root_makes_in_its_own_folder_stops_nobody_who_has_a_history, whoever_has_none_hears_whose_it_is),
         (root_makes_no_state_where_another_user_runs_the_program,), (root_that_says_so_makes_it,)]
for chapters in [(story,) for story in stories] + (roots if IS_ROOT else []):
    with tempfile.TemporaryDirectory() as folder:
        here = Place(os.path.realpath(folder))
        for chapter in chapters:
            chapter(here)
if not IS_ROOT:
    print("NOT CHECKED what root does in folders of others: only root can")
finish()
