#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <quantconf/live.hpp>
#include <quantconf/sources.hpp>

/// What has come of all questions of one kind.
struct Line {
    int answers = 0;  ///< With data.
    std::map<std::string, int> by{};
    int from_cache = 0;
    int old = 0;                          ///< Older than wanted, because the source failed.
    std::map<std::string, int> failed{};  ///< Reason -> how often.
    /// Source and reason -> how often somebody else was asked instead.
    std::map<std::pair<std::string, std::string>, int> passed_over{};
};

/// What one source was asked.
struct Spent {
    int requests = 0;
    std::int64_t cost = 0;  ///< Of its quota.
};

/// Counts what happens. One thread.
class Tally {
public:
    void add(const std::string& capability, const quantconf::sources::Answer& answer);
    [[nodiscard]] int answers() const;

    std::map<std::string, Line> lines{};   ///< By capability.
    std::map<std::string, Spent> spent{};  ///< By source.
    int rounds = 0;
    double seconds = 0;
};

/// The name of an enumerator as it stands in the configuration.
template <typename E>
std::string name_of(E value) {
    for (const auto& [each, text] : quantconf::EnumTable<E>::names) {
        if (each == value) {
            return std::string{text};
        }
    }
    return {};
}
