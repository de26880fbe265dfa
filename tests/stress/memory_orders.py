"""Weakens each memory order of the readers' path, one at a time, and has ThreadSanitizer look: a test that cannot tell
the right order from a wrong one proves nothing. The unchanged header has to pass.

  memory_orders.py SOURCE_FOLDER COMPILER WORK_FOLDER
"""

import os
import re
import subprocess
import sys

HEADER = "include/quantconf/hub.hpp"
ORDER = re.compile(r"(incoming|finished)\.(exchange|store)\([^;]*std::memory_order_(acquire|release)\)")
NEEDED = 4  # As the header says. The looks of unregister() come after the reader's own work, under the lock.


def build_and_run(source, compiler, work, name, text):
    folder = os.path.join(work, name)
    os.makedirs(os.path.join(folder, "quantconf"), exist_ok=True)
    with open(os.path.join(folder, "quantconf", "hub.hpp"), "w", encoding="utf-8") as file:
        file.write(text)
    program = os.path.join(folder, "hub_stress")
    subprocess.run([compiler, "-std=c++23", "-O1", "-g1", "-fsanitize=thread", "-I", folder,
                    "-I", os.path.join(source, "include"), os.path.join(source, "tests/stress/hub_stress.cpp"),
                    os.path.join(source, "src/base/process_mark.cpp"), "-pthread", "-o", program], check=True)
    done = subprocess.run([program, "20000"], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "TSAN_OPTIONS": "halt_on_error=1 exitcode=66"})
    return done.returncode, done.stdout + done.stderr


def main():
    source, compiler, work = sys.argv[1:]
    with open(os.path.join(source, HEADER), encoding="utf-8") as file:
        text = file.read()
    places = list(ORDER.finditer(text))
    if len(places) != NEEDED:
        sys.exit(f"{HEADER} has {len(places)} orders where this test knows {NEEDED}: tell it about the others")
    code, output = build_and_run(source, compiler, work, "as_it_is", text)
    failures = []
    if code != 0:
        failures.append(f"the header as it is: exit code {code}\n{output}")
    for place in places:
        what = f"{place[1]}.{place[2]} with {place[3]}"
        start, end = place.span(3)
        code, output = build_and_run(source, compiler, work, f"{place[1]}_{place[2]}_{place[3]}",
                                     text[:start] + "relaxed" + text[end:])
        print(f"{what}, weakened: exit code {code}")
        if code != 66 or "data race" not in output:
            failures.append(f"{what} can be weakened, and nobody notices: exit code {code}\n{output}")
    for failure in failures:
        print("FAILED", failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
