#include "schema/suggestions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/schema_build.hpp"

namespace quantconf::schema {
namespace {

std::vector<std::string> names_in(const Field& section) {
    if (section.type == Type::Map) {
        return section.options.keys;
    }
    std::vector<std::string> names;
    names.reserve(section.children.size());
    for (const Field& member : section.children) {
        names.push_back(member.name);
    }
    return names;
}

}  // namespace

std::string Suggestions::hint(std::string_view key, const Field& section) {
    if (++given_ > kHintsMax) {
        return {};
    }
    if (names_.empty()) {
        collect(schema_.root(), {});
        std::ranges::sort(places_);
        for (const auto& [name, path] : places_) {
            if (names_.empty() || names_.back() != name) {
                names_.push_back(name);
            }
        }
    }
    // The right name in the wrong section is likelier than a slip of the pen.
    if (const auto sections = sections_with(key); !sections.empty()) {
        return fmt::format("`{}` exists {}", key, join_or(sections));
    }
    if (const auto siblings = nearest(key, names_in(section)); !siblings.empty()) {
        return did_you_mean(siblings);
    }
    if (const auto others = nearest(key, names_); !others.empty()) {
        return fmt::format("`{}` exists {}", others.front(), join_or(sections_with(others.front())));
    }
    return {};
}

void Suggestions::collect(const Field& field, const std::string& path) {
    for (const Field& child : field.children) {
        if (field.type == Type::Struct) {
            places_.emplace_back(child.name, path);
        }
        collect(child, child_path(field, path, child));
    }
}

/// Up to three: "under trading", "at the top level".
std::vector<std::string> Suggestions::sections_with(std::string_view name) const {
    constexpr std::size_t kSectionsMax = 3;
    std::vector<std::string> sections;
    auto place = std::ranges::lower_bound(places_, name, {}, &std::pair<std::string, std::string>::first);
    for (; place != places_.end() && place->first == name && sections.size() < kSectionsMax; ++place) {
        sections.push_back(place->second.empty() ? "at the top level"
                                                 : fmt::format("under {}", place->second));
    }
    return sections;
}

}  // namespace quantconf::schema
