#include "sources/governed_source.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "sources/classify.hpp"
#include "sources/urgency.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// A quota of a short window is a matter of waiting; that of a long one is used up for today.
constexpr Duration kLongWindow = 1h;
/// Longer than anybody waits, and far from what a clock can count.
constexpr Duration kLongestDeadline = 24h;
/// Without any word of the provider, how long nobody asks it after it said that it is too much.
constexpr Duration kPauseMin = 1s;
constexpr Duration kQuotaPauseMin = 60s;
/// A key that was refused once is not tried again before its verdict can be confirmed; one that is known to
/// be bad once in a while, because providers are wrong, too.
constexpr Duration kRefusedKeyRest = 30s;
constexpr Duration kBadKeyRest = 10min;

Verdict nothing_asked(KeyStatus status, std::string detail, std::string reason,
                      std::optional<Duration> wait = std::nullopt) {
    return {.status = status, .detail = std::move(detail), .reason = std::move(reason), .wait = wait};
}

Verdict refused_here(Refusal refusal) {
    return {.status = KeyStatus::Unknown,
            .detail = "refused_here",
            .reason = std::move(refusal.reason),
            .hint = std::move(refusal.hint)};
}

std::shared_ptr<const secrets::Redactor> redactor_for(const Credentials& credentials) {
    auto redactor = std::make_shared<secrets::Redactor>();
    for (const Secret* part : {&credentials.key, &credentials.secret}) {
        part->reveal(grant_secret_access(), [&](std::string_view text) { redactor->add(text); });
    }
    return redactor;
}

/// Whether a failure says that nobody is there, or that a server is broken; not that it refuses.
bool counts_against_the_server(const Verdict& verdict) {
    return verdict.status == KeyStatus::Unreachable;
}

}  // namespace

GovernedSource::GovernedSource(Provider provider, const Surroundings& surroundings)
    : provider_{provider}, surroundings_{surroundings}, breaker_{{}, surroundings.random} {}

void GovernedSource::configure(SourceSettings settings, Environment environment,
                               std::shared_ptr<const Catalogue> catalogue) {
    const auto before = configured();
    auto next = std::make_shared<Configured>();
    next->source = &catalogue->at(provider_);
    next->catalogue = std::move(catalogue);
    next->environment = environment;
    next->redactor = redactor_for(settings.credentials);
    const Source& source = *next->source;
    const bool needs_a_key = source.anonymous_probe.path.empty();
    if (settings.credentials.empty() && needs_a_key) {
        next->problem = fmt::format("{} is not set", settings.credential_path);
    }
    if (!settings.credentials.empty()) {
        next->fingerprint = surroundings_.fingerprint(source, settings.credentials);
    }
    const bool is_oauth2 =
        !source.authentication.empty() && source.authentication.front().kind == Authentication::Kind::OAuth2;
    const bool is_same_key = before != nullptr && before->fingerprint == next->fingerprint;
    if (is_same_key && before->limiter != nullptr) {
        next->limiter = before->limiter;
        next->limiter->set_limits(settings.limits);
    } else if (next->problem.empty()) {
        if (auto ledger = surroundings_.open_ledger(source, settings.credentials)) {
            next->limiter = std::make_shared<quota::Limiter>(*std::move(ledger), settings.limits);
        } else {
            next->problem = to_text(ledger.error());
        }
    }
    if (is_oauth2) {
        const bool is_same_server = before != nullptr && is_same_key && before->tokens != nullptr &&
                                    before->settings.token_endpoint == settings.token_endpoint;
        next->tokens = is_same_server ? before->tokens : std::make_shared<TokenKeeper>();
    }
    breaker_.set_policy(settings.breaker);
    next->settings = std::move(settings);
    const MutexLock lock{mutex_};
    configured_ = std::move(next);
}

bool GovernedSource::reopen_ledger(const std::shared_ptr<quota::Limiter>& lost) {
    const auto now = configured();
    if (now->limiter != lost) {
        return now->limiter != nullptr;  // Somebody else was quicker.
    }
    auto ledger = surroundings_.open_ledger(*now->source, now->settings.credentials);
    if (!ledger) {
        return false;
    }
    const MutexLock lock{mutex_};
    if (configured_->limiter == lost) {
        auto next = std::make_shared<Configured>(*configured_);
        next->limiter = std::make_shared<quota::Limiter>(*std::move(ledger), next->settings.limits);
        configured_ = std::move(next);
    }
    return true;
}

