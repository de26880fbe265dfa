#include "secrets/uuid.hpp"

#include <string_view>

namespace quantconf::secrets {

std::string text_of(const Uuid& uuid) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char byte : uuid) {
        const auto value = static_cast<unsigned char>(byte);
        text += kDigits[value >> 4U];
        text += kDigits[value & 0xFU];
        if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) {
            text += '-';
        }
    }
    return text;
}

Outcome<Uuid> new_uuid(crypto::Random& random) {
    Uuid uuid{};
    if (auto filled = random.fill(uuid); !filled) {
        return std::unexpected{std::move(filled).error()};
    }
    uuid[6] = static_cast<char>((uuid[6] & 0x0f) | 0x40);
    uuid[8] = static_cast<char>((uuid[8] & 0x3f) | 0x80);
    return uuid;
}

}  // namespace quantconf::secrets
