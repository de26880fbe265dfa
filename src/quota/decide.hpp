#pragma once

#include <cstdint>
#include <string>

#include "quota/limits.hpp"
#include "quota/record.hpp"
#include "quota/windows.hpp"

/// Whether a request may go out. Under the record's lock, after advance().
namespace quantconf::quota {

struct Verdict {
    enum class Obstacle : std::uint8_t { None, Window, Reserve, Pacing, Pause, Turn, Provider, LostHistory };

    std::int64_t until = 0;  ///< Ledger time from which to ask again; kNever; 0: it may go.
    Obstacle obstacle = Obstacle::None;
    const Window* window = nullptr;  ///< The one that is in the way.

    [[nodiscard]] bool may_go() const noexcept { return obstacle == Obstacle::None; }
};

struct Question {
    const Limits& limits;
    Class purpose;
    std::int64_t cost;
    std::int64_t ahead = 0;  ///< Others who go first. A forecast then: earlier than that it cannot be.
};

[[nodiscard]] Verdict decide(Record& record, const Question& question, const Moment& moment);

/// Who went, so that others get their turn: of ten admissions one, if they wait for it.
void note_admission(Live& live, Class purpose) noexcept;

[[nodiscard]] inline bool is_urgent(Class purpose) noexcept {
    return purpose == Class::Execution || purpose == Class::Risk;
}

/// For people: "25 per day", "2 per second, spread evenly".
[[nodiscard]] std::string describe(const Verdict& verdict, const Limits& limits, const Live& live);
[[nodiscard]] std::string describe(const Window& window);
[[nodiscard]] std::string describe(const Pacing& pacing);

/// What of a window a class may use.
[[nodiscard]] std::int64_t share_of(const Window& window, const Limits& limits, bool with_reserve) noexcept;

}  // namespace quantconf::quota
