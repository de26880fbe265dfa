#include "sources/verdict_table.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include "history/shown_text.hpp"
#include "quantconf/detail/try.hpp"
#include "sources/settings.hpp"

namespace quantconf::sources {
namespace {

using state::Statement;

constexpr std::size_t kReasonBytes = 512;  // 160 characters of Unicode, and more than our own texts.
constexpr std::size_t kWordBytes = 64;
constexpr std::int64_t kNone = -1;

constexpr std::string_view kColumns =
    "source, fingerprint, status, detail, reason, since, was_valid, confirmed, confirmed_uptime, "
    "confirmed_boot, doubts, doubted, doubted_uptime, doubted_boot, last_status, last_detail, last_reason, "
    "attempted, attempted_uptime, attempted_boot, failures, wait, remaining, reset";
constexpr int kColumnCount = 24;

std::string_view word_for(KeyStatus status) {
    for (const auto& [value, text] : EnumTable<KeyStatus>::names) {
        if (value == status) {
            return text;
        }
    }
    return "unknown";
}

std::optional<KeyStatus> status_of(std::string_view word) {
    for (const auto& [value, text] : EnumTable<KeyStatus>::names) {
        if (text == word) {
            return value;
        }
    }
    return std::nullopt;
}

std::int64_t microseconds_of(const std::optional<Time>& time) {
    return time ? time->time_since_epoch().count() : 0;
}
std::optional<Time> time_of(std::int64_t microseconds) {
    return microseconds == 0 ? std::nullopt : std::optional{Time{Time::duration{microseconds}}};
}

/// Writes a row, parameter by parameter.
class Writer {
public:
    explicit Writer(Statement& row) : row_{row} {}

    Writer& number(std::int64_t value) {
        row_.bind(++at_, value);
        return *this;
    }
    Writer& text(std::string_view value, std::size_t limit = kWordBytes) {
        // SQLite takes bytes without an address for NULL.
        const std::string shown = history::shown_line(value, limit);
        row_.bind_blob(++at_, shown.empty() ? std::string_view{""} : shown);
        return *this;
    }
    Writer& moment(const std::optional<Moment>& moment) {
        return number(moment ? microseconds_of(moment->wall) : 0)
            .number(moment ? moment->since_boot.count() : 0)
            .text(moment ? moment->boot : "");
    }

private:
    Statement& row_;
    int at_ = 0;
};

/// Reads one, column by column. Texts as shown_line() makes them: anybody may have written into the file.
class Reader {
public:
    explicit Reader(const Statement& row) : row_{row} {}

