#pragma once

#include <cstddef>
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

/// Takes secrets out of texts that other code wants to log: URLs, bodies, messages of libraries.
///
/// By value: each known secret, as it is and as base64 (either alphabet, wherever it stands in a longer
/// text that was encoded as a whole), hexadecimal, JSON escapes and any mixture of URL escapes. By name: what
/// stands behind a parameter, header or member whose name is that of a secret, known or not, and the password
/// of a URL. Fill it, then any number of threads may use it.
class Redactor {
public:
    void add(std::string_view secret);
    [[nodiscard]] std::string redacted(std::string_view text) const;
    /// By value alone: for texts that somebody has asked for, in which a "token" may be that of the next
    /// page.
    [[nodiscard]] std::string without_values(std::string_view text) const;

private:
    std::string replaced(std::string_view text, std::vector<TextRange> ranges) const;

    struct Needle {
        crypto::SecretBytes text;
        bool may_be_escaped;  ///< Also looked for in the text without its URL escapes.
    };
    void look_for(std::string_view needle, bool may_be_escaped);

    std::vector<Needle> needles_;
};

}  // namespace quantconf::secrets
