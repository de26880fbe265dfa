#include "net/curl.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <malloc.h>

namespace quantconf::net {
namespace {

constexpr unsigned kOldestVersion = 0x075700;  // 7.87: CURLOPT_QUICK_EXIT.

// NOLINTBEGIN(cppcoreguidelines-no-malloc): the functions that libcurl asks for.
void* allocate(std::size_t size) {
    return std::malloc(size);
}

void wipe_and_free(void* memory) {
    if (memory != nullptr) {
        ::explicit_bzero(memory, ::malloc_usable_size(memory));
        std::free(memory);
    }
}

void* reallocate(void* memory, std::size_t size) {
    if (memory == nullptr) {
        return std::malloc(size);
    }
    const std::size_t old_size = ::malloc_usable_size(memory);
    void* const moved = std::malloc(std::max<std::size_t>(size, 1));
    if (moved != nullptr) {
        std::memcpy(moved, memory, std::min(old_size, size));
        wipe_and_free(memory);
    }
    return moved;
}

char* duplicate(const char* text) {
    return ::strdup(text);
}

void* allocate_zeros(std::size_t count, std::size_t size) {
    return std::calloc(count, size);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

Outcome<void> prepare() {
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, wipe_and_free, reallocate, duplicate,
                             allocate_zeros) != CURLE_OK) {
        return std::unexpected{Error{.operation = "start",
                                     .subject = "libcurl",
                                     .cause = std::make_error_code(std::errc::not_enough_memory)}};
    }
    const curl_version_info_data* const info = curl_version_info(CURLVERSION_NOW);
    constexpr int kNeeded =
        CURL_VERSION_SSL | CURL_VERSION_LIBZ | CURL_VERSION_THREADSAFE | CURL_VERSION_ASYNCHDNS;
    if (info->version_num < kOldestVersion || (info->features & kNeeded) != kNeeded) {
        return std::unexpected{Error{.operation = "use",
                                     .subject = "libcurl",
                                     .cause = std::make_error_code(std::errc::not_supported),
                                     .hint = "7.87 or later is needed, with TLS, zlib and threads"}};
    }
    return {};
}

}  // namespace

Outcome<void> set_up_curl() {
    static const Outcome<void> kResult = prepare();
    return kResult;
}

}  // namespace quantconf::net
