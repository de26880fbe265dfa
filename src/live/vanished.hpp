#pragma once

#include "history/version.hpp"
#include "layers/load.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::live {

/// Required layers that had content in a version of the history and have none in `fresh`: what a program that
/// has shown that version would refuse, for somebody who has not.
[[nodiscard]] Diagnostics vanished_since(const history::VersionRecord& version,
                                         const layers::Candidate& fresh);

}  // namespace quantconf::live
