"""Proves from the log that nobody was asked too often.

A window is shortened by a guard, because a request arrives a little later or sooner than it was sent; within what is left
there must never be one request too many. Every request counts, whatever was answered, also those that a fault swallowed.
"""

import bisect

from limits import boundary

SHOWN_MAX = 100


class History:
    """Which windows applied when. Several at once while a limit changes: `settle` seconds for the client to notice."""

    def __init__(self, windows):
        self.changes = [(float("-inf"), windows)]  # (time, windows from then on)

    def add(self, when, windows):
        self.changes.append((when, windows))

    def lengths(self):
        """(seconds, unit) of each window that ever applied."""
        return sorted({(window.length, window.unit) for _, windows in self.changes for window in windows})

    def limit(self, length, unit, when, settle):
        """(the most that this window allowed at a time, since when it has been there); (None, 0): no limit.

        Whoever sends a request has to keep the limit of that moment, and counts what was sent before as well; but a window
        that is new counts from its beginning.
        """
        most, since = 0, float("-inf")
        before = False
        for place, (start, windows) in enumerate(self.changes):
            if start > when:
                break
            limits = [window.limit for window in windows if (window.length, window.unit) == (length, unit)]
            if limits and not before:
                since = start
            before = bool(limits)
            until = self.changes[place + 1][0] + settle if place + 1 < len(self.changes) else float("inf")
            if when < until:
                if not limits:
                    return None, 0
                most = max(most, min(limits))
        return most, since


def _rolling(times, history, length, guard, settle):
    """(limit, held, first, last) for each arrival that was one too many."""
    span = length - guard
    start = 0
    for end, last in enumerate(times):
        while times[start] <= last - span:
            start += 1
        limit, since = history.limit(length, "", last, settle)
        begin = max(start, bisect.bisect_left(times, since, hi=end)) if since > times[start] else start
        held = end - begin + 1
        if limit is not None and held > limit:
            yield limit, held, times[begin], last


def _calendar(times, history, unit, length, guard, settle, clock):
    place = 0
    while place < len(times):
        wall = clock.wall_at(times[place])
        start, end = boundary(unit, wall)
        stop = bisect.bisect_left(times, end, lo=place, key=clock.wall_at)
        inside = [time for time in times[place:stop] if clock.wall_at(time) >= start + guard]
        for last in range(len(inside)):
            limit, since = history.limit(length, unit, inside[last], settle)
            held = last + 1 - bisect.bisect_left(inside, since, hi=last)
            if limit is not None and held > limit:
                yield limit, held, inside[0], inside[last]
        place = max(stop, place + 1)


def check(arrivals, history_of, clock, guard, settle, complete):
    """`history_of(scope)` gives the limits that applied to it."""
    scopes, shown, count = {}, [], 0
    for scope, times in sorted(arrivals.items()):
        times = sorted(times)
        history = history_of(scope)
        scopes[scope] = {"requests": len(times)}
        for length, unit in history.lengths() if history else ():
            if unit:
                found = _calendar(times, history, unit, length, guard, settle, clock)
            else:
                if length <= guard:
                    scopes[scope].setdefault("unchecked", []).append(length)
                    continue
                found = _rolling(times, history, length, guard, settle)
            for limit, held, first, last in found:
                count += 1
                if len(shown) < SHOWN_MAX:
                    shown.append({"scope": scope, "limit": limit, "window": unit or length, "held": held,
                                  "first": first, "last": last})
    return {"ok": count == 0, "complete": complete, "guard": guard, "settle": settle, "scopes": scopes,
            "violation_count": count, "violations": shown}
