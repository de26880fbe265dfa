#include "layers/kubernetes.hpp"

#include <gtest/gtest.h>

#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

constexpr auto kNotes = Severity::Note;

// E6

TEST(Kubernetes, service_links_of_kubernetes_are_ignored_with_a_note) {
    for (const char* link :
         {"BOT_SERVICE_HOST=10.0.0.1", "BOT_SERVICE_PORT=80", "BOT_SERVICE_PORT_HTTP=80",
          "BOT_PORT=tcp://10.0.0.1:80", "BOT_PORT_80_TCP=tcp://10.0.0.1:80", "BOT_PORT_80_TCP_PROTO=tcp",
          "BOT_PORT_80_TCP_PORT=80", "BOT_PORT_80_TCP_ADDR=10.0.0.1", "BOT_PORT_53_UDP_ADDR=fd00::1",
          "BOT_PORT_9_SCTP=sctp://10.0.0.1:9", "BOT_DATABASE_PORT=tcp://10.0.0.1:5432",
          "BOT_DATABASE_SERVICE_HOST=10.0.0.1"}) {
        const auto candidate = load_variables({link});
        EXPECT_EQ(codes(candidate, kNotes), std::vector{Code::KubernetesLink})
            << link << report_of(candidate);
    }
}

TEST(Kubernetes, what_only_looks_like_a_service_link_is_still_read) {
    EXPECT_EQ(decoded(load_variables({"BOT_DATABASE_PORT=6543"})).database.port, 6543);
    EXPECT_EQ(codes(load_variables({"BOT_SERVICE_HOST=example"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_PORT=5432x"})), std::vector{Code::UnknownVariable});
    // Kubernetes never writes a bare number here, so somebody meant a port of ours.
    EXPECT_EQ(codes(load_variables({"BOT_PORT=5432"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_SERVICE_PORT=http"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_PORT_80_TCP_PROTO=http"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_PORT_X_TCP=tcp://10.0.0.1:80"})),
              std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_DEBUGG=tcp://10.0.0.1:80"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_DATABASE_PORT=http://10.0.0.1"})).size(), 1U);
}

}  // namespace
}  // namespace quantconf::layers::test
