#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/environment.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// The fields of one file, and the words of one list in it: `required`, aliases, schemes.
inline constexpr std::size_t kTextsMax = 10'000;

/// One run over a schema file: where everything wrong with it is collected.
///
/// `path` is always that of the field, `what` the keyword that is being read. The readers report and return
/// nothing where the node is not what they want.
class Reading {
public:
    Reading(const value::Document& document, Arena& memory) : document_{document}, memory_{memory} {}

    [[nodiscard]] const value::Document& document() const noexcept { return document_; }
    /// Outlives the schema file: defaults are copied into it.
    [[nodiscard]] Arena& memory() noexcept { return memory_; }
    [[nodiscard]] Diagnostics& diagnostics() noexcept { return diagnostics_; }

    void wrong(const Origin& origin, std::string_view path, std::string message, std::string hint = {});
    /// "minimum: expected a number, found "x"".
    void unexpected(const value::Node& node, std::string_view path, std::string_view what,
                    std::string_view expected);
    /// A word that is none of `known`.
    void unknown(const Origin& origin, std::string_view path, std::string_view kind_of_word,
                 std::string_view word, const std::vector<std::string>& known);

    [[nodiscard]] std::optional<std::string> text(const value::Node& node, std::string_view path,
                                                  std::string_view what);
    [[nodiscard]] std::vector<std::string> texts(const value::Node& node, std::string_view path,
                                                 std::string_view what);
    [[nodiscard]] bool flag(const value::Node& node, std::string_view path, std::string_view what);
    [[nodiscard]] std::optional<std::uint32_t> count(const value::Node& node, std::string_view path,
                                                     std::string_view what);
    [[nodiscard]] std::vector<Environment> environments(const value::Node& node, std::string_view path,
                                                        std::string_view what);
    [[nodiscard]] std::optional<Environment> environment(const Origin& origin, std::string_view name,
                                                         std::string_view path);
    /// True if it is a mapping, else reported.
    [[nodiscard]] bool is_mapping(const value::Node& node, std::string_view path, std::string_view what);
    [[nodiscard]] bool is_list(const value::Node& node, std::string_view path, std::string_view what);

private:
    const value::Document& document_;
    Arena& memory_;
    Diagnostics diagnostics_;
};

/// A quoted scalar, or a plain one that is no number, boolean or null.
[[nodiscard]] bool is_text(const value::Node& node);

}  // namespace quantconf::schema
