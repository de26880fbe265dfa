"""The search finds what is planted, in each spelling and wherever it stands, and nothing else."""

import base64
import json
import urllib.parse

from needles import PART, Needles
from report import expect


def run():
    needles = Needles()
    key, sharp = needles.new("a key"), needles.sharp("a password")
    spelt = {"raw": str, "hex": lambda text: text.encode().hex(), "HEX": lambda text: text.encode().hex().upper(),
             "lower case": str.lower, "upper case": str.upper, "json": json.dumps, "json of ASCII": lambda text: json.dumps(text[:20]),
             "url": urllib.parse.quote, "percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
             "PERCENT": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
             "shell": lambda text: "'" + text.replace("'", "'\\''") + "'"}
    for value in (key, sharp):
        for name, spell in spelt.items():
            expect(needles.find(f"before {spell(value)} behind".encode()), f"self-test: finds {name} of {value!r}")
        expect(needles.find(value.encode("utf-16-le")), f"self-test: finds UTF-16 of {value!r}")
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            for shift in range(3):
                data = encode(b"x" * shift + value.encode() + b"y")
                expect(needles.find(b"{" + data + b"}"), f"self-test: finds {encode.__name__} of {value!r} behind {shift} bytes")
    for at in range(len(key) - PART + 1):
        expect(needles.find(b"..." + key[at:at + PART].encode() + b"..."), f"self-test: finds {PART} characters from {at} on")
    for at in range(len(key) - PART + 2):
        expect(not needles.find(b"..." + key[at:at + PART - 1].encode() + b"..."), "self-test: seven characters are no hit")
    other = Needles()
    values = [other.new("another"), other.sharp("another"), other.digits("another")]
    expect(not needles.find(" ".join(values).encode()), "self-test: other values are no hit")
    expect(not needles.find(b"") and not needles.find(b"abc"), "self-test: short texts")
