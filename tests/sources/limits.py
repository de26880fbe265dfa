"""Limits at the provider: four programs of three threads share keys, and the simulator counts what arrives.

    limits.py CLIENT_WORKER QUANTCONF SOURCE_FOLDER

Five sources at once, one for each strategy, each with two windows. First with kill -9 of a program in between and a limit
that is lowered by `quantconf set` while all run: no window, shortened by GUARD, ever holds one request too many, and the
simulator, which counts by the shortened windows, refuses nobody. Then undisturbed: at least 95 % of what windows of ten
seconds allow gets through.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

WORKER, TOOL, SOURCE = (os.path.abspath(path) for path in sys.argv[1:4])
sys.path.insert(0, os.path.join(SOURCE, "tests", "simulator"))

import configuration  # noqa: E402
from started import Simulator  # noqa: E402

PROCESSES = 4
# The provider counts when requests arrive, we when they are charged; on a busy machine a thread rests in between.
GUARD = 0.2
TAKEN_OVER = 1.5  # So long after `quantconf set` has returned, the lowered limit is kept, counting all that was before.
DISTURBED, UNDISTURBED = 8.0, 11.5

# Strategy -> source, settings, windows as [requests, seconds]. Per minute: the pace, apart from fixed and sliding.
MINUTE = 60
DISTURBED_LIMITS = {
    "polygon": ("sliding_window", {}, [[30, 1], [80, 3]]),
    "newsapi": ("fixed_window", {}, [[30, 1], [80, 3]]),
    "finnhub": ("token_bucket", {"requests_per_minute": 1800, "burst_limit": 15}, [[60, 1], [140, 3]]),
    "fred": ("leaky_bucket", {"requests_per_minute": 1500, "burst_limit": 1}, [[60, 1], [80, 3]]),
    "openweather": ("adaptive", {"requests_per_minute": 1500, "burst_limit": 5}, [[60, 1], [80, 3]]),
}
LOWERED = ("polygon", 15)  # Requests a second from the middle on.
UNDISTURBED_LIMITS = {
    "polygon": ("sliding_window", {}, [[400, 10]]),
    "newsapi": ("fixed_window", {}, [[400, 10]]),
    "finnhub": ("token_bucket", {"requests_per_minute": 2400, "burst_limit": 20}, [[480, 10]]),
    "fred": ("leaky_bucket", {"requests_per_minute": 900, "burst_limit": 1}, [[300, 10]]),
    "openweather": ("adaptive", {"requests_per_minute": 900, "burst_limit": 2}, [[300, 10]]),
}

# What a configuration of the bot has to have.
BOT = """\
max_concurrent_requests: 64
cache_enabled: false
trading: {max_position_size: 0.05, max_daily_loss: 100.0, commission_per_contract: 0.65, slippage_bps: 2, risk_free_rate: 0.04}
database: {dsn: "postgresql://localhost/none"}
"""

_failures = []


def expect(condition, what):
    if not condition:
        _failures.append(what)
    print(f"{'ok    ' if condition else 'FAILED'}  {what}", flush=True)


def settings_of(limits):
    """As YAML below data_sources."""
    lines = ["  rate_limits:"]
    for source, (strategy, more, windows) in limits.items():
        lines += [f"    {source}:", f"      strategy: {strategy}", "      max_retries: 0"]
        for name in ("requests_per_second", "requests_per_minute", "requests_per_hour", "requests_per_day",
                     "requests_per_month"):
            lines.append(f"      {name}: {more.get(name, next((n for n, per in windows if per == 1 and name.endswith('second')), 'null'))}")
        lines += [f"      burst_limit: {more['burst_limit']}"] if "burst_limit" in more else []
        extra = [f"{{requests: {requests}, per: {per}s}}" for requests, per in windows if per != 1]
        lines.append(f"      extra_windows: !replace [{', '.join(extra)}]")
    return "\n".join(lines) + "\n"


class Run:
    def __init__(self, simulator, folder, limits, seconds):
        self.simulator, self.folder, self.limits = simulator, folder, limits
        os.makedirs(os.path.join(folder, "config"))
        os.makedirs(os.path.join(folder, "quota"), mode=0o700)
        layer = configuration.layer(simulator.started["endpoints"], simulator.started["keys"], {})
        with open(os.path.join(folder, "config", "base.yaml"), "w", encoding="utf-8") as file:
            file.write(BOT + layer + settings_of(limits))
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8",
                            **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
                               if name in os.environ}}
        self.end = time.monotonic() + seconds
        self.counts, self.kills = {}, 0

    def start(self, ledgers="quota"):
        left = max(0.1, self.end - time.monotonic())
        return subprocess.Popen([WORKER, "config", ledgers, f"{left:.3f}", *self.limits], cwd=self.folder,
                                env=self.environment, stdout=subprocess.PIPE, text=True)

    def finish(self, process):
        said = process.communicate(timeout=60)[0]
        if process.returncode not in (0, -9):
            expect(False, f"a program ended with {process.returncode}")
        for line in said.splitlines():
            source, answered, refused = line.split()
            before = self.counts.get(source, (0, 0))
            self.counts[source] = (before[0] + int(answered), before[1] + int(refused))

    def set(self, setting):
        done = subprocess.run([TOOL, "--config-dir", "config", "--env", "testing", "set", setting, "--reason", "angry"],
                              cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60)
        expect(done.returncode == 0, f"quantconf set {setting}: {done.stderr.strip()}")


def shortened(windows):
    return [[requests, per - GUARD] for requests, per in windows]


def rolling_windows(limits):
    """Source -> windows; those of periods are counted here, because only we know when they begin."""
    return {source: [*windows, *([[more["requests_per_minute"], MINUTE]] if "requests_per_minute" in more else [])]
            for source, (strategy, more, windows) in limits.items() if strategy != "fixed_window"}


def arrivals(simulator):
    times, place = {}, 0
    while True:
        page = simulator.look(f"log?since={place}")
        for entry in page["entries"]:
            times.setdefault(entry["source"], []).append(entry["at"])
        if page["next"] == place:
            return times
        place = page["next"]


def period_of(at, length):
    return (at + time.time() - time.monotonic()) // length


def fullest_period(times, length):
    """The most requests in one period of the wall; what is within GUARD of its beginning may be of the one before."""
    counts = {}
    for at in times:
        if period_of(at - GUARD, length) == period_of(at, length):
            counts[period_of(at, length)] = counts.get(period_of(at, length), 0) + 1
    return max(counts.values(), default=0)


def count_periods(times, length):
    """All in which these requests can have been charged."""
    return int(period_of(max(times), length) - period_of(min(times) - GUARD, length)) + 1 if times else 0


def judge(simulator, run, settle):
    result = simulator.look(f"check?guard=0&settle={settle}")
    expect(result["complete"] and result["ok"],
           f"no window held one request too many, {GUARD:g} s taken off: {json.dumps(result['violations'][:3])}")
    times = arrivals(simulator)
    for source, (strategy, _, windows) in run.limits.items():
        if strategy == "fixed_window":
            for requests, per in windows:
                most = fullest_period(times.get(source, []), per)
                expect(most <= requests, f"{source}, {strategy}: {most} of {requests} in a period of {per} s")
                held, most = len(times.get(source, [])), requests * count_periods(times.get(source, []), per)
                expect(held <= most, f"{source}, {strategy}: {held} of {most} in all periods of {per} s")
    refused = {source: count for source, (_, count) in run.counts.items() if count}
    expect(not refused, f"the provider refused nothing: {refused}")
    return times


def disturbed(simulator, folder):
    run = Run(simulator, folder, DISTURBED_LIMITS, DISTURBED)
    for source, windows in rolling_windows(run.limits).items():
        simulator.control("limits", source=source, windows=shortened(windows))
    seed = random.SystemRandom().randrange(2**32)
    choice = random.Random(seed)
    processes = [run.start() for _ in range(PROCESSES)]
    middle, lowered = time.monotonic() + DISTURBED / 2, None
    while time.monotonic() < run.end - 1:
        time.sleep(0.3)
        place = choice.randrange(PROCESSES)
        processes[place].kill()
        run.finish(processes[place])
        processes[place] = run.start()
        run.kills += 1
        if lowered is None and time.monotonic() > middle:
            source, requests = LOWERED
            run.set(f"data_sources.rate_limits.{source}.requests_per_second={requests}")
            lowered = time.monotonic()
        if lowered and time.monotonic() > lowered + TAKEN_OVER and source:
            windows = [[requests, 1], *run.limits[source][2][1:]]
            simulator.control("limits", source=source, windows=shortened(windows))
            source = None
    for process in processes:
        run.finish(process)
    expect(lowered and source is None, "the limit was lowered while they ran")
    times = judge(simulator, run, settle=0)
    print(f"        seed {seed}, {run.kills} kills, " + ", ".join(f"{name} {len(at)}" for name, at in sorted(times.items())))
    expect(all(len(times.get(source, [])) > 30 for source in run.limits), "every source was asked")


def allowed(strategy, more, windows, first, last):
    """How many requests the limits let through between two times of the log."""
    seconds = last - first
    (requests, per), = windows
    if strategy == "sliding_window":
        return requests * (1 + int(seconds / per))
    if strategy == "fixed_window":
        # One that has just begun is not used up, nor one that ends at once.
        return requests * (1 + int(period_of(last - 1, per) - period_of(first + 1, per)))
    return more["requests_per_minute"] / MINUTE * seconds


def undisturbed(simulator, folder):
    run = Run(simulator, folder, UNDISTURBED_LIMITS, UNDISTURBED)
    for source, windows in rolling_windows(run.limits).items():
        simulator.control("limits", source=source, windows=shortened(windows))
    processes = [run.start() for _ in range(PROCESSES)]
    for process in processes:
        run.finish(process)
    ended = run.end
    times = judge(simulator, run, settle=0)
    for source, (strategy, more, windows) in run.limits.items():
        at = times.get(source, [])
        most = allowed(strategy, more, windows, at[0], ended) if at else 1
        expect(len(at) >= 0.95 * most, f"{source}, {strategy}: {len(at)} requests of {most:.0f} that are allowed")


def cheating(simulator, folder):
    """One of the programs counts for itself: whoever looks at the provider has to notice."""
    run = Run(simulator, folder, {"polygon": UNDISTURBED_LIMITS["polygon"]}, 2)
    os.makedirs(os.path.join(folder, "other"), mode=0o700)
    simulator.control("limits", source="polygon", windows=shortened([[400, 10]]))
    for process in [run.start(), run.start("other")]:
        run.finish(process)
    result = simulator.look("check?guard=0&settle=0")
    expect(not result["ok"] and run.counts["polygon"][1] > 0, f"a program that counts for itself is noticed: {run.counts}")


def main():
    for part in (cheating, disturbed, undisturbed):
        folder = tempfile.mkdtemp(prefix="quantconf-limits-")
        options = [word for source in DISTURBED_LIMITS for word in ("--limit", f"{source}=none")]
        try:
            with Simulator(*options) as simulator:
                part(simulator, folder)
        finally:
            shutil.rmtree(folder)
    print(f"{len(_failures)} failures")
    return 1 if _failures else 0


if __name__ == "__main__":
    sys.exit(main())
