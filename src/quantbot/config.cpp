#include <utility>

#include "quantbot/rules.hpp"
#include "quantconf/quantbot.hpp"

namespace quantconf::quantbot {

namespace {

// clang-format off: one entry per key, the options beneath it.
Fields identity_fields() {
    return {
        field<&Config::environment>(
            "environment",
            {
                .help =
                    "Which set of files this is. Never selects one: --env or QUANTBOT_ENVIRONMENT do, and "
                    "a file that says otherwise is an error.",
                .reload = Reload::Restart,
            }),
        field<&Config::debug>("debug",
                              {
                                  .help = "More output and slower code; not allowed in production.",
                              }),
        field<&Config::app_name>("app_name",
                                 {
                                     .help = "What the program calls itself in logs and alerts.",
                                     .min_length = 1,
                                     .max_length = 64,  // So that a log line still fits a screen.
                                     .reload = Reload::Restart,
                                 }),
        field<&Config::app_version>("app_version",
                                    {
                                        .help = "Version of the strategy, as its authors count it.",
                                        .min_length = 1,
                                        .max_length = 64,
                                        .reload = Reload::Restart,
                                    }),
        field<&Config::timezone>("timezone",
                                 {
                                     .help = "Zone of trading days and times.",
                                     .as = Type::TimeZone,
                                     .reload = Reload::Restart,
                                     .examples = {"US/Eastern", "Europe/Berlin"},
                                 }),
    };
}

// The bot's own checks had no ranges here. These keep out what cannot work (0, negative) and what is a slip
// of the finger (a cache larger than any machine of ours, more threads than a kernel schedules well).
Fields performance_fields() {
    return {
        field<&Config::cache_enabled>("cache_enabled",
                                      {
                                          .help = "Whether answers of providers are kept.",
                                      }),
        field<&Config::cache_ttl_seconds>(
            "cache_ttl_seconds",
            {
                .help = "How long an answer is kept. 0 would keep nothing: that is cache_enabled: false.",
                .unit = "seconds",
                .min = 1,
                .max = 7 * 86'400,
            }),
        field<&Config::cache_max_size_mb>("cache_max_size_mb",
                                          {
                                              .help = "Most memory that kept answers may take.",
                                              .unit = "MB",
                                              .min = 1,
                                              .max = 1024 * 1024,
                                          }),
        field<&Config::async_enabled>("async_enabled",
                                      {
                                          .help = "Whether requests run beside each other.",
                                          .reload = Reload::Restart,
                                      }),
        field<&Config::max_concurrent_requests>(
            "max_concurrent_requests",
            {
                .help = "Most requests under way at one time, to all providers together.",
                .unit = "requests",
                .min = 1,
                .max = 1000,
            }),
        field<&Config::worker_threads>("worker_threads",
                                       {
                                           .help = "Threads that compute.",
                                           .unit = "threads",
                                           .min = 1,
                                           .max = 1024,
                                           .reload = Reload::Restart,
                                       }),
    };
}

Fields section_fields() {
    return {
        field<&Config::database>("database", {.help = "Where the bot keeps its data."}),
        field<&Config::trading>("trading",
                                {.help = "What the bot may risk, and what it assumes that trading costs."}),
        field<&Config::data_sources>("data_sources", {.help = "Providers: keys, limits, who replaces whom."}),
        field<&Config::monitoring>("monitoring", {.help = "Logs, figures and alerts."}),
    };
}
// clang-format on

std::vector<Rule> all_rules() {
    std::vector<Rule> all;
    for (std::vector<Rule> part : {production_rules(), database_rules(), rate_limit_rules(), provider_rules(),
                                   endpoint_rules(), monitoring_rules(), smtp_rules()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

}  // namespace

Fields Config::fields() {
    return Fields::join(identity_fields(), performance_fields(), section_fields());
}

const Schema& Config::schema() {
    static const Schema schema = Schema::of<Config>({
        .app = "quantbot",
        .env_prefix = "QUANTBOT",
        .title = "QuantBot configuration",
        .help = "Configuration of the quantitative options trading bot.",
        .local_yaml = {Environment::Development, Environment::Staging, Environment::Testing},
        .rules = all_rules(),
        .is_proved = true,  // By config_test.cpp.
    });
    return schema;
}

}  // namespace quantconf::quantbot
