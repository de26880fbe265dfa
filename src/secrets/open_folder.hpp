#pragma once

#include <filesystem>

#include "base/descriptor.hpp"

namespace quantconf::secrets {

/// Opens a folder for reading if no component of its path is a symbolic link. None, and errno, if that fails;
/// ELOOP for a link.
///
/// openat2(2) asks the kernel for it. Kernels before 5.6, and sandboxes that do not know that call, get a
/// walk from component to component, which is as strict.
[[nodiscard]] Descriptor open_folder_without_links(const std::filesystem::path& path);

}  // namespace quantconf::secrets
