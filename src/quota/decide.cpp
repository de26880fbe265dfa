#include "quota/decide.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "quota/bounds.hpp"
#include "quota/pacing.hpp"
#include "value/units.hpp"

namespace quantconf::quota {
namespace {

using Obstacle = Verdict::Obstacle;

constexpr std::int64_t kTurn = 9;                ///< So many urgent ones, then one of the others.
constexpr std::int64_t kTurnPause = 10'000'000;  ///< An urgent one looks again after 10 ms.

/// Keeps the obstacle that takes longest.
class Longest {
public:
    explicit Longest(std::int64_t now) : now_{now} {}

    void see(std::int64_t until, Obstacle obstacle, const Window* window = nullptr) noexcept {
        if (until > now_ && until > verdict_.until) {
            verdict_ = {.until = until, .obstacle = obstacle, .window = window};
        }
    }
    [[nodiscard]] const Verdict& verdict() const noexcept { return verdict_; }

private:
    std::int64_t now_;
    Verdict verdict_;
};

void see_windows(Longest& longest, Record& record, const Question& question, const Moment& moment,
                 bool with_reserve) {
    for (const Window& window : question.limits.windows) {
        const std::int64_t share = share_of(window, question.limits, with_reserve);
        const std::int64_t cost =
            question.ahead == 0 ? question.cost
                                : std::max(question.cost, std::min(question.ahead + question.cost, share));
        longest.see(window_room_at(record, window, share, cost, moment), Obstacle::Window, &window);
        if (window.per >= limits::kDurableFrom) {
            longest.see(record.live.used_up_until.get(), Obstacle::LostHistory);
        }
    }
}

void see_provider(Longest& longest, const Live& live, const Question& question, std::int64_t now) noexcept {
    longest.see(live.paused_until.get(), Obstacle::Pause);
    if (live.caps_until.get() <= now) {
        return;
    }
    for (const Cap& cap : live.caps) {
        if (cap.until.get() > now && live.total.get() + question.cost > cap.total.get()) {
            longest.see(cap.until.get(), Obstacle::Provider);
        }
    }
}

Verdict look(Record& record, const Question& question, const Moment& moment, bool with_reserve) {
    Longest longest{moment.now};
    see_provider(longest, record.live, question, moment.now);
    see_windows(longest, record, question, moment, with_reserve);
    longest.see(
        pacing_room_at(record.live, question.limits.pacing, moment.now, question.cost, question.ahead),
        Obstacle::Pacing);
    return longest.verdict();
}

constexpr std::array<std::pair<std::chrono::nanoseconds, std::string_view>, 4> kNamed{{
    {std::chrono::seconds{1}, "second"},
    {std::chrono::minutes{1}, "minute"},
    {std::chrono::hours{1}, "hour"},
    {std::chrono::days{1}, "day"},
}};

std::string rate(std::int64_t requests, Duration per) {
    for (const auto& [length, name] : kNamed) {
        if (per == length) {
            return fmt::format("{} per {}", requests, name);
        }
    }
    return fmt::format("{} in {}", requests, value::to_text(per));
}

}  // namespace

Verdict decide(Record& record, const Question& question, const Moment& moment) {
    Live& live = record.live;
    const bool is_others_turn = live.urgent_in_a_row.get() >= kTurn;
    const bool urgent = is_urgent(question.purpose);
    Verdict verdict = look(record, question, moment, urgent || is_others_turn);
    if (verdict.may_go()) {
        if (urgent && is_others_turn && live.others_wait_until.get() > moment.now) {
            return {.until = std::min(live.others_wait_until.get(), moment.now + kTurnPause),
                    .obstacle = Obstacle::Turn};
        }
        return verdict;
    }
    if (verdict.obstacle == Obstacle::Window && !urgent && !is_others_turn &&
        question.limits.reserve_percent > 0 && look(record, question, moment, true).may_go()) {
        verdict.obstacle = Obstacle::Reserve;
    }
    return verdict;
}

void note_admission(Live& live, Class purpose) noexcept {
    if (!is_urgent(purpose)) {
        live.urgent_in_a_row.set(0);
    } else if (live.urgent_in_a_row.get() < kTurn) {
        live.urgent_in_a_row.set(live.urgent_in_a_row.get() + 1);
    }
}

std::string describe(const Window& window) {
    if (window.kind == WindowKind::Calendar) {
        return fmt::format("{} per calendar {}", window.requests,
                           window.per <= std::chrono::days{1} ? "day" : "month");
    }
    return rate(window.requests, window.per);
}

std::string describe(const Pacing& pacing) {
    const std::string even = rate(pacing.requests, pacing.per);
    return pacing.burst == 1 ? even + ", spread evenly"
                             : fmt::format("{}, spread evenly after {} at once", even, pacing.burst);
}

std::string describe(const Verdict& verdict, const Limits& limits, const Live& live) {
    switch (verdict.obstacle) {
        case Obstacle::None:
            break;
        case Obstacle::Window:
            return describe(*verdict.window);
        case Obstacle::Reserve:
            return describe(*verdict.window) + ", of which the rest is kept for urgent requests";
        case Obstacle::Pacing:
            return describe(limits.pacing);
        case Obstacle::Pause: {
            const char* reason = live.pause_reason.data();
            const std::string text{reason, std::find(reason, reason + live.pause_reason.size(), '\0')};
            return text.empty() ? "the provider asked for a pause"
                                : "the provider asked for a pause: " + text;
        }
        case Obstacle::Turn:
            return "the turn of less urgent requests";
        case Obstacle::Provider:
            return "the provider says that nothing is left";
        case Obstacle::LostHistory:
            return "the record of earlier requests was damaged";
    }
    return {};
}

std::int64_t share_of(const Window& window, const Limits& limits, bool with_reserve) noexcept {
    if (with_reserve || limits.reserve_percent == 0 || window.requests < limits::kReserveFrom) {
        return window.requests;
    }
    return window.requests - window.requests * limits.reserve_percent / 100;
}

}  // namespace quantconf::quota
