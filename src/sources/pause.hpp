#pragma once

#include <optional>
#include <string>

#include "quantconf/sources/verdict.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

/// How long nobody asks a source, and why.
struct Pause {
    Duration wait{};
    std::string reason = {};
};

/// What an answer asks of everybody, whoever got it; nothing if the source may be asked on. Only time ends a
/// pause: not another answer, which may have been about another question, and not a check of the key.
[[nodiscard]] std::optional<Pause> pause_after(const Verdict& verdict);

}  // namespace quantconf::sources
