#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/sources/client.hpp"

namespace quantconf::sources {

/// Makes one request of several that ask the same at the same time: the first one flies, the others wait for
/// what it brings. Any thread.
class Flights {
public:
    /// What `fly` brings, or what somebody else's flight with this key brings, marked as shared. Nothing if
    /// `patience` ends or `stop` is asked for while waiting for somebody else. If the one who flew was
    /// stopped or ran out of its own time, the next one flies: its answer says nothing about the source.
    [[nodiscard]] std::optional<Answer> join(const std::string& key, Duration patience,
                                             const std::stop_token& stop, const std::function<Answer()>& fly)
        QC_EXCLUDES(mutex_);
    /// How many wait for what somebody else's flight with this key brings.
    [[nodiscard]] std::size_t waiting(const std::string& key) const QC_EXCLUDES(mutex_);

private:
    class Landing;
    struct Flight {
        std::shared_ptr<const Answer>
            answer;  ///< Set when it has landed, unless it brings nothing for others.
        bool has_landed = false;
        std::size_t waiting = 0;  ///< Those who do not fly themselves.
    };

    mutable Mutex mutex_;
    std::condition_variable_any landed_;
    std::map<std::string, std::shared_ptr<Flight>, std::less<>> under_way_ QC_GUARDED_BY(mutex_);
};

/// Whether an answer is about the one who asked (stopped, out of time) and not about the source.
[[nodiscard]] bool concerns_the_caller_alone(const Answer& answer);

}  // namespace quantconf::sources
