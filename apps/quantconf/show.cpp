#include <string>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "base/diagnostic_report.hpp"
#include "base/utf8.hpp"
#include "format/write.hpp"
#include "value/node.hpp"

namespace quantconf::app {
namespace {

std::string where(std::string_view /*path*/, const Value& value) {
    return value.origin() == nullptr ? "default" : location_of(value.origin()->origin());
}

}  // namespace

int run_show(const Session& session) {
    const auto candidate = session.load_valid();
    if (!candidate) {
        return candidate.error();
    }
    const Value& root = (*candidate)->root;
    const std::string& format = session.arguments().format;
    if (format == "json") {
        session.out().print(format::to_json(root));
    } else if (format == "flat") {
        session.out().print(format::to_flat(root));
    } else if (session.arguments().origins) {
        session.out().print(format::to_yaml(root, where));
    } else {
        session.out().print(format::to_yaml(root));
    }
    return kFine;
}

Session::Result<CandidatePointer> load_with_value(const Session& session, const Value*& value) {
    const std::string& path = session.arguments().operands.front();
    if (session.schema().find(path) == nullptr) {
        return std::unexpected{session.unknown_path(path)};
    }
    auto candidate = session.load_valid();
    if (!candidate) {
        return candidate;
    }
    value = (*candidate)->root.at(path);
    if (value == nullptr) {
        return std::unexpected{
            session.fail(kAnswerIsNo, fmt::format("{} is not set", path),
                         fmt::format("`quantconf explain {}` says what could set it", path))};
    }
    return candidate;
}

int run_get(const Session& session) {
    const Value* value = nullptr;
    const auto candidate = load_with_value(session, value);
    if (!candidate) {
        return candidate.error();
    }
    if (session.arguments().format == "json") {
        session.out().print(format::to_json(*value));
    } else if (value->kind() == Value::Kind::Map || value->kind() == Value::Kind::List) {
        session.out().print(format::to_yaml(*value));
    } else {
        const std::string text = format::to_display(*value);
        session.out().print((session.out().is_interactive() ? escaped(text) : text) + "\n");
    }
    return kFine;
}

}  // namespace quantconf::app
