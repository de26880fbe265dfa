#include "quota/sector.hpp"

#include <algorithm>
#include <cstring>

namespace quantconf::quota {
namespace {

constexpr std::array<char, 8> kMagic{'Q', 'C', 'Q', 'U', 'O', 'T', 'A', '\n'};
constexpr std::int64_t kRequestsMax = std::int64_t{1} << 60;
constexpr std::int64_t kTimeMax = std::int64_t{1} << 61;  // 73 years.

/// CRC-32 (IEEE 802.3), bit by bit: 150 bytes, once per sync.
std::uint32_t crc32(const unsigned char* bytes, std::size_t size) noexcept {
    std::uint32_t crc = ~0U;
    for (std::size_t i = 0; i < size; ++i) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

std::uint32_t checksum_of(Sector sector) noexcept {
    sector.checksum = 0;
    std::array<unsigned char, sizeof(Sector)> bytes{};
    std::memcpy(bytes.data(), &sector, sizeof sector);
    return crc32(bytes.data(), bytes.size());
}

bool is_between(std::int64_t value, std::int64_t low, std::int64_t high) noexcept {
    return value >= low && value <= high;
}

}  // namespace

static_assert(
    std::has_unique_object_representations_v<Sector>);  // No padding that a checksum could not know.

bool is_valid(const Sector& sector) noexcept {
    return sector.magic == kMagic && sector.version == kLayoutVersion &&
           sector.checksum == checksum_of(sector) && is_between(sector.total, 0, kRequestsMax) &&
           is_between(sector.reserved, sector.total, kRequestsMax) &&
           is_between(sector.synced_at, kBirth, kTimeMax) && sector.block >= 0 &&
           is_between(sector.used_up_until, 0, kTimeMax);
}

bool is_from_later(const Record& record) noexcept {
    const auto is_later = [](const Sector& sector) {
        return sector.magic == kMagic && sector.version > kLayoutVersion;
    };
    return is_later(record.first[0]) && is_later(record.second[0]);
}

std::optional<Sector> newest_sector(const Record& record) noexcept {
    const Sector& first = record.first[0];
    const Sector& second = record.second[0];
    if (is_valid(first) && is_valid(second)) {
        return first.sequence > second.sequence ? first : second;
    }
    if (is_valid(first)) {
        return first;
    }
    return is_valid(second) ? std::optional{second} : std::nullopt;
}

Sector& spare_sector(Record& record) noexcept {
    Sector& first = record.first[0];
    Sector& second = record.second[0];
    const bool is_first_needed = is_valid(first) && (!is_valid(second) || first.sequence > second.sequence);
    return is_first_needed ? second : first;
}

Sector sealed(Sector sector) noexcept {
    sector.magic = kMagic;
    sector.version = kLayoutVersion;
    sector.checksum = checksum_of(sector);
    return sector;
}

std::string_view boot_of(const Sector& sector) noexcept {
    return {sector.boot.data(),
            static_cast<std::size_t>(std::ranges::find(sector.boot, '\0') - sector.boot.begin())};
}

void set_boot(Sector& sector, std::string_view boot) noexcept {
    sector.boot.fill('\0');
    std::ranges::copy(boot.substr(0, sector.boot.size()), sector.boot.begin());
}

bool is_possible(const Live& live, const Sector& sector, std::int64_t now) noexcept {
    return is_between(live.total.get(), sector.total, kRequestsMax) &&
           is_between(live.last.get(), kBirth, now) && is_between(live.reserved.get(), 0, kRequestsMax) &&
           is_between(live.paused_until.get(), 0, kTimeMax) &&
           is_between(live.slowed_speed.get(), 0, 1'000'000) &&
           is_between(live.urgent_in_a_row.get(), 0, 9) && live.interval.get() >= 0 &&
           live.block.get() >= 0 && std::ranges::all_of(live.newest, [&](const Cell& cell) {
               return is_between(cell.get(), 0, now >> kFinestShift);
           });
}

}  // namespace quantconf::quota
