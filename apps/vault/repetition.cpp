#include "apps/vault/repetition.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <variant>

#include "history/problem.hpp"

namespace quantconf::app {

bool is_conflict(const Failure& failure) {
    const auto* error = std::get_if<Error>(&failure);
    return error != nullptr && error->cause == history::Problem::Conflict;
}

bool Repetition::again() {
    if (times_ == kTimes) {
        return false;
    }
    constexpr int kDoublings = 10;  // The longest pause is reached long before.
    const auto longest = std::min(kLongestPause, kFirstPause * (1 << std::min(times_, kDoublings)));
    ++times_;
    std::array<char, sizeof(std::uint32_t)> bytes{};
    std::uint32_t number = 0;
    if (random_.fill(bytes)) {
        std::memcpy(&number, bytes.data(), bytes.size());
    }
    pause_(std::chrono::milliseconds{number % (longest.count() + 1)});
    return true;
}

}  // namespace quantconf::app
