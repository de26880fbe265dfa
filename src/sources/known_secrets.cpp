#include "sources/known_secrets.hpp"

#include <algorithm>
#include <string_view>

#include "base/base64.hpp"
#include "crypto/secret_bytes.hpp"

namespace quantconf::sources {

void add_secret(secrets::Redactor& redactor, const Secret& secret) {
    secret.reveal(grant_secret_access(), [&](std::string_view text) { redactor.add(text); });
}

void add_credentials(secrets::Redactor& redactor, const Credentials& credentials) {
    add_secret(redactor, credentials.key);
    add_secret(redactor, credentials.secret);
    if (credentials.key.empty() || credentials.secret.empty()) {
        return;
    }
    const SecretAccess access = grant_secret_access();
    credentials.key.reveal(access, [&](std::string_view id) {
        credentials.secret.reveal(access, [&](std::string_view secret) {
            crypto::SecretBytes both{id.size() + 1 + secret.size()};
            auto end = std::ranges::copy(id, both.bytes().begin()).out;
            *end++ = ':';
            std::ranges::copy(secret, end);
            redactor.add(base64_encoded(both.view()));
        });
    });
}

}  // namespace quantconf::sources
