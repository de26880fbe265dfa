#include "events.hpp"

#include <utility>

#include "tally.hpp"

using quantconf::sources::Answer;
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
