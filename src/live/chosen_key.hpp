#pragma once

#include "secrets/key_source.hpp"

namespace quantconf::live {

/// What unlocks the store, where the program that opens the configuration was told so in another way than by
/// the name of a file: a descriptor, a passphrase. Read when the first secret is needed, and once.
struct ChosenKey {
    secrets::KeySource source;
};

}  // namespace quantconf::live
