#pragma once

#include <cstddef>
#include <memory>

#include "base/descriptor.hpp"
#include "quantconf/error.hpp"
#include "quota/record.hpp"

namespace quantconf::quota {

/// Where a record lives. Children share it after fork().
class Memory {
public:
    Memory() = default;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    virtual ~Memory() = default;

    [[nodiscard]] virtual Record& record() noexcept = 0;
    /// Whether sync() means anything.
    [[nodiscard]] virtual bool is_durable() const noexcept = 0;
    /// Returns once these bytes are on disk. Whole pages.
    [[nodiscard]] virtual Outcome<void> sync(std::size_t offset, std::size_t size) = 0;
    /// False once its file was deleted: then another program counts elsewhere.
    [[nodiscard]] virtual bool is_in_place() const noexcept { return true; }
    /// For messages.
    [[nodiscard]] virtual std::string name() const = 0;
};

/// Forgotten with its last process.
[[nodiscard]] std::unique_ptr<Memory> anonymous_memory();

/// All of an open file, which has the right size.
[[nodiscard]] Outcome<std::unique_ptr<Memory>> file_memory(Descriptor file, std::string name);

}  // namespace quantconf::quota
