#include "layers/aliases.hpp"

#include <string>

#include <fmt/format.h>

#include "layers/report.hpp"
#include "layers/secret_fields.hpp"
#include "layers/tree_edit.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

bool says_the_same(const Node& a, const Node& b) {
    return a.kind == NodeKind::Scalar && b.kind == NodeKind::Scalar && a.op == b.op &&
           a.is_quoted() == b.is_quoted() && a.scalar() == b.scalar();
}

void note_deprecated(Diagnostics& diagnostics, const std::string& alias, const std::string& path,
                     const Entry& old) {
    Diagnostic& diagnostic =
        report(diagnostics, Severity::Note, Code::DeprecatedKey, path,
               fmt::format("{} is an old spelling of {}", alias, path), old.key_origin());
    diagnostic.hint = fmt::format("write it as {}", path);
}

void report_conflict(Diagnostics& diagnostics, const std::string& alias, const std::string& path,
                     const Entry& old, Origin other, std::string message) {
    Diagnostic& diagnostic =
        report(diagnostics, Code::AliasConflict, path, std::move(message), old.key_origin());
    diagnostic.related.push_back({std::move(other), "the other value"});
    diagnostic.hint = fmt::format("keep {} and remove {}", path, alias);
}

}  // namespace

Node fold_aliases(const Node& layer, const Schema& schema, OwnMaps& own, Diagnostics& diagnostics,
                  std::vector<schema::SecretSpan>& secrets) {
    Node result = layer;
    for (const auto& [alias, path] : schema.aliases()) {
        const Entry* found = entry_at(result, alias);
        if (found == nullptr) {
            continue;
        }
        const Entry old = *found;
        note_deprecated(diagnostics, alias, path, old);
        result = without_entry(result, alias, own);
        const Entry* current = entry_at(result, path);
        const Node* obstacle = current == nullptr ? obstacle_to(result, path) : nullptr;
        if (current == nullptr && obstacle == nullptr) {
            result = with_entry(result, path, old, own);
            continue;
        }
        const Field* field = schema.find(path);
        if (field != nullptr && contains_secret(*field)) {
            secrets.push_back({old.value.source, old.value.begin, old.value.end});
        }
        if (current != nullptr) {
            if (!says_the_same(old.value, current->value)) {
                report_conflict(
                    diagnostics, alias, path, old, current->key_origin(),
                    fmt::format("{} and {} are two spellings of one value, and they differ", alias, path));
            }
        } else {
            report_conflict(
                diagnostics, alias, path, old, obstacle->origin(),
                fmt::format("{} cannot move to {}, because that is not in a mapping", alias, path));
        }
    }
    return result;
}

}  // namespace quantconf::layers
