"""The control interface under /_control: what has arrived, whether it was too much, and what shall happen next."""

import os
import resource

import actions
import check
import scenario
from journal import OTHER
from limits import windows_of
from messages import as_json

ENTRIES_MAX = 10_000


def _refuse(problems, status=400):
    return as_json({"ok": False, "problems": problems}, status)


def handle(service, request, path):
    name = path.strip("/")
    try:
        if request.method == "GET" and name in _GET:
            return _GET[name](service, request.query, {})
        if request.method != "POST":
            return _refuse([f"GET {', '.join(_GET)}; POST check, scenario, {', '.join(actions.FIELDS)}"], 404)
        body = scenario.read_json(request.body or b"{}")
        if name == "check" and isinstance(body, dict):
            return _check(service, request.query, body)
        if name == "scenario":
            return _scenario(service, body)
        if name in actions.FIELDS and isinstance(body, dict):
            return _step(service, {**body, "do": name})
        return _refuse(["no such call"], 404)
    except ValueError as problem:
        return _refuse([str(problem)])


def _number(query, name, default, kind=float):
    value = kind(query.get(name, default))
    if not 0 <= value < 1e12:
        raise ValueError(f"{name}: expected a number from 0 on")
    return value


def _log(service, query, _):
    journal = service.journal
    since, limit = _number(query, "since", 0, int), min(ENTRIES_MAX, _number(query, "limit", ENTRIES_MAX, int))
    wanted = query.get("source")
    since = max(since, journal.first)
    entries = [{"number": number, "at": at, "source": source, "key": key, "scope": scope, "status": status, "path": path,
                "fault": fault}
               for number, at, source, key, scope, status, path, fault in journal.entries(since, limit)
               if wanted in (None, source)]
    return as_json({"first": journal.first, "total": journal.total, "next": min(journal.total, since + limit),
                    "entries": entries})


def _stats(service, query, _):
    journal = service.journal
    sources = {}
    for source, count in sorted(journal.by_source.items()):
        sources[source] = {"requests": count,
                           "statuses": {str(status): n for (of, status), n in sorted(journal.by_status.items()) if of == source},
                           "keys": {key: n for (of, key), n in journal.by_key.items() if of == source and key}}
    return as_json({"total": journal.total, "sources": sources, "faults": dict(journal.faults), "trap": service.trapped,
                    "fired": service.scenario.fired, "connections": len(service.connections),
                    "rss_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "pid": os.getpid()})


def _check(service, query, body):
    """`limits` of the body take the place of the provider's own for the sources that it names."""
    guard, settle = _number(query, "guard", 0.0), _number(query, "settle", 0.0)
    limits = body.get("limits", {})
    if not isinstance(limits, dict):
        raise ValueError("limits: expected an object")
    given = {source: check.History(windows_of(windows)) for source, windows in limits.items()}

    def history_of(scope):
        return given.get(scope.partition("/")[0]) or service.history_of(scope)

    arrivals = service.journal.arrivals()
    complete = service.journal.first == 0 and arrivals.pop(OTHER, None) is None
    result = check.check(arrivals, history_of, service.clock, guard, settle, complete)
    return as_json(result)


def key_table(service):
    """Source -> name -> the key and what it is; these are inventions of the simulator, no secrets."""
    return {source: {key.name: {"key": key.text, "plan": key.plan, "state": key.state, "fingerprint": key.fingerprint}
                     | ({"secret": key.secret} if key.secret else {}) for key in provider.keys.values()}
            for source, provider in service.providers.items() if source != "reddit_token"}


def _keys(service, query, _):
    return as_json(key_table(service))


def _step(service, step):
    when = {name: step[name] for name in ("at", "after", "of") if name in step}
    problems = scenario.problems_of([step], service)
    if problems:
        return _refuse([problem.removeprefix("steps[0].") for problem in problems])
    if when:
        return as_json({"ok": True}) if service.scenario.add(step) else _refuse(["too many steps are waiting"])
    return as_json({"ok": True} | actions.perform(step, service))


def _scenario(service, body):
    steps = scenario.steps_of(body)
    problems = scenario.problems_of(steps, service)
    if problems:
        return _refuse(problems)
    service.play(steps)
    return as_json({"ok": True, "steps": len(steps)})


_GET = {"log": _log, "stats": _stats, "check": _check, "keys": _keys}
