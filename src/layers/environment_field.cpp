#include "layers/environment_field.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "layers/report.hpp"
#include "layers/tree_edit.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;

constexpr std::string_view kKey = "environment";

}  // namespace

void check_environment(std::string_view text, const Inputs& inputs, Origin origin, Diagnostics& diagnostics) {
    const auto named = parse_environment(text);
    if (!named || *named == inputs.environment) {
        return;
    }
    Diagnostic& diagnostic = report_expected(diagnostics, Code::EnvironmentMismatch, std::string{kKey},
                                             std::string{name_of(inputs.environment)},
                                             std::string{name_of(*named)}, std::move(origin));
    const std::string chosen_by = inputs.environment_chosen_by.empty()
                                      ? ""
                                      : fmt::format(" (chosen by {})", inputs.environment_chosen_by);
    diagnostic.hint = fmt::format(
        "this never selects the environment{}: remove it, or choose {} with --env or {}_ENVIRONMENT",
        chosen_by, name_of(*named), inputs.schema->options().env_prefix);
}

void check_environment(const Node& layer, const Inputs& inputs, Diagnostics& diagnostics) {
    const Entry* entry = layer.find(kKey);
    if (entry != nullptr && entry->value.kind == value::NodeKind::Scalar &&
        inputs.schema->root().member(kKey) != nullptr) {
        check_environment(entry->value.scalar(), inputs, entry->value.origin(), diagnostics);
    }
}

Node environment_layer(const Inputs& inputs, Arena& arena, std::shared_ptr<Source>& source) {
    const Field* field = inputs.schema->root().member(kKey);
    const auto means_chosen = [&](const std::string& name) {
        return parse_environment(name) == inputs.environment;
    };
    if (field == nullptr || field->type != Type::Enum || std::ranges::none_of(field->names, means_chosen)) {
        return value::map_node({}, nullptr, 0, 0);
    }
    const std::string& by = inputs.environment_chosen_by;
    const bool is_option = by.empty() || by.starts_with('-') || by == "default";
    source = Source::make(is_option ? Source::Kind::Option : Source::Kind::Variable, "selection",
                          by.empty() ? "the caller" : by, *std::ranges::find_if(field->names, means_chosen));
    const auto end = static_cast<std::uint32_t>(source->text().size());
    Entry entry{.key_text = nullptr, .key_begin = 0, .key_end = end, .key_source = source.get(), .value = {}};
    entry.value = value::scalar_node(source->text(), value::Style::Verbatim, source.get(), 0, end);
    entry.value.op =
        value::Operator::Replace;  // Whatever shape a file gave it, that is for typing to report.
    return only_entry(kKey, entry, arena);
}

}  // namespace quantconf::layers
