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
#include "apps/vault/meanwhile.hpp"

namespace quantconf::app {
namespace {

bool is_reference(std::string_view value) {
    return value.starts_with("SECURE:") && !value.starts_with("SECURE::");
}

bool holds_secrets(const Field& field) {
    return field.type == Type::Secret || std::ranges::any_of(field.children, holds_secrets);
}

std::string current_path(const Schema& schema, const std::string& path) {
    const auto alias = std::ranges::find(schema.aliases(), path, &std::pair<std::string, std::string>::first);
    return alias == schema.aliases().end() ? path : alias->second;
}

/// Whether the schema has it, also under an old name.
const Field* field_of(const Schema& schema, const std::string& path) {
    return schema.find(current_path(schema, path));
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
            print_refusal(session, "there is no such key");
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

/// Which of the paths has another value than before, if any.
std::optional<std::string> changed_path(const Session& session, const std::vector<Setting>& settings,
                                        const layers::Candidate& before, const layers::Candidate& now) {
    for (const Setting& setting : settings) {
        const std::string path = current_path(session.schema(), setting.path);
        const auto is_there = [&](const layers::Change& change) {
            return change.path == path || change.path.starts_with(path + '.');
        };
        if (std::ranges::any_of(layers::diff(before.root, now.root), is_there)) {
            return setting.path;
        }
    }
    return std::nullopt;
}

/// Made anew where somebody else's change was faster, unless that was one of the same value.
Session::Result<live::FilesChanged> update(const Session& session, const std::vector<Setting>& settings,
                                           const live::LayerUpdate& wanted) {
    std::shared_ptr<const live::Version> first;
    for (Repetition attempts = repetition();;) {
        const auto engine = open_engine(session, {.dry_run = wanted.dry_run, .from_last_good = true});
        if (!engine) {
            return std::unexpected{engine.error()};
        }
        const std::shared_ptr<const live::Version> now = (*engine)->current();
        first = first == nullptr ? now : first;
        if (const auto path = changed_path(session, settings, *first->candidate, *now->candidate)) {
            return std::unexpected{lost_against(session, now->label.environment, *path)};
        }
        auto done = (*engine)->update_layer(settings, wanted);
        if (done) {
            return *std::move(done);
        }
        if (!is_conflict(done.error()) || !attempts.again()) {
            return std::unexpected{report(session, done.error())};
        }
    }
}

}  // namespace

int run_set(const Session& session) {
    const Arguments& arguments = session.arguments();
    if (const auto refused = refuse_settings(session, "set")) {
        return *refused;
    }
    const auto settings = settings_of(session);
    if (!settings) {
        return settings.error();
    }
    const std::string layer = arguments.layer.empty() ? "environment" : arguments.layer;
    const auto done = update(
        session, *settings,
        {.layer = layer, .author = author(), .reason = arguments.reason, .dry_run = arguments.dry_run});
    if (!done) {
        return done.error();
    }
    MadeChange made{
        .action = "set",
        .dry_run = arguments.dry_run,
        .version = done->report.version,
        .is_written = done->is_written,
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
