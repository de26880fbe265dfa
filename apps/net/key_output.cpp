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

/// What a person has to know about the last attempt where it says something else than the verdict.
std::string remark(const KeyReport& report) {
    if (report.is_confirming) {
        return fmt::format("just refused ({}); asked again in 30 s, before it counts", report.last_reason);
    }
    if (report.last_status != report.status) {
        return fmt::format("last attempt: {} ({})", word_for(report.last_status), report.last_reason);
    }
    return report.status == KeyStatus::Valid ? std::string{} : report.reason;
}

}  // namespace

void print_keys(const Session& session, std::span<const KeyReport> reports) {
    const Terminal& out = session.out();
    if (reports.empty()) {
        out.print("no source has a key\n");
        return;
    }
    for (const KeyReport& report : reports) {
        std::string line = fmt::format(
            "{} {:<14}", painted(out, report.status, fmt::format("{:<15}", word_for(report.status))),
            name_of(report.source));
        if (report.daily_limit) {
            line += fmt::format(" {} of {} today", report.daily_used.value_or(0), *report.daily_limit);
        }
        if (report.remaining) {
            line += fmt::format("{} {} left, says the provider", report.daily_limit ? "," : "",
                                *report.remaining);
        }
        out.print(line + "\n");
        if (const std::string text = remark(report); !text.empty()) {
            out.print(fmt::format("                {}\n", escaped(text)));
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
