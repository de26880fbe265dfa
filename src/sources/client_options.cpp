#include "sources/client_options.hpp"

#include <system_error>

#include <fmt/format.h>

#include "quota/bounds.hpp"

namespace quantconf::sources {

Outcome<void> check_options(const ClientOptions& options) {
    if (options.reserve_percent < 0 || options.reserve_percent > quota::limits::kReservePercent) {
        return std::unexpected{
            Error{.operation = "use",
                  .subject = "ClientOptions::reserve_percent",
                  .cause = std::make_error_code(std::errc::invalid_argument),
                  .hint = fmt::format("it is {}; 0 to {} are possible", options.reserve_percent,
                                      quota::limits::kReservePercent)}};
    }
    return {};
}

}  // namespace quantconf::sources
