#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quantconf::secrets {

/// Reads what ByteWriter wrote. After the first step beyond the end everything is zero or empty, and
/// `is_good` says so; a caller checks once, and before it trusts a count.
class ByteReader {
public:
    explicit ByteReader(std::string_view in) : in_{in} {}

    [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    [[nodiscard]] std::uint64_t u64() { return number(8); }
    [[nodiscard]] std::int64_t i64() { return static_cast<std::int64_t>(number(8)); }
    /// Ends with the bytes that are read from.
    [[nodiscard]] std::string_view bytes(std::size_t count) {
        if (count > in_.size() - at_) {
            is_good_ = false;
            at_ = in_.size();
            return {};
        }
        at_ += count;
        return in_.substr(at_ - count, count);
    }
    template <std::size_t N>
    void into(std::array<char, N>& target) {
        const std::string_view found = bytes(N);
        std::ranges::copy(found, target.begin());
    }
    [[nodiscard]] std::string_view short_text() { return bytes(u8()); }

    [[nodiscard]] bool is_good() const noexcept { return is_good_; }
    [[nodiscard]] bool is_at_end() const noexcept { return at_ == in_.size(); }
    [[nodiscard]] std::size_t position() const noexcept { return at_; }

private:
    std::uint64_t number(std::size_t width) {
        std::uint64_t value = 0;
        const std::string_view found = bytes(width);
        for (std::size_t i = 0; i < found.size(); ++i) {
            value |= std::uint64_t{static_cast<unsigned char>(found[i])} << (8 * i);
        }
        return value;
    }

    std::string_view in_;
    std::size_t at_ = 0;
    bool is_good_ = true;
};

}  // namespace quantconf::secrets
