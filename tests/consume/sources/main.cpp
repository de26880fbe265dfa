// An outside program with a client of the data providers. It sees public headers only, and asks nobody: no
// source has a key.

#include <cstdio>
#include <string>

#include <quantconf/manager.hpp>
#include <quantconf/sources.hpp>

namespace {

int give_up(const quantconf::Failure& failure) {
    std::fputs(quantconf::to_text(failure).c_str(), stderr);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: sources_consumer CONFIG_DIR QUOTA_DIR\n", stderr);
        return 2;
    }
    auto manager = quantconf::ConfigManager<quantconf::quantbot::Config>::open(
        {.config_dir = argv[1],
         .auto_reload = false,
         .variables = std::vector<std::string>{},
         .keep_history = false,
         .missing_secrets = quantconf::OnMissingSecret::Absent});
    if (!manager) {
        return give_up(manager.error());
    }
    auto client = quantconf::sources::SourceClient::open(*manager, {.quota_dir = argv[2]});
    if (!client) {
        return give_up(client.error());
    }
    const auto answer = client->get({.source = quantconf::sources::Provider::Fred, .path = "/series"});
    std::printf("%zu sources; FRED says nothing, because %s\n", client->sources().size(),
                answer.verdict.reason.c_str());
    return answer.attempts == 0 && answer.verdict.detail == "not_configured" ? 0 : 1;
}