std::shared_ptr<const Configured> GovernedSource::configured() const {
    const MutexLock lock{mutex_};
    return configured_;
}

void GovernedSource::set_key_status(const std::string& fingerprint, KeyStatus status, std::string reason) {
    if (status == KeyStatus::Invalid || status == KeyStatus::Expired) {
        refuse_key(fingerprint, std::move(reason), kBadKeyRest);
    } else if (status == KeyStatus::Valid) {
        accept_key(fingerprint);
    }
}

void GovernedSource::refuse_key(const std::string& fingerprint, std::string reason, Duration rest) {
    const Duration until = surroundings_.timeline.since_boot() + rest;
    const MutexLock lock{mutex_};
    if (bad_key_ && bad_key_->fingerprint == fingerprint && bad_key_->until > until) {
        return;
    }
    bad_key_ = BadKey{.fingerprint = fingerprint, .reason = std::move(reason), .until = until};
}

void GovernedSource::accept_key(const std::string& fingerprint) {
    const MutexLock lock{mutex_};
    if (bad_key_ && bad_key_->fingerprint == fingerprint) {
        bad_key_.reset();
    }
}

std::string GovernedSource::bad_key(const std::string& fingerprint) const {
    const Duration now = surroundings_.timeline.since_boot();
    const MutexLock lock{mutex_};
    const bool is_bad = bad_key_ && bad_key_->fingerprint == fingerprint && now < bad_key_->until;
    return is_bad ? fmt::format("it has refused this key: {}", bad_key_->reason) : std::string{};
}

quota::BreakerState GovernedSource::breaker_state() const {
    return breaker_.state(surroundings_.timeline.since_boot());
}

std::string GovernedSource::why_not_now() const {
    const auto now = configured();
    if (!now->problem.empty()) {
        return now->problem;
    }
    if (auto reason = bad_key(now->fingerprint); !reason.empty()) {
        return reason;
    }
    if (breaker_state() == quota::BreakerState::Open) {
        return "it failed several times in a row and is left alone for a while";
    }
    if (const auto usage = now->limiter->ledger().usage(now->settings.limits)) {
        if (usage->paused) {
            return fmt::format("it wants to be left alone: {}", usage->pause_reason);
        }
        for (const quota::WindowUsage& window : usage->windows) {
            if (window.remaining <= 0 && window.window.per >= kLongWindow) {
                return "its quota is used up";
            }
        }
    }
    return {};
}

/// One question on its way: attempts until there is an answer, or none can be expected.
class GovernedSource::Run {
public:
    Run(GovernedSource& source, const Query& query)
        : source_{source},
          around_{source.surroundings_},
          query_{query},
          configured_{source.configured()},
          began_{around_.timeline.since_boot()},
          ends_{began_ + std::clamp(query.deadline.value_or(configured_->settings.timeout), Duration{},
                                    kLongestDeadline)} {}

    Answer operator()() {
        answer_.source = source_.provider_;
        source_.budget_.request(began_);
        bool has_renewed_token = false;
        for (int retries = 0;;) {
            configured_ = source_.configured();  // A repetition obeys what is configured by then.
            answer_.verdict = attempt();
            if (is_rejected_token() && !std::exchange(has_renewed_token, true)) {
                configured_->tokens->reject(token_received_);
                continue;
            }
            const auto pause = pause_before_next(retries);
            if (!pause) {
                break;
            }
            ++retries;
            tell(Progress::Step::Pausing, *pause);
            around_.sleep(*pause, query_.stop);
            answer_.waited += *pause;
            if (query_.stop.stop_requested()) {
                break;
            }
        }
        answer_.as_of = around_.clock.now();
        answer_.took = around_.timeline.since_boot() - began_;
        return std::move(answer_);
    }

private:
    [[nodiscard]] Duration time_left() const { return ends_ - around_.timeline.since_boot(); }

    void tell(Progress::Step step, Duration wait) const {
        if (query_.progress) {
            query_.progress(
                {.step = step, .source = source_.provider_, .attempt = answer_.attempts + 1, .wait = wait});
        }
    }

