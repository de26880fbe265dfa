#include "history/problem.hpp"

#include <utility>

#include "base/problem_category.hpp"

namespace quantconf::history {
namespace {

const char* text_of(Problem problem) {
    switch (problem) {
        case Problem::Conflict:
            return "somebody else has changed it";
        case Problem::Locked:
            return "another process is changing files";
        case Problem::Unfinished:
            return "an earlier change was interrupted";
        case Problem::JournalDamaged:
            return "it is damaged";
        case Problem::UnknownFormat:
            return "it is not a journal of this version";
        case Problem::NotRegular:
            return "it is not a regular file";
        case Problem::TooLarge:
            return "it is too large";
        case Problem::ReadOnly:
            return "its folder cannot be written";
        case Problem::DurabilityUnknown:
            return "it is done, but perhaps not on disk";
        case Problem::NoSuchProcess:
            return "there is no such process";
        case Problem::SavedMeanwhile:
            return "it is done, but somebody has saved the same file meanwhile";
    }
    return nullptr;
}

}  // namespace

const std::error_category& problem_category() noexcept {
    static const ProblemCategory<Problem> kCategory{"history", text_of};
    return kCategory;
}

std::error_code make_error_code(Problem problem) noexcept {
    return {static_cast<int>(problem), problem_category()};
}

std::unexpected<Error> refuse(std::string_view operation, std::string_view subject, Problem problem,
                              std::string hint) {
    return std::unexpected{Error{.operation = std::string{operation},
                                 .subject = std::string{subject},
                                 .cause = make_error_code(problem),
                                 .hint = std::move(hint)}};
}

std::unexpected<Error> refuse_errno(std::string_view operation, std::string_view subject, int number,
                                    std::string hint) {
    return std::unexpected{Error{.operation = std::string{operation},
                                 .subject = std::string{subject},
                                 .cause = {number, std::generic_category()},
                                 .hint = std::move(hint)}};
}

}  // namespace quantconf::history
