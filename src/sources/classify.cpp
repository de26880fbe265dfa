#include "sources/classify.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "quantconf/quantbot/data_sources.hpp"
#include "sources/condition.hpp"
#include "sources/limit_headers.hpp"
#include "sources/reason.hpp"
#include "sources/token.hpp"
#include "sources/wait_in_text.hpp"
#include "value/units.hpp"

namespace quantconf::sources {
namespace {

constexpr int kServerErrorFrom = 500;
constexpr int kRequestTimeout = 408;
constexpr std::string_view kThrottleNow = "throttle_now";

bool is_server_failure(int status) {
    return status >= kServerErrorFrom || status == kRequestTimeout;
}

bool condemns(KeyStatus status) {
    return status == KeyStatus::Invalid || status == KeyStatus::Expired;
}

bool reads_the_body(const Condition& when) {
    return !when.texts.empty() || !when.all_texts.empty() || !when.raw.empty() || when.field ||
           !when.has.empty();
}

/// JSON that breaks off or is damaged. Not XML: what FRED sends has been seen without its end, and an
/// attribute is read as a whole or not at all.
bool is_broken_json(const Seen& seen) {
    const std::size_t begin = seen.answer.body.find_first_of("{[<");
    return seen.facts.kind == BodyKind::Broken && begin != std::string::npos &&
           seen.answer.body[begin] != '<';
}

/// A server that has failed knows nothing about keys, whatever its page says: at most that it is too busy.
/// Nor do words condemn a key that break off or are damaged: nobody knows how they went on. The status alone
/// may.
bool may_follow(const Rule& rule, const Seen& seen) {
    if (is_server_failure(seen.answer.status) || is_server_failure(seen.status)) {
        return rule.status == KeyStatus::RateLimited || rule.status == KeyStatus::QuotaExhausted ||
               rule.status == KeyStatus::Unreachable;
    }
    if (condemns(rule.status) && is_broken_json(seen) && reads_the_body(rule.when)) {
        return false;
    }
    return rule.status != KeyStatus::Valid || seen.facts.is_complete();
}

const Rule* first_match(std::span<const Rule> rules, const Seen& seen) {
    const auto found = std::ranges::find_if(
        rules, [&](const Rule& rule) { return may_follow(rule, seen) && holds(rule.when, seen); });
    return found == rules.end() ? nullptr : &*found;
}

const Rule* deciding_rule(const Catalogue& catalogue, const Source& source, const Seen& seen) {
    for (const std::span<const Rule> rules :
         {catalogue.before(), std::span<const Rule>{source.rules}, catalogue.behind()}) {
        if (const Rule* rule = first_match(rules, seen)) {
            return rule;
        }
    }
    return nullptr;
}

/// What an answer looks like that nobody has words for.
std::string description_of(const Seen& seen) {
    if (seen.facts.kind == BodyKind::Html) {
        return fmt::format("HTTP {} with a web page instead of an answer", seen.answer.status);
    }
    if (seen.facts.kind == BodyKind::Broken) {
        return fmt::format("HTTP {} with an answer that ends in the middle or is damaged",
                           seen.answer.status);
    }
    if (seen.facts.kind == BodyKind::Empty) {
        return fmt::format("HTTP {} without a body", seen.answer.status);
    }
    return fmt::format("HTTP {}", seen.answer.status);
}

std::string reason_of(const Rule* rule, const Seen& seen, const secrets::Redactor& redactor) {
    if (rule != nullptr && !rule->reason.empty()) {
        return rule->reason;
    }
    if (rule != nullptr && rule->status == KeyStatus::Valid && rule->detail != "bad_request" &&
        rule->detail != "restricted") {
        return {};
    }
    std::string words = shown_reason(best_words(seen.facts), redactor);
    return words.empty() ? description_of(seen) : words;
}

Duration until_midnight_utc(Time now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    return today + std::chrono::days{1} - now;
}

bool is_limited(KeyStatus status) {
    return status == KeyStatus::RateLimited || status == KeyStatus::QuotaExhausted;
}

/// Of the provider's words, all: the pause may stand in another sentence than the reason.
std::optional<Duration> wait_in_words(const Facts& facts) {
    for (const Facts::Fact& fact : facts.facts) {
        if (fact.is_words) {
            if (const auto wait = wait_in_text(fact.text)) {
                return wait;
            }
        }
    }
    return std::nullopt;
}

/// Whoever sees a short pause should also see that a longer one was asked for.
std::string note_of(const BelievedWait& pause) {
    return fmt::format("a pause of {} is asked for, {} of it is kept",
                       value::to_text(std::chrono::ceil<std::chrono::seconds>(*pause.asked)),
                       value::to_text(pause.wait));
}

struct Circumstances {
    const Source& source;
    const Rule* rule;
    const Seen& seen;
    const LimitState& limits;
    Time now;
};

/// Retry-After, else the provider's reset, else its words, else what is known of it.
std::optional<BelievedWait> pause_of(KeyStatus status, const Circumstances& in) {
    if (is_limited(status) || status == KeyStatus::Unreachable) {
        const Duration most = std::max(in.source.longest_window, kRetryAfterMax);
        if (const auto pause = read_retry_after(in.seen.answer, in.now, most)) {
            return pause;
        }
    }
    // A window that is not used up says nothing about the one that is.
    if (is_limited(status) && in.limits.reset && in.limits.remaining.value_or(0) == 0) {
        return in.limits.reset;
    }
    if (is_limited(status)) {
        if (const auto wait = wait_in_words(in.seen.facts)) {
            return at_most(with_slack(in.source.longest_window), *wait);
        }
    }
    if (status == KeyStatus::Valid && in.limits.reset && in.limits.remaining == 0) {
        return in.limits.reset;
    }
    if (in.rule != nullptr && in.rule->until_midnight_utc) {
        return BelievedWait{.wait = until_midnight_utc(in.now)};
    }
    return in.rule != nullptr && in.rule->wait ? std::optional{BelievedWait{.wait = *in.rule->wait}}
                                               : std::nullopt;
}

Verdict without_answer(const net::Response& answer, const secrets::Redactor& redactor) {
    Verdict verdict{.status = KeyStatus::Unreachable, .detail = "transport"};
    if (answer.transport == net::Transport::TooLarge) {
        verdict = {.status = KeyStatus::Unknown, .detail = "too_large"};
    }
    verdict.reason = shown_reason(answer.problem, redactor);
    if (verdict.reason.empty()) {
        verdict.reason = "no answer";
    }
    return verdict;
}

}  // namespace

Verdict classify(const Catalogue& catalogue, const Source& source, const Asked& asked,
                 const net::Response& answer, const secrets::Redactor& redactor, const Clock& clock) {
    if (answer.transport != net::Transport::Ok || answer.status == 0) {
        return without_answer(answer, redactor);
    }
    const Seen seen = see(source, asked, answer);
    const Rule* rule = deciding_rule(catalogue, source, seen);
    Verdict verdict;
    if (rule != nullptr) {
        verdict.status = rule->status;
        verdict.detail = rule->detail;
    }
    verdict.reason = reason_of(rule, seen, redactor);
    if (verdict.status == KeyStatus::Valid && asked.is_token_request && !read_token(answer.body)) {
        verdict = {
            .status = KeyStatus::Unknown, .detail = "no_token", .reason = "the answer contains no token"};
    }

    const Time now = clock.now();
    const LimitState limits = read_limit_headers(source.limit_headers, answer, now);
    verdict.limit = limits.limit;
    verdict.remaining = limits.remaining;
    verdict.reset = limits.reset ? std::optional{limits.reset->wait} : std::nullopt;
    const auto pause = pause_of(verdict.status,
                                {.source = source, .rule = rule, .seen = seen, .limits = limits, .now = now});
    if (pause) {
        verdict.wait = pause->wait;
        if (pause->asked) {
            verdict.reason = with_note(std::move(verdict.reason), note_of(*pause));
        }
    }
    if (verdict.status == KeyStatus::Valid && verdict.remaining == 0 && verdict.reset &&
        verdict.detail.empty()) {
        verdict.detail = kThrottleNow;
    }
    return verdict;
}

}  // namespace quantconf::sources
