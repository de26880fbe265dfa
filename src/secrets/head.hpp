#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "secrets/contents.hpp"

namespace quantconf::secrets {

inline constexpr std::size_t kSlotBytes = 4 + 1 + 4 + 4 + 1 + limits::kSlotLabelBytes + 32 + 32 + 48;
inline constexpr std::size_t kHeadBytesMin = 8 + 4 + 16 + 8 + 4 + 8 + 8 + 8 + 32 + 32 + 4 + 4 + 1;
inline constexpr std::size_t kFileMacBytes = 32;
inline constexpr std::size_t kTrailerBytes = 64;

/// The parts of a file. Views end with the bytes that were parsed.
struct Layout {
    Header header = {};
    std::vector<Slot> slots = {};
    std::string_view head = {};     ///< Everything in front of the index.
    std::string_view index = {};    ///< Sealed.
    std::string_view records = {};  ///< One behind the other, in the order of the index.
    std::string_view mac = {};
};

/// Header and slots, up to the first byte of the sealed index.
[[nodiscard]] std::string encode_head(const Header& header, const std::vector<Slot>& slots,
                                      std::size_t index_size, std::size_t records_size);

/// What identifies a slot and its cost: bound into its keys, so that neither can be changed.
[[nodiscard]] std::string slot_context(const Header& header, const Slot& slot);

/// Takes a file apart. It says nothing about who wrote it: UnknownFormat, KdfTooExpensive, or Damaged for
/// whatever does not follow the grammar. Memory is bounded by the number of slots.
[[nodiscard]] Parsed<Layout> parse_layout(std::string_view file);

/// SHA-256 of everything before it, in 64 hexadecimal digits.
[[nodiscard]] std::string trailer_of(std::string_view everything_before);
/// Whether the file is as long and as it was when it was written. Anybody can make this right.
[[nodiscard]] bool has_right_trailer(std::string_view file);

}  // namespace quantconf::secrets
