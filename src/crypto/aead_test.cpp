#include "crypto/aead.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "crypto/hkdf.hpp"
#include "crypto/test_hex.hpp"

namespace quantconf::crypto {
namespace {

struct Message {
    std::string key;
    std::string nonce;
    std::string associated;
    std::string sealed;
};

/// The plain text, or "refused". What was decrypted before the tag was known to be wrong must not be left
/// lying about.
std::string opened(const Message& message) {
    std::string plain(std::max(message.sealed.size(), kAeadTagBytes) - kAeadTagBytes, '?');
    if (aes256gcm_open(message.key, message.nonce, message.associated, message.sealed, plain)) {
        return plain;
    }
    EXPECT_EQ(plain, std::string(plain.size(), '\0'));
    return "refused";
}

Message sample() {
    Message message{.key = counting_from(0, 32),
                    .nonce = counting_from(100, 12),
                    .associated = "store|name|3",
                    .sealed = {}};
    message.sealed =
        aes256gcm_seal(message.key, message.nonce, message.associated, "a secret of 24 bytes....");
    return message;
}

/// Test cases 13 to 16 of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B: those
/// with a key of 256 and a nonce of 96 bits. NIST took them over as examples.
struct Vector {
    std::string_view key;
    std::string_view nonce;
    std::string_view associated;
    std::string_view plain;
    std::string_view sealed;
};
constexpr std::string_view kZeroKey = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
constexpr std::array kVectors = {
    Vector{kZeroKey, "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    Vector{kZeroKey, "000000000000000000000000", "", "00000000000000000000000000000000",
           "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    Vector{kKey, "cafebabefacedbaddecaf888", "",
           "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
           "b16aedf5aa0de657ba637b391aafd255",
           "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
           "c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c"},
    Vector{kKey, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
           "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
           "b16aedf5aa0de657ba637b39",
           "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
           "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
};

// Case 18 of the threats: "Wycheproof AES-GCM/HKDF/HMAC vectors: 100 %".
TEST(Aead, t18_agrees_with_the_vectors_of_the_gcm_specification) {
    for (const Vector& vector : kVectors) {
        const Message message{from_hex(vector.key), from_hex(vector.nonce), from_hex(vector.associated),
                              from_hex(vector.sealed)};
        const std::string plain = from_hex(vector.plain);
        EXPECT_EQ(aes256gcm_seal(message.key, message.nonce, message.associated, plain), message.sealed);
        EXPECT_EQ(opened(message), plain);
    }
}

TEST(Aead, every_flipped_bit_is_refused) {
    const Message whole = sample();
    ASSERT_EQ(opened(whole), "a secret of 24 bytes....");
    for (const auto part : {&Message::key, &Message::nonce, &Message::associated, &Message::sealed}) {
        for (std::size_t bit = 0; bit < (whole.*part).size() * 8; ++bit) {
            Message changed = whole;
            char& byte = (changed.*part)[bit / 8];
            byte = static_cast<char>(byte ^ (1 << bit % 8));
            EXPECT_EQ(opened(changed), "refused") << "bit " << bit;
        }
    }
}

// Case 17 of the threats: "Tag truncated to 4-15 bytes; IV length != 12".
TEST(Aead, t17_a_truncated_message_is_refused_whatever_is_left) {
    const Message whole = sample();
    for (std::size_t size = 0; size < whole.sealed.size(); ++size) {
        Message cut = whole;
        cut.sealed.resize(size);
        EXPECT_EQ(opened(cut), "refused") << size << " bytes";
    }
    Message longer = whole;
    longer.sealed += '\0';
    EXPECT_EQ(opened(longer), "refused");
}

TEST(AeadDeathTest, t17_a_nonce_or_a_key_of_another_length_stops_the_process) {
    const Message whole = sample();
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{8}, std::size_t{11}, std::size_t{13}, std::size_t{16}}) {
        Message wrong = whole;
        wrong.nonce.resize(size);
        EXPECT_DEATH(opened(wrong), "kAeadNonceBytes");
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{16}, std::size_t{31}, std::size_t{33}}) {
        Message wrong = whole;
        wrong.key.resize(size);
        EXPECT_DEATH(opened(wrong), "kAeadKeyBytes");
    }
}

// Case 19 of the threats: "Empty secret, 1 byte, 64 KiB, 1 MiB, NUL bytes, invalid UTF-8: round-trips".
TEST(Aead, t19_every_length_comes_back) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16},
                                   std::size_t{17}, std::size_t{64} * 1024, std::size_t{1024} * 1024}) {
        Message message = sample();
        const std::string plain = counting_from(0, size);
        message.sealed = aes256gcm_seal(message.key, message.nonce, message.associated, plain);
        EXPECT_EQ(message.sealed.size(), size + kAeadTagBytes);
        EXPECT_EQ(opened(message), plain);
        message.sealed.back() = static_cast<char>(message.sealed.back() ^ 1);
        EXPECT_EQ(opened(message), "refused");
    }
}

// Case 15 of the threats: "Key commitment: two-key GCM collision vector". GCM proves that a message was not
// changed, not which key it was made with: the second block of this one was calculated so that both tags are
// the same.
TEST(Aead, t15_a_message_made_for_two_keys_opens_with_both_and_only_the_commitment_tells_them_apart) {
    const std::string sealed = from_hex(
        "51515151515151515151515151515151d26f0327e3e655d43db7ebc6ba420c595c6b9863f451e0675fc5e3f402cccdae");
    const std::string one = counting_from(0, 32);
    const std::string other = counting_from(32, 32);
    const std::string nonce(kAeadNonceBytes, '\0');
    EXPECT_EQ(opened({one, nonce, "", sealed}),
              from_hex("5fede48fe47dd2ec59f9f864497dc0c8002c5574cb6735fbbd2958457fbd510f"));
    EXPECT_EQ(opened({other, nonce, "", sealed}),
              from_hex("b27fb008c50e35089908b51337ee5e31be5b742142cf50588f88c76056b393af"));

    const auto commitment_of = [](std::string_view key) {
        std::string commitment(32, '\0');
        hkdf_sha256(key, "salt", "commitment", commitment);
        return commitment;
    };
    EXPECT_NE(commitment_of(one), commitment_of(other));
}

}  // namespace
}  // namespace quantconf::crypto
