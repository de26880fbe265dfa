#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret_bytes.hpp"
#include "secrets/redact_parameters.hpp"

namespace quantconf::secrets {

/// Shorter values are not looked for: they would blank half of every ordinary text.
inline constexpr std::size_t kRedactBytesMin = 6;
/// What stands in the place of a secret, whatever its length.
inline constexpr std::string_view kRedacted = "[redacted]";

/// Shorter ones are not looked for across blanks: "12 34 56" is no secret of somebody who chose 123456.
inline constexpr std::size_t kRedactSplitBytesMin = 12;

/// Takes secrets out of texts that other code wants to log: URLs, bodies, messages of libraries.
///
/// By value: each known secret, as it is, as base64 (either alphabet, wherever it stands in a longer text
/// that was encoded as a whole) and as hexadecimal; all of these also under any mixture of URL, JSON and HTML
/// escapes, once or twice, and broken by blanks, line ends or invisible characters. By name: what stands
/// behind a parameter, header or member whose name is that of a secret, known or not, and the password of a
/// URL. Not found: a part of a secret, other letter case, base64 of base64, and whatever else somebody does
/// on purpose. Time and space are linear in the text. Fill it, then any number of threads may use it.
class Redactor {
public:
    void add(std::string_view secret);
    [[nodiscard]] std::string redacted(std::string_view text) const;
    /// By value alone: for texts that somebody has asked for, in which a "token" may be that of the next
    /// page.
    [[nodiscard]] std::string without_values(std::string_view text) const;

private:
    enum class Kind : std::uint8_t { Plain, Short, Hex };
    struct Needle {
        crypto::SecretBytes text;
        Kind kind;
    };

    void look_for(std::string_view needle, Kind kind);
    void find_in(std::string_view text, bool (*wants)(Kind), std::vector<TextRange>& ranges) const;
    void find_unescaped(std::string_view text, std::size_t depth, std::vector<TextRange>& ranges) const;
    std::string replaced(std::string_view text, std::vector<TextRange> ranges) const;

    std::vector<Needle> needles_;
};

}  // namespace quantconf::secrets
