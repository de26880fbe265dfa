#include "sources/classify.hpp"

#include <gtest/gtest.h>

#include "sources/testing.hpp"

namespace quantconf::sources::test {
namespace {

class Answers : public testing::TestWithParam<Case> {};

TEST_P(Answers, is_read_for_what_it_is) {
    const Verdict verdict = classified(GetParam());

    EXPECT_EQ(name_of_status(verdict.status), name_of_status(GetParam().expected))
        << verdict.detail << ": " << verdict.reason;
    if (GetParam().detail) {
        EXPECT_EQ(verdict.detail, *GetParam().detail);
    }
    if (GetParam().wait) {
        EXPECT_EQ(verdict.wait, GetParam().wait);
    }
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
    return info.param.provider + "_" + info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Recorded, Answers, testing::ValuesIn(cases_of("fixtures.json")), test_name);
INSTANTIATE_TEST_SUITE_P(Other, Answers, testing::ValuesIn(cases_of("cases.json")), test_name);

}  // namespace
}  // namespace quantconf::sources::test
