#include "state/problem.hpp"

#include <utility>

#include "base/problem_category.hpp"

namespace quantconf::state {
namespace {

const char* text_of(Problem problem) {
    switch (problem) {
        case Problem::Missing:
            return "it does not exist";
        case Problem::Exposed:
            return "others have rights to it";
        case Problem::NotRegular:
            return "it is not a regular file of one name";
        case Problem::Damaged:
            return "it is damaged";
        case Problem::Foreign:
            return "it belongs to another program";
        case Problem::NewerVersion:
            return "a newer quantconf wrote it";
        case Problem::Replaced:
            return "it was deleted, renamed or replaced while it was open";
        case Problem::Forked:
            return "it was opened before a fork";
        case Problem::Busy:
            return "another process holds its lock";
        case Problem::Full:
            return "no space is left";
        case Problem::ReadOnly:
            return "it cannot be written";
        case Problem::InputOutput:
            return "the disk failed";
        case Problem::Unexpected:
            return "unexpected answer of SQLite";
        case Problem::Unreadable:
            return "it cannot be read";
    }
    return nullptr;
}

}  // namespace

const std::error_category& problem_category() noexcept {
    static const ProblemCategory<Problem> kCategory{"state", text_of};
    return kCategory;
}

std::error_code make_error_code(Problem problem) noexcept {
    return {static_cast<int>(problem), problem_category()};
}

std::unexpected<Error> failure(std::string_view operation, std::string_view subject, Problem problem,
                               std::string hint) {
    return std::unexpected{Error{.operation = std::string{operation},
                                 .subject = std::string{subject},
                                 .cause = make_error_code(problem),
                                 .hint = std::move(hint)}};
}

}  // namespace quantconf::state
