// Questions to whoever can answer them best: the order, and who was passed over for what reason.

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "net/url.hpp"
#include "sources/client_state.hpp"
#include "sources/fill.hpp"
#include "sources/query_check.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// What makes the next source worth asking. Empty data is an answer.
bool has_failed(const Answer& answer) {
    return answer.verdict.status != KeyStatus::Valid || refuses_the_question(answer.verdict);
}

/// Silence from here on makes a source rest, however hurried the callers were who met with it: the next ones
/// would lose their time, too.
constexpr Duration kLongSilence = 2s;

/// Whether the source has said no to this question: another one may get an answer from it. It has answered,
/// so there is nothing to rest from.
bool concerns_the_question_alone(const Verdict& verdict) {
    return verdict.status == KeyStatus::NotEntitled || refuses_the_question(verdict);
}

/// Failures that say that a source should rest. Our own limit is none of the source: with the next free
/// request it has its place again. A breaker that is trying with somebody else's question says nothing new:
/// should that succeed, the source is to have its place at once.
bool wants_rest(const Answer& answer, const GovernedSource& source) {
    const bool met_with_silence = answer.verdict.detail == "deadline" && answer.attempts > 0;
    if (met_with_silence &&
        source.silent_for() >= std::min(kLongSilence, source.configured()->settings.timeout / 2)) {
        return true;
    }
    return !concerns_the_caller_alone(answer) && !concerns_the_question_alone(answer.verdict) &&
           answer.verdict.detail != "breaker_open";
}

/// As the group is configured: whoever was not asked stands among those who were.
std::vector<PassedOver> sorted(std::vector<PassedOver> others, const std::vector<Provider>& group) {
    std::ranges::sort(others, {}, [&group](const PassedOver& other) {
        return std::ranges::find(group, other.source) - group.begin();
    });
    return others;
}

/// How long a source stays behind the others at most; less where its breaker closes sooner.
constexpr Duration kRestMax = 30s;
/// Of the time that is left, what a source gets while others could answer in its place: one that is silent
/// must not use up the time of all.
constexpr int kShareOfTime = 2;

Duration rest_of(const GovernedSource& source) {
    return std::min(kRestMax, source.configured()->settings.breaker.open_for);
}

Answer nobody(std::string reason, std::vector<PassedOver> passed_over) {
    Answer answer;
    answer.verdict = {.status = KeyStatus::Unreachable, .detail = "nobody", .reason = std::move(reason)};
    if (!passed_over.empty()) {
        answer.source = passed_over.back().source;
    }
    answer.passed_over = std::move(passed_over);
    return answer;
}

}  // namespace

std::shared_ptr<quota::FailoverOrder> ClientState::order_of(const std::string& capability) {
    const MutexLock lock{mutex_};
    auto& order = orders_[capability];
    if (order == nullptr) {
        order = std::make_shared<quota::FailoverOrder>();
    }
    return order;
}

