#!/usr/bin/env python3
"""Checks that dependencies point one way and that third-party headers stay in their folder.

check.py ROOT              the sources under ROOT; exit 1 with one line for each violation
check.py --self-test       plants one violation of each kind in a temporary tree and expects to find exactly it
"""

import pathlib
import re
import sys

import rules

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
DOMAIN = re.compile(r"^\s*quantconf_domain\((\w+)", re.MULTILINE)
SUFFIXES = {".hpp", ".cpp"}
TOP_FOLDERS = ["src", "include", "apps", "bench", "fuzz", "python", "tests", "examples"]


def is_standard(header):
    """<vector>, <cstdint>: no folder and no suffix."""
    return "/" not in header and not header.endswith(".h")


def is_test(path):
    return path.name.endswith("_test.cpp") or path.parts[0] == "tests"


def folder_of(path):
    """The folder that rules speak of: "layers" for src/layers/a.cpp, "apps" for apps/quantconf/main.cpp."""
    return path.parts[1] if path.parts[0] == "src" else path.parts[0]


def check_third_party(path, header):
    """A header in angle brackets."""
    public = path.parts[0] == "include"
    if is_standard(header) or header.startswith("quantconf/"):
        return None
    if header.startswith(rules.SYSTEM):
        return f"public header includes the system header <{header}>" if public else None
    if public:
        return f"public header includes the third-party header <{header}>"
    if header.startswith(rules.TEST_ONLY):
        return None if is_test(path) else f"<{header}> belongs into tests only"
    if header.startswith(rules.BOOST_JSON):
        return None if str(path) in rules.BOOST_JSON_FILES else f"<{header}> is kept to a few named files"
    for start, folders in rules.THIRD_PARTY.items():
        if header.startswith(start):
            if folders is rules.EVERYWHERE_BUT_PUBLIC or folder_of(path) in folders:
                return None
            return f"<{header}> may only be included from {', '.join(sorted(folders))}"
    return f"unknown third-party header <{header}>; name its folder in tests/architecture/rules.py"


def check_direction(path, header):
    """A header in quotes: "quantconf/value.hpp", "layers/load.hpp"."""
    target = header.split("/")[0]
    if path.parts[0] == "examples" and header == target:
        return None  # A program of its own, as a user would write it: its files stand beside each other.
    if "/" not in header or target == "..":
        return f'"{header}" is not written from the source root ("folder/{header}")'
    if target == "quantconf":
        return None
    if path.parts[0] == "include":
        return f'public header includes the private "{header}"'
    if path.parts[0] == "examples":
        return f'an example uses the private "{header}"'
    if path.parts[0] != "src" or is_test(path):
        return None  # Programs and tests stand on top of everything.
    folder = folder_of(path)
    if folder == target:
        return None
    if target not in rules.LEVEL_OF:
        return f'"{header}" is of no folder that {folder} may know'
    if folder == rules.QUANTBOT:
        allowed = target in rules.QUANTBOT_MAY_INCLUDE
    else:
        allowed = rules.LEVEL_OF[target] < rules.LEVEL_OF[folder]
    return None if allowed else f'{folder} must not depend on {target} ("{header}")'


def check_file(root, path):
    if path.parts[0] == "src" and folder_of(path) not in rules.FOLDERS:
        return  # check_folders() speaks of it.
    text = (root / path).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        kind, header = match.groups()
        check = check_third_party if kind == "<" else check_direction
        problem = check(path, header)
        if problem:
            line = text.count("\n", 0, match.start(2)) + 1
            yield f"{path}:{line}: {problem}"


def check_folders(root):
    """Every folder under src/ is one that we know, and is built."""
    built = set(DOMAIN.findall((root / "src/CMakeLists.txt").read_text(encoding="utf-8")))
    for folder in sorted(path.name for path in (root / "src").iterdir() if path.is_dir()):
        if folder not in rules.FOLDERS:
            yield f"src/{folder}: unknown folder; give it a level in tests/architecture/rules.py"
        elif folder not in built:
            yield f"src/{folder}: src/CMakeLists.txt has no quantconf_domain({folder})"


def sources(root):
    """Every C++ file, as a path relative to the root."""
    for top in TOP_FOLDERS:
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SUFFIXES:
                yield path.relative_to(root)


def violations(root):
    found = list(check_folders(root))
    for path in sources(root):
        found.extend(check_file(root, path))
    return found


def main():
    if sys.argv[1:] == ["--self-test"]:
        import self_test

        return self_test.run()
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(sys.argv[1]).resolve()
    found = violations(root)
    for violation in found:
        print(violation)
    files = len(list(sources(root)))
    print(f"architecture: {files} files, {len(found)} violations")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
