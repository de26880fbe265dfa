"""Values that exist nowhere else, and the search for what is left of them in the bytes that a program writes.

They are drawn anew for each run. A hit is eight bytes of a value, in the clear or in one of the spellings that programs
give to bytes.
"""

import base64
import secrets
import string
import urllib.parse

PART = 8  # Bytes of a value that give it away.
_LETTERS = string.ascii_letters + string.digits
_SHARP = "\"'\\/%+ é:"  # What JSON, URLs and shells write otherwise.


def _base64_parts(part, encode):
    """The letters that the part alone decides, wherever it stands in the text that is encoded."""
    return [encode(b"\0" * shift + part + b"\0\0")[begin:begin + 10] for shift, begin in ((0, 0), (1, 2), (2, 3))]


def spellings(part):
    """[(spelling, bytes)] of eight bytes of a value."""
    found = [("raw", part), ("lower case", part.lower()), ("upper case", part.upper()),
             ("hex", part.hex().encode()), ("HEX", part.hex().upper().encode()),
             ("utf-16", b"".join(bytes((byte, 0)) for byte in part)),
             ("percent", "".join(f"%{byte:02x}" for byte in part).encode()),
             ("PERCENT", "".join(f"%{byte:02X}" for byte in part).encode()),
             ("url", urllib.parse.quote_from_bytes(part, safe="").encode()),
             ("json", part.replace(b"\\", b"\\\\").replace(b'"', b'\\"')),
             ("json/", part.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"/", b"\\/")),
             ("shell", part.replace(b"'", b"'\\''"))]
    found += [("base64", text) for text in _base64_parts(part, base64.b64encode)]
    found += [("base64url", text) for text in _base64_parts(part, base64.urlsafe_b64encode)]
    return found


class Needles:
    def __init__(self):
        self.values = {}  # label -> value
        self._by_start = {}  # first eight bytes of a spelling -> [(all its bytes, label, spelling)]

    def _draw(self, letters, length):
        return "".join(secrets.choice(letters) for _ in range(length))

    def new(self, label):
        """Letters and digits, as most API keys are."""
        return self.add(label, self._draw(_LETTERS, 32))

    def digits(self, label):
        """A number to whoever guesses types."""
        return self.add(label, secrets.choice("123456789") + self._draw(string.digits, 27))

    def sharp(self, label):
        """With characters that have to be escaped somewhere."""
        return self.add(label, "".join(self._draw(_LETTERS, 3) + mark for mark in _SHARP) + self._draw(_LETTERS, 4))

    def add(self, label, value):
        label = f"{label} #{len(self.values)}"
        self.values[label] = value
        data = value.encode() if isinstance(value, str) else value
        for at in range(len(data) - PART + 1):
            for spelling, text in spellings(data[at:at + PART]):
                entries = self._by_start.setdefault(text[:PART], [])
                if all(entry[0] != text for entry in entries):
                    entries.append((text, label, spelling))
        return value

    def find(self, data):
        """{(label, spelling)} of everything that the bytes give away."""
        starts = {data[at:at + PART] for at in range(len(data) - PART + 1)} & self._by_start.keys()
        return {(label, spelling) for start in starts for text, label, spelling in self._by_start[start] if text in data}

    def labels_of(self, *values):
        """Those of the values: what a place is allowed to hold."""
        return {label for label, value in self.values.items() if value in values}
