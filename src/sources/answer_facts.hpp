#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sources/source.hpp"

namespace quantconf::sources {

/// What was found in the body of an answer, as far as the rules ask for it. Only a bounded part is kept,
/// however large the body is: names at the top, and the members that speak of errors.
struct Facts {
    enum class Type : std::uint8_t { Text, Number, Word, List, Map };

    struct Fact {
        std::string path{};  ///< Lower case: "error.code", "errors[].message", "[].message", "information".
        std::string text{};  ///< Of a scalar; escapes decoded, case kept.
        Type type = Type::Text;
        bool is_words = false;  ///< Said by the provider, and no data of somebody else.
    };

    BodyKind kind = BodyKind::Empty;   ///< Never EmptyObject or EmptyArray.
    bool has_children = false;         ///< An object or array that is not empty.
    std::vector<std::string> names{};  ///< Lower case, at the top, without those that are null.
    std::vector<Fact> facts{};

    [[nodiscard]] bool is_complete() const noexcept {
        return kind == BodyKind::Object || kind == BodyKind::Array || kind == BodyKind::Scalar ||
               kind == BodyKind::Xml;
    }
};

// Of what is kept. Real answers with an error have a dozen members and one sentence.
inline constexpr std::size_t kNamesMax = 1024;
inline constexpr std::size_t kFactsMax = 1024;
inline constexpr std::size_t kFactTextMax = 4096;
inline constexpr std::size_t kWordsMax = 16 * 1024;  ///< In all facts together.
/// Deeper JSON is not taken for an answer of a provider.
inline constexpr std::size_t kAnswerDepthMax = 256;
/// Of an array of objects, so many first ones are looked into.
inline constexpr std::size_t kItemsLookedAt = 16;

/// Whether what stands under this name (lower case) at the top speaks of errors: "error", "message",
/// "information", ...
[[nodiscard]] bool is_error_name(std::string_view name) noexcept;
/// Whether it does even where it is an object or an array: "error", "errors", "response", ...; "message" may
/// be somebody's posting.
[[nodiscard]] bool is_error_section(std::string_view name) noexcept;

/// Looks at a body of any kind once, from the front to the end. Never fails.
[[nodiscard]] Facts look_at(std::string_view body);

}  // namespace quantconf::sources