    /// Everything between the decision to ask and the verdict.
    Verdict attempt() {
        answer_.http_status = 0;
        answer_.body.clear();
        answer_.content_type.clear();
        if (!configured_->problem.empty()) {
            return nothing_asked(KeyStatus::Unknown, "not_configured", configured_->problem);
        }
        if (auto reason = source_.bad_key(configured_->fingerprint); !reason.empty()) {
            return nothing_asked(KeyStatus::Invalid, "known", std::move(reason));
        }
        Secret token;
        if (configured_->tokens != nullptr) {
            auto got = configured_->tokens->get(around_.timeline.since_boot(), time_left(),
                                                [this] { return ask_for_token(); });
            if (!got) {
                return std::move(got).error();
            }
            token = *std::move(got);
            token_received_ = configured_->tokens->received();
        }
        auto request = request_for(*configured_->source, configured_->settings,
                                   {.path = query_.path,
                                    .parameters = query_.parameters,
                                    .post = query_.post,
                                    .content_type = query_.content_type},
                                   token, configured_->environment);
        if (!request) {
            return refused_here(std::move(request).error());
        }
        const Asked asked{.path = query_.path,
                          .key_age = age_of(configured_->settings.credentials.key, around_.clock.now())};
        return send(*std::move(request), asked, query_.cost, &answer_);
    }

    std::expected<Token, Verdict> ask_for_token() {
        auto request =
            token_request_for(*configured_->source, configured_->settings, configured_->environment);
        if (!request) {
            return std::unexpected{refused_here(std::move(request).error())};
        }
        Answer answer;
        // The token endpoint has a counter of its own, which we stay far below.
        const Verdict verdict = send(*std::move(request), {.is_token_request = true}, 0, &answer);
        if (verdict.status != KeyStatus::Valid) {
            return std::unexpected{verdict};
        }
        auto token = read_token(answer.body);
        if (!token) {
            return std::unexpected{
                nothing_asked(KeyStatus::Unknown, "no_token", "the answer contains no token")};
        }
        return *std::move(token);
    }

