#include "secrets/redact.hpp"

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "base/json_writer.hpp"
#include "secrets/redact_parameters.hpp"

namespace quantconf::secrets {
namespace {

std::string hex_of(std::string_view bytes, std::string_view digits) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

int digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// A text without its URL escapes, and where each of its bytes came from.
struct Unescaped {
    std::string text;
    std::vector<std::size_t> begin;  ///< One more than bytes: the last is the end of the source.
};

Unescaped unescaped(std::string_view text) {
    Unescaped result;
    for (std::size_t at = 0; at < text.size();) {
        result.begin.push_back(at);
        const bool is_escape =
            text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0;
        result.text +=
            is_escape ? static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2])) : text[at];
        at += is_escape ? 3U : 1U;
    }
    result.begin.push_back(text.size());
    return result;
}

/// Base64 letters that depend on nothing but the secret, if `before` bytes stand in front of it: 0, 1 or 2.
std::string inner_base64(std::string_view secret, std::size_t before, Base64 alphabet) {
    const std::string text = base64_encoded(std::string(before, '\0') + std::string{secret}, alphabet);
    const std::size_t first =
        before == 0 ? 0 : before + 1;  // 1 byte reaches into the 2nd letter, 2 into the 3rd.
    const std::size_t bits = (before + secret.size()) * 8;
    return text.substr(first, bits / 6 - first);
}

template <typename Found>
void find_all(std::string_view text, std::string_view needle, const Found& found) {
    for (std::size_t at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1)) {
        found(at, at + needle.size());
    }
}

}  // namespace

void Redactor::look_for(std::string_view needle, bool may_be_escaped) {
    if (needle.size() >= kRedactBytesMin) {
        needles_.push_back({crypto::SecretBytes::copy_of(needle), may_be_escaped});
    }
}

void Redactor::add(std::string_view secret) {
    if (secret.size() < kRedactBytesMin) {
        return;
    }
    look_for(secret, true);
    if (secret.contains(' ')) {
        std::string form{secret};
        std::ranges::replace(form, ' ', '+');
        look_for(form, true);
    }
    const std::string quoted = json_quoted(secret);
    if (quoted.size() != secret.size() + 2) {
        look_for(std::string_view{quoted}.substr(1, quoted.size() - 2), false);
    }
    look_for(hex_of(secret, "0123456789abcdef"), false);
    look_for(hex_of(secret, "0123456789ABCDEF"), false);
    for (const std::size_t before : {0U, 1U, 2U}) {
        look_for(inner_base64(secret, before, Base64::Standard), true);
        look_for(inner_base64(secret, before, Base64::Url), true);
    }
}

std::string Redactor::redacted(std::string_view text) const {
    return replaced(text, secret_parameters(text));
}

std::string Redactor::without_values(std::string_view text) const {
    return replaced(text, {});
}

std::string Redactor::replaced(std::string_view text, std::vector<TextRange> ranges) const {
    const Unescaped plain = text.contains('%') ? unescaped(text) : Unescaped{};
    for (const Needle& needle : needles_) {
        find_all(text, needle.text.view(), [&](std::size_t begin, std::size_t end) {
            ranges.push_back({begin, end});
        });
        if (needle.may_be_escaped && !plain.text.empty()) {
            find_all(plain.text, needle.text.view(), [&](std::size_t begin, std::size_t end) {
                ranges.push_back({plain.begin[begin], plain.begin[end]});
            });
        }
    }
    std::ranges::sort(ranges, {}, &TextRange::begin);
    std::string result;
    std::size_t done = 0;
    for (const TextRange& range : ranges) {
        if (range.begin >= done) {
            result += text.substr(done, range.begin - done);
            result += kRedacted;
        }
        done = std::max(done, range.end);
    }
    result += text.substr(std::min(done, text.size()));
    return result;
}

}  // namespace quantconf::secrets
