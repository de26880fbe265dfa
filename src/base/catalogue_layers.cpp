#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// Files and environments.
constexpr CatalogueEntry kLayers[] = {
    {.code = Code::NoLayerFound,
     .name = "no configuration file found",
     .meaning = "The configuration folder holds none of the files that quantconf reads: base.yaml, a "
                "file named after the environment (production.yaml), or local.yaml. No single file is "
                "required, but one must exist: starting a trading bot on built-in defaults alone is "
                "more likely a wrong folder than a wish.",
     .example = R"(quantconf --config-dir /etc/bot check    # the files are in /etc/bot/config)",
     .remedy = "Name the folder that holds base.yaml with --config-dir or QUANTCONF_CONFIG_DIR, or "
               "write a first set of files with `quantconf init`."},
    {.code = Code::LayerSpelledTwice,
     .name = "one layer, two files",
     .meaning = "The same layer exists under two spellings, such as base.yaml and base.yml, or "
                "base.yaml and base.json. Only one of them could be right, and choosing one would "
                "silently ignore what you wrote in the other.",
     .example = R"(config/base.yaml
config/base.yml)",
     .remedy = "Bring the values together in one of the files and delete or rename the other."},
    {.code = Code::LayerTooLarge,
     .name = "file too large",
     .meaning = "A configuration file may hold at most 16 MiB, and a variable at most 1 MiB. A larger "
                "text is almost always the wrong file, such as a log or a data set, and reading it "
                "could exhaust the memory of the trading machine.",
     .example = R"(config/base.yaml    # 40 MB: somebody redirected a log into it)",
     .remedy = "Check that it is the right file. Keep data (prices, instruments) in files of their "
               "own and put only their path into the configuration."},
    {.code = Code::LocalLayerForbidden,
     .name = "local.yaml is not allowed here",
     .meaning = "local.yaml holds the private changes of one machine. In production it is refused "
                "unless the schema allows it, because what trades real money must be what was "
                "reviewed.",
     .example = R"(config/local.yaml present, and quantconf --env production check)",
     .remedy = "Move the values into production.yaml and delete local.yaml on this machine. For a "
               "one-off, use --set PATH=VALUE."},
    {.code = Code::UnknownEnvironment,
     .name = "unknown environment",
     .meaning = "There are four environments: development, staging, production and testing (short: "
                "dev, stage, prod, test). Another name is an error and not \"development\", because a "
                "typing mistake must not start the bot with other limits.",
     .example = R"(QUANTBOT_ENVIRONMENT=prodution quantconf check)",
     .remedy = "Correct the name. It comes from --env, else QUANTBOT_ENVIRONMENT, else ENVIRONMENT, "
               "else ENV; the message says which one was used."},
    {.code = Code::EnvironmentMismatch,
     .name = "the file names another environment",
     .meaning = "A file says `environment: X`, but another environment was chosen. This key never "
                "selects an environment; it only states for which one the file was written. A "
                "difference usually means a file copied from another environment.",
     .example = R"(# config/production.yaml
environment: staging)",
     .remedy = "Check whether the rest of the file was meant for this environment, then correct or "
               "delete the line. Choose the environment with --env or QUANTBOT_ENVIRONMENT."},
    {.code = Code::EmptyLayer,
     .name = "empty file",
     .meaning = "The file holds no values: it is empty, or everything in it is a comment. That is "
                "allowed and changes nothing; you are told in case the file should have had content.",
     .example = R"(# config/staging.yaml
# trading:
#   max_position_size: 0.05)",
     .remedy = "Nothing to do if that is what you want. Otherwise restore the file, for example from "
               "version control."},
};

}  // namespace

std::span<const CatalogueEntry> layers() {
    return kLayers;
}

}  // namespace quantconf::chapters
