#include "schema/json_schema_read_root.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace quantconf::schema {

namespace {

constexpr std::string_view kDialect = "https://json-schema.org/draft/2020-12/schema";

void check_dialect(Reading& reading) {
    const value::Node& root = reading.document().root;
    if (const value::Entry* dialect = root.find("$schema")) {
        const auto text = reading.text(dialect->value, {}, "$schema");
        if (text && *text != kDialect && *text != fmt::format("{}#", kDialect)) {
            reading.unexpected(dialect->value, {}, "$schema", kDialect);
        }
    }
    if (const value::Entry* id = root.find("$id")) {
        static_cast<void>(reading.text(id->value, {}, "$id"));
    }
}

/// A rule is code of a program, so a file can only tell that there is one. Each load says that nobody checks
/// it.
Rule unchecked_rule(std::string name, std::string text, std::vector<Environment> environments) {
    Rule rule;
    rule.severity = Severity::Warning;
    rule.environments = std::move(environments);
    rule.check = [name, text](const RuleView&) {
        Finding finding;
        finding.message = fmt::format("rule {} is not checked: {}", name, text);
        finding.hint = "rules are code: only the program that this schema was exported from can check them";
        return std::vector{finding};
    };
    rule.name = std::move(name);
    rule.text = std::move(text);
    return rule;
}

void read_rule(Reading& reading, const value::Node& node, SchemaOptions& options) {
    if (!reading.is_mapping(node, {}, "rules")) {
        return;
    }
    std::string name;
    std::string text;
    std::vector<Environment> environments;
    for (const value::Entry& entry : node.map()) {
        if (entry.key() == "name") {
            name = reading.text(entry.value, {}, "name").value_or("");
        } else if (entry.key() == "text") {
            text = reading.text(entry.value, {}, "text").value_or("");
        } else if (entry.key() == "environments") {
            environments = reading.environments(entry.value, {}, "environments");
        } else {
            reading.unknown(entry.key_origin(), {}, "in a rule,", entry.key(),
                            {"name", "text", "environments"});
        }
    }
    if (name.empty() || text.empty()) {
        reading.wrong(node.origin(), {}, "rules: expected a name and a text");
        return;
    }
    options.rules.push_back(unchecked_rule(std::move(name), std::move(text), std::move(environments)));
}

/// "my-bot" -> "MY_BOT".
std::string prefix_of(std::string_view app) {
    std::string prefix = ascii_upper(app);
    std::ranges::replace(prefix, '-', '_');
    return prefix;
}

}  // namespace

SchemaOptions read_root(Reading& reading, const Keywords& keywords) {
    SchemaOptions options;
    check_dialect(reading);
    if (const value::Node* title = keywords.find("title")) {
        options.title = reading.text(*title, {}, "title").value_or("");
    }
    if (const value::Node* help = keywords.find("description")) {
        options.help = reading.text(*help, {}, "description").value_or("");
    }
    for (const value::Entry* entry : keywords.extension()) {
        if (entry->key() == "app") {
            options.app = reading.text(entry->value, {}, "app").value_or("");
        } else if (entry->key() == "env_prefix") {
            options.env_prefix = reading.text(entry->value, {}, "env_prefix").value_or("");
        } else if (entry->key() == "local_yaml") {
            options.local_yaml = reading.environments(entry->value, {}, "local_yaml");
        } else if (entry->key() == "rules") {
            if (reading.is_list(entry->value, {}, "rules")) {
                for (const value::Node& rule : entry->value.list()) {
                    read_rule(reading, rule, options);
                }
            }
        } else {
            reading.unknown(entry->key_origin(), {}, "in the x-quantconf of the root,", entry->key(),
                            {"app", "env_prefix", "local_yaml", "rules"});
        }
    }
    if (options.app.empty()) {
        options.app = "app";
    }
    if (options.env_prefix.empty()) {
        options.env_prefix = prefix_of(options.app);
    }
    return options;
}

}  // namespace quantconf::schema
