// A store file, or its decrypted index: what a thief wrote, a disk broke, or a writer with the keys made
// wrong.
//
// An input that begins with the magic is a file. Any other is the plain text of an index, with its length
// (four bytes, little-endian) in front and the records behind it.

#include <algorithm>
#include <string>
#include <string_view>

#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"
#include "secrets/byte_reader.hpp"
#include "secrets/head.hpp"
#include "secrets/image.hpp"
#include "secrets/index.hpp"

namespace quantconf::fuzz {
namespace {

using namespace secrets;

/// Whatever is accepted has one spelling, and is what was read.
void check_layout(std::string_view file) {
    const auto layout = parse_layout(file);
    if (!layout) {
        return;
    }
    require(!layout->slots.empty() && layout->slots.size() <= secrets::limits::kSlots, "slots have a limit");
    require(
        layout->head.size() + layout->index.size() + layout->records.size() + kFileMacBytes + kTrailerBytes ==
            file.size(),
        "the parts are the whole file");
    require(encode_head(layout->header, layout->slots, layout->index.size(), layout->records.size()) ==
                layout->head,
            "a head has one spelling");
    // Stretching a passphrase takes too long for a fuzzer.
    if (std::ranges::all_of(layout->slots, [](const Slot& slot) { return slot.kind == SlotKind::Key; })) {
        std::string forged{file.substr(0, file.size() - kTrailerBytes)};
        forged += trailer_of(forged);
        const UnlockKey key{.bytes = crypto::SecretBytes::copy_of(std::string(32, 'k'))};
        for (const Strictness strictness : {Strictness::Whole, Strictness::Index}) {
            const auto opened = open_image(forged, key, strictness);
            require(opened || opened.error().cause.category() == problem_category(),
                    "a refusal has a reason");
        }
    }
}

void check_index(std::string_view input) {
    ByteReader in{input};
    const std::string_view plain = in.bytes(in.u32());
    const std::string_view records = input.substr(in.position());
    if (const auto index = parse_index(plain, records)) {
        require(encode_index(*index).view() == plain, "an index has one spelling");
        require(concatenate_records(*index) == records, "no byte of the records is lost");
        require(
            std::ranges::all_of(index->secrets, [](const SecretEntry& secret) { return is_valid(secret); }),
            "what was read may be written");
    }
}

}  // namespace

Verdict run_target(std::string_view input) {
    if (input.starts_with("QCSTORE1")) {
        check_layout(input);
    } else {
        check_index(input);
    }
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
