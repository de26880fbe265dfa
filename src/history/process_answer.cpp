#include <string>
#include <string_view>

#include <fmt/format.h>

#include "history/limits.hpp"
#include "history/problem.hpp"
#include "history/processes.hpp"
#include "history/rows.hpp"
#include "history/shown_text.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

/// Lines of visible characters.
std::string shown_lines(std::string_view text) {
    std::string shown;
    for (std::size_t line = 0; line < limits::kAnswerLines && !text.empty(); ++line) {
        const std::size_t end = text.find('\n');
        shown += line == 0 ? "" : "\n";
        shown += shown_text(text.substr(0, end), limits::kAnswerLineBytes);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return shown;
}

}  // namespace

std::string_view name_of(Following following) {
    switch (following) {
        case Following::Off:
            return "off";
        case Following::Active:
            return "active";
        case Following::Starting:
            return "starting";
        case Following::Polling:
            break;
    }
    return "polling";
}

Outcome<void> Processes::answer(ProcessId id, const Answer& answer) {
    QC_TRY(state::Transaction transaction, database_.begin());
    bool is_there = false;
    {
        QC_TRY(state::Statement living,
               database_.prepare("SELECT 1 FROM process WHERE id = ? AND (ended IS NULL OR noticed IS NOT "
                                 "NULL)"));
        QC_TRY(is_there, living.bind(1, id).step());
    }
    if (!is_there) {
        return refuse("update a process in", database_.path().string(), Problem::NoSuchProcess,
                      fmt::format("row {} of the process table was removed", id));
    }
    {
        QC_TRY(state::Statement insert,
               database_.prepare("INSERT OR REPLACE INTO process_answer(process, request, is_accepted, said, "
                                 "at) VALUES(?, ?, ?, ?, ?)"));
        insert.bind(1, id).bind(3, answer.is_accepted ? 1 : 0).bind(5, microseconds_of(clock_.now()));
        insert.bind_blob(2, bytes_of(shown_text(answer.request, limits::kRequestIdBytes)));
        const std::string said = shown_lines(answer.said);
        insert.bind_blob(4, bytes_of(said));
        if (Outcome<void> done = insert.run(); !done) {
            return done;
        }
    }
    return transaction.commit();
}

Outcome<std::optional<Answer>> Processes::last_answer(ProcessId id) {
    QC_TRY(state::Statement row,
           database_.prepare("SELECT request, is_accepted, said FROM process_answer WHERE process = ?"));
    QC_TRY(const bool has_row, row.bind(1, id).step());
    if (!has_row) {
        return std::nullopt;
    }
    return Answer{.request = shown_text(row.bytes(0), limits::kRequestIdBytes),
                  .is_accepted = row.number(1) != 0,
                  .said = shown_lines(row.bytes(2))};
}

}  // namespace quantconf::history
