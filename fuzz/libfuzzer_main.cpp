// The name that libFuzzer looks for.

#include <cstddef>
#include <cstdint>

#include "fuzz/target.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using quantconf::fuzz::Verdict;
    const Verdict verdict = quantconf::fuzz::run_target({reinterpret_cast<const char*>(data), size});
    return verdict == Verdict::Used ? 0 : -1;
}
