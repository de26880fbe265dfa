"""The checker of limits: four processes of three threads share one key.

What every scenario asserts, from the processes' own readings of CLOCK_BOOTTIME:
- no window of admission times ever holds one request too many, and no pacing is ahead of itself;
- around a limit that is lowered while all of them run: whoever asks by the lowered limit finds it kept, counting everything
  that anybody was admitted before; nobody goes by the old limit for longer than two seconds; the old limit always holds;
- without kills and reserve, windows of ten seconds let through at least 95 % of what they allow.

Clocks are set by libfaketime, for the programs alone; where it is missing, or a sanitizer does not go with it
(QUANTCONF_QUOTA_OWN_CLOCK=1), by the worker itself.

    limits.py QUOTA_WORKER [--seconds N]          (or QUANTCONF_QUOTA_SECONDS=N; 4 by default)
"""

import bisect
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

PROCESSES = 4
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
USES_FAKETIME = os.path.exists(FAKETIME) and "QUANTCONF_QUOTA_OWN_CLOCK" not in os.environ
TAKEN_OVER_NS = 2_000_000_000
DAY_MS = 86_400_000
# A period ends on the wall, whose readings have microseconds: who is decided so shortly after may count before it.
WALL_READING_NS = 2_000


def boottime():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Scenario:
    def __init__(self, name, spec, lowered=None, kills=False, jumps=False, throughput=None, seconds=None, cheat=None):
        self.name, self.spec, self.lowered = name, spec, lowered
        self.kills, self.jumps, self.throughput, self.seconds = kills, jumps, throughput, seconds
        self.cheat = cheat  # What one of the processes believes instead: the checker has to notice.


