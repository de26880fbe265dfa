#include "net/waiting.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"

namespace quantconf::net {
namespace {

std::string name_of(const Url& url) {
    return fmt::format("{}://{}:{}", url.scheme, url.host, url.port);
}

}  // namespace

void Waiting::add(std::unique_ptr<Job> job) {
    hosts_[name_of(*job->url)].waiting.push_back(std::move(job));
}

std::unique_ptr<Job> Waiting::next() {
    if (running_ >= max_total_) {
        return nullptr;
    }
    Host* first = nullptr;
    for (auto& [name, host] : hosts_) {
        const bool may_start = !host.waiting.empty() && host.running < max_per_host_;
        if (may_start &&
            (first == nullptr || host.waiting.front()->number < first->waiting.front()->number)) {
            first = &host;
        }
    }
    if (first == nullptr) {
        return nullptr;
    }
    auto job = std::move(first->waiting.front());
    first->waiting.pop_front();
    ++first->running;
    ++running_;
    return job;
}

void Waiting::release(const Url& url) {
    const auto host = hosts_.find(name_of(url));
    QC_ASSERT(host != hosts_.end() && host->second.running > 0 && running_ > 0);
    --running_;
    --host->second.running;
    if (host->second.running == 0 && host->second.waiting.empty()) {
        hosts_.erase(host);
    }
}

std::vector<std::unique_ptr<Job>> Waiting::take_cancelled() {
    std::vector<std::unique_ptr<Job>> result;
    for (auto host = hosts_.begin(); host != hosts_.end();) {
        auto& waiting = host->second.waiting;
        const auto cancelled = std::ranges::stable_partition(
            waiting, [](const std::unique_ptr<Job>& job) { return !job->is_cancelled.load(); });
        std::ranges::move(cancelled, std::back_inserter(result));
        waiting.erase(cancelled.begin(), cancelled.end());
        host = waiting.empty() && host->second.running == 0 ? hosts_.erase(host) : std::next(host);
    }
    return result;
}

std::vector<std::unique_ptr<Job>> Waiting::take_all() {
    std::vector<std::unique_ptr<Job>> result;
    for (auto& [name, host] : hosts_) {
        std::ranges::move(host.waiting, std::back_inserter(result));
        host.waiting.clear();
    }
    std::erase_if(hosts_, [](const auto& each) { return each.second.running == 0; });
    return result;
}

}  // namespace quantconf::net
