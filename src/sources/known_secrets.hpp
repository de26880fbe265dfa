#pragma once

#include "quantconf/secret.hpp"
#include "secrets/redact.hpp"
#include "sources/settings.hpp"

namespace quantconf::sources {

/// Teaches a redactor both parts of a key, and what a token request makes of them: base64 of "id:secret",
/// which hides parts that are too short to be looked for one by one.
void add_credentials(secrets::Redactor& redactor, const Credentials& credentials);
/// A single secret, such as a token. Nothing while it is a reference that is not resolved.
void add_secret(secrets::Redactor& redactor, const Secret& secret);

}  // namespace quantconf::sources
