#include "apps/vault/key_health.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/vault/used_today.hpp"
#include "sources/settings.hpp"

namespace quantconf::app {
namespace {

using quantbot::Provider;
using sources::KeyStatus;

std::string_view word_for(KeyStatus status) {
    const auto& names = EnumTable<KeyStatus>::names;
    const auto found = std::ranges::find(names, status, [](const auto& entry) { return entry.value; });
    return found == names.end() ? "unknown" : found->text;
}

std::vector<Provider> configured_in(const Value& root) {
    std::vector<Provider> providers;
    for (const auto& [provider, name] : EnumTable<Provider>::names) {
        const Value* key = root.at(sources::credential_path_of(provider));
        if (key != nullptr && key->kind() == Value::Kind::Secret) {
            providers.push_back(provider);
        }
    }
    return providers;
}

/// One line about all of them.
void add_check(const std::vector<KeyHealth>& keys, Checks& checks) {
    std::vector<std::string> bad;
    std::size_t known = 0;
    for (const KeyHealth& key : keys) {
        known += key.report.checked_at ? 1U : 0U;
        if (sources::is_bad(key.report.status) && key.report.checked_at) {
            bad.push_back(fmt::format("that of {} is {}: {}", key.source, word_for(key.report.status),
                                      key.report.reason));
        }
    }
    if (!bad.empty()) {
        checks.push_back({"keys", Health::Warning, fmt::format("{}", fmt::join(bad, "; ")),
                          "store a new one with `quantconf secret set`"});
    } else if (known > 0) {
        checks.push_back(
            {"keys", Health::Ok, fmt::format("{} of {} checked, none of them bad", known, keys.size()), {}});
    }
}

/// One line about what is used up today, where anything is.
void add_quota_check(const std::vector<KeyHealth>& keys, Checks& checks) {
    std::vector<std::string> used;
    for (const KeyHealth& key : keys) {
        if (key.report.daily_used.value_or(0) > 0 && key.report.daily_limit) {
            used.push_back(
                fmt::format("{} {} of {}", key.source, *key.report.daily_used, *key.report.daily_limit));
        }
    }
    if (!used.empty()) {
        checks.push_back({"quota", Health::Ok, fmt::format("used today: {}", fmt::join(used, ", ")), {}});
    }
}

void write_number(JsonWriter& json, std::string_view key, const std::optional<std::int64_t>& number) {
    number ? json.member(key, *number) : json.key(key).null();
}

void write_time(JsonWriter& json, std::string_view key, const std::optional<Time>& time) {
    time ? json.member(key, to_rfc3339(*time)) : json.key(key).null();
}

}  // namespace

std::vector<KeyHealth> look_at_keys(const Session& session, StateView* state, const Value& root,
                                    Environment environment, Checks& checks) {
    const SystemClock clock;
    std::vector<sources::KeyRecord> records;
    if (state != nullptr) {
        if (auto found = state->verdicts().in_use(environment)) {
            records = *std::move(found);
        } else {
            checks.push_back({"keys", Health::Warning, to_text(found.error()),
                              "nothing is known of keys until state.db can be read"});
        }
    }
    const bool is_the_bots = !session.arguments().schema_file.has_value();
    const auto used_today =
        is_the_bots ? std::optional<UsedToday>{std::in_place, root, session.variables()} : std::nullopt;
    std::vector<KeyHealth> keys;
    for (const Provider provider : configured_in(root)) {
        const auto record = std::ranges::find(records, provider, &sources::KeyRecord::source);
        KeyHealth key{.source = std::string{sources::name_of(provider)}, .report = {.source = provider}};
        if (record != records.end()) {
            key.report = sources::report_of(*record, clock.now());
        }
        if (used_today) {
            used_today->fill_in(key.report);
        }
        keys.push_back(std::move(key));
    }
    add_check(keys, checks);
    add_quota_check(keys, checks);
    return keys;
}

void write_key(JsonWriter& json, const KeyHealth& key) {
    const sources::KeyReport& report = key.report;
    // What was last tried and said nothing stands here, beside a verdict that still holds.
    const bool is_fine = report.last_status == KeyStatus::Valid;
    const bool was_tried = report.last_attempt.has_value();
    json.key(key.source).begin_object().member("status", word_for(report.status));
    write_time(json, "checked_at", report.checked_at);
    is_fine || !was_tried ? json.key("error").null() : json.member("error", report.last_reason);
    write_number(json, "rate_limit_remaining", report.remaining);
    write_time(json, "rate_limit_reset", report.reset);
    write_number(json, "quota_used", report.daily_used);
    write_number(json, "daily_quota", report.daily_limit);
    json.end_object();
}

}  // namespace quantconf::app
