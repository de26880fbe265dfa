#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "format/write.hpp"

namespace quantconf::app {
namespace {

bool names_a_version(std::string_view text) {
    return text == "live" ||
           (text.size() > 1 && text.front() == 'v' &&
            std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; }));
}

std::vector<std::string> environment_names() {
    std::vector<std::string> names;
    for (const Environment environment : kEnvironments) {
        names.emplace_back(name_of(environment));
    }
    return names;
}

/// An environment of this folder, or another folder in the chosen environment. Only what files say is
/// compared.
Session::Result<CandidatePointer> side(const Session& session, const std::string& text) {
    Session::Result<CandidatePointer> candidate = std::unexpected{int{kWrongUsage}};
    if (const auto environment = parse_environment(text)) {
        candidate = session.load_files(*environment, session.arguments().config_dir);
    } else if (names_a_version(text)) {
        return std::unexpected{session.fail(
            kAnswerIsNo, fmt::format("there is no version {}: nothing has been recorded yet", text),
            "compare two environments or two folders, for example `quantconf diff staging production`")};
    } else if (std::error_code ignored; std::filesystem::is_directory(text, ignored)) {
        const auto chosen = session.environment();
        if (!chosen) {
            return std::unexpected{chosen.error()};
        }
        candidate = session.load_files(chosen->environment, text);
    } else {
        const auto suggestions = nearest(text, environment_names());
        return std::unexpected{session.fail(
            kWrongUsage, fmt::format("{} is neither an environment nor a folder", quantconf::quoted(text)),
            suggestions.empty()
                ? "environments are development, staging, production and testing; write a folder as ./name"
                : did_you_mean(suggestions))};
    }
    if (candidate && !(*candidate)->ok) {
        session.print_diagnostics((*candidate)->diagnostics);
        return std::unexpected{session.fail(
            kAnswerIsNo, fmt::format("{} is invalid, so there is nothing to compare", escaped(text)))};
    }
    return candidate;
}

/// Whether a change makes trading riskier: something no general diff can say.
std::string_view risk_note(const Session& session, const layers::Change& change) {
    const Field* field = session.schema().find(change.path);
    if (field == nullptr || field->options.risk == Risk::None || change.from == nullptr ||
        change.to == nullptr) {
        return {};
    }
    const auto number = [](const Value& value) -> double {
        switch (value.kind()) {
            case Value::Kind::Integer:
            case Value::Kind::Unsigned:
            case Value::Kind::Float:
                return value.as_number();
            case Value::Kind::Duration:
                return static_cast<double>(value.as_duration().count());
            case Value::Kind::Size:
                return static_cast<double>(value.as_size().bytes);
            case Value::Kind::Boolean:
                return value.as_boolean() ? 1 : 0;
            default:
                return 0;
        }
    };
    const double from = number(*change.from);
    const double to = number(*change.to);
    if (from == to) {
        return {};
    }
    return (to > from) == (field->options.risk == Risk::Up) ? "riskier" : "safer";
}

std::string line(const Session& session, const layers::Change& change) {
    const Terminal& out = session.out();
    const auto shown = [](const Value* value) {
        return value == nullptr ? std::string{} : escaped(format::to_display(*value));
    };
    switch (change.kind) {
        case layers::ChangeKind::Added:
            return out.green(fmt::format("+ {} = {}", change.path, shown(change.to)));
        case layers::ChangeKind::Removed:
            return out.red(fmt::format("- {} = {}", change.path, shown(change.from)));
        case layers::ChangeKind::Changed:
            break;
    }
    const std::string_view risk = risk_note(session, change);
    std::string text =
        fmt::format("{} {}: {} -> {}", out.yellow("~"), change.path, shown(change.from), shown(change.to));
    if (!risk.empty()) {
        text += "  " + (risk == "riskier" ? out.red(risk) : out.green(risk));
    }
    return text;
}

}  // namespace

int run_diff(const Session& session) {
    const auto from = side(session, session.arguments().operands[0]);
    if (!from) {
        return from.error();
    }
    const auto to = side(session, session.arguments().operands[1]);
    if (!to) {
        return to.error();
    }
    const auto changes = layers::diff((*from)->root, (*to)->root);
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object().key("changes").begin_array();
        for (const layers::Change& change : changes) {
            write_change(json, change);
        }
        json.end_array().end_object();
        session.out().print(json.take());
    } else {
        for (const layers::Change& change : changes) {
            session.out().print(line(session, change) + "\n");
        }
    }
    return changes.empty() ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
