#include "sources/flights.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace quantconf::sources {

bool concerns_the_caller_alone(const Answer& answer) {
    return answer.verdict.detail == "cancelled" || answer.verdict.detail == "deadline" ||
           answer.verdict.detail == "own_limit";  // Another urgency or patience may still get through.
}

/// Ends a flight, whatever becomes of it.
class Flights::Landing {
public:
    Landing(Flights& flights, const std::string& key, const std::shared_ptr<const Answer>& answer)
        : flights_{flights}, key_{key}, answer_{answer} {}
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;
    ~Landing() {
        {
            const MutexLock lock{flights_.mutex_};
            const auto own = flights_.under_way_.find(key_);
            own->second->answer = answer_;
            own->second->has_landed = true;
            flights_.under_way_.erase(own);
        }
        flights_.landed_.notify_all();
    }

private:
    Flights& flights_;
    const std::string& key_;
    const std::shared_ptr<const Answer>& answer_;
};

std::size_t Flights::waiting(const std::string& key) const {
    const MutexLock lock{mutex_};
    const auto flight = under_way_.find(key);
    return flight == under_way_.end() ? 0 : flight->second->waiting;
}

std::optional<Answer> Flights::join(const std::string& key, Duration patience, const std::stop_token& stop,
                                    const std::function<Answer()>& fly) {
    constexpr Duration kLongest = std::chrono::hours{24};  // Far from what a clock can count.
    const auto until = std::chrono::steady_clock::now() + std::clamp(patience, Duration{}, kLongest);
    for (;;) {
        std::shared_ptr<Flight> flight;
        {
            const MutexLock lock{mutex_};
            auto& place = under_way_[key];
            if (place == nullptr) {
                place = std::make_shared<Flight>();
            } else {
                flight = place;
                ++flight->waiting;
                landed_.wait_until(mutex_, stop, until, [&flight] { return flight->has_landed; });
                --flight->waiting;
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
    std::shared_ptr<const Answer> for_all;
    const Landing landing{*this, key, for_all};  // Also if `fly` throws: then the next one flies.
    Answer answer = fly();
    if (!concerns_the_caller_alone(answer)) {
        for_all = std::make_shared<const Answer>(answer);
    }
    return answer;
}

}  // namespace quantconf::sources
