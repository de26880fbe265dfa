#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// Held while a store is changed; released by its destructor.
class StoreLock {
public:
    StoreLock() = default;
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;
    virtual ~StoreLock() = default;
};

/// The bytes of a store, wherever they lie. What a place on disk must guarantee stands in docs/formats.md.
class StoreFile {
public:
    StoreFile() = default;
    StoreFile(const StoreFile&) = delete;
    StoreFile& operator=(const StoreFile&) = delete;
    virtual ~StoreFile() = default;

    /// For messages: "config/.quantconf/secrets.qcs".
    [[nodiscard]] virtual std::string name() const = 0;
    /// The whole file, read once; nothing if there is none.
    [[nodiscard]] virtual Outcome<std::optional<std::string>> read() = 0;
    /// Whether a generation before this one was kept.
    [[nodiscard]] virtual Outcome<bool> has_previous() = 0;
    /// One writer at a time, over all processes.
    [[nodiscard]] virtual Outcome<std::unique_ptr<StoreLock>> lock() = 0;
    /// The same without waiting: null if somebody else has it.
    [[nodiscard]] virtual Outcome<std::unique_ptr<StoreLock>> try_lock() { return lock(); }
    /// All or nothing, and durable when it returns. `is_right` is asked about what was read back.
    [[nodiscard]] virtual Outcome<void> replace(std::string_view bytes,
                                                const std::function<bool(std::string_view)>& is_right) = 0;
    /// The highest generation ever written, as remembered beside the key; nothing if nobody remembers.
    [[nodiscard]] virtual Outcome<std::optional<std::uint64_t>> high_water(std::string_view uuid) = 0;
    [[nodiscard]] virtual Outcome<void> raise_high_water(std::string_view uuid, std::uint64_t generation) = 0;
};

}  // namespace quantconf::secrets
