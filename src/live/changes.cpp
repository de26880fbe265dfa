#include "live/changes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "format/write.hpp"
#include "layers/explain.hpp"

namespace quantconf::live {
namespace {

ConfigChange::Kind kind_of(layers::ChangeKind kind) {
    switch (kind) {
        case layers::ChangeKind::Added:
            return ConfigChange::Kind::Added;
        case layers::ChangeKind::Removed:
            return ConfigChange::Kind::Removed;
        case layers::ChangeKind::Changed:
            break;
    }
    return ConfigChange::Kind::Changed;
}

/// A leaf as text. A list as JSON would have it; plain secrets are not shown by to_display.
std::string shown(const Value& root, const Version& version, const std::string& path) {
    const Value* value = root.at(path);
    if (value == nullptr || value->is_absent()) {
        return {};
    }
    std::string text = format::to_display(*value);
    const auto secret = std::ranges::find(version.candidate->secrets, path, &layers::CandidateSecret::path);
    if (secret != version.candidate->secrets.end() && secret->version != 0) {
        text += fmt::format(" (v{})", secret->version);
    }
    return text;
}

}  // namespace

ConfigChanges changes_between(const Version& from, const Version& to) {
    ConfigChanges changes;
    for (const layers::Change& change : layers::diff(from.resolved, to.resolved)) {
        changes.push_back({.path = change.path,
                           .kind = kind_of(change.kind),
                           .from = shown(from.root, from, change.path),
                           .to = shown(to.root, to, change.path)});
    }
    // Another reference to the same text is a change as well.
    for (const layers::Change& change : layers::diff(from.root, to.root)) {
        if (std::ranges::find(changes, change.path, &ConfigChange::path) == changes.end()) {
            changes.push_back({.path = change.path,
                               .kind = kind_of(change.kind),
                               .from = shown(from.root, from, change.path),
                               .to = shown(to.root, to, change.path)});
        }
    }
    return changes;
}

bool is_pure_tightening(const Schema& schema, const Version& from, const Version& to) {
    const auto changes = layers::diff(from.resolved, to.resolved);
    return !changes.empty() && layers::diff(from.root, to.root).size() == changes.size() &&
           std::ranges::all_of(changes, [&](const layers::Change& change) {
               return layers::risk_change(schema, change) == layers::RiskChange::Safer;
           });
}

}  // namespace quantconf::live