    /// Consent of breaker, ledger and gate, in the order in which they cost something; then the request
    /// itself.
    Verdict send(net::Request request, const Asked& asked, std::int64_t cost, Answer* into) {
        std::optional<quota::Receipt> receipt;
        if (cost > 0) {
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
                return nothing_asked(KeyStatus::Unknown, "ledger", to_text(charged.error()));
            }
            if (!*charged) {
                return refused_by_quota(charged->error());
            }
            receipt = **charged;
        }
        const auto take_back = [&] {
            if (receipt) {
                configured_->limiter->ledger().refund(*receipt);
            }
        };
        const auto rank = static_cast<std::uint8_t>(configured_->settings.rate_limit.priority);
        const auto pass = around_.gate.enter(rank, time_left(), query_.stop);
        if (!pass) {
            take_back();
            return out_of_time("max_concurrent_requests are under way");
        }
        if (const auto wait = source_.breaker_.ask(around_.timeline.since_boot())) {
            take_back();
            return nothing_asked(KeyStatus::Unreachable, "breaker_open",
                                 "it failed several times in a row and is left alone for a while", wait);
        }
        const Duration left = time_left();
        if (left <= 0ns || query_.stop.stop_requested()) {
            source_.breaker_.no_result();
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
            source_.breaker_.no_result();
            return nothing_asked(KeyStatus::Unreachable, "cancelled", "the request was taken back");
        }
        if (response.transport == net::Transport::BadUrl) {  // Nobody was asked, nor can it be the next time.
            source_.breaker_.no_result();
            return nothing_asked(KeyStatus::Unknown, "refused_here",
                                 configured_->redactor->redacted(response.problem));
        }
        const Verdict verdict = classify(*configured_->catalogue, *configured_->source, asked, response,
                                         *configured_->redactor, around_.clock);
        // A caller in a hurry says nothing about the server.
        learn(verdict, asked, is_hurried && response.transport == net::Transport::Timeout);
        into->http_status = response.status;
        into->content_type = configured_->redactor->redacted(response.header("content-type"));
        into->body = std::move(response.body);
        return verdict;
    }

    Outcome<std::expected<quota::Receipt, quota::Refused>> acquire(std::int64_t cost) {
        return configured_->limiter->acquire(class_of(query_.urgency), time_left(), query_.stop, cost);
    }

    bool reopen() {
        const bool is_open = source_.reopen_ledger(configured_->limiter);
        configured_ = source_.configured();
        return is_open;
    }

    net::Response exchange(net::Request request) {
        std::promise<net::Response> promise;
        auto response = promise.get_future();
        around_.send(
            std::move(request), [&promise](net::Response arrived) { promise.set_value(std::move(arrived)); },
            query_.stop);
        return response.get();
    }

    /// What an answer means for those who ask next, in all processes.
    void learn(const Verdict& verdict, const Asked& asked, bool was_hurried) {
        const Duration now = around_.timeline.since_boot();
        if (was_hurried) {
            source_.breaker_.no_result();
        } else if (counts_against_the_server(verdict)) {
            source_.breaker_.failure(now);
        } else {
            source_.breaker_.success();
        }
        quota::Ledger& ledger = configured_->limiter->ledger();
        const LimitHeaders& headers = configured_->source->limit_headers;
        if (verdict.remaining && verdict.reset && headers.per > 0ns && !asked.is_token_request) {
            ledger.observe_remaining(headers.per, *verdict.remaining, *verdict.reset,
                                     configured_->settings.limits);
        }
        if (verdict.status == KeyStatus::RateLimited) {
            ledger.pause(std::max(verdict.wait.value_or(kPauseMin), kPauseMin), verdict.reason);
        } else if (verdict.status == KeyStatus::QuotaExhausted) {
            ledger.pause(std::max(verdict.wait.value_or(kQuotaPauseMin), kQuotaPauseMin), verdict.reason);
        } else if (verdict.status == KeyStatus::Valid && verdict.wait) {
            ledger.pause(*verdict.wait, "its headers say that nothing is left");
        }
        learn_of_key(verdict);
    }

    /// A refusal of one question says nothing about the key, nor does the end of a token.
    void learn_of_key(const Verdict& verdict) {
        const std::string& fingerprint = configured_->fingerprint;
        const bool is_bad = (verdict.status == KeyStatus::Invalid || verdict.status == KeyStatus::Expired) &&
                            verdict.detail != "token_expired";
        if (fingerprint.empty() || (!is_bad && verdict.status != KeyStatus::Valid)) {
            return;
        }
        if (is_bad) {
            source_.refuse_key(fingerprint, verdict.reason, kRefusedKeyRest);
        } else {
            source_.accept_key(fingerprint);
        }
        if (around_.on_verdict) {
            around_.on_verdict(*configured_->source, fingerprint, verdict);
        }
    }

    Verdict refused_by_quota(const quota::Refused& refused) const {
        if (refused.was_cancelled) {
            return nothing_asked(KeyStatus::Unreachable, "cancelled", "the request was taken back");
        }
        const bool is_long = !refused.wait || *refused.wait >= kLongWindow;
        return nothing_asked(
            is_long ? KeyStatus::QuotaExhausted : KeyStatus::RateLimited, "own_limit",
            fmt::format("not sent, because our own count is at its limit: {}", refused.because),
            refused.wait);
    }

    Verdict out_of_time(std::string_view why) const {
        return query_.stop.stop_requested()
                   ? nothing_asked(KeyStatus::Unreachable, "cancelled", "the request was taken back")
                   : nothing_asked(KeyStatus::Unreachable, "deadline", fmt::format("not sent: {}", why));
    }

    /// An OAuth2 token ends before we expect it where the provider forgets it: one silent renewal.
    bool is_rejected_token() const {
        return configured_->tokens != nullptr && answer_.verdict.detail == "token_expired";
    }

    /// How long to wait for the next attempt; nothing if there is none.
    std::optional<Duration> pause_before_next(int retries) {
        const Verdict& verdict = answer_.verdict;
        const bool is_of_our_own = verdict.detail == "own_limit" || verdict.detail == "deadline" ||
                                   verdict.detail == "cancelled" || verdict.detail == "breaker_open" ||
                                   verdict.detail == "ledger";
        if (is_of_our_own || query_.stop.stop_requested() || verdict.status == KeyStatus::Valid) {
            return std::nullopt;
        }
        const quota::RetryPolicy& policy = configured_->settings.retry;
        const Duration left = time_left();
        const std::string why_not = quota::why_not_again(
            {.verdict = verdict, .is_idempotent = !query_.post, .retries_so_far = retries, .time_left = left},
            policy);
        if (!why_not.empty()) {
            return std::nullopt;
        }
        const Duration pause = quota::pause_before(policy, retries + 1, verdict.wait, around_.random);
        if (pause >= left || !source_.budget_.take(around_.timeline.since_boot())) {
            return std::nullopt;
        }
        return pause;
    }

    GovernedSource& source_;
    const Surroundings& around_;
    const Query& query_;
    std::shared_ptr<const Configured> configured_;
    Duration began_;
    Duration ends_;
    Duration token_received_{};
    Answer answer_;
};

Answer GovernedSource::run(const Query& query) {
    return Run{*this, query}();
}

}  // namespace quantconf::sources
