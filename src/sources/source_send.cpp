// One request: who has to agree to it, and what it costs.

#include <algorithm>
#include <array>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "sources/source_run.hpp"
#include "sources/uncounted.hpp"
#include "sources/urgency.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// A quota of a short window is a matter of waiting; that of a long one is used up for today.
constexpr Duration kLongWindow = 1h;
/// Who has less of the source's own timeout than this is in a hurry. Waiting for quota takes a little of it.
constexpr double kPatience = 0.9;

/// Whether an answer came in an encoding that nobody has asked for, and so cannot be read.
bool is_in_another_encoding(const net::Response& response) {
    const std::string encoding = ascii_lower(response.header("content-encoding"));
    constexpr std::array<std::string_view, 5> kReadable{"", "identity", "gzip", "x-gzip", "deflate"};
    return response.transport == net::Transport::Interrupted &&
           std::ranges::find(kReadable, encoding) == kReadable.end();
}

/// How much time a request was given.
struct Given {
    Duration timeout;
    Duration connect_timeout;
};

/// Whether its caller's time ended this, and not that of the source (`usual`).
bool was_hurried(const net::Response& response, const Given& given, Duration usual) {
    const bool is_in_a_hurry = given.timeout < std::chrono::duration<double>{usual} * kPatience;
    // The time for a connection has an end of its own.
    const bool had_no_connection = response.was_not_sent && given.connect_timeout < given.timeout;
    return response.transport == net::Transport::Timeout && is_in_a_hurry && !had_no_connection;
}

}  // namespace

std::expected<std::optional<quota::Receipt>, Verdict> GovernedSource::Run::pay(
    std::optional<std::int64_t> cost) {
    if (!cost) {
        return std::nullopt;
    }
    tell(Progress::Step::WaitingForQuota, {});
    const Duration before = around_.timeline.since_boot();
    if (!configured_->limiter->ledger().is_in_place()) {
        reopen();
    }
    auto charged = acquire(*cost);
    if (!charged && charged.error().cause == std::errc::no_such_file_or_directory && reopen()) {
        charged = acquire(*cost);
    }
    answer_.waited += around_.timeline.since_boot() - before;
    if (!charged) {
        return std::unexpected{uncounted(std::move(charged).error())};
    }
    if (!*charged) {
        return std::unexpected{refused_by_quota(charged->error())};
    }
    return **charged;
}

Verdict GovernedSource::Run::send(net::Request request, const Asked& asked, std::optional<std::int64_t> cost,
                                  Answer* into) {
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
    request.timeout =
        std::chrono::ceil<std::chrono::milliseconds>(std::min(left, configured_->settings.timeout));
    request.connect_timeout = std::min(request.connect_timeout, request.timeout);
    tell(Progress::Step::Sending, {});
    const Given given{.timeout = request.timeout, .connect_timeout = request.connect_timeout};
    const Duration sent = around_.timeline.since_boot();
    net::Response response = exchange(std::move(request));
    if (response.was_not_sent) {
        take_back();
    } else {
        ++answer_.attempts;
        answer_.cost += cost.value_or(0);
    }
    if (response.transport == net::Transport::Cancelled) {
        source_.breaker_.no_result(*ticket);
        return nothing_asked(KeyStatus::Unreachable, "cancelled", "the request was taken back");
    }
    if (response.transport == net::Transport::BadUrl) {  // Nobody was asked, nor can it be the next time.
        source_.breaker_.no_result(*ticket);
        return nothing_asked(KeyStatus::Unknown, "refused_here", redactor_->redacted(response.problem));
    }
    if (asked.is_token_request) {
        if (const auto token = read_token(response.body)) {
            keep_quiet_about(token->secret);
        }
    }
    Verdict verdict =
        classify(*configured_->catalogue, *configured_->source, asked, response, *redactor_, around_.clock);
    if (is_in_another_encoding(response)) {  // It would be the next time, too.
        verdict = {.status = KeyStatus::Unknown,
                   .detail = "encoding",
                   .reason = "the answer comes in an encoding that was not asked for"};
    }
    if (was_hurried(response, given, configured_->settings.timeout)) {
        verdict.detail = "deadline";  // Others may have the patience that this caller had not.
        learn_of_silence(*ticket, sent);
    } else {
        learn_of_server(verdict, *ticket);
    }
    learn(verdict, asked);
    into->http_status = response.status;
    into->content_type = redactor_->redacted(response.header("content-type"));
    const bool was_sent_with_a_token = configured_->tokens != nullptr && !asked.is_token_request;
    into->body = was_sent_with_a_token ? redactor_->without_values(response.body) : std::move(response.body);
    return verdict;
}

Outcome<std::expected<quota::Receipt, quota::Refused>> GovernedSource::Run::acquire(std::int64_t cost) {
    return configured_->limiter->acquire(class_of(query_.urgency), time_left(), query_.stop, cost);
}

bool GovernedSource::Run::reopen() {
    const bool is_open = source_.reopen_ledger(configured_->limiter);
    // Everything else stays as it is: the request was made for this key, and its answer is about it.
    auto same = std::make_shared<Configured>(*configured_);
    same->limiter = source_.limiter_of(*configured_);
    configured_ = std::move(same);
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
