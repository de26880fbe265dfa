#include <array>
#include <string>

#include "quantbot/rules.hpp"

namespace quantconf::quantbot {

namespace {

using Findings = std::vector<Finding>;

constexpr std::array kLoginFields = {"database.username", "database.password", "database.database"};
constexpr std::array kServerFields = {"database.host", "database.port"};

Finding contradicts_dsn(std::string path) {
    return {.path = path,
            .message = "stands beside database.dsn, which already says it",
            .hint = "keep one of them; where a lower layer sets this one, write `" +
                    path.substr(path.find('.') + 1) + ": !delete` below database"};
}

Findings one_way_to_log_in(const RuleView& view) {
    Findings findings;
    const bool has_dsn = !view.at("database.dsn").is_absent();
    for (const char* path : kLoginFields) {
        const bool is_set = !view.at(path).is_absent();
        if (has_dsn && is_set) {
            findings.push_back(contradicts_dsn(path));
        } else if (!has_dsn && !is_set) {
            findings.push_back(
                {.path = path,
                 .message = "is missing: without database.dsn, username, password and database are needed",
                 .expected = "a value",
                 .found = "none"});
        }
    }
    for (const char* path : kServerFields) {
        // These two have defaults; only what somebody wrote contradicts.
        if (has_dsn && view.at(path).origin() != nullptr) {
            findings.push_back(contradicts_dsn(path));
        }
    }
    return findings;
}

}  // namespace

std::vector<Rule> database_rules() {
    return {
        {
            .name = "database_has_one_login",
            .text =
                "Either database.dsn is set, or database.username, password and database are; never both.",
            .paths = {"database.dsn", "database.username", "database.password", "database.database",
                      "database.host", "database.port"},
            .check = one_way_to_log_in,
        },
    };
}

}  // namespace quantconf::quantbot
