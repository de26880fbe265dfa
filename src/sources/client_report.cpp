// What is known of a source without asking it.

#include <utility>

#include <fmt/format.h>

#include "sources/client_state.hpp"
#include "sources/endpoint.hpp"
#include "sources/uncounted.hpp"
#include "sources/window_text.hpp"

namespace quantconf::sources {

namespace {

std::string_view word_for(quota::BreakerState state) {
    switch (state) {
        case quota::BreakerState::Closed:
            return "closed";
        case quota::BreakerState::Open:
            return "open";
        case quota::BreakerState::HalfOpen:
            break;
    }
    return "half_open";
}

}  // namespace

SourceReport ClientState::report(Provider provider) const {
    const GovernedSource& source = this->source(provider);
    const auto now = source.configured();
    SourceReport report{.source = provider,
                        .title = now->source->title,
                        .endpoint = now->settings.endpoint.value_or(now->source->base),
                        .has_key = !now->settings.credentials.empty(),
                        .why_not = source.why_not_now(),
                        .breaker = std::string{word_for(source.breaker_state())}};
    if (now->problem) {
        report.detail = now->problem->detail;
        report.hint = now->problem->hint;
    }
    if (report.why_not.empty() && report.has_key) {
        if (auto allowed =
                may_send_to(report.endpoint, *now->source, now->settings.credentials.key, now->environment);
            !allowed) {
            report.why_not = std::move(allowed.error().reason);
            report.hint = std::move(allowed.error().hint);
        }
    }
    report.is_usable = report.why_not.empty();
    if (now->limiter == nullptr) {
        for (const quota::Window& window : now->settings.limits.windows) {
            report.windows.push_back({.window = window_text(window),
                                      .per = window.per,
                                      .limit = window.requests,
                                      .remaining = window.requests});
        }
        return report;
    }
    if (const auto usage = now->limiter->ledger().usage(now->settings.limits)) {
        for (const quota::WindowUsage& window : usage->windows) {
            report.windows.push_back({.window = window_text(window.window),
                                      .per = window.window.per,
                                      .limit = window.window.requests,
                                      .used = window.used,
                                      .remaining = window.remaining,
                                      .reset = window.reset,
                                      .from_provider = window.from_provider});
        }
        report.paused = usage->paused;
    } else {
        Verdict problem = uncounted(usage.error());
        report.why_not = std::move(problem.reason);
        report.detail = std::move(problem.detail);
        report.hint = std::move(problem.hint);
        report.is_usable = false;
    }
    return report;
}

}  // namespace quantconf::sources
