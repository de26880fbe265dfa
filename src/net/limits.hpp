#pragma once

#include <chrono>
#include <cstddef>

namespace quantconf::net {

// Of an answer. Beyond them it is Transport::TooLarge.
inline constexpr std::size_t kHeadersMax = 256;                          ///< Lines, those of 1xx answers too.
inline constexpr std::size_t kHeaderBytesMax = std::size_t{128} * 1024;  ///< All lines together.

// Of a request. Beyond them it is Transport::BadUrl.
inline constexpr std::size_t kRequestHeaders = 64;
inline constexpr std::size_t kRequestHeaderBytes = std::size_t{32} * 1024;  ///< Without secrets.
inline constexpr std::chrono::milliseconds kTimeoutMax = std::chrono::hours{24};

}  // namespace quantconf::net
