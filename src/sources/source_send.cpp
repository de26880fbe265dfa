// One request: who has to agree to it, and what it costs.

#include <algorithm>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "sources/source_run.hpp"
#include "sources/urgency.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// A quota of a short window is a matter of waiting; that of a long one is used up for today.
constexpr Duration kLongWindow = 1h;

}  // namespace

std::expected<std::optional<quota::Receipt>, Verdict> GovernedSource::Run::pay(std::int64_t cost) {
    if (cost <= 0) {
        return std::nullopt;
    }
    tell(Progress::Step::WaitingForQuota, {});
    const Duration before = around_.timeline.since_boot();
    if (!configured_->limiter->ledger().is_in_place()) {
        reopen();
    }
    auto charged = acquire(cost);
    if (!charged && charged.error().cause == std::errc::no_such_file_or_directory && reopen()) {
        charged = acquire(cost);
    }
    answer_.waited += around_.timeline.since_boot() - before;
    if (!charged) {
        return std::unexpected{nothing_asked(KeyStatus::Unknown, "ledger", to_text(charged.error()))};
    }
    if (!*charged) {
        return std::unexpected{refused_by_quota(charged->error())};
    }
    return **charged;
}

Verdict GovernedSource::Run::send(net::Request request, const Asked& asked, std::int64_t cost, Answer* into) {
    auto paid = pay(cost);
    if (!paid) {
        return std::move(paid).error();
    }
    const auto take_back = [&] {
        if (*paid) {
            configured_->limiter->ledger().refund(**paid);
        }
    };
    const auto rank = static_cast<std::uint8_t>(configured_->settings.rate_limit.priority);
    const auto pass = around_.gate.enter(rank, time_left(), query_.stop);
    if (!pass) {
        take_back();
        return out_of_time("max_concurrent_requests are under way");
    }
    const auto ticket = source_.breaker_.ask(around_.timeline.since_boot());
    if (!ticket) {
        take_back();
        return nothing_asked(KeyStatus::Unreachable, "breaker_open",
                             "it failed several times in a row and is left alone for a while",
                             ticket.error());
    }
    const Duration left = time_left();
    if (left <= 0ns || query_.stop.stop_requested()) {
        source_.breaker_.no_result(*ticket);
        take_back();
        return out_of_time("the deadline has passed");
    }
    const bool is_hurried = left < configured_->settings.timeout;
    request.timeout =
        std::chrono::ceil<std::chrono::milliseconds>(std::min(left, configured_->settings.timeout));
    request.connect_timeout = std::min(request.connect_timeout, request.timeout);
    tell(Progress::Step::Sending, {});
    net::Response response = exchange(std::move(request));
    if (response.was_not_sent) {
        take_back();
    } else {
        ++answer_.attempts;
        answer_.cost += cost;
    }
    if (response.transport == net::Transport::Cancelled) {
        source_.breaker_.no_result(*ticket);
        return nothing_asked(KeyStatus::Unreachable, "cancelled", "the request was taken back");
    }
    if (response.transport == net::Transport::BadUrl) {  // Nobody was asked, nor can it be the next time.
        source_.breaker_.no_result(*ticket);
        return nothing_asked(KeyStatus::Unknown, "refused_here",
                             configured_->redactor->redacted(response.problem));
    }
    const Verdict verdict = classify(*configured_->catalogue, *configured_->source, asked, response,
                                     *configured_->redactor, around_.clock);
    learn_of_server(verdict, *ticket, is_hurried && response.transport == net::Transport::Timeout);
    learn(verdict, asked);
    into->http_status = response.status;
    into->content_type = configured_->redactor->redacted(response.header("content-type"));
    into->body = std::move(response.body);
    return verdict;
}

Outcome<std::expected<quota::Receipt, quota::Refused>> GovernedSource::Run::acquire(std::int64_t cost) {
    return configured_->limiter->acquire(class_of(query_.urgency), time_left(), query_.stop, cost);
}

bool GovernedSource::Run::reopen() {
    const bool is_open = source_.reopen_ledger(configured_->limiter);
    configured_ = source_.configured();
    return is_open;
}

net::Response GovernedSource::Run::exchange(net::Request request) {
    std::promise<net::Response> promise;
    auto response = promise.get_future();
    around_.send(
        std::move(request), [&promise](net::Response arrived) { promise.set_value(std::move(arrived)); },
        query_.stop);
    return response.get();
}

Verdict GovernedSource::Run::refused_by_quota(const quota::Refused& refused) const {
    if (refused.was_cancelled) {
        return nothing_asked(KeyStatus::Unreachable, "cancelled", "the request was taken back");
    }
    const bool is_long = !refused.wait || *refused.wait >= kLongWindow;
    return nothing_asked(is_long ? KeyStatus::QuotaExhausted : KeyStatus::RateLimited, "own_limit",
                         fmt::format("not sent, because our own count is at its limit: {}", refused.because),
                         refused.wait);
}

Verdict GovernedSource::Run::out_of_time(std::string_view why) const {
    return query_.stop.stop_requested()
               ? nothing_asked(KeyStatus::Unreachable, "cancelled", "the request was taken back")
               : nothing_asked(KeyStatus::Unreachable, "deadline", fmt::format("not sent: {}", why));
}

}  // namespace quantconf::sources