Answer ClientState::ask(const GroupQuery& query) {
    if (auto mistake = mistake_in(query)) {
        return Answer{.verdict = *std::move(mistake)};
    }
    const auto config = this->config();
    const auto group = config->data_sources.failover.find(query.capability);
    if (group == config->data_sources.failover.end()) {
        std::vector<std::string> known;
        for (const auto& [name, members] : config->data_sources.failover) {
            known.push_back(name);
        }
        const auto suggestions = nearest(query.capability, known);
        return nobody(fmt::format("there is no group {}{}", query.capability,
                                  suggestions.empty() ? "" : fmt::format(": {}", did_you_mean(suggestions))),
                      {});
    }
    const Duration began = surroundings_.timeline.since_boot();
    std::vector<PassedOver> passed_over;
    std::vector<quota::Candidate> candidates;
    std::vector<std::string> paths;
    for (const Provider provider : group->second) {
        const GovernedSource& source = this->source(provider);
        const auto path = path_for(*source.configured()->source, query.capability, query.parameters);
        std::string why_not = path ? source.why_not_now() : path.error();
        candidates.push_back({.source = std::string{name_of(provider)},
                              .is_usable = why_not.empty(),
                              .why_not = std::move(why_not)});
        paths.push_back(path.value_or(""));
        if (!candidates.back().is_usable) {
            passed_over.push_back({.source = provider, .because = candidates.back().why_not});
        }
    }
    const auto order = order_of(query.capability);
    Answer last;
    bool has_asked = false;
    std::vector<std::optional<Verdict>> failures(candidates.size());
    const auto sequence = order->order(candidates, began);
    for (const std::size_t index : sequence) {
        const Provider provider = group->second[index];
        Query single{.source = provider,
                     .path = paths[index],
                     .urgency = query.urgency,
                     .max_age = query.max_age,
                     .stop = query.stop,
                     .progress = query.progress};
        const Duration now = surroundings_.timeline.since_boot();
        if (query.deadline) {
            single.deadline = std::max(*query.deadline, Duration{}) - (now - began);
            if (*single.deadline <= 0ns) {
                passed_over.push_back({.source = provider, .because = "the deadline has passed"});
                continue;
            }
            if (index != sequence.back()) {
                *single.deadline /= kShareOfTime;
            }
        }
        if (has_asked && query.progress) {
            query.progress({.step = Progress::Step::Switching, .source = provider});
        }
        has_asked = true;
        last = get(single);
        if (!has_failed(last)) {
            order->success(candidates[index].source, surroundings_.timeline.since_boot());
            break;
        }
        if (wants_rest(last, source(provider))) {
            order->failure(candidates[index].source, surroundings_.timeline.since_boot(),
                           {.reason = last.verdict.reason, .rest = rest_of(source(provider))});
        }
        failures[index] = last.verdict;
        passed_over.push_back({.source = provider,
                               .because = last.verdict.reason,
                               .attempts = last.attempts,
                               .cost = last.cost});
        if (query.stop.stop_requested()) {
            break;
        }
    }
    if (has_asked && !has_failed(last)) {
        // Better ones that were not even asked, because they failed a moment ago.
        for (std::size_t i = 0; i < candidates.size() && group->second[i] != last.source; ++i) {
            const auto why = order->why_resting(candidates[i].source, began);
            if (candidates[i].is_usable && why &&
                std::ranges::find(passed_over, group->second[i], &PassedOver::source) == passed_over.end()) {
                passed_over.push_back({.source = group->second[i],
                                       .because = fmt::format("it failed a moment ago and rests: {}", *why)});
            }
        }
        last.passed_over = sorted(std::move(passed_over), group->second);
        last.took = surroundings_.timeline.since_boot() - began;
        return last;
    }
    // An old answer of the best source is the last resort, and says so. Of one whose key was refused there is
    // none, as for a single question: this would hide it for as long as old answers last.
    for (std::size_t i = 0; i < group->second.size() && query.stale_if_error > 0ns; ++i) {
        const bool is_bridged =
            failures[i] ? may_be_bridged(*failures[i]) : source(group->second[i]).may_be_bridged();
        if (paths[i].empty() || !is_bridged) {
            continue;
        }
        if (auto kept = stale(group->second[i], paths[i], query.stale_if_error)) {
            const std::string why = failures[i] ? failures[i]->reason : candidates[i].why_not;
            kept->verdict.reason =
                fmt::format("kept, because nobody answered{}{}", why.empty() ? "" : ": ", why);
            kept->passed_over = sorted(std::move(passed_over), group->second);
            kept->took = surroundings_.timeline.since_boot() - began;
            return *std::move(kept);
        }
    }
    if (has_asked) {
        std::erase_if(passed_over, [&last](const PassedOver& other) {
            return other.source == last.source;
        });  // It answers.
    }
    Answer answer =
        has_asked ? std::move(last) : nobody("no source of this group can be asked now", passed_over);
    answer.passed_over = sorted(std::move(passed_over), group->second);
    answer.took = surroundings_.timeline.since_boot() - began;
    return answer;
}

}  // namespace quantconf::sources
