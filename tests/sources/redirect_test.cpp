// Threat 52: a provider, or whoever answers in its place, points elsewhere. Nothing goes there, and least of
// all the key.

#include <string>
#include <string_view>
#include <vector>

#include "support/asking.hpp"

namespace quantconf::sources::test {
namespace {

/// The built-in catalogue with one way for `source` to send its key.
std::shared_ptr<const Catalogue> with_way(std::string_view source, const Authentication& way) {
    std::string_view kind = "none";
    for (const auto& [value, name] : EnumTable<Authentication::Kind>::names) {
        kind = value == way.kind ? name : kind;
    }
    std::string text = "sources: {" + std::string{source} + ": {authentication: [{kind: " + std::string{kind};
    text += way.name.empty() ? "" : ", name: " + way.name;
    text += way.before.empty() ? "" : ", before: " + json_text(way.before);
    auto catalogue = Catalogue::with_overrides(text + "}]}}", "a test");
    EXPECT_TRUE(catalogue.has_value()) << to_text(Failure{catalogue.error()});
    return std::make_shared<const Catalogue>(*std::move(catalogue));
}

class Redirects : public AtTheSimulator {
protected:
    /// Where answers point to: the trap under another name, without a scheme, and on the same server.
    static std::vector<std::string> targets() {
        const std::string port = simulator_->url("").substr(std::string_view{"http://127.0.0.1:"}.size());
        return {"", "//localhost:" + port + "/_trap/x", "/_trap/x",
                "http://user@localhost:" + port + "/_trap/x"};
    }
    static void redirect(std::string_view source, int status, const std::string& target) {
        simulator_->fault(source, "redirect",
                          R"("status":)" + std::to_string(status) + R"(,"to":)" + json_text(target));
    }
    static void expect_that_the_trap_is_empty() {
        const auto stats = simulator_->control("stats");
        EXPECT_EQ(Simulator::number(Simulator::at(stats->root, "trap", "requests")), 0);
        EXPECT_EQ(Simulator::number(Simulator::at(stats->root, "trap", "with_key")), 0);
    }
};

TEST_F(Redirects, nobody_is_followed_for_any_provider_and_any_way_to_send_a_key) {
    std::size_t ways = 0;
    for (const Source& source : Catalogue::built_in().sources()) {
        for (const Authentication& way : source.authentication) {
            const auto catalogue = with_way(source.name, way);
            for (const int status : {301, 302, 303, 307, 308}) {
                for (const std::string& target : targets()) {
                    SCOPED_TRACE(source.name + ", " + way.name + ", " + std::to_string(status) + ", " +
                                 target);
                    redirect(source.name, status, target);
                    Asking asking{*simulator_, *http_, source.provider, {}, catalogue};

                    const Answer answer = asking.ask();

                    EXPECT_EQ(answer.verdict.status, KeyStatus::Unknown) << answer.verdict.reason;
                    EXPECT_EQ(answer.http_status, status);
                    const auto arrivals = simulator_->arrivals();
                    EXPECT_EQ(std::ranges::count(arrivals, source.name, &Arrival::source), 1);
                    EXPECT_EQ(std::ranges::count(arrivals, "_trap", &Arrival::source), 0);
                }
            }
            ++ways;
        }
    }
    EXPECT_GE(ways, 17U);
    expect_that_the_trap_is_empty();
}

TEST_F(Redirects, nobody_is_followed_where_tokens_are_given_out) {
    for (const int status : {301, 302, 303, 307, 308}) {
        for (const std::string& target : targets()) {
            redirect("reddit_token", status, target);
            Asking asking{*simulator_, *http_, Provider::Reddit};

            EXPECT_EQ(asking.ask().verdict.status, KeyStatus::Unknown) << status << target;

            EXPECT_EQ(std::ssize(simulator_->arrivals()), 1) << status << target;
        }
    }
    expect_that_the_trap_is_empty();
}

TEST_F(Redirects, the_trap_would_notice) {
    static_cast<void>(http_->send_and_wait(
        {.url = simulator_->url("/_trap/x"),
         .secret_parameters = {{.name = "apikey", .secret = Secret::plain(simulator_->key("fred"))}}}));
    const auto stats = simulator_->control("stats");
    EXPECT_EQ(Simulator::number(Simulator::at(stats->root, "trap", "with_key")), 1);
}

}  // namespace
}  // namespace quantconf::sources::test
