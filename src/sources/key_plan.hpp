#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "quantconf/sources/key_report.hpp"
#include "quota/retry.hpp"
#include "sources/key_state.hpp"

namespace quantconf::sources {

/// How long until this key should be checked; zero: now. Pure.
///
/// A key nobody has asked about: now. A good key that was called bad: 30 s after that. A key that its
/// provider is still activating: after ten minutes. No answer: after five minutes, then ever longer, up to
/// the interval. Otherwise an interval after the last word, which may have come with ordinary traffic. Never
/// while the provider wants to be left alone, up to a day. All of it later by up to `jitter` (0 to 1) x 10 %,
/// so that processes do not ask at the same moment.
[[nodiscard]] Duration due_in(const KeyRecord& record, Duration interval, const Moment& now, double jitter);

/// How near the end of a key is.
enum class ExpiryStage : std::uint8_t { Far, TwoWeeks, ThreeDays, OneDay, Expired };
[[nodiscard]] ExpiryStage stage_of(const std::optional<Time>& expires, Time now);

/// Something to tell about a key.
struct KeyEvent {
    enum class Kind : std::uint8_t {
        VerdictChanged,  ///< Also: it was bad from the first look on.
        AboutToExpire,
        HasExpired,
    };
    Kind kind = Kind::VerdictChanged;
    KeyReport report = {};
};

/// One key as a plan sees it.
struct PlannedKey {
    KeyRecord record = {};
    std::optional<Time> expires = {};
};

/// What a look at all keys comes to.
struct KeyLook {
    std::vector<std::size_t> due = {};  ///< Indices of those to check now.
    Duration rest{};                    ///< Then look again; at most kLookAtLeast.
    std::vector<KeyEvent> events = {};  ///< To tell, in the order of the keys.
};

/// A machine that slept, other processes and the end of keys ask for a look now and then.
inline constexpr Duration kLookAtLeast = std::chrono::hours{1};
/// No key is checked more often than this by itself, whatever its record says.
inline constexpr Duration kCheckAtMost = std::chrono::seconds{10};

/// Decides when which key is checked and what is told about it: a change of the verdict once, each stage of
/// the way to the end once. No input, no output; time and randomness are passed in. One thread.
class KeyPlan {
public:
    explicit KeyPlan(quota::Random random) : random_{std::move(random)} {}

    [[nodiscard]] KeyLook look(std::span<const PlannedKey> keys, Duration interval, const Moment& now);
    /// These were checked just now.
    void checked(std::span<const PlannedKey> keys, const Moment& now);

private:
    using Name = std::pair<quantbot::Provider, std::string>;
    struct Memory {
        double jitter = 0;                   ///< Of the next check.
        std::optional<Moment> checked = {};  ///< By us.
        std::optional<KeyStatus> told = {};
        ExpiryStage stage = ExpiryStage::Far;
    };

    Memory& memory_of(const KeyRecord& record);
    void tell(const PlannedKey& key, Memory& memory, Time now, std::vector<KeyEvent>& events) const;

    quota::Random random_;
    std::map<Name, Memory> memories_;
};

}  // namespace quantconf::sources
