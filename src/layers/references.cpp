#include "layers/references.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "format/write.hpp"
#include "layers/report.hpp"
#include "layers/secret_fields.hpp"
#include "layers/tree_edit.hpp"
#include "layers/utf8_text.hpp"
#include "layers/variable_table.hpp"

namespace quantconf::layers {
namespace {

using value::Node;
using value::NodeKind;
using value::Style;

/// Where the ${...} stands in its scalar. A text with escapes has no such place: then the whole scalar.
Origin place_in(const Node& node, std::string_view written) {
    Origin origin = node.origin();
    const std::size_t at = node.source->text().substr(node.begin, node.end - node.begin).find(written);
    if (at != std::string_view::npos && !written.empty()) {
        origin.begin = node.begin + static_cast<std::uint32_t>(at);
        origin.end = origin.begin + static_cast<std::uint32_t>(written.size());
    }
    return origin;
}

std::vector<std::string> scalar_paths(const Schema& schema) {
    std::vector<std::string> paths;
    for (const Variable& variable : schema.variables()) {
        if (!contains_secret(*variable.field)) {
            paths.push_back(variable.path);
        }
    }
    return paths;
}

bool is_scalar(const Field& field) {
    return field.type != Type::List && field.type != Type::Map && field.type != Type::Struct;
}

}  // namespace

bool may_refer(const Node& node, const Field* field) {
    return node.kind == NodeKind::Scalar && field != nullptr && field->type != Type::Secret &&
           node.source != nullptr && node.source->kind() == Source::Kind::File &&
           node.style != Style::Verbatim && node.scalar().contains('$');
}

std::optional<Node> References::expand(const Node& node, const std::string& path) {
    if (has_reported_too_many_) {
        return std::nullopt;
    }
    const Result& result = result_of(node, path);
    if (!result.text) {
        interpolation_.failed.push_back(node.origin());
        return std::nullopt;
    }
    if (*result.text == node.scalar()) {
        return std::nullopt;
    }
    Node expanded = node;
    const std::string_view text = interpolation_.arena.copy(*result.text);
    expanded.text = text.data();
    expanded.size = static_cast<std::uint32_t>(text.size());
    expanded.style = node.style == Style::Plain ? Style::Verbatim : node.style;
    expanded.is_interpolated = true;
    return expanded;
}

const References::Result& References::result_of(const Node& node, const std::string& path) {
    if (const auto known = results_.find(path); known != results_.end() && known->second.is_done) {
        return known->second;
    }
    chain_.push_back(path);
    std::optional<std::string> text = text_of(node, path);
    chain_.pop_back();
    Result& result = results_[path];
    result = {.is_done = true, .text = std::move(text)};
    return result;
}

std::optional<std::string> References::text_of(const Node& node, const std::string& path) {
    std::string_view wrong;
    const auto pieces = split_placeholders(node.scalar(), wrong);
    if (!pieces) {
        report_here(Code::BadInterpolation, wrong, node, path,
                    "expected ${path} or ${env:NAME}, found something else")
            .hint = "a default is written ${path:-default}; a literal ${ is written $${";
        return std::nullopt;
    }
    references_ += static_cast<std::size_t>(
        std::ranges::count_if(*pieces, [](const Piece& piece) { return piece.kind != Piece::Kind::Text; }));
    if (references_ > limits::kReferences) {
        if (!std::exchange(has_reported_too_many_, true)) {
            report_here(Code::BadInterpolation, {}, node, path,
                        fmt::format("expected at most {} references, found more", limits::kReferences));
        }
        return std::nullopt;
    }
    std::string text;
    bool is_complete = true;  // Go on after a failure: the next reference may be wrong as well.
    for (const Piece& piece : *pieces) {
        const auto part = piece.kind == Piece::Kind::Text ? std::optional{std::string{piece.name}}
                                                          : value_of(piece, node, path);
        is_complete = is_complete && part;
        text += part.value_or("");
        if (text.size() > kInterpolatedBytesMax) {
            report_here(
                Code::BadInterpolation, piece.written, node, path,
                fmt::format("expected a result of at most {} KiB, found more", kInterpolatedBytesMax / 1024));
            return std::nullopt;
        }
    }
    return is_complete ? std::optional{std::move(text)} : std::nullopt;
}

std::optional<std::string> References::value_of(const Piece& piece, const Node& node,
                                                const std::string& path) {
    return piece.kind == Piece::Kind::Variable ? variable(piece, node, path) : configured(piece, node, path);
}

std::optional<std::string> References::variable(const Piece& piece, const Node& node,
                                                const std::string& path) {
    if (is_secret_variable(piece.name)) {
        report_here(Code::BadInterpolation, piece.written, node, path,
                    fmt::format("{} holds a secret, which cannot become part of another value", piece.name));
        return std::nullopt;
    }
    for (const std::string& entry : interpolation_.variables) {
        const std::string_view text = entry;
        const bool is_it = text.starts_with(piece.name) && text.substr(piece.name.size()).starts_with('=');
        if (!is_it || text.size() == piece.name.size() + 1) {
            continue;
        }
        if (!is_utf8(text)) {
            report_here(Code::VariableNotUtf8, piece.written, node, path,
                        fmt::format("expected UTF-8 in {}, found other bytes", piece.name));
            return std::nullopt;
        }
        return std::string{text.substr(piece.name.size() + 1)};
    }
    if (piece.alternative) {
        return std::string{*piece.alternative};
    }
    report_here(Code::UnresolvedReference, piece.written, node, path,
                fmt::format("expected the variable {} to be set, found nothing", piece.name))
        .hint = fmt::format("set it, or give a default: ${{env:{}:-...}}", piece.name);
    return std::nullopt;
}

std::optional<std::string> References::configured(const Piece& piece, const Node& node,
                                                  const std::string& path) {
    const Field* field = interpolation_.schema.find(piece.name);
    if (field == nullptr) {
        report_here(
            Code::UnresolvedReference, piece.written, node, path,
            fmt::format("expected the path of a value, found {}, which the schema does not have", piece.name))
            .hint = did_you_mean(nearest(piece.name, scalar_paths(interpolation_.schema)));
        return std::nullopt;
    }
    if (contains_secret(*field) || !is_scalar(*field)) {
        report_here(Code::BadInterpolation, piece.written, node, path,
                    fmt::format("{} is {}, which cannot become part of another value", piece.name,
                                is_scalar(*field) ? "a secret" : "not a single value"));
        return std::nullopt;
    }
    const value::Entry* entry = entry_at(interpolation_.merged, piece.name);
    const Node* target = entry == nullptr ? nullptr : &entry->value;
    if (target == nullptr || target->is_deletion() || target->is_null()) {
        return default_of(piece, node, path, target);
    }
    if (target->kind != NodeKind::Scalar) {
        return std::nullopt;  // Typing reports its shape.
    }
    if (!may_refer(*target, field)) {
        return std::string{target->scalar()};
    }
    if (std::ranges::find(chain_, piece.name) != chain_.end()) {
        report_cycle(piece, node, path);
        return std::nullopt;
    }
    if (chain_.size() > limits::kInterpolationDepth) {
        report_here(
            Code::BadInterpolation, piece.written, node, path,
            fmt::format("expected at most {} references in a row, found more", limits::kInterpolationDepth));
        return std::nullopt;
    }
    return result_of(*target, std::string{piece.name}).text;
}

std::optional<std::string> References::default_of(const Piece& piece, const Node& node,
                                                  const std::string& path, const Node* unset) {
    const bool is_null = unset != nullptr && !unset->is_deletion();
    const Value* value = is_null ? nullptr : interpolation_.schema.defaults().at(piece.name);
    const Field* field = interpolation_.schema.find(piece.name);
    if (value != nullptr && !value->is_absent() && !value->is_invalid() && !field->options.required) {
        return format::to_display(*value);
    }
    if (piece.alternative) {
        return std::string{*piece.alternative};
    }
    Diagnostic& diagnostic = report_here(Code::UnresolvedReference, piece.written, node, path,
                                         fmt::format("expected {} to have a value, found none", piece.name));
    diagnostic.hint = fmt::format("set it, or give a default: ${{{}:-...}}", piece.name);
    const std::string_view section = piece.name.substr(0, std::min(piece.name.rfind('.'), piece.name.size()));
    const value::Entry* above = entry_at(interpolation_.merged, section);
    if (unset != nullptr) {
        diagnostic.related.push_back({unset->origin(), is_null ? "null here" : "deleted here"});
    } else if (above != nullptr) {
        diagnostic.related.push_back({above->key_origin(), "it would stand in this section"});
    }
    return std::nullopt;
}

bool References::is_secret_variable(std::string_view name) const {
    const VariableTable table{interpolation_.schema, interpolation_.merged};
    return std::ranges::any_of(table.find(name),
                               [](const Target& target) { return contains_secret(*target.field); });
}

Diagnostic& References::report_here(Code code, std::string_view written, const Node& node,
                                    const std::string& path, std::string message) {
    return report(interpolation_.diagnostics, code, path, std::move(message), place_in(node, written));
}

void References::report_cycle(const Piece& piece, const Node& node, const std::string& path) {
    auto first = std::ranges::find(chain_, piece.name);
    std::string cycle;
    for (auto at = first; at != chain_.end(); ++at) {
        cycle += *at + " -> ";
    }
    cycle += piece.name;
    Diagnostic& diagnostic = report_here(Code::ReferenceCycle, piece.written, node, path,
                                         fmt::format("the references go round in a circle: {}", cycle));
    for (auto at = first; at != chain_.end(); ++at) {
        if (const value::Entry* entry = *at == path ? nullptr : entry_at(interpolation_.merged, *at)) {
            diagnostic.related.push_back({entry->value.origin(), fmt::format("{} is part of it", *at)});
        }
    }
    diagnostic.hint = "give one of them a value of its own";
}

}  // namespace quantconf::layers
