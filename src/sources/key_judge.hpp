#pragma once

#include <optional>

#include "quantconf/sources/verdict.hpp"
#include "sources/settings.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// What can be said about a key before anybody is asked: Invalid where it cannot be one by its looks or is
/// only half of one, Unknown where it has not been read. Nothing where it could be a key, or there is none.
[[nodiscard]] std::optional<Verdict> judge_offline(const Source& source, const Credentials& credentials);

}  // namespace quantconf::sources
