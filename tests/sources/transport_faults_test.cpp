// What happens to a connection, and answers without measure: bounded in time and memory, nothing repeated
// that must not be, nothing said about a key.

#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/asking.hpp"

namespace quantconf::sources::test {
namespace {

using namespace std::chrono_literals;
using enum KeyStatus;

constexpr Duration kPatience = 400ms;  // Of a caller, where a server is silent.
constexpr Duration kMargin = 1500ms;   // What a busy machine may add to it.
constexpr Duration kMarginOfLargeOnes =
    8s;  // What it takes to make, pack and send a hundred megabytes there.
constexpr Duration kPlenty = 10s;
constexpr int kAll = 1 + Asking::kRetries;

struct Fault {
    std::string_view kind;
    std::string_view settings;
    KeyStatus status;
    std::string_view detail;
    int requests;  ///< That arrive.
    Duration deadline = kPlenty;
};

const std::vector<Fault>& all_faults() {
    static const std::vector<Fault> faults{
        // Nobody answers, or not to the end: asked again.
        {"reset", "", Unreachable, "transport", kAll},
        {"close", "", Unreachable, "transport", kAll},
        {"not_http", "", Unreachable, "transport", kAll},
        {"reset_in_body", "", Unreachable, "transport", kAll},
        {"close_in_body", "", Unreachable, "transport", kAll},
        {"content_length", R"("by":10)", Unreachable, "transport", kAll},
        {"half_close", R"("sent":"nothing")", Unreachable, "transport", kAll},
        {"half_close", R"("sent":"head")", Unreachable, "transport", kAll},
        {"half_close", R"("sent":"half")", Unreachable, "transport", kAll},
        {"bad_gzip", "", Unreachable, "transport", kAll},
        {"nul_header", "", Unreachable, "transport", kAll},
        // Silence: all the time that there is, once.
        {"hang", "", Unreachable, "deadline", 1, kPatience},
        {"slow_drip", R"("bytes":1,"every_ms":50)", Unreachable, "deadline", 1, kPatience},
        {"latency", R"("ms":5000)", Unreachable, "deadline", 1, kPatience},
        // Without measure: it would be as large the next time.
        {"endless_body", "", Unknown, "too_large", 1},
        {"endless_headers", "", Unknown, "too_large", 1},
        {"huge_answer", R"("megabytes":100)", Unknown, "too_large", 1},
        {"gzip_bomb", R"("megabytes":100)", Unknown, "too_large", 1},
        {"huge_answer", R"("megabytes":17,"status":401)", Unknown, "too_large", 1},
        {"huge_answer", R"("megabytes":17,"status":429)", Unknown, "too_large", 1},
        {"huge_answer", R"("megabytes":17,"status":503)", Unknown, "too_large", 1},
        {"huge_answer", R"("megabytes":15)", Unknown, "", 1},
        {"gzip_bomb", R"("megabytes":17,"status":401)", Unknown, "too_large", 1},
        {"gzip_bomb", R"("megabytes":17,"status":403)", Unknown, "too_large", 1},
        {"many_headers", "", Unknown, "too_large", 1},
        {"big_header", "", Unknown, "too_large", 1},
        // Whole, and no data.
        {"truncated_json", "", Unknown, "", 1},
        {"captive_portal", "", Unknown, "", 1},
        {"captive_portal", R"("status":511)", Unreachable, "blocked", 1},
        {"redirect", "", Unknown, "", 1},
        {"status", R"("status":403,"headers":{"cf-mitigated":"challenge"})", Unreachable, "blocked", 1},
        // Odd, and the answer all the same.
        {"content_type", "", Valid, "", 1},
        {"slow_drip", R"("bytes":64,"every_ms":1)", Valid, "", 1},
    };
    return faults;
}

bool is_large(const Fault& fault) {
    return fault.kind.starts_with("huge_") || fault.kind.starts_with("endless_") || fault.kind == "gzip_bomb";
}

/// The most memory that this process has had since forget_peak(), in bytes.
std::size_t peak_memory() {
    std::ifstream file{"/proc/self/status"};
    for (std::string word; file >> word;) {
        if (std::size_t kilobytes = 0; word == "VmHWM:" && file >> kilobytes) {
            return kilobytes * 1024;
        }
    }
    return 0;
}

void forget_peak() {
    std::ofstream{"/proc/self/clear_refs"} << '5';
}

class TransportFaults : public AtTheSimulator {};

TEST_F(TransportFaults, each_is_bounded_and_said_to_be_what_it_is) {
    for (const Fault& fault : all_faults()) {
        SCOPED_TRACE(std::string{fault.kind} + ' ' + std::string{fault.settings});
        simulator_->fault("polygon", fault.kind, fault.settings);
        Asking asking{*simulator_, *http_, Provider::Polygon};
        const auto began = std::chrono::steady_clock::now();

        const Answer answer = asking.ask(fault.deadline);

        const Duration margin = is_large(fault) ? kMarginOfLargeOnes : kMargin;
        EXPECT_LT(std::chrono::steady_clock::now() - began, std::min<Duration>(fault.deadline, 3s) + margin);
        EXPECT_EQ(answer.verdict.status, fault.status) << answer.verdict.reason;
        EXPECT_EQ(answer.verdict.detail, fault.detail) << answer.verdict.reason;
        EXPECT_TRUE(fault.status == Valid || !answer.verdict.reason.empty());
        EXPECT_EQ(std::ssize(simulator_->arrivals()), fault.requests) << answer.verdict.reason;
        EXPECT_EQ(answer.attempts, fault.requests);
        EXPECT_EQ(asking.charged(), fault.requests);
        EXPECT_FALSE(asking.texts(answer).contains(asking.key())) << asking.texts(answer);
        EXPECT_TRUE(asking.verdicts().empty() || fault.status == Valid);
    }
}

TEST_F(TransportFaults, a_hundred_megabytes_are_not_held_in_memory) {
    for (const std::string_view kind : {"huge_answer", "gzip_bomb", "endless_body", "endless_headers"}) {
        simulator_->fault("polygon", kind);
        Asking asking{*simulator_, *http_, Provider::Polygon};
        forget_peak();
        const std::size_t before = peak_memory();

        EXPECT_EQ(asking.ask().verdict.detail, "too_large") << kind;

        ASSERT_GT(before, 0U);
        EXPECT_LT(peak_memory(), before + std::size_t{64} * 1024 * 1024) << kind;
    }
}

TEST_F(TransportFaults, nothing_is_paid_where_nobody_listens) {
    auto gone = std::make_unique<Simulator>();
    Asking asking{*gone, *http_, Provider::Polygon};
    gone.reset();

    const Answer answer = asking.ask();

    EXPECT_EQ(answer.verdict.status, Unreachable);
    EXPECT_EQ(answer.attempts, 0);
    EXPECT_EQ(asking.charged(), 0) << answer.verdict.reason;
}

TEST_F(TransportFaults, what_is_sent_with_post_is_sent_once) {
    for (const std::string_view kind : {"reset", "close", "not_http", "close_in_body"}) {
        simulator_->fault("openai", kind);
        Asking asking{*simulator_, *http_, Provider::OpenAi};

        const Answer answer = asking.post("/chat/completions", R"({"model":"x"})");

        EXPECT_EQ(std::ssize(simulator_->arrivals()), 1) << kind;
        EXPECT_EQ(answer.verdict.status, Unreachable) << kind;
        EXPECT_EQ(asking.charged(), 1) << kind;
    }
}

TEST(TlsFaults, no_key_goes_where_the_certificate_is_wrong) {
    for (const std::string kind : {"good", "expired", "wrong_host", "untrusted"}) {
        Simulator simulator{{"--tls", kind}};
        auto http = net::HttpClient::create({.ca_file = simulator.ca_file()});
        ASSERT_TRUE(http.has_value());
        Asking asking{simulator, *http, Provider::Polygon};

        const Answer answer = asking.ask();

        if (kind == "good") {
            EXPECT_EQ(answer.verdict.status, Valid) << answer.verdict.reason;
            EXPECT_EQ(asking.charged(), 1);
        } else {
            EXPECT_EQ(answer.verdict.status, Unreachable) << kind;
            EXPECT_TRUE(answer.verdict.reason.contains("no secure connection")) << answer.verdict.reason;
            EXPECT_EQ(answer.attempts, 0) << kind;
            EXPECT_EQ(asking.charged(), 0) << kind;
        }
    }
}

}  // namespace
}  // namespace quantconf::sources::test
