#include "secrets/redact.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/base64.hpp"
#include "secrets/redact_forms.hpp"
#include "secrets/redact_parameters.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::size_t kEscapesMax = 2;  // JSON in JSON, a URL in a parameter of a URL.

std::string hex_of(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

/// Base64 letters that depend on nothing but the secret, if `before` bytes stand in front of it: 0, 1 or 2.
std::string inner_base64(std::string_view secret, std::size_t before, Base64 alphabet) {
    const std::string text = base64_encoded(std::string(before, '\0') + std::string{secret}, alphabet);
    const std::size_t first =
        before == 0 ? 0 : before + 1;  // 1 byte reaches into the 2nd letter, 2 into the 3rd.
    const std::size_t bits = (before + secret.size()) * 8;
    return text.substr(first, bits / 6 - first);
}

bool may_have_escapes(std::string_view text) {
    return text.find_first_of("%\\&") != std::string_view::npos;
}

/// In order, and what overlaps is one.
void merge(std::vector<TextRange>& ranges) {
    std::ranges::sort(ranges, {}, &TextRange::begin);
    std::size_t count = 0;
    for (const TextRange& range : ranges) {
        if (count > 0 && range.begin < ranges[count - 1].end) {
            ranges[count - 1].end = std::max(ranges[count - 1].end, range.end);
        } else {
            ranges[count++] = range;
        }
    }
    ranges.resize(count);
}

}  // namespace

void Redactor::look_for(std::string_view needle, Kind kind) {
    if (needle.size() >= kRedactBytesMin) {
        needles_.push_back({crypto::SecretBytes::copy_of(needle), kind});
    }
}

void Redactor::add(std::string_view secret) {
    if (secret.size() < kRedactBytesMin) {
        return;
    }
    const Kind kind = secret.size() >= kRedactSplitBytesMin ? Kind::Plain : Kind::Short;
    // Whoever takes the escapes out of a text takes them out of a secret that has some, too.
    std::string form{secret};
    for (std::size_t depth = 0; depth <= kEscapesMax; ++depth) {
        look_for(form, kind);
        if (const std::string squeezed = in_form(Form::Squeezed, form); squeezed != form) {
            look_for(squeezed, kind);
        }
        std::string next = in_form(Form::Unescaped, form);
        if (next == form) {
            break;
        }
        form = std::move(next);
    }
    if (secret.contains(' ')) {
        form = secret;
        std::ranges::replace(form, ' ', '+');
        look_for(form, kind);
    }
    look_for(hex_of(secret), Kind::Hex);
    for (const std::size_t before : {0U, 1U, 2U}) {
        look_for(inner_base64(secret, before, Base64::Standard), kind);
        look_for(inner_base64(secret, before, Base64::Url), kind);
    }
}

std::string Redactor::redacted(std::string_view text) const {
    return replaced(text, secret_parameters(text));
}

std::string Redactor::without_values(std::string_view text) const {
    return replaced(text, {});
}

void Redactor::find_in(std::string_view text, bool (*wants)(Kind), std::vector<TextRange>& ranges) const {
    for (const Needle& needle : needles_) {
        if (!wants(needle.kind)) {
            continue;
        }
        const std::string_view what = needle.text.view();
        // memmem is linear, whatever the two look like, and several times as fast as find.
        for (std::size_t at = 0; at < text.size();) {
            const void* const found = ::memmem(text.data() + at, text.size() - at, what.data(), what.size());
            if (found == nullptr) {
                break;
            }
            at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
            // Overlapping ones, as those of a secret that repeats itself, are one.
            if (!ranges.empty() && ranges.back().begin < at && at < ranges.back().end) {
                ranges.back().end = std::max(ranges.back().end, at + what.size());
            } else {
                ranges.push_back({at, at + what.size()});
            }
            ++at;
        }
    }
}

/// As the text is, without its escapes, and, at the deepest, without what breaks a secret apart.
void Redactor::find_unescaped(std::string_view text, std::size_t depth,
                              std::vector<TextRange>& ranges) const {
    find_in(
        text, [](Kind kind) { return kind != Kind::Hex; }, ranges);
    const auto look_at = [&](Form form, const auto& find) {
        std::vector<TextRange> found;
        find(in_form(form, text), found);
        merge(found);
        map_back(form, text, found);
        ranges.insert(ranges.end(), found.begin(), found.end());
    };
    if (depth < kEscapesMax && may_have_escapes(text)) {
        look_at(Form::Unescaped, [&](const std::string& plain, std::vector<TextRange>& found) {
            find_unescaped(plain, depth + 1, found);
        });
        return;
    }
    look_at(Form::Squeezed, [&](const std::string& plain, std::vector<TextRange>& found) {
        find_in(
            plain, [](Kind kind) { return kind == Kind::Plain; }, found);
    });
    look_at(Form::HexDigits, [&](const std::string& plain, std::vector<TextRange>& found) {
        find_in(
            plain, [](Kind kind) { return kind == Kind::Hex; }, found);
    });
}

std::string Redactor::replaced(std::string_view text, std::vector<TextRange> ranges) const {
    if (!needles_.empty()) {
        find_unescaped(text, 0, ranges);
    }
    merge(ranges);
    std::string result;
    std::size_t done = 0;
    for (const TextRange& range : ranges) {
        result += text.substr(done, range.begin - done);
        result += kRedacted;
        done = range.end;
    }
    result += text.substr(std::min(done, text.size()));
    return result;
}

}  // namespace quantconf::secrets
