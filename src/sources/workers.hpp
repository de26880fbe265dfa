#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "quantconf/detail/mutex.hpp"

namespace quantconf::sources {

/// A fixed number of threads that work off a queue. Any thread may add.
class Workers {
public:
    /// `is_ending`: the workers are going away; the task must say so to whoever waits for it, and be quick.
    using Task = std::move_only_function<void(bool is_ending)>;

    explicit Workers(std::size_t threads);
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;
    /// Every task has been called when this returns.
    ~Workers();

    void add(Task task) QC_EXCLUDES(mutex_);

private:
    void work();

    Mutex mutex_;
    std::condition_variable_any added_;
    std::deque<Task> tasks_ QC_GUARDED_BY(mutex_);
    bool is_ending_ QC_GUARDED_BY(mutex_) = false;
    std::vector<std::jthread> threads_;
};

}  // namespace quantconf::sources
