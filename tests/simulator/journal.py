"""The log of arrivals: a ring of fixed size, with names in place of texts and never a key."""

import array
import collections
import time

NAMES_MAX = 4_096
PATH_MAX = 200
OTHER = "(other)"


class Names:
    """Texts by number, so that an entry of the log is small. What does not fit any more is "(other)"."""

    def __init__(self):
        self.texts = ["", OTHER]
        self._numbers = {"": 0, OTHER: 1}

    def number(self, text):
        number = self._numbers.get(text)
        if number is None:
            if len(self.texts) >= NAMES_MAX:
                return 1
            number = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return number


class Journal:
    def __init__(self, size):
        self.size = size
        self.started = time.monotonic()
        self._times = array.array("d", [0.0]) * size
        self._fields = [array.array("H", [0]) * size for _ in range(6)]
        self._names = [Names() for _ in range(6)]
        self.clear()

    def clear(self):
        self.total = 0
        self.by_source = collections.Counter()
        self.by_status = collections.Counter()  # (source, status)
        self.by_key = collections.Counter()  # (source, fingerprint)
        self.faults = collections.Counter()

    def add(self, arrived, source, key, scope, status, path, fault=""):
        place = self.total % self.size
        self.total += 1
        self._times[place] = arrived
        for field, names, value in zip(self._fields, self._names,
                                       (source, key, scope, str(status), path[:PATH_MAX], fault)):
            field[place] = names.number(value)
        self.by_source[source] += 1
        self.by_status[source, status] += 1
        if fault:
            self.faults[fault] += 1
        if len(self.by_key) < NAMES_MAX or (source, key) in self.by_key:
            self.by_key[source, key] += 1

    @property
    def first(self):
        """The number of the oldest entry that is still here."""
        return max(0, self.total - self.size)

    def entries(self, since=0, limit=None):
        """(number, time, source, key, scope, status, path, fault), in the order of arrival."""
        since = max(since, self.first)
        end = self.total if limit is None else min(self.total, since + limit)
        for number in range(since, end):
            place = number % self.size
            source, key, scope, status, path, fault = (
                names.texts[field[place]] for field, names in zip(self._fields, self._names))
            yield number, self._times[place], source, key, scope, int(status), path, fault

    def arrivals(self):
        """Scope -> the times of all its requests, whatever was answered; what has no scope counts nowhere.

        Under "(other)" stands what came when there were too many scopes to tell apart.
        """
        by_scope = collections.defaultdict(list)
        scopes, texts = self._fields[2], self._names[2].texts
        for number in range(self.first, self.total):
            place = number % self.size
            if scopes[place]:
                by_scope[texts[scopes[place]]].append(self._times[place])
        return by_scope
