#include "history/rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "history/limits.hpp"
#include "history/shown_text.hpp"
#include "state/problem.hpp"

namespace quantconf::history {
namespace {

constexpr std::size_t kHashDigits = 64;

bool is_hash(std::string_view text) {
    return text.size() == kHashDigits &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Only the spelling that is stored.
std::optional<Environment> stored_environment(std::string_view text) {
    const std::optional<Environment> environment = parse_environment(text);
    return environment && name_of(*environment) == text ? environment : std::nullopt;
}

}  // namespace

std::unexpected<Error> damaged(const state::Database& database, std::string_view what, std::int64_t number) {
    return state::failure(
        "read", database.path().string(), state::Problem::Damaged,
        fmt::format("{} {} is not what was written; keep a copy, `quantconf doctor` says what "
                    "to do",
                    what, number));
}

Outcome<VersionInfo> read_info(state::Database& database, const state::Statement& row) {
    const std::int64_t number = row.number(0);
    const std::optional<Environment> environment = stored_environment(row.bytes(2));
    const std::optional<Kind> kind = parse_kind(row.bytes(6));
    const std::int64_t parent = row.number(7);
    const std::int64_t rolled_back_to = row.number(8);
    const std::int64_t changes = row.number(9);
    const bool is_ours = number > 0 && is_hash(row.bytes(1)) && environment && kind && parent >= 0 &&
                         parent < number && rolled_back_to >= 0 && changes >= 0;
    if (!is_ours) {
        return damaged(database, "version", number);
    }
    return VersionInfo{.number = static_cast<VersionNumber>(number),
                       .hash = std::string{row.bytes(1)},
                       .environment = *environment,
                       .at = time_of(row.number(3)),
                       .author = shown_text(row.bytes(4), limits::kAuthorBytes),
                       .reason = shown_text(row.bytes(5), limits::kReasonBytes),
                       .kind = *kind,
                       .parent = static_cast<VersionNumber>(parent),
                       .rolled_back_to = static_cast<VersionNumber>(rolled_back_to),
                       .changes = static_cast<std::size_t>(changes)};
}

}  // namespace quantconf::history
