#include "apps/quantconf/option_kinds.hpp"

namespace quantconf::app {
namespace {

std::vector<Option> secret() {
    Option other_key =
        path<&Arguments::other_key_files>("--other-key-file", "FILE", "reencrypt: the key of another slot");
    other_key.may_be_repeated = true;
    return {
        topic("VERB", {"init", "set", "get", "list", "rm", "rotate", "rekey", "reencrypt", "import", "verify",
                       "slot"}),
        operands("NAME"),
        list<&Arguments::hosts>(
            "--host", "HOST",
            "set: the host that it may be sent to, no other; may be repeated; all lifts it"),
        text<&Arguments::expires>("--expires", "DATE",
                                  "set: warn from this day on, 2027-01-31; never lifts it"),
        flag<&Arguments::promote>("--promote", "rotate: the pending value becomes current"),
        flag<&Arguments::abort>("--abort", "rotate: the pending value is destroyed"),
        flag<&Arguments::retire>("--retire", "rotate: the previous value is destroyed, now"),
        path<&Arguments::new_key_file>("--new-key-file", "FILE",
                                       "rekey, slot add: the new key; the file is made if it is not there"),
        flag<&Arguments::new_passphrase>("--new-passphrase", "rekey, slot add: a passphrase instead"),
        std::move(other_key),
        flag<&Arguments::other_passphrase>("--other-passphrase", "reencrypt: another slot has a passphrase"),
        path<&Arguments::fernet_file>("--fernet", "FILE", "import: the legacy bot's secrets"),
        path<&Arguments::fernet_key>("--key", "FILE", "import: the key of --fernet"),
        path<&Arguments::dotenv_file>("--dotenv", "FILE", "import: NAME=value lines"),
        flag<&Arguments::force>("--force", "import: replace what is there"),
        flag<&Arguments::accept_rollback>(
            "--accept-rollback",
            "an older store than the last known one, or a lost audit log; this is recorded"),
        flag<&Arguments::accept_damage>("--accept-damage",
                                        "list, get, verify: read what is left of a damaged store"),
        format(),
    };
}

std::string not_a_count(const std::string& text) {
    return not_a_number("a count of records", text);
}

}  // namespace

std::vector<Option> secret_options(std::string_view command) {
    if (command == "secret") {
        return secret();
    }
    if (command == "audit") {
        return {topic("log|verify|export", {"log", "verify", "export"}),
                limit("log: only the newest records", not_a_count),
                flag<&Arguments::accept_rollback>("--accept-rollback",
                                                  "verify: an older store is an answer and no error"),
                format()};
    }
    if (command == "run") {
        return {operands("CMD", 1),
                list<&Arguments::exports>("--export", "PATH=VAR",
                                          "a value as a variable; a secret as a sealed file"),
                list<&Arguments::secret_exports>("--export-secret", "NAME=VAR",
                                                 "a secret; sealed in a memory file if VAR ends with _FILE")};
    }
    return {};
}

}  // namespace quantconf::app
