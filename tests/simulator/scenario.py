"""A scenario: steps that happen at a time or after a number of requests. README.md describes the format."""

import asyncio
import json

import actions

STEPS_MAX = 10_000
_TRIGGERS = ("at", "after", "of")


def _without_twins(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice")
    return found


def read_json(text):
    """A value of JSON, or a ValueError: also for a name that stands twice in an object, and for a text that is too deep."""
    try:
        return json.loads(text, object_pairs_hook=_without_twins)
    except RecursionError:
        raise ValueError("too deep") from None


def steps_of(loaded):
    """The steps of a scenario; a ValueError if it is none or has anything else."""
    if not isinstance(loaded, dict):
        raise ValueError("a scenario is an object with steps")
    others = loaded.keys() - {"steps"}
    if others:
        raise ValueError(f"{min(others)}: a scenario has no such member; it has steps")
    return loaded.get("steps")


def problems_of(steps, service):
    """Everything that is wrong with a list of steps, each with its place."""
    if not isinstance(steps, list) or len(steps) > STEPS_MAX:
        return [f"steps: a list of at most {STEPS_MAX} steps"]
    problems = []
    for place, step in enumerate(steps):
        if not isinstance(step, dict):
            problems.append(f"steps[{place}]: a step is an object")
            continue
        found = _problems_of_triggers(step, service)
        found += actions.problems_of({name: value for name, value in step.items() if name not in _TRIGGERS}, service)
        problems += [f"steps[{place}].{problem}" for problem in found]
    return problems


def _problems_of_triggers(step, service):
    problems = []
    if "at" in step and "after" in step:
        problems.append("at: a step has either `at` or `after`")
    if "at" in step and not (actions.fits(step["at"], float) and 0 <= step["at"] <= 1_000_000):
        problems.append(f"at: expected seconds, found {step['at']!r}")
    if "after" in step and not (actions.fits(step["after"], int) and step["after"] >= 1):
        problems.append(f"after: expected a number of requests, found {step['after']!r}")
    if "of" in step and "after" not in step:
        problems.append("of: says whose requests `after` counts, which is missing")
    elif "of" in step and not (isinstance(step["of"], str) and step["of"] in service.providers):
        problems.append(f"of: one of {', '.join(service.providers)}, not {step['of']!r}")
    return problems


class Scenario:
    """Steps in flight. Counting and time begin when it is started."""

    def __init__(self, service, steps):
        self._service = service
        self._steps = steps
        self._timers = []
        self._waiting = []  # (requests left, source or None for any, step)
        self.fired = []

    def start(self):
        for step in self._steps:
            self._begin(step)

    def _begin(self, step):
        if "after" in step:
            self._waiting.append([step["after"], step.get("of"), step])
        elif step.get("at", 0) == 0:
            self._fire(step)
        else:
            self._timers.append(asyncio.get_running_loop().call_later(step["at"], self._fire, step))

    def add(self, step):
        """One more, whose time and count begin now. False: too many are waiting."""
        now = asyncio.get_running_loop().time()
        self._timers = [timer for timer in self._timers if timer.when() > now]
        if len(self._timers) + len(self._waiting) >= STEPS_MAX:
            return False
        self._begin(step)
        return True

    def cancel(self):
        for timer in self._timers:
            timer.cancel()
        self._timers, self._waiting = [], []

    @property
    def waits_for_requests(self):
        return bool(self._waiting)

    def after_request(self, source):
        """Called behind each request to a provider: what was to happen after it does so before the next."""
        due = []
        for entry in self._waiting:
            if entry[1] in (None, source):
                entry[0] -= 1
                if entry[0] == 0:
                    due.append(entry[2])
        if due:
            self._waiting = [entry for entry in self._waiting if entry[0] > 0]
        for step in due:
            self._fire(step)

    def _fire(self, step):
        if len(self.fired) < STEPS_MAX:
            self.fired.append(step)
        return actions.perform(step, self._service)
