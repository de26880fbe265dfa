#include "quantconf/quantbot/monitoring.hpp"

namespace quantconf::quantbot {

namespace {

// Enough to catch a name without a domain; whether the mailbox exists only the server knows.
constexpr auto kMailAddress = R"([^@\s,;<>]+@[^@\s,;<>]+)";
constexpr std::uint32_t kMailAddressMax = 254;  // RFC 5321.

// clang-format off: one entry per key, the options beneath it.
Field recipients_field() {
    Field to = field<&Smtp::to>("to", {
                                          .help = "Who receives the alerts.",
                                          .min_length = 1,
                                          .max_length = 50,
                                          .required = true,
                                          .examples = {"[trading@example.com]"},
                                      });
    to.children.front().options.pattern = kMailAddress;
    to.children.front().options.max_length = kMailAddressMax;
    return to;
}

}  // namespace

Fields Smtp::fields() {
    return {
        field<&Smtp::host>("host",
                           {
                               .help = "Mail server.",
                               .as = Type::Host,
                               .required = true,
                               .examples = {"smtp.example.com"},
                           }),
        field<&Smtp::port>(
            "port",
            {
                .help = "587 for STARTTLS, 465 for TLS from the first byte, 25 for a relay without login.",
                .as = Type::Port,
            }),
        field<&Smtp::username>("username",
                               {
                                   .help = "Who logs in; not set: nobody does.",
                                   .min_length = 1,
                                   .max_length = 254,
                               }),
        field<&Smtp::password>("password",
                               {
                                   .help = "Password of that user.",
                                   .examples = {"\"SECURE:smtp_password\""},
                               }),
        field<&Smtp::from>("from",
                           {
                               .help = "Sender of the alerts.",
                               .max_length = kMailAddressMax,
                               .pattern = kMailAddress,
                               .required = true,
                               .examples = {"quantbot@example.com"},
                           }),
        recipients_field(),
        field<&Smtp::starttls>(
            "starttls",
            {
                .help =
                    "Whether the connection must change to TLS before anything is sent. On port 465 it has "
                    "it already.",
            }),
    };
}

Fields Thresholds::fields() {
    return {
        field<&Thresholds::error_rate>(
            "error_rate",
            {
                .help = "Failed requests of one provider, of all that were sent in five minutes.",
                .unit = "fraction",
                .min = 0.0,
                .max = 1.0,
                .exclusive_min = true,  // 0 would call health bad for ever.
            }),
        field<&Thresholds::latency>("latency",
                                    {
                                        .help = "95 of 100 answers of a provider must be faster.",
                                        .min = std::chrono::milliseconds{1},
                                        .max = std::chrono::minutes{5},
                                    }),
        field<&Thresholds::staleness>("staleness",
                                      {
                                          .help = "Age of the last good answer of a provider that is in use.",
                                          .min = std::chrono::seconds{1},
                                          .max = std::chrono::days{7},
                                      }),
        field<&Thresholds::quota_used>(
            "quota_used",
            {
                .help =
                    "Part of any window of a provider that has been used up: 0.8 warns with a fifth left.",
                .unit = "fraction",
                .min = 0.0,
                .max = 1.0,
                .exclusive_min = true,
            }),
        field<&Thresholds::consecutive_reload_failures>("consecutive_reload_failures",
                                                        {
                                                            .help = "Failed reloads in a row.",
                                                            .min = 1,
                                                            .max = 100,
                                                        }),
    };
}
// clang-format on

}  // namespace quantconf::quantbot
