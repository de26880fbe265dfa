#pragma once

#include <vector>

#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// The rules of the bot's schema, by subject. Each has a name, a sentence for the documents and its own
/// message.
[[nodiscard]] std::vector<Rule> production_rules();
[[nodiscard]] std::vector<Rule> database_rules();
[[nodiscard]] std::vector<Rule> rate_limit_rules();
[[nodiscard]] std::vector<Rule> provider_rules();
[[nodiscard]] std::vector<Rule> endpoint_rules();
[[nodiscard]] std::vector<Rule> monitoring_rules();
[[nodiscard]] std::vector<Rule> smtp_rules();

}  // namespace quantconf::quantbot
