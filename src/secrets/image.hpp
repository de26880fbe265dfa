#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/random.hpp"
#include "secrets/contents.hpp"
#include "secrets/head.hpp"
#include "secrets/keys.hpp"

namespace quantconf::secrets {

/// The bytes of one generation. Fills in the index salt of the header. Problem::TooLarge beyond the limit.
[[nodiscard]] Outcome<std::string> encode_image(Contents& contents, const KeyRing& keys,
                                                crypto::Random& random);

/// How much of a file has to be right.
enum class Strictness : std::uint8_t {
    Whole,  ///< Checksum, file MAC and index.
    Index,  ///< The index alone. Each record still proves itself when it is opened.
};

/// The index and the records of a file that was taken apart, or Tampered.
[[nodiscard]] Parsed<Contents> open_layout(Layout layout, std::string_view file, const KeyRing& keys,
                                           Strictness strictness);

/// A file, unlocked.
struct Opened {
    Contents contents = {};
    KeyRing keys = {};
    std::uint32_t slot_id = 0;
};

/// Takes a file apart, unlocks it and checks everything but the single records.
///
/// Damaged: the checksum says so. WrongKey: whole, and no slot opens. Tampered: whole and opened, and still
/// not as it was written. UnknownFormat and KdfTooExpensive as they say. Errors have a cause and nothing
/// else.
[[nodiscard]] Outcome<Opened> open_image(std::string_view file, const UnlockKey& key,
                                         Strictness strictness = Strictness::Whole);

}  // namespace quantconf::secrets
