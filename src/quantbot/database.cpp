#include "quantconf/quantbot/database.hpp"

namespace quantconf::quantbot {

namespace {

// Stricter than "any text", wider than Type::Host: libpq also takes the folder of a socket, and container
// networks have names with underscores. "db:5432" is none of the three: the port has a field of its own.
constexpr auto kSocketFolder = R"(/[^\s]*)";
constexpr auto kHostName = R"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?)";
constexpr auto kIpv6 = R"([0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)";

std::string host_pattern() {
    return std::string{"(?:"} + kSocketFolder + "|" + kHostName + "|" + kIpv6 + ")";
}

}  // namespace

// clang-format off: one entry per key, the options beneath it.
Fields Database::fields() {
    return {
        field<&Database::host>(
            "host",
            {
                .help =
                    "Where the PostgreSQL server is: a name, an address, or the absolute path of a socket "
                    "folder.",
                .min_length = 1,
                .max_length = 253,  // The longest name that DNS allows.
                .pattern = host_pattern(),
                .reload = Reload::Restart,
                .examples = {"localhost", "prod-db.quantbot.internal", "/var/run/postgresql"},
            }),
        field<&Database::port>("port",
                               {
                                   .help = "TCP port of the server; part of the name of the socket too.",
                                   .as = Type::Port,
                                   .reload = Reload::Restart,
                               }),
        field<&Database::username>("username",
                                   {
                                       .help = "Who logs in. Required unless dsn is given.",
                                       .min_length = 1,
                                       .max_length = 63,  // PostgreSQL cuts longer names short.
                                       .examples = {"quantbot"},
                                   }),
        field<&Database::password>("password",
                                   {
                                       .help = "Password of that user. Required unless dsn is given.",
                                       .examples = {"\"SECURE:database_password\""},
                                   }),
        field<&Database::database>("database",
                                   {
                                       .help = "Name of the database. Required unless dsn is given.",
                                       .min_length = 1,
                                       .max_length = 63,
                                       .reload = Reload::Restart,
                                       .examples = {"quantbot_prod"},
                                   }),
        field<&Database::dsn>(
            "dsn",
            {
                .help = "Everything in one secret, instead of host, port, username, password and database: "
                        "postgresql://USER:PASSWORD@HOST:PORT/NAME. ssl_mode holds whatever the text itself "
                        "says.",
                .reload = Reload::Restart,
                .examples = {"\"SECURE:database_dsn\""},
            }),
        field<&Database::pool_size>("pool_size",
                                    {
                                        .help = "Connections that are kept open.",
                                        .unit = "connections",
                                        .min = 1,
                                        .max = 100,
                                        .reload = Reload::Restart,
                                    }),
        field<&Database::ssl_mode>(
            "ssl_mode",
            {
                .help = "How much the connection is protected. Only verify-full also proves that it is the "
                        "right server.",
                .reload = Reload::Restart,
            }),
    };
}
// clang-format on

}  // namespace quantconf::quantbot
