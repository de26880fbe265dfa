#include "secrets/masked_ends.hpp"

#include <algorithm>
#include <array>

#include "secrets/redact.hpp"

namespace quantconf::secrets {
namespace {

constexpr auto kMasks = std::to_array<std::string_view>({"**", "...", "…", "\\u2026", "••", "\\u2022"});

/// Of what hides the middle of a key: where it ends if one begins at `at`, else `at`.
std::size_t end_of_mask(std::string_view text, std::size_t at) {
    const auto* const mask =
        std::ranges::find_if(kMasks, [&](std::string_view one) { return text.substr(at).starts_with(one); });
    if (mask == kMasks.end()) {
        return at;
    }
    const std::string_view part = mask->substr(0, *mask == "**" || *mask == "..." ? 1 : mask->size());
    at += mask->size();
    while (text.substr(at).starts_with(part)) {
        at += part.size();
    }
    return at;
}

/// How much of the end of `before` is the beginning of `secret`.
std::size_t head_at_end(std::string_view before, std::string_view secret) {
    std::size_t length = std::min(before.size(), secret.size());
    while (length >= kMaskedEndBytesMin && !before.ends_with(secret.substr(0, length))) {
        --length;
    }
    return length >= kMaskedEndBytesMin ? length : 0;
}

/// How much of the beginning of `behind` is the end of `secret`.
std::size_t tail_at_begin(std::string_view behind, std::string_view secret) {
    std::size_t length = std::min(behind.size(), secret.size());
    while (length >= kMaskedEndBytesMin && !behind.starts_with(secret.substr(secret.size() - length))) {
        --length;
    }
    return length >= kMaskedEndBytesMin ? length : 0;
}

}  // namespace

std::string without_masked_ends(std::string_view text, std::string_view secret) {
    std::string result;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = end_of_mask(text, at);
        if (end == at) {
            ++at;
            continue;
        }
        const std::size_t head = head_at_end(text.substr(copied, at - copied), secret);
        const std::size_t tail = tail_at_begin(text.substr(end), secret);
        if (head + tail != 0) {
            result.append(text.substr(copied, at - head - copied)).append(kRedacted);
            copied = end + tail;
        }
        at = end + tail;
    }
    return result.append(text.substr(copied));
}

}  // namespace quantconf::secrets
