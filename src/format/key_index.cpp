#include "format/key_index.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "base/utf8.hpp"
#include "format/unicode.hpp"

namespace quantconf::format {
namespace {

constexpr std::size_t kFew = 8;

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string folded(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        append_utf8(result, lower(character.code_point));
        at += character.length;
    }
    return result;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
    return hash ^ (hash >> 29U);
}

/// Setting bit 0x20 maps both cases of a letter to the same byte; that some other characters then collide
/// costs only a comparison.
std::uint32_t hash_ascii(std::string_view text) {
    std::uint64_t hash = text.size();
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        hash = mixed(hash, word | 0x2020202020202020U);
        text.remove_prefix(sizeof word);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, text.data(), text.size());
    hash = mixed(hash, rest | 0x2020202020202020U);
    return static_cast<std::uint32_t>(hash >> 32U);
}

std::uint32_t hash_of(std::string_view text) {
    return is_ascii(text) ? hash_ascii(text) : hash_ascii(folded(text));
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a == b) {
        return true;
    }
    if (is_ascii(a) && is_ascii(b)) {
        return std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
    }
    return folded(a) == folded(b);
}

void KeyIndex::reset(std::size_t count) {
    few_.clear();
    uses_table_ = count > kFew;
    if (uses_table_) {
        slots_.assign(std::bit_ceil(count * 2), Slot{});
    }
}

std::uint32_t KeyIndex::add(std::span<const value::Entry> entries, std::uint32_t position) {
    const std::string_view key = entries[position].key();
    if (!uses_table_) {
        const auto found = std::ranges::find_if(few_, [&](std::uint32_t earlier) {
            const std::string_view other = entries[earlier].key();
            return other.size() == key.size() ? equal_ignoring_case(other, key)
                                              : !is_ascii(key) && equal_ignoring_case(other, key);
        });
        if (found != few_.end()) {
            return *found;
        }
        few_.push_back(position);
        return kNone;
    }
    const std::uint32_t hash = hash_of(key);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
        Slot& slot = slots_[at];
        if (slot.position_plus_one == 0) {
            slot = {.position_plus_one = position + 1, .hash = hash};
            return kNone;
        }
        if (slot.hash == hash && equal_ignoring_case(entries[slot.position_plus_one - 1].key(), key)) {
            return slot.position_plus_one - 1;
        }
    }
}

}  // namespace quantconf::format
