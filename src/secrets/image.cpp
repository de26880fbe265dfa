#include "secrets/image.hpp"

#include <utility>

#include "base/assert.hpp"
#include "crypto/aead.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/index.hpp"
#include "secrets/limits.hpp"
#include "secrets/slot.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::string_view kIndexInfo = "qcs1/index";

std::unexpected<Error> because(Problem problem) {
    return std::unexpected{Error{.cause = problem}};
}

Outcome<Layout> take_apart(std::string_view file, Strictness strictness) {
    const bool is_whole = has_right_trailer(file);
    if (!is_whole && strictness == Strictness::Whole) {
        return because(Problem::Damaged);
    }
    auto layout = parse_layout(file);
    if (!layout) {
        // A right checksum over broken grammar was made by somebody, not by an accident.
        const bool is_forged = is_whole && layout.error() == Problem::Damaged;
        return because(is_forged ? Problem::Tampered : layout.error());
    }
    return *std::move(layout);
}

}  // namespace

Outcome<std::string> encode_image(Contents& contents, const KeyRing& keys, crypto::Random& random) {
    QC_ASSERT(keys.is_usable());
    const crypto::SecretBytes plain = encode_index(contents.index);
    const std::string records = concatenate_records(contents.index);
    const std::size_t index_size = plain.size() + crypto::kAeadTagBytes;
    if (kHeadBytesMin + contents.slots.size() * kSlotBytes + index_size + records.size() + kFileMacBytes +
            kTrailerBytes >
        limits::kFileBytes) {
        return because(Problem::TooLarge);
    }
    Header& header = contents.header;
    header.index_salt = {};
    const std::string context = encode_head(header, contents.slots, index_size, records.size());
    QC_TRY(header.index_salt, hedged_salt(random, keys.hedge_key(), context, plain.view()));

    const MessageKey key = message_key(keys.index_key(), crypto::view_of(header.index_salt), kIndexInfo);
    std::string file = encode_head(header, contents.slots, index_size, records.size());
    file += crypto::aes256gcm_seal(key.key(), zero_nonce(), file, plain.view());
    file += records;
    file += crypto::view_of(crypto::hmac_sha256(keys.mac_key(), {file}));
    file += trailer_of(file);
    return file;
}

Parsed<Contents> open_layout(Layout layout, std::string_view file, const KeyRing& keys,
                             Strictness strictness) {
    const std::string_view before_mac = file.substr(0, file.size() - kFileMacBytes - kTrailerBytes);
    const crypto::Mac mac = crypto::hmac_sha256(keys.mac_key(), {before_mac});
    const bool is_whole = crypto::equal_in_constant_time(crypto::view_of(mac), layout.mac);
    if ((!is_whole && strictness == Strictness::Whole) || layout.index.size() < crypto::kAeadTagBytes) {
        return std::unexpected{Problem::Tampered};
    }
    const MessageKey key =
        message_key(keys.index_key(), crypto::view_of(layout.header.index_salt), kIndexInfo);
    crypto::SecretBytes plain{layout.index.size() - crypto::kAeadTagBytes};
    if (!crypto::aes256gcm_open(key.key(), zero_nonce(), layout.head, layout.index, plain.bytes())) {
        return std::unexpected{Problem::Tampered};
    }
    auto index = parse_index(plain.view(), layout.records);
    if (!index) {
        return std::unexpected{Problem::Tampered};
    }
    return Contents{std::move(layout.header), std::move(layout.slots), *std::move(index)};
}

Outcome<Opened> open_image(std::string_view file, const UnlockKey& key, Strictness strictness) {
    QC_TRY(Layout layout, take_apart(file, strictness));
    QC_TRY(auto unlocked, unlock(layout.header, layout.slots, key));
    if (!unlocked) {
        return because(Problem::WrongKey);
    }
    KeyRing keys{std::move(unlocked->root), layout.header};
    auto contents = open_layout(std::move(layout), file, keys, strictness);
    if (!contents) {
        return because(contents.error());
    }
    return Opened{*std::move(contents), std::move(keys), unlocked->slot_id};
}

}  // namespace quantconf::secrets
