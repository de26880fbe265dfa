#include "events.hpp"

#include <utility>

#include "tally.hpp"

using quantconf::sources::Answer;
using quantconf::sources::KeyStatus;
using quantconf::sources::PassedOver;

namespace {

/// "finnhub", "an old answer of openweather" or "nobody".
std::string who_answers(const Answer& answer) {
    if (!answer.has_data()) {
        return "nobody";
    }
    return (answer.is_stale ? "an old answer of " : "") + name_of(answer.source);
}

/// " (finnhub: it did not answer; polygon: ...)".
std::string reasons(const Answer& answer) {
    std::string text;
    for (const PassedOver& other : answer.passed_over) {
        text += (text.empty() ? "" : "; ") + name_of(other.source) + ": " + other.because;
    }
    if (!answer.has_data()) {
        text += (text.empty() ? "" : "; ") + name_of(answer.source) + ": " + answer.verdict.reason;
    }
    return text.empty() ? "" : " (" + text + ")";
}

/// Whether an answer was about the key, and not about limits or a network.
bool says_something(KeyStatus status) {
    return status == KeyStatus::Valid || status == KeyStatus::Invalid || status == KeyStatus::Expired ||
           status == KeyStatus::NotEntitled;
}

}  // namespace

void Events::answered(const std::string& label, const Answer& answer) {
    if (answer.verdict.detail == "cancelled" || (answer.from_cache && !answer.is_stale)) {
        return;
    }
    const std::string now = who_answers(answer);
    std::string before;
    {
        const std::lock_guard lock{mutex_};
        before = std::exchange(answering_[label], now);
    }
    if (before.empty()) {
        screen_.say(label + ": " + now + reasons(answer));
    } else if (before != now) {
        screen_.say(label + ": " + now + " in place of " + before + reasons(answer));
    }
}

void Events::look_at_keys(const std::vector<quantconf::sources::SourceReport>& sources) {
    for (const auto& source : sources) {
        if (!source.key) {
            continue;
        }
        const KeyStatus now = source.key->last_status;
        KeyStatus before = KeyStatus::Valid;
        {
            const std::lock_guard lock{mutex_};
            const auto [known, is_new] = keys_.try_emplace(source.source, KeyStatus::Valid);
            before = says_something(now) ? std::exchange(known->second, now) : now;
        }
        if (before != now) {
            screen_.say("the key of " + name_of(source.source) + ": " + name_of(now) + ", " +
                        source.key->last_reason +
                        (source.key->is_confirming ? "; a second answer has to confirm it" : ""));
        }
    }
}

void Events::key_changed(const quantconf::sources::KeyReport& key) {
    screen_.say("the key of " + name_of(key.source) + ": " + name_of(key.status) + ", " + key.reason);
}

void Events::limits_changed(const quantconf::VersionLabel& version, const quantconf::ConfigChanges& changes) {
    for (const quantconf::ConfigChange& change : changes) {
        screen_.say("v" + std::to_string(version.number) + "  " + change.path + "  " + change.from + " -> " +
                    change.to);
    }
    const std::lock_guard lock{mutex_};
    limit_changes_.insert(limit_changes_.end(), changes.begin(), changes.end());
}

quantconf::ConfigChanges Events::limit_changes() const {
    const std::lock_guard lock{mutex_};
    return limit_changes_;
}
