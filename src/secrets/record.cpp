#include "secrets/record.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/aead.hpp"
#include "crypto/hmac.hpp"
#include "secrets/byte_reader.hpp"
#include "secrets/byte_writer.hpp"
#include "secrets/limits.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kCommitmentBytes = 32;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kOverhead = kSaltBytes + kCommitmentBytes + crypto::kAeadTagBytes;
constexpr std::string_view kContext = "QCSREC1";
constexpr std::string_view kInfo = "qcs1/record";
constexpr std::uint8_t kTypeValue = 1;

constexpr std::size_t padded(std::size_t size) {
    return (size + kLengthBytes + kPadding - 1) / kPadding * kPadding;
}

std::string associated_data(const RecordIdentity& identity) {
    const Header& header = identity.header;
    std::string data(kContext.size() + header.uuid.size() + 4 + 4 + 1 + 1 + identity.name.size(), '\0');
    ByteWriter out{data};
    out.bytes(kContext);
    out.bytes({header.uuid.data(), header.uuid.size()});
    out.u32(header.term);
    out.u32(identity.version);
    out.u8(kTypeValue);
    out.short_text(identity.name);
    QC_ASSERT(out.size() == data.size());
    return data;
}

}  // namespace

Outcome<std::string> seal_record(const KeyRing& keys, const RecordIdentity& identity, std::string_view value,
                                 crypto::Random& random) {
    QC_ASSERT(value.size() <= limits::kValueBytes);
    QC_ASSERT(keys.is_usable());
    const std::string associated = associated_data(identity);
    const auto salt = hedged_salt(random, keys.hedge_key(), associated, value);
    if (!salt) {
        return std::unexpected{salt.error()};
    }
    crypto::SecretBytes plain{padded(value.size())};
    ByteWriter out{plain.bytes()};
    out.u32(value.size());
    out.bytes(value);
    const MessageKey key = message_key(keys.record_key(), crypto::view_of(*salt), kInfo);
    std::string record;
    record.reserve(kOverhead + plain.size());
    record += crypto::view_of(*salt);
    record += key.commitment();
    record += crypto::aes256gcm_seal(key.key(), zero_nonce(), associated, plain.view());
    return record;
}

std::optional<crypto::SecretBytes> open_record(const KeyRing& keys, const RecordIdentity& identity,
                                               std::string_view record) {
    if (!keys.is_usable() || !is_record_size(record.size())) {
        return std::nullopt;
    }
    const std::string_view commitment = record.substr(kSaltBytes, kCommitmentBytes);
    const MessageKey key = message_key(keys.record_key(), record.substr(0, kSaltBytes), kInfo);
    if (!crypto::equal_in_constant_time(key.commitment(), commitment)) {
        return std::nullopt;
    }
    crypto::SecretBytes plain{record.size() - kOverhead};
    if (!crypto::aes256gcm_open(key.key(), zero_nonce(), associated_data(identity),
                                record.substr(kSaltBytes + kCommitmentBytes), plain.bytes())) {
        return std::nullopt;
    }
    ByteReader in{plain.view()};
    const std::size_t size = in.u32();
    // Only a writer with the keys could have got this wrong. Still, one value has one form.
    if (size > limits::kValueBytes || padded(size) != plain.size()) {
        return std::nullopt;
    }
    const std::string_view value = in.bytes(size);
    const std::string_view rest = plain.view().substr(in.position());
    if (std::ranges::any_of(rest, [](char c) { return c != '\0'; })) {
        return std::nullopt;
    }
    return crypto::SecretBytes::copy_of(value);
}

bool is_record_size(std::size_t size) {
    return size >= kOverhead + kPadding && size <= kOverhead + padded(limits::kValueBytes) &&
           (size - kOverhead) % kPadding == 0;
}

}  // namespace quantconf::secrets
