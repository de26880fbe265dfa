#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/quantbot.hpp"

namespace quantconf::layers {
struct Candidate;  // Only tests know this folder: the bot's schema itself needs no layers.
}

/// What the tests of this folder share: a bot whose files exist only in memory.
namespace quantconf::quantbot {

/// The least that is valid in every environment.
inline constexpr std::string_view kCompleteBase = R"(database:
  username: quantbot
  password: "SECURE:database_password"
  database: quantbot_test
trading:
  max_position_size: 0.02
  max_daily_loss: 1000.0
  risk_free_rate: 0.05
  commission_per_contract: 1.0
  slippage_bps: 5
)";

struct Folder {
    Environment environment = Environment::Development;
    std::string base = std::string{kCompleteBase};
    std::string overlay{};  ///< The environment's own file; empty: there is none.
    std::vector<std::string> variables{};
    std::vector<std::string> settings{};
};

/// A load and what it said.
struct Loaded {
    std::shared_ptr<const layers::Candidate> candidate;

    [[nodiscard]] bool ok() const;
    /// Everything that was said, for the message of a failed test.
    [[nodiscard]] std::string report() const;
    /// The codes of one severity, "QC1203 trading.max_position_size" each.
    [[nodiscard]] std::vector<std::string> said(Severity severity) const;
    [[nodiscard]] std::vector<std::string> errors() const { return said(Severity::Error); }
    [[nodiscard]] std::vector<std::string> warnings() const { return said(Severity::Warning); }
    /// Whether some diagnostic of any severity has this text in its message.
    [[nodiscard]] bool mentions(std::string_view text) const;
    [[nodiscard]] Config config() const;
    [[nodiscard]] const Value& at(std::string_view path) const;
};

[[nodiscard]] Loaded load(Folder folder);
/// A complete base, and this on top.
[[nodiscard]] Loaded load_overlay(std::string overlay, Environment environment = Environment::Development);
/// A complete base, and one value on top: "cache_max_size_mb" and "0".
[[nodiscard]] Loaded load_value(std::string_view path, std::string_view text);

using Said = std::vector<std::string>;

}  // namespace quantconf::quantbot
