"""What a step of a scenario, or a call of the control interface, can do."""

from dataclasses import dataclass

import faults
import fixtures
from limits import windows_of
from providers.base import STATES, Key

EVERYWHERE = "*"
ACTIVE_MAX = 64  # Faults at a time for one source.
COUNT_MAX = 1_000_000_000
_NUMBER = (int, float)
_MAY_BE_NEGATIVE = ("by", "retry_after")
_STATUS = (100, 999)  # Three digits.


@dataclass(frozen=True)
class Field:
    type: object
    required: bool = False
    least: float = 0
    most: float = COUNT_MAX


_SOURCE = Field(str, required=True)
_FAULT = {"source": _SOURCE, "count": Field(int, least=1), "seconds": Field(_NUMBER), "chance": Field(_NUMBER, most=1),
          "path": Field(str)}

FIELDS = {
    "fault": {**_FAULT, "kind": Field(str, required=True)},  # And the settings of its kind.
    "fixture": {**_FAULT, "case": Field(str, required=True), "provider": Field(str)},
    "recover": {"source": Field(str)},
    "refuse": {"seconds": Field(_NUMBER, required=True, most=3600)},
    "key": {"source": _SOURCE, "key": Field(str), "text": Field(str), "plan": Field(str), "secret": Field(str),
            "state": Field(str, required=True)},
    "limits": {"source": _SOURCE, "plan": Field(str), "windows": Field(list, required=True)},
    "spend": {"source": _SOURCE, "key": Field(str)},
    "tokens": {"seconds": Field(_NUMBER), "forget": Field(bool)},
    "advance": {"seconds": Field(_NUMBER, required=True)},
    "reset": {},
}


def type_name(wanted):
    return "number" if isinstance(wanted, tuple) else {str: "text", int: "whole number", list: "list", bool: "true or false",
                                                       dict: "object", float: "number"}[wanted]


def fits(value, wanted):
    """A value of JSON is of a type; true is no number."""
    wanted = (int, float) if wanted is float else wanted
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def _setting(name, default):
    if name == "status":
        return Field(int, least=_STATUS[0], most=_STATUS[1])
    return Field(type(default), least=-COUNT_MAX if name in _MAY_BE_NEGATIVE else 0)


def _is_one_line(value):
    return fits(value, _NUMBER) or (isinstance(value, str) and not set(value) & {"\r", "\n"})


def _problems_of_text(step):
    """What would break an answer in another way than its fault says, or could never be met."""
    problems = [f"{name}: has the end of a line in it" for name in ("content_type", "to") if not _is_one_line(step.get(name, ""))]
    for name, value in step.get("headers", {}).items():
        if not name or not _is_one_line(name) or not _is_one_line(value):
            problems.append(f"headers: {name!r}: names and values are text or numbers without the end of a line")
    if not step.get("path", "/").startswith("/"):
        problems.append(f"path: begins with /, not {step['path']!r}")
    return problems


def problems_of(step, service):
    """Everything that is wrong with a step, apart from when it happens."""
    action = step.get("do")
    if action not in FIELDS:
        return [f"do: one of {', '.join(FIELDS)}, not {action!r}"]
    fields = dict(FIELDS[action])
    problems = []
    if action == "fault":
        kind = faults.KINDS.get(step.get("kind"))
        if kind is None:
            return [f"kind: one of {', '.join(faults.KINDS)}, not {step.get('kind')!r}"]
        fields |= {name: _setting(name, default) for name, default in kind.settings.items()}
    for name in step.keys() - fields.keys() - {"do"}:
        problems.append(f"{name}: {action} has no such field; it has {', '.join(fields) or 'none'}")
    for name, field in fields.items():
        if name not in step:
            problems += [f"{name}: is missing"] * field.required
        elif not fits(step[name], field.type):
            problems.append(f"{name}: expected a {type_name(field.type)}, found {step[name]!r}")
        elif fits(step[name], _NUMBER) and not field.least <= step[name] <= field.most:
            problems.append(f"{name}: expected {field.least} to {field.most}, found {step[name]!r}")
    return problems or _problems_of_text(step) or _problems_of_meaning(step, service)


