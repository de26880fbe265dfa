#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/change_report.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/live_engine.hpp"

namespace quantconf::app {
namespace {

bool is_reference(std::string_view value) {
    return value.starts_with("SECURE:") && !value.starts_with("SECURE::");
}

bool holds_secrets(const Field& field) {
    return field.type == Type::Secret || std::ranges::any_of(field.children, holds_secrets);
}

/// Whether the schema has it, also under an old name.
const Field* field_of(const Schema& schema, const std::string& path) {
    const auto alias = std::ranges::find(schema.aliases(), path, &std::pair<std::string, std::string>::first);
    return schema.find(alias == schema.aliases().end() ? path : alias->second);
}

/// What was asked for; what cannot be right has been reported.
Session::Result<std::vector<Setting>> settings_of(const Session& session) {
    const Arguments& arguments = session.arguments();
    std::vector<Setting> settings;
    for (const std::string& operand : arguments.operands) {
        const std::size_t equals = operand.find('=');
        settings.push_back({.path = operand.substr(0, equals), .value = operand.substr(equals + 1)});
    }
    for (const std::string& path : arguments.unsets) {
        settings.push_back({.path = path, .value = std::nullopt});
    }
    for (auto one = settings.begin(); one != settings.end(); ++one) {
        const Field* field = field_of(session.schema(), one->path);
        if (field == nullptr) {
            return std::unexpected{session.unknown_path(one->path)};
        }
        // Who can list processes reads the command line, and the shell keeps it.
        const bool is_plain = one->value.text() && !is_reference(*one->value.text());
        if (is_plain && field->type == Type::Secret) {
            return std::unexpected{session.fail(
                kWrongUsage, fmt::format("{} is a secret, which never goes over the command line", one->path),
                fmt::format("store it with `quantconf secret set NAME`, then `quantconf set {}=SECURE:NAME`",
                            one->path))};
        }
        if (is_plain && holds_secrets(*field)) {
            return std::unexpected{
                session.fail(kWrongUsage, fmt::format("{} holds secrets: set its keys one by one", one->path),
                             "a secret never goes over the command line")};
        }
        if (std::ranges::count(settings.begin(), one, one->path, &Setting::path) != 0) {
            return std::unexpected{session.fail(kWrongUsage, fmt::format("{} is named twice", one->path),
                                                "leave one of them out")};
        }
    }
    return settings;
}

}  // namespace

int run_set(const Session& session) {
    const Arguments& arguments = session.arguments();
    const auto settings = settings_of(session);
    if (!settings) {
        return settings.error();
    }
    const auto engine = open_engine(session, {.dry_run = arguments.dry_run, .from_last_good = true});
    if (!engine) {
        return engine.error();
    }
    const std::string layer = arguments.layer.empty() ? "environment" : arguments.layer;
    const auto done = (*engine)->update_layer(
        *settings,
        {.layer = layer, .author = author(), .reason = arguments.reason, .dry_run = arguments.dry_run});
    if (!done) {
        return report(session, done.error());
    }
    MadeChange made{
        .action = "set",
        .dry_run = arguments.dry_run,
        .version = done->report.version,
        .after = done->after.get(),
        .before = done->before.get(),
        .pending = done->report.pending,
        .readers = done->is_read_by_others ? std::nullopt : std::optional{done->report.version.environment}};
    if (done->before->ok) {
        made.changes = layers::diff(done->before->root, done->after->root);
    } else {  // It mended the files: nothing that was effective can be compared.
        for (const Setting& setting : *settings) {
            made.changes.push_back({.path = setting.path,
                                    .kind = layers::ChangeKind::Added,
                                    .from = nullptr,
                                    .to = done->after->root.at(setting.path)});
        }
    }
    return print_change(session, made);
}

}  // namespace quantconf::app
