#include <optional>

#include "layers/explain.hpp"

namespace quantconf::layers {
namespace {

/// A value of any kind that can have a direction, for comparing; nothing for what has no order.
std::optional<double> amount_of(const Value* value) {
    if (value == nullptr) {
        return std::nullopt;
    }
    switch (value->kind()) {
        case Value::Kind::Integer:
        case Value::Kind::Unsigned:
        case Value::Kind::Float:
            return value->as_number();
        case Value::Kind::Duration:
            return static_cast<double>(value->as_duration().count());
        case Value::Kind::Size:
            return static_cast<double>(value->as_size().bytes);
        case Value::Kind::Boolean:
            return value->as_boolean() ? 1.0 : 0.0;
        default:
            return std::nullopt;
    }
}

}  // namespace

RiskChange risk_change(const Schema& schema, const Change& change) {
    const Field* field = schema.find(change.path);
    const auto from = amount_of(change.from);
    const auto to = amount_of(change.to);
    // Numbers that are none (a field may allow them) compare with nothing.
    const bool is_known = from && to && (*from < *to || *from > *to);
    if (field == nullptr || field->options.risk == Risk::None || !is_known) {
        return RiskChange::None;
    }
    return (*to > *from) == (field->options.risk == Risk::Up) ? RiskChange::Riskier : RiskChange::Safer;
}

}  // namespace quantconf::layers
