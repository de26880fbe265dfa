"""How often a provider lets itself be asked: windows, exact to the request, that all hold at the same time."""

import calendar
import collections
import time
from dataclasses import dataclass

ROLLING_MAX = 100_000  # Requests in one rolling window; each is remembered with its time.
WINDOWS_MAX = 8
DAY = 86_400


class Clock:
    """The simulator's time. It can be put forward, so that a day's quota comes back within a test."""

    def __init__(self):
        self._start_wall = time.time() - time.monotonic()
        self._shifts = [(float("-inf"), 0.0)]  # (monotonic time of the change, shift from then on)

    @property
    def shift(self):
        return self._shifts[-1][1]

    def now(self):
        """Seconds on a monotonic clock."""
        return time.monotonic() + self.shift

    def wall(self):
        """Seconds since 1970, UTC."""
        return time.time() + self.shift

    def advance(self, seconds):
        self._shifts.append((time.monotonic(), self.shift + seconds))

    def wall_at(self, monotonic):
        """What the simulator's wall clock showed at a time of the log."""
        shift = next(shift for since, shift in reversed(self._shifts) if since <= monotonic)
        return monotonic + self._start_wall + shift


def boundary(unit, wall):
    """Start and end of the calendar's day or month (UTC) around a time."""
    if unit == "day":
        start = wall - wall % DAY
        return start, start + DAY
    now = time.gmtime(wall)
    start = calendar.timegm((now.tm_year, now.tm_mon, 1, 0, 0, 0))
    return start, start + calendar.monthrange(now.tm_year, now.tm_mon)[1] * DAY


@dataclass(frozen=True)
class Window:
    """At most `limit` requests in any `seconds`, or in each "day" or "month" of the calendar (UTC)."""

    limit: int
    seconds: float = 0
    unit: str = ""

    @property
    def length(self):
        return self.seconds if not self.unit else (DAY if self.unit == "day" else 31 * DAY)

    def as_json(self):
        return [self.limit, self.unit or self.seconds]


def window_of(value):
    """A window from [limit, seconds], [limit, "day"] or [limit, "month"]."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f'a window is [limit, seconds], [limit, "day"] or [limit, "month"], not {value!r}')
    limit, length = value
    if isinstance(limit, bool) or not isinstance(limit, int) or not 0 <= limit <= 10_000_000:
        raise ValueError(f"a window's limit is a number from 0 to 10000000, not {limit!r}")
    if length in ("day", "month"):
        return Window(limit, unit=length)
    if isinstance(length, bool) or not isinstance(length, (int, float)) or not 0 < length <= 366 * DAY:
        raise ValueError(f'a window\'s length is in seconds, "day" or "month", not {length!r}')
    if limit > ROLLING_MAX:
        raise ValueError(f"a rolling window holds at most {ROLLING_MAX} requests, not {limit}")
    return Window(limit, length)


def windows_of(values):
    if not isinstance(values, list) or len(values) > WINDOWS_MAX:
        raise ValueError(f"windows are a list of at most {WINDOWS_MAX}")
    return tuple(window_of(value) for value in values)


class Rolling:
    """Counts exactly: the time of each request that is still inside the window."""

    def __init__(self, window, times=()):
        self.window = window
        self.times = collections.deque(times)

    def _forget(self, now):
        start = now - self.window.seconds
        while self.times and self.times[0] <= start:
            self.times.popleft()

    def used(self, now, wall):
        self._forget(now)
        return len(self.times)

    def wait(self, now, wall):
        """Seconds until one more request fits; 0 if it does now."""
        self._forget(now)
        over = len(self.times) - self.window.limit
        if over < 0:
            return 0
        return self.times[over] + self.window.seconds - now if self.window.limit else self.window.seconds

    def reset(self, now, wall):
        """Seconds until the window is empty of its oldest request."""
        self._forget(now)
        return self.times[0] + self.window.seconds - now if self.times else self.window.seconds

    def take(self, now, wall):
        self.times.append(now)

    def fill(self, now, wall):
        self._forget(now)
        self.times.extend([now] * max(0, self.window.limit - len(self.times)))


class Calendar:
    """Counts within a day or a month of the calendar."""

    def __init__(self, window, count=0, end=0):
        self.window = window
        self.count = count
        self.end = end

    def _turn(self, wall):
        if wall >= self.end:
            self.count, self.end = 0, boundary(self.window.unit, wall)[1]

    def used(self, now, wall):
        self._turn(wall)
        return self.count

    def wait(self, now, wall):
        self._turn(wall)
        return 0 if self.count < self.window.limit else self.end - wall

    def reset(self, now, wall):
        self._turn(wall)
        return self.end - wall

    def take(self, now, wall):
        self.count += 1

    def fill(self, now, wall):
        self._turn(wall)
        self.count = max(self.count, self.window.limit)


class Limiter:
    """The windows of one key, account, address or client. A request is counted in all of them or in none."""

    def __init__(self, windows):
        self.meters = [Calendar(window) if window.unit else Rolling(window) for window in windows]

    def admit(self, now, wall):
        """None if the request is let through, else (the meter that refuses it, seconds to wait).

        Where several refuse it, the longest window speaks: a used-up day is not over after a second.
        """
        refused = None
        for meter in self.meters:
            wait = meter.wait(now, wall)
            if wait > 0 and (refused is None or meter.window.length > refused[0].window.length):
                refused = (meter, wait)
        if refused is None:
            for meter in self.meters:
                meter.take(now, wall)
        return refused

    def meter(self, seconds):
        """The rolling meter of this length: the one that the provider's headers speak of. None: there is none."""
        return next((meter for meter in self.meters if meter.window.seconds == seconds), None)

    def fill_longest(self, now, wall):
        """Uses up the longest window, and says which one it was."""
        if not self.meters:
            return None
        longest = max(self.meters, key=lambda meter: meter.window.length)
        longest.fill(now, wall)
        return longest.window

    def change(self, windows):
        """Other windows from now on. What has been counted stays counted."""
        rolling = max((m for m in self.meters if not m.window.unit), key=lambda m: m.window.seconds, default=None)
        counts = {meter.window.unit: meter for meter in self.meters if meter.window.unit}
        meters = []
        for window in windows:
            if not window.unit:
                meters.append(Rolling(window, rolling.times if rolling else ()))
            elif window.unit in counts:
                meters.append(Calendar(window, counts[window.unit].count, counts[window.unit].end))
            else:
                meters.append(Calendar(window))
        self.meters = meters
