#pragma once

#include <string_view>

namespace quantconf::fuzz {

/// What became of an input.
enum class Verdict {
    Used,
    Useless,  ///< Says nothing about the code; not worth keeping.
};

/// One target: each fuzz_*.cpp defines it, and libfuzzer_main.cpp or replay_main.cpp calls it with an input.
[[nodiscard]] Verdict run_target(std::string_view input);

}  // namespace quantconf::fuzz