    std::int64_t number() { return row_.number(at_++); }
    int count() {
        const std::int64_t value = number();
        return value < 0 || value > std::numeric_limits<int>::max() / 2 ? 0 : static_cast<int>(value);
    }
    std::string text(std::size_t limit = kWordBytes) { return history::shown_line(row_.bytes(at_++), limit); }
    std::optional<Moment> moment() {
        const std::optional<Time> wall = time_of(number());
        const Duration since_boot{number()};
        std::string boot = text();
        return wall ? std::optional{Moment{*wall, since_boot, std::move(boot)}} : std::nullopt;
    }
    std::optional<std::int64_t> optional_number() {
        const std::int64_t value = number();
        return value < 0 ? std::nullopt : std::optional{value};
    }

private:
    const Statement& row_;
    int at_ = 0;
};

/// Nothing for a row that is none of ours.
std::optional<KeyRecord> read(const Statement& row) {
    Reader reader{row};
    const auto source = provider_of(reader.text());
    if (!source) {
        return std::nullopt;
    }
    KeyRecord record{.source = *source, .fingerprint = reader.text()};
    const auto status = status_of(reader.text());
    record.detail = reader.text();
    record.reason = reader.text(kReasonBytes);
    record.since = time_of(reader.number());
    record.was_valid = reader.number() != 0;
    record.confirmed = reader.moment();
    record.doubts = reader.count();
    record.doubted = reader.moment();
    const auto last = status_of(reader.text());
    record.last_detail = reader.text();
    record.last_reason = reader.text(kReasonBytes);
    record.attempted = reader.moment();
    record.failures = reader.count();
    const auto wait = reader.optional_number();
    record.wait = wait ? std::optional{Duration{*wait}} : std::nullopt;
    record.remaining = reader.optional_number();
    record.reset = time_of(reader.number());
    if (!status || !last || !(is_definite(*status) || *status == KeyStatus::Unknown)) {
        return std::nullopt;
    }
    record.status = *status;
    record.last_status = *last;
    return record;
}

}  // namespace

Outcome<std::optional<KeyRecord>> VerdictTable::find(quantbot::Provider source,
                                                     std::string_view fingerprint) {
    QC_TRY(Statement rows, database_.prepare(std::string{"SELECT "} + std::string{kColumns} +
                                             " FROM key_verdict WHERE source = ? AND fingerprint = ?"));
    rows.bind_blob(1, name_of(source)).bind_blob(2, fingerprint);
    QC_TRY(const bool has_row, rows.step());
    return has_row ? read(rows) : std::nullopt;
}

Outcome<std::vector<KeyRecord>> VerdictTable::in_use(Environment environment) {
    QC_TRY(Statement rows, database_.prepare(std::string{"SELECT "} + std::string{kColumns} +
                                             " FROM key_verdict JOIN key_use USING(source, fingerprint) "
                                             "WHERE environment = ? ORDER BY source"));
    rows.bind_blob(1, quantconf::name_of(environment));
    std::vector<KeyRecord> records;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return records;
        }
        if (std::optional<KeyRecord> record = read(rows)) {
            records.push_back(*std::move(record));
        }
    }
}

Outcome<void> VerdictTable::put(const KeyRecord& record) {
    std::string places = "?";
    for (int i = 1; i < kColumnCount; ++i) {
        places += ", ?";
    }
    QC_TRY(Statement row, database_.prepare("INSERT OR REPLACE INTO key_verdict(" + std::string{kColumns} +
                                            ") VALUES(" + places + ")"));
    Writer{row}
        .text(name_of(record.source))
        .text(record.fingerprint)
        .text(word_for(record.status))
        .text(record.detail)
        .text(record.reason, kReasonBytes)
        .number(microseconds_of(record.since))
        .number(record.was_valid ? 1 : 0)
        .moment(record.confirmed)
        .number(record.doubts)
        .moment(record.doubted)
        .text(word_for(record.last_status))
        .text(record.last_detail)
        .text(record.last_reason, kReasonBytes)
        .moment(record.attempted)
        .number(record.failures)
        .number(record.wait ? record.wait->count() : kNone)
        .number(record.remaining.value_or(kNone))
        .number(microseconds_of(record.reset));
    return row.run();
}

Outcome<void> VerdictTable::use(Environment environment, quantbot::Provider source,
                                std::string_view fingerprint, Time now) {
    QC_TRY(Statement row, database_.prepare("INSERT OR REPLACE INTO key_use(environment, source, "
                                            "fingerprint, at) VALUES(?, ?, ?, ?)"));
    row.bind_blob(1, quantconf::name_of(environment)).bind_blob(2, name_of(source));
    return row.bind_blob(3, fingerprint).bind(4, microseconds_of(now)).run();
}

Outcome<void> VerdictTable::prune(Time now) {
    const std::int64_t oldest = microseconds_of(now - kKeyMemory);
    QC_TRY(Statement old, database_.prepare("DELETE FROM key_verdict WHERE attempted < ?"));
    if (Outcome<void> done = old.bind(1, oldest).run(); !done) {
        return done;
    }
    QC_TRY(Statement unused,
           database_.prepare("DELETE FROM key_use WHERE NOT EXISTS (SELECT 1 FROM key_verdict WHERE "
                             "key_verdict.source = key_use.source AND "
                             "key_verdict.fingerprint = key_use.fingerprint)"));
    return unused.run();
}

}  // namespace quantconf::sources
