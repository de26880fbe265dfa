#include "sources/workers.hpp"

#include <utility>

namespace quantconf::sources {

Workers::Workers(std::size_t threads) {
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

Workers::~Workers() {
    {
        const MutexLock lock{mutex_};
        is_ending_ = true;
    }
    added_.notify_all();
    threads_.clear();
}

void Workers::add(Task task) {
    {
        const MutexLock lock{mutex_};
        tasks_.push_back(std::move(task));
    }
    added_.notify_one();
}

void Workers::work() {
    for (;;) {
        Task task;
        bool is_ending = false;
        {
            const MutexLock lock{mutex_};
            while (tasks_.empty() && !is_ending_) {
                added_.wait(mutex_);
            }
            if (tasks_.empty()) {
                return;
            }
            task = std::move(tasks_.front());
            tasks_.pop_front();
            is_ending = is_ending_;
        }
        task(is_ending);
    }
}

}  // namespace quantconf::sources
