#include "apps/quantconf/change_line.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "format/write.hpp"

namespace quantconf::app {

std::string_view risk_of(const Schema& schema, const layers::Change& change) {
    const Field* field = schema.find(change.path);
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

std::string change_line(const Session& session, const layers::Change& change) {
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
    const std::string_view risk = risk_of(session.schema(), change);
    std::string text =
        fmt::format("{} {}: {} -> {}", out.yellow("~"), change.path, shown(change.from), shown(change.to));
    if (!risk.empty()) {
        text += "  " + (risk == "riskier" ? out.red(risk) : out.green(risk));
    }
    return text;
}

}  // namespace quantconf::app
