#include "live/problem.hpp"

#include "base/problem_category.hpp"

namespace quantconf::live {
namespace {

const char* text_of(Problem problem) {
    switch (problem) {
        case Problem::KeepsChanging:
            return "it keeps changing while it is read";
        case Problem::InsideCallback:
            return "a subscriber cannot change the configuration that it is being told about";
        case Problem::NoSuchVersion:
            return "there is no such version";
        case Problem::OtherEnvironment:
            return "it is a version of another environment";
        case Problem::NoHistory:
            return "no history is kept";
        case Problem::NothingToSet:
            return "there is nothing to set";
        case Problem::TextTooLong:
            return "it is too long";
        case Problem::NotRecorded:
            return "the change cannot be recorded";
        case Problem::Disturbed:
            return "the files began to change while they were read";
        case Problem::HistoryLost:
            return "it was replaced by another history";
    }
    return nullptr;
}

}  // namespace

const std::error_category& problem_category() noexcept {
    static const ProblemCategory<Problem> kCategory{"live", text_of};
    return kCategory;
}

std::error_code make_error_code(Problem problem) noexcept {
    return {static_cast<int>(problem), problem_category()};
}

}  // namespace quantconf::live
