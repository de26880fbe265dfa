#include "apps/quantconf/change_line.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "format/write.hpp"

namespace quantconf::app {
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
    const layers::RiskChange risk = layers::risk_change(session.schema(), change);
    std::string text =
        fmt::format("{} {}: {} -> {}", out.yellow("~"), change.path, shown(change.from), shown(change.to));
    if (risk != layers::RiskChange::None) {
        text += "  " + (risk == layers::RiskChange::Riskier ? out.red("riskier") : out.green("safer"));
    }
    return text;
}

}  // namespace quantconf::app
