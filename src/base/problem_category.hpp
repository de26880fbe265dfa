#pragma once

#include <string>
#include <system_error>

namespace quantconf {

/// The category of the problems that one folder has words for: an enumeration, the folder's name, and what
/// each of its values says. Each folder has one, for ever the same:
///
///     const std::error_category& problem_category() noexcept {
///         static const ProblemCategory<Problem> kCategory{"state", text_of};
///         return kCategory;
///     }
template <typename Problem>
class ProblemCategory final : public std::error_category {
public:
    /// Both live for ever. `text_of` gives nullptr for a number that has no name.
    constexpr ProblemCategory(const char* name, const char* (*text_of)(Problem)) noexcept
        : name_{name}, text_of_{text_of} {}

    [[nodiscard]] const char* name() const noexcept override { return name_; }
    [[nodiscard]] std::string message(int number) const override {
        const char* text = text_of_(static_cast<Problem>(number));
        return text == nullptr ? "unknown problem" : text;
    }

private:
    const char* name_;
    const char* (*text_of_)(Problem);
};

}  // namespace quantconf
