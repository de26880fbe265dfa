#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// How much the connection to the database is protected; the words are PostgreSQL's.
enum class SslMode : std::uint8_t { Disable, Prefer, Require, VerifyCa, VerifyFull };

/// The `database` section. Either `dsn` says everything, or username, password and database do.
struct Database {
    std::string host = "localhost";  ///< Name, address, or the absolute path of a socket folder.
    std::uint16_t port = 5432;
    std::optional<std::string> username;
    Secret password;
    std::optional<std::string> database;
    Secret dsn;
    int pool_size = 10;
    SslMode ssl_mode = SslMode::Prefer;

    static Fields fields();
};

}  // namespace quantconf::quantbot

template <>
struct quantconf::EnumTable<quantconf::quantbot::SslMode> {
    using Mode = quantbot::SslMode;
    static constexpr std::array names = {
        EnumName{Mode::Disable, "disable"},        EnumName{Mode::Prefer, "prefer"},
        EnumName{Mode::Require, "require"},        EnumName{Mode::VerifyCa, "verify-ca"},
        EnumName{Mode::VerifyFull, "verify-full"},
    };
};
