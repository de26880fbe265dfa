#include "audit/problem.hpp"

#include <string>

namespace quantconf::audit {
namespace {

class Category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "audit"; }
    [[nodiscard]] std::string message(int number) const override {
        switch (static_cast<Problem>(number)) {
            case Problem::ChainBroken:
                return "its newest record is not what was written";
            case Problem::NotUnfinished:
                return "it holds no unfinished intent of this number";
        }
        return "unknown problem";
    }
};

}  // namespace

const std::error_category& problem_category() noexcept {
    static const Category category;
    return category;
}

std::error_code make_error_code(Problem problem) noexcept {
    return {static_cast<int>(problem), problem_category()};
}

}  // namespace quantconf::audit
