#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/sources/verdict.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

/// An answer as it is kept.
struct KeptAnswer {
    Verdict verdict = {};
    int http_status = 0;
    std::string content_type = {};
    std::string body = {};
    std::chrono::sys_time<std::chrono::microseconds> as_of{};  ///< For people.
    Duration received{};                                       ///< Since boot, for its age.
};

/// Keeps answers, those used last, as long as they fit into `capacity` bytes together. Any thread.
class AnswerCache {
public:
    struct Figures {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::uint64_t evicted = 0;
        std::size_t entries = 0;
        std::size_t bytes = 0;
    };

    explicit AnswerCache(std::size_t capacity) : capacity_{capacity} {}

    /// The kept answer if it is at most `max_age` old at `now`; nullptr otherwise.
    [[nodiscard]] std::shared_ptr<const KeptAnswer> find(std::string_view key, Duration now, Duration max_age)
        QC_EXCLUDES(mutex_);
    /// In place of an older one. An answer that alone is larger than a quarter of the capacity is not kept:
    /// it would drive out too much.
    void put(std::string_view key, std::shared_ptr<const KeptAnswer> answer) QC_EXCLUDES(mutex_);
    void set_capacity(std::size_t bytes) QC_EXCLUDES(mutex_);
    [[nodiscard]] Figures figures() const QC_EXCLUDES(mutex_);

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const KeptAnswer> answer;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;

    void erase(Entries::iterator entry) QC_REQUIRES(mutex_);
    void shrink() QC_REQUIRES(mutex_);

    mutable Mutex mutex_;
    std::size_t capacity_ QC_GUARDED_BY(mutex_);
    Entries entries_ QC_GUARDED_BY(mutex_);  ///< Used last in front.
    std::unordered_map<std::string_view, Entries::iterator> index_
        QC_GUARDED_BY(mutex_);  ///< Views of entries_.
    Figures figures_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::sources
