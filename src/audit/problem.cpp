#include "audit/problem.hpp"

#include "base/problem_category.hpp"

namespace quantconf::audit {
namespace {

const char* text_of(Problem problem) {
    switch (problem) {
        case Problem::ChainBroken:
            return "its newest record is not what was written";
        case Problem::NotUnfinished:
            return "it holds no unfinished intent of this number";
    }
    return nullptr;
}

}  // namespace

const std::error_category& problem_category() noexcept {
    static const ProblemCategory<Problem> kCategory{"audit", text_of};
    return kCategory;
}

std::error_code make_error_code(Problem problem) noexcept {
    return {static_cast<int>(problem), problem_category()};
}

}  // namespace quantconf::audit
