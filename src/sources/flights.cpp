#include "sources/flights.hpp"

#include <chrono>
#include <utility>

namespace quantconf::sources {

bool concerns_the_caller_alone(const Answer& answer) {
    return answer.verdict.detail == "cancelled" || answer.verdict.detail == "deadline" ||
           answer.verdict.detail == "own_limit";  // Another urgency or patience may still get through.
}

std::optional<Answer> Flights::join(const std::string& key, Duration patience, const std::stop_token& stop,
                                    const std::function<Answer()>& fly) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        std::shared_ptr<Flight> flight;
        {
            const MutexLock lock{mutex_};
            auto& place = under_way_[key];
            if (place == nullptr) {
                place = std::make_shared<Flight>();
            } else {
                flight = place;
                landed_.wait_until(mutex_, stop, until, [&flight] { return flight->has_landed; });
                if (!flight->has_landed) {
                    return std::nullopt;
                }
            }
        }
        if (flight == nullptr) {
            break;
        }
        if (flight->answer != nullptr) {
            Answer shared = *flight->answer;
            shared.was_shared = true;
            shared.attempts = 0;
            shared.cost = 0;
            return shared;
        }
    }
    Answer answer = fly();
    {
        const MutexLock lock{mutex_};
        const auto own = under_way_.find(key);
        if (!concerns_the_caller_alone(answer)) {
            own->second->answer = std::make_shared<const Answer>(answer);
        }
        own->second->has_landed = true;
        under_way_.erase(own);
    }
    landed_.notify_all();
    return answer;
}

}  // namespace quantconf::sources
