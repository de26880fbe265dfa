#include "secrets/stretch.hpp"

namespace quantconf::secrets {

Outcome<crypto::SecretBytes> stretch(std::string_view /*passphrase*/, std::string_view /*salt*/,
                                     const KdfCost& /*cost*/) {
    return std::unexpected{Error{.operation = "stretch",
                                 .subject = "passphrase",
                                 .cause = std::make_error_code(std::errc::function_not_supported)}};
}

}  // namespace quantconf::secrets
