#include "apps/quantconf/help.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

namespace quantconf::app {
namespace {

// Every example is run by tests/help, in a folder that `quantconf init` has just written. "..." stands for
// lines that are left out.
constexpr std::array<CommandHelp, 25> kCommands{{
    {"init", "write a complete, commented configuration folder",
     "Writes base, development, staging, production and testing YAML, examples for local.yaml and .env, a "
     ".gitignore and the JSON Schema that editors use. DIR defaults to --config-dir. With --schema FILE the "
     "files describe that program instead. Nothing that exists is touched without --force. Also makes the "
     "secret store and its master key, and says where they are; a store that exists stays as it is.",
     "  $ quantconf init another\n"
     "  wrote another/.env.example\n"
     "  wrote another/base.yaml\n"
     "  ...\n"
     "  next: edit another/base.yaml, then `quantconf --config-dir another check --all`"},
    {"check", "is the configuration right? every problem in one run",
     "Reads, merges and validates, and prints each diagnostic with its place. Checks the chosen environment "
     "with everything that this machine adds; --all checks the four environments as the files alone describe "
     "them. DIR is short for --config-dir DIR. Exit code 0: valid. 1: invalid. 3: a file could not be read.",
     "  $ quantconf --env production check --set trading.max_position_size=5\n"
     "  --set trading.max_position_size: error[QC1203]: trading.max_position_size: expected 0.01..1.0, found "
     "5\n"
     "        | 5\n"
     "        | ^\n"
     "    hint: 5% is written 0.05; `quantconf explain QC1203` says more\n"
     "  invalid production   1 error  config/base.yaml < config/production.yaml < option\n"
     "  $ quantconf check --all\n"
     "  ok      development  5fd0c1f0a3b2  config/base.yaml < config/development.yaml\n"
     "  ..."},
    {"show", "the effective values, after all layers",
     "Prints what a program started now would read. Secrets are shown as their SECURE: reference. --origins "
     "adds the place that each value comes from. An invalid configuration has no effective values: exit code "
     "1.",
     "  $ quantconf --env production show --origins\n"
     "  ...\n"
     "  trading:\n"
     "    max_position_size: 0.05  # config/production.yaml:18:22\n"
     "    max_daily_loss: 5000.0  # config/production.yaml:19:19\n"
     "    risk_free_rate: 0.05  # config/base.yaml:40:19\n"
     "  ..."},
    {"get", "one effective value",
     "Prints one value, or a section as YAML, for scripts. An unknown path is exit code 1, with suggestions.",
     "  $ quantconf --env production get trading.max_position_size\n"
     "  0.05\n"
     "  $ quantconf get monitoring.thresholds --format json\n"
     "  {\n"
     "    \"error_rate\": 0.05,\n"
     "    \"latency\": \"5s\",\n"
     "  ..."},
    {"explain", "who set a value, and what it means; or what a diagnostic code says",
     "Lists every layer that set the value, the winner first, with file, line and column, and what the "
     "schema says of it. Works for an invalid configuration too. A code such as QC1203 prints its entry of "
     "docs/errors.md.",
     "  $ quantconf --env production explain trading.max_position_size\n"
     "  trading.max_position_size = 0.05\n"
     "    * environment  config/production.yaml:18:22  0.05\n"
     "      base         config/base.yaml:38:22        0.01\n"
     "    type          number, 0.01..1.0 (fraction of the portfolio), required\n"
     "    takes effect  at once, while the program runs\n"
     "    risk          a higher value is riskier\n"
     "  ..."},
    {"diff", "what differs between two environments, folders or versions",
     "A and B are environments of this folder, or folders (compared in the chosen environment): only what "
     "files say is compared. Or versions: v12, or live, which is what the programs of the environment show. "
     "Marks changes that make trading riskier or safer. Exit code 1 if anything differs.",
     "  $ quantconf diff staging production\n"
     "  ...\n"
     "  ~ trading.max_position_size: 0.02 -> 0.05  riskier\n"
     "  ~ trading.max_daily_loss: 1000.0 -> 5000.0  riskier\n"
     "  ..."},
    {"set", "change a value in its file; checked, recorded, comments kept",
     "Writes PATH=VALUE into the file of the environment (--layer base, environment, local or shared), every "
     "other byte as it was, once everything is right and recorded in the history. Programs that run follow "
     "the file. --unset PATH takes a key out of that file, and the layer below shows again; an empty VALUE "
     "is refused. Refused where a higher layer wins, where the file cannot be edited without a guess, and "
     "where base or local would make another environment invalid. `shared` is for all programs of this state "
     "folder until it is unset. A secret is set as SECURE:NAME, never as its value. Exit code 1: refused, "
     "nothing was changed.",
     "  $ quantconf --env production set trading.max_position_size=0.03 --reason \"high volatility\"\n"
     "  ~ trading.max_position_size: 0.05 -> 0.03  safer  config/production.yaml:18:22\n"
     "  this is v2 of production\n"
     "  no process is running; the next start reads it\n"
     "  $ quantconf set trading.max_position_siz=0.02 --dry-run\n"
     "  error: there is no key \"trading.max_position_siz\"\n"
     "  ..."},
    {"history", "the versions that were recorded, newest first; or one of them",
     "Lists every version of the state folder, or those of --env NAME: number, time, environment, how it "
     "came to be, what changed against the version before it, who, and why. `history show vN` shows one with "
     "its layers, the versions of its secrets and its changes; with --format json also all its values.",
     "  $ quantconf --env production set trading.slippage_bps=4 --reason \"new broker\" | tail -1\n"
     "  no process is running; the next start reads it\n"
     "  $ quantconf history --limit 1 | cut -c 1-6\n"
     "      v2\n"
     "  $ quantconf history show v2\n"
     "  ...\n"
     "    ~ trading.slippage_bps: 5 -> 4"},
    {"at", "which version each program showed at a moment",
     "TIMESTAMP is RFC 3339, or a whole number since 1970 as order logs have it: 10 digits are seconds, 13 "
     "milliseconds, 16 microseconds, 19 nanoseconds. --path PATH also shows that value as it was. Exit code "
     "1 if no program showed a version then.",
     "  $ quantconf at 2026-03-01T09:30:00Z --path trading.max_position_size\n"
     "  note: no process showed a version at 2026-03-01T09:30:00.000000Z"},
    {"rollback", "go back to what a version was",
     "Edits the files that set each differing value so that they give version vN again, comments kept, all "
     "of them or none. The result is a new version. Refused by name where a variable or --set wins, where a "
     "file cannot be written, and for a version of another environment. --dry-run says what would change.",
     "  $ quantconf --env production set trading.max_position_size=0.03 --reason \"high volatility\" | tail "
     "-1\n"
     "  no process is running; the next start reads it\n"
     "  $ quantconf --env production rollback v1 --reason \"calm again\"\n"
     "  ~ trading.max_position_size: 0.03 -> 0.05  riskier  config/production.yaml:18:22\n"
     "  production is again what it was in v1; this is v3\n"
     "  no process is running; the next start reads it"},
    {"reload", "ask every running program to load again, now",
     "Programs follow their files by themselves; this asks each that does to look at once, and prints what "
     "it made of it. With --env only those of that environment. --accept-missing lets base or the "
     "environment's file be taken as gone, which is refused otherwise (QC1721). Where nothing runs, the "
     "files are loaded once and recorded, as a start would. Exit code 0: all have accepted. 1: one has "
     "refused, or the files are wrong. 3: one did not answer, or cannot be asked.",
     "  $ quantconf reload\n"
     "  no process is running; loaded once: v1 of development"},
    {"health", "are the files right, and does every program show them?",
     "Looks at the files as a program started now would read them, at the process table and at the history. "
     "degraded: a program goes on with its last good version, or programs show different ones. failing: "
     "nothing runs and nothing could start, or state.db cannot be read. Exit code 1 unless it is ok.",
     "  $ quantconf health\n"
     "  development ok\n"
     "  ok    files        valid\n"
     "  ok    secrets      every reference leads to one\n"
     "  ok    processes    none of development is running\n"
     "  ok    history      nothing has been recorded yet"},
    {"watch", "print each change as it happens",
     "Follows what the programs of an environment publish and refuse, until Ctrl-C: each new version with "
     "its differences, each refused reload with what is wrong in the files. --format json prints one object "
     "a line.",
     "  $ timeout -s INT 2 quantconf watch\n"
     "  note: watching development, 0 processes running; end it with Ctrl-C"},
    {"sources", "the data providers: who can be asked, what is left of each limit",
     "Shows for each source where its requests go, whether it can be asked now (and why not), what is known "
     "of its key, and every window of its limits as all programs of this user have used it. Nobody is asked.",
     "  $ quantconf sources gnews\n"
     "  no key   gnews          https://gnews.io/api/v4\n"
     "        data_sources.gnews_key is not set\n"
     "        hint: store it with `quantconf secret set gnews_key`, and write gnews_key: "
     "\"SECURE:gnews_key\" below data_sources\n"
     "                 1 of 1       left per second\n"
     "                10 of 10      left per minute\n"
     "               100 of 100     left per day"},
    {"keys", "are the keys of the data providers good? asks them, all at once",
     "`keys check` asks each provider with the cheapest question that shows it, and says valid, invalid, "
     "expired, rate_limited, quota_exhausted, not_entitled, unreachable or unknown. A check is paid for from "
     "the same quota as everything else; what cannot be a key by its looks is not sent. Without SOURCE every "
     "source that has a key. A good key counts as bad only when it is refused twice, 30 s apart. Exit code "
     "1: one is bad, was just refused, is not set or may not be sent to its address. 3: else, one could not "
     "be asked, or its answer proves nothing.",
     "  $ quantconf keys check fred\n"
     "  invalid         fred\n"
     "        the key has a blank inside\n"
     "        hint: `quantconf secret set fred_key` stores another one"},
    {"fetch", "one request to a data provider, inside all limits; says its cost",
     "PATH is joined behind the address of the source; the key is added where the provider wants it, and "
     "never shown: where an answer repeats it, it is taken out. Otherwise the answer is printed as it came; "
     "what it cost goes to standard error. Waits for quota and repeats what can succeed, up to --timeout. "
     "Exit code 1: the provider, or our own limit, says no. 3: no usable answer.",
     "  $ quantconf fetch gnews /top-headlines --param category=business\n"
     "  gnews: unknown, nothing was charged\n"
     "  error: data_sources.gnews_key is not set\n"
     "  hint: store it with `quantconf secret set gnews_key`, and write gnews_key: \"SECURE:gnews_key\" "
     "below data_sources"},
    {"schema", "the schema: for editors, as a reference, as a list of paths",
     "`schema json` prints a JSON Schema (2020-12) that YAML language servers use for completion and "
     "checking. `schema docs` prints the field reference as Markdown. `schema paths` lists every key, one a "
     "line.",
     "  $ quantconf schema json > config/quantconf.schema.json\n"
     "  $ head -1 config/base.yaml\n"
     "  # yaml-language-server: $schema=./quantconf.schema.json"},
    {"env", "the environment variables that set values",
     "`env list` prints the table that the schema generates: one name a key, proved free of collisions. `env "
     "explain NAME` says what a variable sets. A double underscore always separates levels too, and "
     "NAME_FILE reads a file.",
     "  $ quantconf env explain QUANTBOT_TRADING_MAX_POSITION_SIZE\n"
     "  QUANTBOT_TRADING_MAX_POSITION_SIZE sets trading.max_position_size\n"
     "    type          number, 0.01..1.0 (fraction of the portfolio), required\n"
     "  ...\n"
     "    also          QUANTBOT_TRADING_MAX_POSITION_SIZE_FILE=PATH reads the value from a file\n"
     "    now           not set"},
    {"secret", "the secret store: API keys and passwords, encrypted",
     "A value is read from standard input (one newline at its end is not part of it) or asked for without "
     "echo; it is never an argument. The configuration refers to it as SECURE:NAME, and `check` and `run` "
     "look it up.\n"
     "\n"
     "  init                         make the store and its key\n"
     "  set NAME                     a new current version; --env production,staging binds it, --env all "
     "frees it\n"
     "  get NAME[@VERSION]           print the plain text; this is recorded. VERSION: 3, previous, pending\n"
     "  list                         names, versions, ages, bindings, and which keys use them\n"
     "  rm NAME                      remove it with all its versions\n"
     "  rotate NAME                  store a pending value of a secret that exists; then --promote or "
     "--abort; --retire destroys the previous value\n"
     "  rekey                        a new master key; the old one opens the store no more\n"
     "  reencrypt                    new data keys for everything\n"
     "  import                       --fernet FILE --key FILE, or --dotenv FILE [NAME...]; all or nothing\n"
     "  verify                       decrypt every record\n"
     "  slot list|add LABEL|rm ID    further keys and passphrases that open the store\n"
     "\n"
     "Exit code 0: done. 1: the answer is no (not found, exists already, not for this environment, a value "
     "that was left behind). 2: wrong usage. 3: the store, its key or the disk failed.",
     "  $ printf %s 'not a real key' | quantconf secret set polygon_key\n"
     "  stored polygon_key, version 1; refer to it as SECURE:polygon_key\n"
     "  $ printf %s 'the next one' | quantconf secret rotate polygon_key\n"
     "  version 2 of polygon_key is pending; try it, then `quantconf secret rotate polygon_key --promote` or "
     "--abort\n"
     "  $ quantconf secret rotate polygon_key --promote\n"
     "  polygon_key is now version 2; SECURE:polygon_key@previous works for 15 minutes, then the next change "
     "destroys it"},
    {"audit", "who did what with the secrets, and the proof of it",
     "`audit log` shows who set, rotated or revealed what and when, `audit export` prints the same as JSON "
     "lines. `audit verify` says whether any record was changed (integrity) and whether any is missing up to "
     "the one that the store remembers (completeness). Exit code 1 if either is broken.",
     "  $ quantconf audit verify\n"
     "  integrity:    holds, 2 records are what their writers wrote\n"
     "  completeness: complete, nothing is missing up to record 1, which the store remembers"},
    {"run", "run a program with this configuration",
     "Starts CMD in our place with QUANTCONF_CONFIG_DIR, QUANTCONF_STATE_DIR and the environment set. "
     "Nothing else of the configuration is exported unless named: --export PATH=VAR a value (a secret as "
     "VAR_FILE, the place of a sealed file in memory), --export-secret NAME=VAR a secret of the store; it "
     "can then be read in /proc/PID/environ, so prefer a VAR that ends with _FILE. PATH, HOME, LD_*, PYTHON* "
     "and others that decide which code runs, QUANTCONF_* "
     "and the environment's own variable are never exported to, and no variable twice. Exit code: that of "
     "CMD; 125 if we failed before it, 126 if CMD cannot be executed, 127 if it is not there.",
     "  $ quantconf run --export trading.max_position_size=LIMIT -- sh -c 'echo $LIMIT'\n"
     "  0.01"},
    {"doctor", "is this installation healthy?",
     "Looks at the folder, its permissions, files that nobody reads, what git tracks, how the environment is "
     "chosen, and whether every environment is valid on this machine. Exit code 1 if anything needs repair.",
     "  $ touch config/prodution.yaml && quantconf doctor\n"
     "  ...\n"
     "  warn  layers       config/prodution.yaml is no layer: nobody reads it\n"
     "        hint: did you mean production.yaml?\n"
     "  ...\n"
     "  ok    production   0 errors, 0 warnings\n"
     "  ..."},
    {"completion", "completion script for bash, zsh or fish",
     "Prints a script that completes commands, options and configuration paths.",
     "  $ source <(quantconf completion bash)\n"
     "  $ quantconf get trading.max_<TAB>\n"
     "  trading.max_daily_loss     trading.max_position_size"},
    {"version", "which quantconf this is", "Prints name and version.",
     "  $ quantconf version\n"
     "  quantconf 0.1.0"},
    {"help", "this list, or the help of one command", "The same as COMMAND --help.",
     "  $ quantconf help version\n"
     "  version - which quantconf this is\n"
     "  ..."},
}};

}  // namespace

std::span<const CommandHelp> command_help() {
    return kCommands;
}

const CommandHelp* help_for(std::string_view command) {
    const auto* found = std::ranges::find(kCommands, command, &CommandHelp::name);
    return found == kCommands.end() ? nullptr : found;
}

}  // namespace quantconf::app
