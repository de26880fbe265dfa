// Every rule of the catalogue is there for a reason: without it, at least one known answer is read otherwise.

#include <gtest/gtest.h>

#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

/// What the rules decide; the rest follows from the answer.
struct Reading {
    KeyStatus status;
    std::string detail;
    std::string reason;
    std::optional<Duration> wait;

    friend bool operator==(const Reading&, const Reading&) = default;
};

/// Of `owner`'s cases: those of one provider, or all where the rule is everybody's.
std::vector<Reading> readings_of(const std::vector<Case>& cases, std::string_view owner,
                                 const Catalogue& catalogue) {
    std::vector<Reading> readings;
    for (const Case& one : cases) {
        if (owner == "before" || owner == "behind" || owner == one.provider) {
            const Verdict verdict = classified(one, catalogue);
            readings.push_back({verdict.status, verdict.detail, verdict.reason, verdict.wait});
        }
    }
    return readings;
}

TEST(Rules, each_of_them_is_needed_by_a_known_answer) {
    const std::vector<Case> cases = all_cases();
    const Catalogue& catalogue = Catalogue::built_in();
    ASSERT_GT(catalogue.count_rules(), 100U);

    for (std::size_t i = 0; i < catalogue.count_rules(); ++i) {
        const Catalogue other = catalogue.without_rule(i);
        const std::string name = catalogue.name_of_rule(i);
        const std::string owner = name.substr(0, name.find('.'));

        ASSERT_EQ(other.count_rules() + 1, catalogue.count_rules());
        EXPECT_TRUE(readings_of(cases, owner, other) != readings_of(cases, owner, catalogue))
            << name << " can go, or no case speaks of it";
    }
}

}  // namespace
}  // namespace quantconf::sources::test
