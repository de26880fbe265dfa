#include "apps/quantconf/change_line.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "format/write.hpp"

namespace quantconf::app {

std::string_view risk_of(const Schema& schema, const layers::Change& change) {
    switch (layers::risk_change(schema, change)) {
        case layers::RiskChange::Riskier:
            return "riskier";
        case layers::RiskChange::Safer:
            return "safer";
        case layers::RiskChange::None:
            break;
    }
    return {};
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