def scenarios():
    both = dict(kills=True)
    for strategy, spec, lowered in (
            ("sliding", "r30/500,r100/2000", "r20/500,r60/2000"),
            ("fixed", "f30/500,f100/2000", "f20/500,f60/2000"),
            ("token bucket", "r90/1000,p80/1000/20", "r50/1000,p80/1000/20"),
            ("leaky bucket", "r90/1000,p85/1000/1", "r50/1000,p85/1000/1"),
            ("adaptive", "r90/1000,p85/1000/5,a,q", "r50/1000,p85/1000/5,a,q"),
            ("calendar", f"c400/{DAY_MS},r100/300,r600/{DAY_MS}", f"c300/{DAY_MS},r100/300,r600/{DAY_MS}"),
            ("large", "r6000/400", "r5000/400"),
            ("reserve", "r40/500,v20", "r30/500,v20")):
        yield Scenario(strategy, spec, lowered, **both)
    for strategy, spec in (("sliding", "r30/500"), ("fixed", "f30/500,f200/2000"), ("token bucket", "p80/1000/20,r90/1000"),
                           ("leaky bucket", "p85/1000/1,f90/1000"), ("adaptive", "p85/1000/5,a,q,f90/1000"),
                           ("calendar", f"c400/{DAY_MS}")):
        yield Scenario(strategy + ", clock jumps", spec, jumps=True)
    for strategy, spec, allowed in (
            ("sliding", "r400/10000", lambda seconds: 400 * (1 + seconds // 10)),
            ("large", "r6000/10000", lambda seconds: 6000 * (1 + seconds // 10)),
            ("token bucket", "p50/1000/20,r600/10000", lambda seconds: 20 + 50 * seconds),
            # What wakes late is lost: a bucket of one saves nothing up. So its interval is long beside the machine's lateness.
            ("leaky bucket", "p20/1000/1,r300/10000", lambda seconds: 20 * seconds),
            ("adaptive", "p20/1000/2,r300/10000,a", lambda seconds: 20 * seconds)):
        yield Scenario(strategy + ", throughput", spec, throughput=allowed, seconds=11.5)
    yield Scenario("fixed, throughput", "f400/10000", throughput=None, seconds=11.5)
    yield Scenario("one cheats", "r30/500", cheat="r31/500")
    yield Scenario("one cheats with periods", "f30/500", cheat="f31/500")
    yield Scenario("one cheats with its pace", "p85/1000/5", cheat="p95/1000/5")


class Run:
    def __init__(self, worker, scenario, seconds, seed):
        self.worker, self.scenario, self.random = worker, scenario, random.Random(f"{seed}/{scenario.name}")
        self.seconds = scenario.seconds or seconds
        self.folder = tempfile.mkdtemp(prefix="quantconf-limits-")
        os.chmod(self.folder, 0o700)
        self.control = os.path.join(self.folder, "control")
        self.clock = os.path.join(self.folder, "clock")
        self.logs, self.problems, self.kills = [], [], 0
        self.environment = dict(os.environ)
        for path, text in ((self.control, "0" + 15 * "\0"), (self.clock, "+0")):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        if scenario.jumps and USES_FAKETIME:
            self.environment.update(LD_PRELOAD=FAKETIME, FAKETIME_TIMESTAMP_FILE=self.clock, FAKETIME_NO_CACHE="1",
                                    FAKETIME_DONT_FAKE_MONOTONIC="1")

    def start(self, index):
        log = os.path.join(self.folder, f"log-{len(self.logs)}")
        self.logs.append(log)
        spec = self.scenario.cheat if self.scenario.cheat and index == 0 else self.scenario.spec
        left = max(0.05, self.end - time.monotonic())
        return subprocess.Popen([self.worker, os.path.join(self.folder, "key.ledger"), log, self.control,
                                 str(int(left * 1000)), spec, self.scenario.lowered or spec],
                                env=self.environment, stderr=subprocess.PIPE, text=True)

    def finish(self, process):
        _, said = process.communicate(timeout=60)
        if process.returncode not in (0, -signal.SIGKILL):
            self.problems.append(f"a worker ended with {process.returncode}: {said.strip()}")

    def disturb(self, processes):
        lowered_at = None
        began = time.monotonic()
        while (left := self.end - time.monotonic()) > 0.2:
            time.sleep(0.15)
            if self.scenario.kills:
                index = self.random.randrange(PROCESSES)
                processes[index].kill()
                self.finish(processes[index])
                processes[index] = self.start(index)
                self.kills += 1
            if self.scenario.jumps:
                self.set_wall(self.random.choice(["+0", "+1", "-1", "+0.3", "-0.3", "+3600", "-3600", "+90000", "-90000"]))
            if self.scenario.lowered and lowered_at is None and time.monotonic() - began > left:
                with open(self.control, "r+b") as file:
                    file.write(b"1")
                lowered_at = boottime()
        return lowered_at

    def set_wall(self, seconds):
        if USES_FAKETIME:
            with open(self.clock + ".new", "w", encoding="ascii") as file:
                file.write(seconds)
            os.replace(self.clock + ".new", self.clock)
        else:
            with open(self.control, "r+b") as file:
                file.seek(8)
                file.write(struct.pack("<q", int(float(seconds) * 1e9)))

    def run(self):
        self.offset = time.time_ns() - boottime()
        self.end = time.monotonic() + self.seconds
        processes = [self.start(index) for index in range(PROCESSES)]
        lowered_at = self.disturb(processes) if self.scenario.kills or self.scenario.jumps else None
        time.sleep(max(0.0, self.end - time.monotonic()))
        self.ended = boottime()
        for process in processes:
            self.finish(process)
        self.admissions = sorted(self.read())
        self.check(lowered_at)
        shutil.rmtree(self.folder)
        return self

    def read(self):
        for path in self.logs:
            if not os.path.exists(path):
                continue  # Killed before it had opened it.
            with open(path, "rb") as file:
                while block := file.read(24 * 4096):
                    rows = [row for row in struct.iter_unpack("<qqq", block) if row[2] != 0]
                    yield from rows
                    if not rows:
                        break

    def check(self, lowered_at):
        times = [row[0] for row in self.admissions]
        if len(times) < 20:
            self.problems.append(f"only {len(times)} admissions: nothing was shown")
        for kind, requests, milliseconds in re.findall(r"([rfc])(\d+)/(\d+)", self.scenario.spec):
            self.window(kind, int(requests), int(milliseconds) * 1_000_000, times)
        for requests, milliseconds, burst in re.findall(r"p(\d+)/(\d+)/(\d+)", self.scenario.spec):
            self.pacing(int(milliseconds) * 1_000_000 / int(requests), int(burst), times)
        if lowered_at is not None:
            self.lowered(times, lowered_at)
        if self.scenario.throughput is not None:
            # From the first one on: how long four programs take to start is not the limits' doing.
            allowed = self.scenario.throughput((self.ended - times[0]) / 1e9 if times else self.seconds)
            if len(times) < 0.95 * allowed:
                self.problems.append(f"{len(times)} admissions of {allowed:.0f} that are allowed")

    def period(self, kind, length, moment):
        return (moment + self.offset - WALL_READING_NS) // (length if kind == "f" else DAY_MS * 1_000_000)

    def window(self, kind, requests, length, times):
        if kind == "r":
            for first, last in zip(times, times[requests:]):
                if last - first < length:
                    self.problems.append(f"{requests + 1} requests within {(last - first) / 1e6:.6f} ms of {length / 1e6:.0f}")
                    return
            return
        counts = {}
        for moment in times:
            period = self.period(kind, length, moment)
            counts[period] = counts.get(period, 0) + 1
        if counts and max(counts.values()) > requests:
            self.problems.append(f"{max(counts.values())} requests in one period of {length / 1e6:.0f} ms, {requests} allowed")
        if self.scenario.name == "fixed, throughput":
            allowed = requests * len(counts)
            if len(times) < 0.95 * allowed:
                self.problems.append(f"{len(times)} admissions of {allowed} that are allowed")

    def pacing(self, interval, burst, times):
        due = 0.0
        for moment in times:
            moment -= times[0]
            if due - (burst - 1) * interval > moment + 1000:
                self.problems.append(f"{(due - (burst - 1) * interval - moment) / 1e6:.6f} ms ahead of its pace")
                return
            due = max(due, moment) + interval

    def lowered(self, times, lowered_at):
        late = [row[0] - lowered_at for row in self.admissions if row[2] == 1 and row[0] > lowered_at]
        if late and max(late) > TAKEN_OVER_NS:
            self.problems.append(f"the old limit was used {max(late) / 1e9:.1f} s after it was lowered")
        after = [index for index, row in enumerate(self.admissions) if row[2] == 2]
        if not after and "c" not in self.scenario.spec:
            self.problems.append("nobody was admitted under the lowered limit")
        for kind, requests, milliseconds in re.findall(r"([rfc])(\d+)/(\d+)", self.scenario.lowered):
            requests, length = int(requests), int(milliseconds) * 1_000_000
            for index in after:
                moment = times[index]
                if kind == "r":
                    first = bisect.bisect_right(times, moment - length)
                else:
                    period = self.period(kind, length, moment)
                    first = bisect.bisect_left(times, period, key=lambda at: self.period(kind, length, at))
                if index - first + 1 > requests:
                    self.problems.append(f"{index - first + 1} requests under a limit that was lowered to {requests}")
                    return


def main():
    worker = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[3] if sys.argv[2:3] == ["--seconds"] else os.environ.get("QUANTCONF_QUOTA_SECONDS", "4"))
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}, {seconds:g} seconds each, clocks set by {'libfaketime' if USES_FAKETIME else 'the worker'}")
    runs, failed = [], False
    # What measures throughput has the machine for itself; of the others a few run side by side.
    groups = {}
    for scenario in scenarios():
        groups.setdefault(bool(scenario.seconds), []).append(Run(worker, scenario, seconds, seed))
    for is_alone, group in sorted(groups.items()):
        width = len(group) if is_alone else 6
        for first in range(0, len(group), width):
            batch = group[first:first + width]
            threads = [threading.Thread(target=run.run) for run in batch]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            runs += batch
    for run in runs:
        scenario = run.scenario
        if not hasattr(run, "admissions"):
            run.problems.append("did not run to its end")
            run.admissions = []
        is_good = bool(run.problems) == bool(scenario.cheat)
        failed |= not is_good
        print(f"{'ok  ' if is_good else 'FAIL'} {scenario.name}: {len(run.admissions)} admissions, {run.kills} kills"
              + "".join(f"\n       {problem}" for problem in run.problems)
              + ("\n       nothing, though one of the processes cheats" if scenario.cheat and not run.problems else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
