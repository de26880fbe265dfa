"""Shows that the architecture check can fail: each case plants one violation and expects exactly its message."""

import pathlib
import tempfile

import check

CLEAN = {
    "src/CMakeLists.txt": "quantconf_domain(base)\nquantconf_domain(format LIBRARIES yaml)\nquantconf_domain(layers)\n"
                          "quantconf_domain(schema)\nquantconf_domain(quantbot)\n",
    "include/quantconf/value.hpp": '#include <vector>\n#include "quantconf/types.hpp"\n',
    "src/base/text.cpp": '#include "base/text.hpp"\n#include <fcntl.h>\n#include <fmt/format.h>\n',
    "src/format/parse.cpp": '#include <yaml.h>\n#include "base/text.hpp"\n#include "quantconf/value.hpp"\n',
    "src/layers/load.cpp": '#include "format/parse.hpp"\n#include "schema/typing.hpp"\n',
    "src/schema/typing.cpp": "#include <re2/re2.h>\n",
    "src/quantbot/config.cpp": '#include "quantconf/schema.hpp"\n#include "schema/typing.hpp"\n',
    "src/quantbot/config_test.cpp": '#include <gtest/gtest.h>\n#include "layers/load.hpp"\n',
    "examples/bot/main.cpp": '#include <quantconf/load.hpp>\n#include "screen.hpp"\n',
    "apps/quantconf/main.cpp": '#include <CLI/CLI.hpp>\n#include "layers/load.hpp"\n',
}

# What is planted, as (file, text), and what must be said about it.
CASES = [
    ("src/base/text.cpp", '#include "layers/load.hpp"\n', "base must not depend on layers"),
    ("src/format/parse.cpp", '\n  #  include "schema/typing.hpp"\n', "src/format/parse.cpp:2: format must not depend on schema"),
    ("src/layers/load.cpp", '#include "quantbot/trading.hpp"\n', "is of no folder that layers may know"),
    ("src/quantbot/config.cpp", '#include "layers/load.hpp"\n', "quantbot must not depend on layers"),
    ("src/layers/load.cpp", "#include <yaml.h>\n", "<yaml.h> may only be included from bench, format"),
    ("apps/quantconf/main.cpp", "#include <openssl/evp.h>\n", "may only be included from crypto"),
    ("src/layers/load.cpp", "#include <boost/json.hpp>\n", "kept to a few named files"),
    ("src/layers/load.cpp", "#include <nlohmann/json.hpp>\n", "unknown third-party header <nlohmann/json.hpp>"),
    ("src/layers/load.cpp", "#include <gtest/gtest.h>\n", "belongs into tests only"),
    ("include/quantconf/value.hpp", "#include <fmt/format.h>\n", "public header includes the third-party"),
    ("include/quantconf/value.hpp", "#include <unistd.h>\n", "public header includes the system header"),
    ("include/quantconf/value.hpp", '#include "value/node.hpp"\n', "public header includes the private"),
    ("src/base/text.cpp", '#include "text.hpp"\n', "is not written from the source root"),
    ("src/base/text.cpp", '#include "../layers/load.hpp"\n', "is not written from the source root"),
    ("examples/bot/main.cpp", '#include <quantconf/load.hpp>\n#include "layers/load.hpp"\n', "an example uses the private"),
    ("src/misc/helper.cpp", '#include "layers/load.hpp"\n', "src/misc: unknown folder"),
    ("src/state/database.cpp", "\n", "has no quantconf_domain(state)"),
]


def violations_of(files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check.violations(root)


def run():
    failed = 0
    clean = violations_of(CLEAN)
    if clean:
        failed += 1
        print(f"the clean tree is not clean: {clean}")
    for name, text, expected in CASES:
        found = violations_of({**CLEAN, name: text})
        if len(found) != 1 or expected not in found[0]:
            failed += 1
            print(f"planted {text.strip()!r} in {name}: expected {expected!r}, found {found}")
    print(f"{len(CASES) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0
