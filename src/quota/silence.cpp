#include "quota/silence.hpp"

#include <algorithm>

namespace quantconf::quota {

void Silence::wait(Duration began, Duration ended) {
    const MutexLock lock{mutex_};
    length_ += std::max(Duration{}, ended - std::max(began, until_));
    until_ = std::max(until_, ended);
}

void Silence::end(Duration now) {
    const MutexLock lock{mutex_};
    length_ = {};
    until_ = std::max(until_, now);
}

Duration Silence::length() const {
    const MutexLock lock{mutex_};
    return length_;
}

bool Silence::take(Duration timeout) {
    const MutexLock lock{mutex_};
    if (length_ < timeout) {
        return false;
    }
    length_ -= timeout;
    return true;
}

}  // namespace quantconf::quota
