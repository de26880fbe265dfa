#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "format/edit.hpp"
#include "format/test_support.hpp"

// What the tests of edits share.
namespace quantconf::format::testing {

inline std::vector<std::string> path_of(std::string_view dotted) {
    std::vector<std::string> path;
    while (true) {
        const std::size_t dot = dotted.find('.');
        path.emplace_back(dotted.substr(0, dot));
        if (dot == std::string_view::npos) {
            return path;
        }
        dotted.remove_prefix(dot + 1);
    }
}

/// The edited text, or "QC1711 2:5" for each diagnostic.
inline std::string edited(std::string_view text, const std::vector<Edit>& edits,
                          std::string name = "base.yaml") {
    const auto source = Source::make(Source::Kind::File, "base", std::move(name), std::string{text});
    const auto result = edit(source, edits);
    return result ? *result : fmt::format("{}", fmt::join(found(result.error()), ", "));
}

inline std::string edited(std::string_view text, std::string_view path, std::optional<Value> value,
                          std::string name = "base.yaml") {
    return edited(text, {{.path = path_of(path), .value = value}}, std::move(name));
}

inline std::string removed(std::string_view text, std::string_view path, std::string name = "base.yaml") {
    return edited(text, path, std::nullopt, std::move(name));
}

}  // namespace quantconf::format::testing
