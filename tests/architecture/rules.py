"""The architecture as data: which folder stands on which, and where each third-party header may appear."""

# From the ground up. A folder may include itself and every folder in a lower row; folders of one row do not know
# each other.
LEVELS = [
    ["base"],
    ["crypto"],
    ["value"],
    ["format", "schema"],
    ["layers"],
    ["state"],
    ["audit"],
    ["secrets", "history"],
    ["live"],
    ["net"],
    ["quota"],
    ["sources"],
    ["health"],
    ["server", "cluster"],
]
LEVEL_OF = {folder: level for level, folders in enumerate(LEVELS) for folder in folders}

# The bot's own schema describes fields and nothing else: it may see what stands here, and nobody under src/ sees it.
QUANTBOT = "quantbot"
QUANTBOT_MAY_INCLUDE = {"base", "value", "schema"}

FOLDERS = set(LEVEL_OF) | {QUANTBOT}

# Start of a third-party header -> folders (under src/, or top-level ones) that may include it.
EVERYWHERE_BUT_PUBLIC = None
THIRD_PARTY = {
    "yaml.h": {"format", "bench"},  # The benchmark measures bare libyaml beside us.
    "utf8proc.h": {"format"},
    "openssl/": {"crypto"},
    "sodium": {"crypto"},
    "re2/": {"schema"},
    "sqlite3.h": {"state"},
    "curl/": {"net"},
    "date/": {"quota"},  # Time zones of calendar windows.
    "microhttpd.h": {"server"},
    "CLI/": {"apps"},
    "fmt/": EVERYWHERE_BUT_PUBLIC,
    "benchmark/": {"bench"},
    "yaml-cpp/": {"bench"},
    "pybind11/": {"python"},
}
# Heavy to compile: named files only.
BOOST_JSON = "boost/json"
BOOST_JSON_FILES: set[str] = set()
TEST_ONLY = ("gtest/", "gmock/", "rapidcheck")

# Headers of C and POSIX. Private code may use them; a public header may not.
SYSTEM = ("sys/", "arpa/", "netinet/", "linux/", "dirent.h", "dlfcn.h", "errno.h", "fcntl.h", "malloc.h", "poll.h", "pthread.h",
          "pty.h", "pwd.h",
          "signal.h", "spawn.h", "stdlib.h", "string.h", "termios.h", "time.h", "unistd.h")
