#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "base/descriptor.hpp"

namespace quantconf::live {

/// The kernel's word that nobody has a file open for writing, as long as this lives: whoever wants to begin
/// is kept waiting for that long, so it must not live long.
///
/// It is a lease of fcntl(2), which is answered with "no" while there is a writer; a lease that is asked for
/// is told by a signal, but never to anybody else than the thread that holds it, and with SIGURG, which means
/// nothing to who has not asked for it.
class NoWriter {
public:
    /// Nothing: there is a writer, or the kernel does not say. It tells about files of this user, and
    /// everybody's to who may take leases, on most local file systems.
    [[nodiscard]] static std::optional<NoWriter> of(const std::filesystem::path& file);

    NoWriter(NoWriter&& other) noexcept = default;
    NoWriter& operator=(NoWriter&&) = delete;
    NoWriter(const NoWriter&) = delete;
    NoWriter& operator=(const NoWriter&) = delete;
    ~NoWriter();

private:
    explicit NoWriter(Descriptor file) noexcept : file_{std::move(file)} {}

    Descriptor file_;
};

}  // namespace quantconf::live
