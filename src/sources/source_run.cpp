#include "sources/source_run.hpp"

#include <algorithm>
#include <utility>

#include "sources/known_secrets.hpp"
#include "sources/uncounted.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// Longer than anybody waits, and far from what a clock can count.
constexpr Duration kLongestDeadline = 24h;

Verdict refused_here(Refusal refusal) {
    return {.status = KeyStatus::Unknown,
            .detail = "refused_here",
            .reason = std::move(refusal.reason),
            .hint = std::move(refusal.hint)};
}

}  // namespace

Verdict nothing_asked(KeyStatus status, std::string detail, std::string reason,
                      std::optional<Duration> wait) {
    return {.status = status, .detail = std::move(detail), .reason = std::move(reason), .wait = wait};
}

GovernedSource::Run::Run(GovernedSource& source, const Query& query)
    : source_{source},
      around_{source.surroundings_},
      query_{query},
      configured_{source.configured()},
      redactor_{configured_->redactor},
      began_{around_.timeline.since_boot()},
      ends_{began_ + std::clamp(query.deadline.value_or(configured_->settings.timeout), Duration{},
                                kLongestDeadline)} {}

Answer GovernedSource::Run::operator()() {
    answer_.source = source_.provider_;
    source_.budget_.request(began_);
    bool has_renewed_token = false;
    std::optional<Answer> last_heard;
    for (int retries = 0;;) {
        configured_ = source_.configured();  // A repetition obeys what is configured by then.
        const int sent_before = answer_.attempts;
        answer_.verdict = attempt();
        if (answer_.attempts == sent_before && last_heard && !query_.stop.stop_requested()) {
            say_again(*std::move(last_heard));  // Why it was not repeated is no news to who asked.
            break;
        }
        if (is_rejected_token() && !std::exchange(has_renewed_token, true)) {
            configured_->tokens->reject(token_received_);
            continue;
        }
        const auto pause = pause_before_next(retries);
        if (!pause) {
            break;
        }
        ++retries;
        last_heard = answer_;
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

void GovernedSource::Run::say_again(Answer heard) {
    answer_.verdict = std::move(heard.verdict);
    answer_.http_status = heard.http_status;
    answer_.content_type = std::move(heard.content_type);
    answer_.body = std::move(heard.body);
}

void GovernedSource::Run::tell(Progress::Step step, Duration wait) const {
    if (query_.progress) {
        query_.progress(
            {.step = step, .source = source_.provider_, .attempt = answer_.attempts + 1, .wait = wait});
    }
}

Verdict GovernedSource::Run::attempt() {
    answer_.http_status = 0;
    answer_.body.clear();
    answer_.content_type.clear();
    redactor_ = configured_->redactor;
    if (configured_->problem) {
        return *configured_->problem;
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
        keep_quiet_about(token);
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

std::expected<Token, Verdict> GovernedSource::Run::ask_for_token() {
    auto request = token_request_for(*configured_->source, configured_->settings, configured_->environment);
    if (!request) {
        return std::unexpected{refused_here(std::move(request).error())};
    }
    Answer answer;
    // The token endpoint has a counter of its own, which we stay far below.
    const Verdict verdict = send(*std::move(request), {.is_token_request = true}, std::nullopt, &answer);
    if (verdict.status != KeyStatus::Valid) {
        return std::unexpected{verdict};
    }
    auto token = read_token(answer.body);
    if (!token) {
        return std::unexpected{nothing_asked(KeyStatus::Unknown, "no_token", "the answer contains no token")};
    }
    return *std::move(token);
}

void GovernedSource::Run::keep_quiet_about(const Secret& token) {
    auto redactor = std::make_shared<secrets::Redactor>();
    add_credentials(*redactor, configured_->settings.credentials);
    add_secret(*redactor, token);
    redactor_ = std::move(redactor);
}

bool GovernedSource::Run::is_rejected_token() const {
    return configured_->tokens != nullptr && answer_.verdict.detail == "token_expired";
}

std::optional<Duration> GovernedSource::Run::pause_before_next(int retries) {
    const Verdict& verdict = answer_.verdict;
    const bool is_of_our_own = verdict.detail == "own_limit" || verdict.detail == "deadline" ||
                               verdict.detail == "cancelled" || verdict.detail == "breaker_open" ||
                               verdict.detail == kUncounted;
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

Answer GovernedSource::run(const Query& query) {
    return Run{*this, query}();
}

}  // namespace quantconf::sources
