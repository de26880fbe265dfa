#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/error.hpp"
#include "quota/limits.hpp"
#include "quota/timeline.hpp"

namespace quantconf::quota {

/// A charge, so that it can be given back. Worth nothing to anybody else.
struct Receipt {
    std::uint64_t first = 0;  ///< Number of its first request since the ledger began.
    std::int64_t cost = 0;
};

/// The answer to one question. Either a receipt, or how long it takes at least.
struct Decision {
    std::optional<Receipt> granted = {};
    /// From now; nothing if it can never be granted (it costs more than a window lets through).
    std::optional<Duration> wait = {};
    /// What is in the way, for people: "25 per day", "pacing", "the provider asked for a pause".
    std::string because = {};
    /// Only the reserve, or whose turn it is: another class might go now, and this one sooner than `wait`
    /// says.
    bool is_for_others = false;
};

/// What one window looks like now.
struct WindowUsage {
    Window window;
    std::int64_t used = 0;
    std::int64_t remaining = 0;
    /// Until one more request may go: one is free, or the period ends, and where this window is the one that
    /// is spread evenly, it is the next one's turn. May be above zero while some are left.
    Duration reset{};
    bool from_provider = false;    ///< The provider's headers said less than we had counted ourselves.
    bool is_history_lost = false;  ///< The ledger was damaged: counts as used up, because nobody can say.
};

struct Usage {
    std::vector<WindowUsage> windows = {};
    std::optional<Duration> paused = {};  ///< By the provider's wish.
    std::string pause_reason = {};
    double speed = 1.0;  ///< Of an adaptive pacing: 0.1 to 1.
};

/// Who asked how often, for one key: the memory of all limits.
///
/// It remembers requests, not windows: changed limits hold from the next question on, against everything that
/// has happened. Charged before sending. Several processes share one file; a process that is killed in the
/// middle leaves at most one request too many counted, never one too few. After a crash of the machine,
/// windows of an hour and more have lost nothing, and may count up to 1 % of a limit above 256 too much.
///
/// Any thread; any number of processes; a child after fork() shares it with its parent.
class Ledger {
public:
    /// In memory, for one process.
    [[nodiscard]] static Ledger in_memory(const Timeline& timeline = system_timeline());
    /// In a file that only we may read and write, in a folder likewise. Made if there is none, with its
    /// blocks allocated. One that is damaged is set aside under another name, and the new one counts as used
    /// up for a day: nobody can say how much was.
    [[nodiscard]] static Outcome<Ledger> open(const std::filesystem::path& file,
                                              const Timeline& timeline = system_timeline());

    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();

    /// All windows or none. Costs from 1 to limits::kCost. An error is a world that failed (a lock that is
    /// held for ever, a disk that cannot be synced): nothing was granted.
    [[nodiscard]] Outcome<Decision> acquire(const Limits& limits, Class purpose, std::int64_t cost = 1);
    /// How long a request waits at least while requests of together `ahead` go first. Charges nothing.
    [[nodiscard]] Outcome<Decision> forecast(const Limits& limits, Class purpose, std::int64_t cost,
                                             std::int64_t ahead = 0) const;
    /// Says to all processes that a request less urgent than Execution and Risk waits here until then, so
    /// that it gets its turn.
    void wait_for_turn(Duration for_this_long);
    /// Once, and only if nothing of it was sent. What later requests were told stays right.
    void refund(const Receipt& receipt);

    /// The provider's own count: `remaining` of a window of this length until `reset`. Lowers ours, never
    /// raises it.
    void observe_remaining(Duration per, std::int64_t remaining, Duration reset, const Limits& limits);
    /// The provider said no: nobody asks for `wait`. A longer pause that is under way stays. Slows an
    /// adaptive pacing down.
    void pause(Duration wait, const std::string& reason);
    /// A request succeeded after a pause: it is over.
    void resume();

    /// False once its file was deleted under it: it has to be opened anew, or two programs count apart.
    [[nodiscard]] bool is_in_place() const noexcept;
    /// Goes on with everything that was counted in `lost`, whose file was deleted: once, whoever of those who
    /// had it open comes first; from then on nothing is granted there. Of a damaged one nothing is taken
    /// over.
    [[nodiscard]] Outcome<void> take_over(Ledger& lost);

    [[nodiscard]] Outcome<Usage> usage(const Limits& limits) const;
    [[nodiscard]] const Timeline& timeline() const noexcept;

    struct Impl;

private:
    explicit Ledger(std::unique_ptr<Impl> impl) noexcept;

    std::unique_ptr<Impl> impl_;
};

}  // namespace quantconf::quota
