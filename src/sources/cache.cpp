#include "sources/cache.hpp"

#include <utility>

namespace quantconf::sources {

namespace {

constexpr std::size_t kLargestShare = 4;
/// What list, index and strings take besides the texts themselves; measured with malloc_usable_size, rounded
/// up.
constexpr std::size_t kOverhead = 400;

std::size_t bytes_of(std::string_view key, const KeptAnswer& answer) {
    return kOverhead + key.size() + answer.body.size() + answer.content_type.size() +
           answer.verdict.reason.size();
}

}  // namespace

std::shared_ptr<const KeptAnswer> AnswerCache::find(std::string_view key, Duration now, Duration max_age) {
    const MutexLock lock{mutex_};
    const auto found = index_.find(key);
    if (found == index_.end() || now - found->second->answer->received > max_age) {
        ++figures_.misses;
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    ++figures_.hits;
    return found->second->answer;
}

void AnswerCache::put(std::string_view key, std::shared_ptr<const KeptAnswer> answer) {
    const std::size_t bytes = bytes_of(key, *answer);
    const MutexLock lock{mutex_};
    if (const auto old = index_.find(key); old != index_.end()) {
        erase(old->second);
    }
    if (bytes > capacity_ / kLargestShare) {
        return;
    }
    entries_.push_front({.key = std::string{key}, .answer = std::move(answer), .bytes = bytes});
    index_.emplace(entries_.front().key, entries_.begin());
    figures_.bytes += bytes;
    shrink();
}

void AnswerCache::set_capacity(std::size_t bytes) {
    const MutexLock lock{mutex_};
    capacity_ = bytes;
    shrink();
}

AnswerCache::Figures AnswerCache::figures() const {
    const MutexLock lock{mutex_};
    Figures figures = figures_;
    figures.entries = entries_.size();
    return figures;
}

void AnswerCache::erase(Entries::iterator entry) {
    figures_.bytes -= entry->bytes;
    index_.erase(entry->key);
    entries_.erase(entry);
}

void AnswerCache::shrink() {
    while (figures_.bytes > capacity_) {
        erase(std::prev(entries_.end()));
        ++figures_.evicted;
    }
}

}  // namespace quantconf::sources
