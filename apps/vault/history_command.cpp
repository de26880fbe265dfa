#include <algorithm>

#include <fmt/format.h>

#include "apps/quantconf/change_line.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/state_view.hpp"
#include "base/utf8.hpp"
#include "format/write.hpp"

namespace quantconf::app {
namespace {

using history::VersionInfo;

std::string count_of(std::size_t changes) {
    return fmt::format("{} {}", changes, changes == 1 ? "change" : "changes");
}

std::string line_of(const VersionInfo& info) {
    return escaped(fmt::format("{:>6}  {}  {:<11}  {:<8}  {:<10}  {:<16}  {}",
                               fmt::format("v{}", info.number), short_time(info.at),
                               name_of(info.environment), history::to_text(info.kind), count_of(info.changes),
                               info.author, info.reason));
}

std::string without_blanks_behind(std::string line) {
    line.resize(line.find_last_not_of(' ') + 1);
    return line;
}

int list(const Session& session) {
    const Arguments& arguments = session.arguments();
    history::Filter filter{.environment = {}, .limit = arguments.limit};
    if (arguments.environment) {  // Only where it is said: a history is that of the folder.
        const auto chosen = session.environment();
        if (!chosen) {
            return chosen.error();
        }
        filter.environment = chosen->environment;
    }
    const auto state = StateView::open(session);
    if (!state) {
        return session.fail(state.error());
    }
    Outcome<std::vector<VersionInfo>> versions;
    if (*state != nullptr) {
        versions = (*state)->history().list(filter);
    }
    if (!versions) {
        return session.fail(versions.error());
    }
    if (arguments.format == "json") {
        JsonWriter json;
        json.begin_object().key("versions").begin_array();
        for (const VersionInfo& info : *versions) {
            json.begin_object();
            write_info(json, info);
            json.end_object();
        }
        json.end_array().end_object();
        session.out().print(json.take());
        return kFine;
    }
    for (const VersionInfo& info : *versions) {
        session.out().print(without_blanks_behind(line_of(info)) + "\n");
    }
    if (versions->empty()) {
        session.err().print("note: nothing has been recorded yet\n");
    }
    return kFine;
}

/// A version, and the one before it, with what today's schema makes of their values.
struct Shown {
    history::VersionRecord record;
    CandidatePointer values;
    CandidatePointer before;  ///< nullptr: there was none, or it is forgotten.

    [[nodiscard]] std::vector<layers::Change> differences() const {
        const bool comparable = before != nullptr && before->ok && values->ok;
        return comparable ? layers::diff(before->root, values->root) : std::vector<layers::Change>{};
    }
};

Session::Result<Shown> look_up(const Session& session) {
    auto record = find_version(session, session.arguments().operands.front());
    if (!record) {
        return std::unexpected{record.error()};
    }
    auto values = values_of(session, *record);
    if (!values) {
        return std::unexpected{session.fail(values.error())};
    }
    Shown shown{.record = *std::move(record), .values = *std::move(values), .before = nullptr};
    const auto state = StateView::open(session);
    if (shown.record.info.parent != 0 && state && *state != nullptr) {
        const auto parent = (*state)->history().find(shown.record.info.parent);
        if (parent && *parent) {
            if (auto before = values_of(session, **parent)) {
                shown.before = *std::move(before);
            }
        }
    }
    return shown;
}

void show_json(const Session& session, const Shown& shown) {
    const history::VersionRecord& record = shown.record;
    JsonWriter json;
    json.begin_object();
    write_info(json, record.info);
    write_number(json, "parent", record.info.parent);
    write_number(json, "rolled_back_to", record.info.rolled_back_to);
    json.key("layers").begin_array();
    for (const history::LayerRecord& layer : record.layers) {
        json.begin_object().member("layer", layer.layer).member("name", layer.name).key("sha256");
        layer.sha256.empty() ? json.null() : json.value(layer.sha256);
        json.end_object();
    }
    json.end_array().key("secrets").begin_array();
    for (const auto& [name, version] : record.secrets) {
        json.begin_object().member("name", name);
        write_number(json, "version", version);
        json.end_object();
    }
    json.end_array().key("differences").begin_array();
    for (const layers::Change& change : shown.differences()) {
        write_change(json, session.schema(), change);
    }
    json.end_array().member("canonical", record.canonical).key("values");
    if (shown.values->ok) {
        format::write_json(json, shown.values->root);
    } else {
        json.null();
    }
    json.end_object();
    session.out().print(json.take());
}

void print_secrets(const Terminal& out, const history::VersionRecord& record) {
    std::vector<std::string> unknown;
    for (const auto& [name, version] : record.secrets) {
        if (version == 0) {
            unknown.push_back(escaped(name));
        } else {
            out.print(fmt::format("  secret  {} version {}\n", escaped(name), version));
        }
    }
    if (!unknown.empty()) {
        out.print(fmt::format("  secrets not looked up: {}\n", fmt::join(unknown, ", ")));
    }
}

void show_text(const Session& session, const Shown& shown) {
    const Terminal& out = session.out();
    const VersionInfo& info = shown.record.info;
    out.print(fmt::format("v{} of {}, {} by {} at {}\n", info.number, name_of(info.environment),
                          history::to_text(info.kind), escaped(info.author.empty() ? "?" : info.author),
                          to_rfc3339(info.at)));
    out.print(fmt::format("  hash    {}\n", info.hash));
    if (!info.reason.empty()) {
        out.print(fmt::format("  reason  {}\n", escaped(info.reason)));
    }
    if (info.rolled_back_to != 0) {
        out.print(fmt::format("  again   v{}\n", info.rolled_back_to));
    }
    for (const history::LayerRecord& layer : shown.record.layers) {
        out.print(fmt::format("  layer   {:<12} {}\n", escaped(layer.layer), escaped(layer.name)));
    }
    print_secrets(out, shown.record);
    if (shown.before != nullptr) {
        out.print(fmt::format("{} against v{}\n", count_of(info.changes), info.parent));
    }
    for (const layers::Change& change : shown.differences()) {
        out.print("  " + change_line(session, change) + "\n");
    }
    if (!shown.values->ok) {
        session.err().print(
            "note: its values do not fit today's schema; --format json shows them as they were recorded\n");
    }
}

}  // namespace

int run_history(const Session& session) {
    if (session.arguments().topic != "show") {
        return list(session);
    }
    const auto shown = look_up(session);
    if (!shown) {
        return shown.error();
    }
    if (session.arguments().format == "json") {
        show_json(session, *shown);
    } else {
        show_text(session, *shown);
    }
    return kFine;
}

}  // namespace quantconf::app
