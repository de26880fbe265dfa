#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/schema.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// One step of a path: a key, or the index of a list item.
struct Step {
    std::string key;
    std::optional<std::size_t> index;
    friend auto operator<=>(const Step&, const Step&) = default;
};

/// "hosts[2].port".
[[nodiscard]] std::string to_path(const std::vector<Step>& steps);

/// Where the name of a variable leads.
struct Target {
    std::vector<Step> steps;
    const Field* field = nullptr;
    /// It was found because a map has this key already; the schema alone does not know the name.
    bool uses_known_key = false;
    /// Its last step is a key that nobody has written before.
    bool ends_with_new_key = false;
};

/// What the names of environment variables mean, spelled in any of the allowed ways.
///
/// Names are never split: they are compared with what the schema has. `_` and `__` both separate, `__` is
/// needed around a key that the user chooses unless a lower layer or the defaults have it (then in any case
/// of letters), and around the index of a list item.
class VariableTable {
public:
    /// `lower` are the merged layers beneath. Both must outlive the table.
    VariableTable(const Schema& schema, const value::Node& lower) : schema_{schema}, lower_{lower} {}

    /// All meanings of a name: none if it is unknown, several if only `__` can tell them apart. A name of the
    /// schema never has a second meaning because of a key of some map.
    [[nodiscard]] std::vector<Target> find(std::string_view name) const;

    /// Maps with very many keys and very many variables would take for ever: then find() knows nothing more.
    [[nodiscard]] bool is_exhausted() const noexcept { return keys_left_ == 0; }

    /// The names that are nearest to an unknown one.
    [[nodiscard]] std::vector<std::string> suggest(std::string_view name) const;

private:
    const Schema& schema_;
    const value::Node& lower_;
    mutable std::size_t keys_left_ = 20'000'000;  ///< That names may still be compared with.
};

}  // namespace quantconf::layers
