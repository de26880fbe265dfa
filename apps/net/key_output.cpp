#include "apps/net/key_output.hpp"

#include <string>

#include <fmt/format.h>

#include "apps/net/opened_client.hpp"
#include "base/clock.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {

namespace {

using sources::KeyReport;
using sources::KeyStatus;

void moment_or_null(JsonWriter& json, std::string_view key, const std::optional<Time>& time) {
    time ? json.member(key, to_rfc3339(*time)) : json.key(key).null();
}

void number_or_null(JsonWriter& json, std::string_view key, const std::optional<std::int64_t>& number) {
    number ? json.member(key, *number) : json.key(key).null();
}

bool is_refusal(KeyStatus status) {
    return status == KeyStatus::Invalid || status == KeyStatus::Expired;
}

/// What a person has to know about the last attempt where it says something else than the verdict.
std::string remark(const KeyReport& report) {
    constexpr std::string_view kOnceMore =
        "counts as bad once it is refused again, at least 30 s after the first time";
    if (report.is_confirming && is_refusal(report.last_status)) {
        return fmt::format("refused when it was last asked about ({}); it {}", report.last_reason, kOnceMore);
    }
    if (report.is_confirming) {  // What came after the refusal says nothing about the key.
        return fmt::format("last attempt: {} ({}); it was refused before that, and {}",
                           word_for(report.last_status), report.last_reason, kOnceMore);
    }
    if (report.last_status != report.status) {
        return fmt::format("last attempt: {} ({})", word_for(report.last_status), report.last_reason);
    }
    return report.status == KeyStatus::Valid ? std::string{} : report.reason;
}

/// " 5 of 100 today, 58 left as the provider says, expires in 3d".
std::string facts_of(const KeyReport& report) {
    std::string text;
    const auto add = [&text](std::string fact) { text += (text.empty() ? " " : ", ") + std::move(fact); };
    if (report.daily_limit) {
        add(fmt::format("{} of {} today", report.daily_used.value_or(0), *report.daily_limit));
    }
    if (report.remaining) {
        add(fmt::format("{} left as the provider says", *report.remaining));
    }
    if (report.expires) {
        const Duration left = *report.expires - SystemClock{}.now();
        add(left > Duration{} ? fmt::format("expires in {}", short_duration(left)) : "has expired");
    }
    return text;
}

}  // namespace

void print_keys(const Session& session, std::span<const KeyReport> reports) {
    const Terminal& out = session.out();
    for (const KeyReport& report : reports) {
        const std::string status =
            painted(out, report.status, fmt::format("{:<15}", word_for(report.status)));
        const std::string facts = facts_of(report);
        out.print(facts.empty() ? fmt::format("{} {}\n", status, name_of(report.source))
                                : fmt::format("{} {:<14}{}\n", status, name_of(report.source), facts));
        if (const std::string text = remark(report); !text.empty()) {
            out.print(fmt::format("      {}\n", escaped(text)));
        }
        if (!report.hint.empty()) {
            out.print(fmt::format("      {} {}\n", out.cyan("hint:"), escaped(report.hint)));
        }
    }
}

void write_key(JsonWriter& json, const KeyReport& report) {
    const bool is_fine = report.status == KeyStatus::Valid && report.last_status == KeyStatus::Valid;
    json.member("status", word_for(report.status));
    moment_or_null(json, "checked_at", report.checked_at);
    is_fine ? json.key("error").null() : json.member("error", remark(report));
    number_or_null(json, "rate_limit_remaining", report.remaining);
    moment_or_null(json, "rate_limit_reset", report.reset);
    number_or_null(json, "quota_used", report.daily_used);
    number_or_null(json, "daily_quota", report.daily_limit);
    json.member("hint", report.hint);
    json.member("detail", report.detail);
    moment_or_null(json, "since", report.since);
    json.member("last_status", word_for(report.last_status));
    moment_or_null(json, "last_attempt", report.last_attempt);
    json.member("is_confirming", report.is_confirming);
    moment_or_null(json, "expires", report.expires);
    json.member("fingerprint", report.fingerprint);
}

void print_keys_json(const Session& session, std::span<const KeyReport> reports) {
    JsonWriter json;
    json.begin_object().key("sources").begin_object();
    for (const KeyReport& report : reports) {
        json.key(name_of(report.source)).begin_object();
        write_key(json, report);
        json.end_object();
    }
    json.end_object().end_object();
    session.out().print(json.take());
}

}  // namespace quantconf::app
