#include "apps/quantconf/options.hpp"

#include <array>
#include <utility>

#include "apps/quantconf/option_kinds.hpp"

namespace quantconf::app {

std::span<const Option> global_options() {
    static const std::array<Option, 9> options{
        text<&Arguments::config_dir>("--config-dir", "DIR",
                                     "folder with the layers; else $QUANTCONF_CONFIG_DIR, else config"),
        text<&Arguments::environment>("--env", "NAME",
                                      "development, staging, production or testing (dev, stage, prod, test)"),
        text<&Arguments::schema_file>("--schema", "FILE",
                                      "check another program's files against its JSON Schema"),
        list<&Arguments::settings>("--set", "PATH=VALUE", "override one value for this run; may be repeated"),
        path<&Arguments::state_dir>(
            "--state-dir", "DIR",
            "secrets and history; else $QUANTCONF_STATE_DIR, else .quantconf in the folder"),
        path<&Arguments::key_file>(
            "--key-file", "FILE",
            "the store's master key; else $QUANTCONF_KEY_FILE, else the user's own folder"),
        Option{.name = "--key-fd",
               .type = "N",
               .help = "the master key from an open descriptor",
               .take = keep<&Arguments::key_fd>,
               .check =
                   [](const std::string& said) {
                       return not_a_number("the number of an open descriptor", said);
                   }},
        flag<&Arguments::passphrase>("--passphrase",
                                     "the store is opened with a passphrase, asked for at the terminal"),
        flag<&Arguments::version>("--version", "which quantconf this is"),
    };
    return options;
}

std::vector<Option> options_of(std::string_view command) {
    for (const auto family : {value_options, version_options, source_options, secret_options}) {
        if (auto options = family(command); !options.empty()) {
            return options;
        }
    }
    return {};
}

}  // namespace quantconf::app
