#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/assert.hpp"

namespace quantconf::secrets {

/// Writes numbers and bytes, one behind the other, little-endian. Without memory it only counts, so that the
/// same code first says how much is needed and then fills exactly that: nothing secret is ever moved by a
/// growing buffer.
class ByteWriter {
public:
    ByteWriter() = default;
    explicit ByteWriter(std::span<char> out) : out_{out}, counts_only_{false} {}

    void u8(std::uint64_t value) { number(value, 1); }
    void u32(std::uint64_t value) { number(value, 4); }
    void u64(std::uint64_t value) { number(value, 8); }
    void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
    void bytes(std::string_view bytes) {
        if (!counts_only_) {
            QC_ASSERT(bytes.size() <= out_.size() - size_);
            std::ranges::copy(bytes, out_.subspan(size_).begin());
        }
        size_ += bytes.size();
    }
    /// One byte of length in front.
    void short_text(std::string_view text) {
        u8(text.size());
        bytes(text);
    }
    void zeros(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            u8(0);
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    void number(std::uint64_t value, std::size_t width) {
        QC_ASSERT(width == 8 || value >> (8 * width) == 0);
        for (std::size_t i = 0; i < width; ++i) {
            const char byte = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
            bytes({&byte, 1});
        }
    }

    std::span<char> out_ = {};
    std::size_t size_ = 0;
    bool counts_only_ = true;
};

}  // namespace quantconf::secrets
