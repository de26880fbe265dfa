"""Counts what was expected and prints what was not so."""

import sys

_count = {True: 0, False: 0}
_said = set()


def expect(condition, what, context=""):
    _count[bool(condition)] += 1
    if not condition and what not in _said:
        _said.add(what)
        print(f"FAILED  {what}\n" + "\n".join(f"        {line}" for line in str(context).splitlines()[:14]), flush=True)
    return bool(condition)


def note(text):
    print(f"note    {text}", flush=True)


def start():
    """From nothing, in a process that tells one story."""
    _count.update({True: 0, False: 0})
    _said.clear()


def results():
    return dict(_count)


def add(others):
    for key, count in others.items():
        _count[key] += count


def finish():
    print(f"{_count[True]} passed, {_count[False]} failed")
    sys.exit(0 if _count[True] and not _count[False] else 1)
