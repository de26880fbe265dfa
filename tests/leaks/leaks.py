#!/usr/bin/python3
"""Plants values that exist nowhere else wherever a secret may stand, runs every command of the tool with good and with bad
input, and searches everything that leaves it. The cases carry the numbers of SECURITY.md.

Usage: leaks.py FOLDER_OF_THE_PROGRAMS FOLDER_OF_THE_PROJECT [STORY...]
"""

import concurrent.futures
import ctypes
import os
import shutil
import sys
import tempfile
import time

import examples
import exceptions
import report
import self_test
import surface
import t38_children
import t44_arguments
import t44_configurations
import t44_failing_world
import t51_webhook
import t52_providers
from needles import Needles
from report import expect
from sandbox import Sandbox

MODULES = (t44_configurations, t44_failing_world, t44_arguments, t38_children, t51_webhook, t52_providers, exceptions, examples)
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 1 << 18


def keep_mounts_to_ourselves():
    """What is mounted here goes away with us, however we end."""
    libc = ctypes.CDLL(None)
    if libc.unshare(CLONE_NEWNS) == 0:
        libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)


def tell(story, programs, more):
    """One story in a process of its own: (what was run, what was understood, what was expected)."""
    Sandbox.counts.update(dict.fromkeys(Sandbox.counts, 0))
    Sandbox.understood.clear()
    report.start()
    began = time.monotonic()
    story(programs, Needles(), *more)
    for sandbox in Sandbox.all:
        if os.path.isdir(sandbox.top):
            sandbox.harvest(story.__name__)
            shutil.rmtree(sandbox.top, ignore_errors=True)
    Sandbox.all.clear()
    print(f"{story.__module__}.{story.__name__}  {time.monotonic() - began:.1f} s", flush=True)
    return dict(Sandbox.counts), set(Sandbox.understood), report.results()


def main():
    programs, project, wanted = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3:]
    keep_mounts_to_ourselves()
    os.umask(0o022)
    # Where an fsync costs nothing: what is durable is another test's business.
    in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="quantconf-leaks-", dir=in_memory)
    tempfile.tempdir = folder
    try:
        self_test.run()
        helps, verbs, everything = surface.read(Sandbox(programs, Needles()))
        t44_arguments.no_option_takes_a_secret(helps, everything)
        stories = [(story, [project] if module is examples else []) for module in MODULES for story in module.STORIES
                   if not wanted or story.__name__ in wanted]
        with concurrent.futures.ProcessPoolExecutor(max_workers=3) as pool:  # Mostly they wait for the disk.
            for told in [pool.submit(tell, story, programs, more) for story, more in stories]:
                counts, understood, results = told.result()
                for name, count in counts.items():
                    Sandbox.counts[name] += count
                Sandbox.understood |= understood
                report.add(results)
        if not wanted:
            surface.everything_was_used(helps, verbs, everything)
            expect(Sandbox.counts["runs"] > 1000, "the tool was run")
        print(f"{Sandbox.counts['runs']} runs of the tool, {Sandbox.counts['searched'] // 1024} KiB searched")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.finish()


main()
