// One of several programs that share keys: asks several sources as often as it is let, with three threads,
// through a SourceClient that follows a configuration.
//
//   client_worker CONFIG_DIR QUOTA_DIR SECONDS SOURCE...

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "quantconf/sources.hpp"

namespace {

using namespace std::chrono_literals;
using namespace quantconf;
using quantbot::Provider;

constexpr int kThreads = 3;

/// A question that the simulator has an answer to.
const char* path_of(Provider provider) {
    switch (provider) {
        case Provider::Polygon:
            return "/v1/marketstatus/now";
        case Provider::Finnhub:
            return "/quote?symbol=AAPL";
        case Provider::OpenWeather:
            return "/data/2.5/weather?lat=51.5&lon=-0.12";
        case Provider::Fred:
            return "/series?series_id=GNPCA&file_type=json";
        case Provider::OpenAi:
            return "/models";
        case Provider::NewsApi:
            return "/top-headlines/sources?country=us";
        default:
            return "/top-headlines?category=general&max=1";
    }
}

std::vector<Provider> providers_of(int count, char** words) {
    std::vector<Provider> providers;
    for (int i = 4; i < count; ++i) {
        for (const auto& [provider, name] : EnumTable<Provider>::names) {
            if (name == words[i]) {
                providers.push_back(provider);
            }
        }
    }
    return providers;
}

struct Counts {
    std::array<std::atomic<int>, 10> answered = {};
    std::array<std::atomic<int>, 10> refused = {};  ///< By the provider: the limits were not kept.
};

}  // namespace

int main(int count, char** words) {
    if (count < 5) {
        return 2;
    }
    auto manager = ConfigManager<quantbot::Config>::open({.environment = "testing", .config_dir = words[1]});
    if (!manager) {
        std::fprintf(stderr, "%s\n", to_text(manager.error()).c_str());
        return 1;
    }
    auto client = sources::SourceClient::open(*manager, {.quota_dir = words[2]});
    if (!client) {
        std::fprintf(stderr, "%s\n", to_text(client.error()).c_str());
        return 1;
    }
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::milliseconds{static_cast<std::int64_t>(std::atof(words[3]) * 1000)};
    Counts counts;
    std::vector<std::jthread> threads;
    for (const Provider provider : providers_of(count, words)) {
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&, provider] {
                const auto place = static_cast<std::size_t>(provider);
                while (std::chrono::steady_clock::now() < end) {
                    const Duration left = end - std::chrono::steady_clock::now();
                    const sources::Answer answer = client->get({.source = provider,
                                                                .path = path_of(provider),
                                                                .deadline = std::max<Duration>(left, 1ms),
                                                                .max_age = Duration{}});
                    if (answer.has_data()) {
                        ++counts.answered.at(place);
                    } else if (answer.http_status == 429) {
                        ++counts.refused.at(place);
                    } else {
                        std::this_thread::sleep_for(5ms);  // Refused here: its wait is longer than we stay.
                    }
                }
            });
        }
    }
    threads.clear();
    for (const auto& [provider, name] : EnumTable<Provider>::names) {
        const auto place = static_cast<std::size_t>(provider);
        if (counts.answered.at(place) + counts.refused.at(place) > 0) {
            std::printf("%s %d %d\n", std::string{name}.c_str(), counts.answered.at(place).load(),
                        counts.refused.at(place).load());
        }
    }
    return 0;
}
