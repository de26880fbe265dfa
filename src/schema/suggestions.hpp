#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantconf/schema.hpp"

namespace quantconf::schema {

/// Hints for keys that nobody knows: what is nearest in the same section, and where else the name exists.
class Suggestions {
public:
    explicit Suggestions(const Schema& schema) : schema_{schema} {}

    /// A hint for `key` of `section`, a Struct or a Map with fixed keys; may be empty.
    [[nodiscard]] std::string hint(std::string_view key, const Field& section);

private:
    /// Each costs a look at every name, and nobody reads thousands of them.
    static constexpr std::size_t kHintsMax = 1000;

    void collect(const Field& field, const std::string& path);
    [[nodiscard]] std::vector<std::string> sections_with(std::string_view name) const;

    const Schema& schema_;
    std::size_t given_ = 0;
    std::vector<std::pair<std::string, std::string>> places_;  ///< Name and its section, sorted.
    std::vector<std::string> names_;
};

}  // namespace quantconf::schema