def _problems_of_meaning(step, service):
    action, source = step["do"], step.get("source")
    anywhere = action in ("fault", "fixture", "recover")
    if source is not None and source not in service.providers and not (anywhere and source == EVERYWHERE):
        return [f"source: one of {', '.join(service.providers)}, not {source!r}"]
    provider = service.providers.get(source)
    if "key" in step and "text" not in step and provider.key_named(step["key"]) is None:
        return [f"key: {source} has {', '.join(key.name for key in provider.keys.values())}, not {step['key']!r}"]
    if "plan" in step and step["plan"] not in provider.plans:
        return [f"plan: {source} has {', '.join(provider.plans)}, not {step['plan']!r}"]
    if "state" in step and step["state"] not in STATES:
        return [f"state: one of {', '.join(STATES)}, not {step['state']!r}"]
    if action == "limits":
        try:
            windows_of(step["windows"])
        except ValueError as problem:
            return [f"windows: {problem}"]
    if action == "fixture" or step.get("kind") == "fixture":
        for name in [source] if source != EVERYWHERE else service.providers:
            whose = step.get("provider") or fixtures.provider_of(name)
            if (whose, step.get("case", "")) not in service.fixtures:
                return [f"case: there is no fixture {step.get('case')!r} of {whose}"]
    if step.get("kind") == "half_close" and step.get("sent", "head") not in ("nothing", "head", "half"):
        return ["sent: one of nothing, head, half"]
    return []


def perform(step, service):
    """Does what a step says; it has no problems. Gives what there is to tell."""
    return _DO[step["do"]](step, service)


def _sources(step, service):
    source = step.get("source", EVERYWHERE)
    return list(service.providers) if source == EVERYWHERE else [source]


def _fault(step, service):
    kind = faults.KINDS[step["kind"]]
    settings = {name: step.get(name, default) for name, default in kind.settings.items()}
    for source in _sources(step, service):
        active = [fault for fault in service.faults[source] if not fault.is_over()]
        service.faults[source] = active[-ACTIVE_MAX + 1 :] + [faults.Active(step, step["kind"], settings)]
    return {}


def _fixture(step, service):
    return _fault({**step, "kind": "fixture"}, service)


def _recover(step, service):
    for source in _sources(step, service):
        service.faults[source] = []
    return {}


def _refuse(step, service):
    service.refuse(step["seconds"])
    return {}


def _key(step, service):
    provider = service.providers[step["source"]]
    if "text" in step:  # A key of the caller's own.
        plan = step.get("plan") or next(iter(provider.plans))
        key = Key(step.get("key", "own"), step["text"], plan, step["state"], step.get("secret", ""))
        if len(provider.keys) < 1_000 or step["text"] in provider.keys:
            provider.keys[step["text"]] = key
    else:
        key = provider.key_named(step.get("key", "good"))
        key.state = step["state"]
    return {"fingerprint": key.fingerprint}


def _limits(step, service):
    service.set_limits(step["source"], windows_of(step["windows"]), step.get("plan"))
    return {}


def _spend(step, service):
    provider = service.providers[step["source"]]
    key = provider.key_named(step.get("key", "good"))
    limiter = provider.limiter_for(provider.scope_of(key), key.plan)
    window = limiter.fill_longest(service.clock.now(), service.clock.wall())
    return {"window": window.as_json() if window else None}


def _tokens(step, service):
    reddit = service.providers["reddit"]
    reddit.token_seconds = step.get("seconds", reddit.token_seconds)
    if step.get("forget"):
        reddit.tokens.clear()
    return {}


def _advance(step, service):
    service.clock.advance(step["seconds"])
    return {}


def _reset(step, service):
    service.reset()
    return {}


_DO = {"fault": _fault, "fixture": _fixture, "recover": _recover, "refuse": _refuse, "key": _key, "limits": _limits,
       "spend": _spend, "tokens": _tokens, "advance": _advance, "reset": _reset}
