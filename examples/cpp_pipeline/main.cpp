// The bot's data pipeline: everything it wants to know about a few symbols, asked in rounds through groups of
// providers, while providers fail, keys are revoked and limits are cut. README.md shows a run.
//
//   cpp_pipeline CONFIG_DIR [SECONDS] [--json]

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <future>
#include <iostream>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <quantconf/manager.hpp>
#include <quantconf/quantbot.hpp>
#include <quantconf/sources.hpp>
#include <unistd.h>

#include "events.hpp"
#include "questions.hpp"
#include "screen.hpp"
#include "summary.hpp"
#include "tally.hpp"

namespace {

using namespace std::chrono_literals;
using quantconf::ConfigManager;
using quantconf::quantbot::Config;
using quantconf::sources::Answer;
using quantconf::sources::SourceClient;

constexpr auto kPause = 700ms;  // Between two rounds.
constexpr auto kTick = 50ms;    // How often the bar moves.

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): all that a signal handler may touch.
std::atomic<bool> is_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

struct Options {
    std::string folder;
    double seconds = 10;
    bool is_json = false;
};

/// 0 if it is no number of seconds, such as "nan", "5x" or a year.
double seconds_of(std::string_view text) {
    constexpr double kLongest = 24.0 * 60 * 60;
    double seconds = 0;
    const char* end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, seconds);
    const bool is_fine = problem == std::errc{} && rest == end && seconds > 0 && seconds <= kLongest;
    return is_fine ? seconds : 0;
}

Options options_of(int argc, char** argv) {
    Options options;
    for (const std::string_view argument : std::vector<std::string_view>(argv + 1, argv + argc)) {
        if (argument == "--json") {
            options.is_json = true;
        } else if (options.folder.empty()) {
            options.folder = argument;
        } else {
            options.seconds = seconds_of(argument);
        }
    }
    return options;
}

/// The run from the first round to the last.
class Pipeline {
public:
    Pipeline(SourceClient& client, Screen& screen, Events& events, double seconds)
        : client_{client}, screen_{screen}, events_{events}, seconds_{seconds} {}

    Tally run() {
        while (!is_over()) {
            round();
            const double next = screen_.seconds() + std::chrono::duration<double>{kPause}.count();
            while (!is_over() && screen_.seconds() < next) {
                std::this_thread::sleep_for(kTick);
                show_progress();
            }
        }
        screen_.end_progress();
        tally_.seconds = screen_.seconds();
        return std::move(tally_);
    }

private:
    struct Waiting {
        Question question;
        std::future<Answer> answer;
    };

    /// Asks everything at once; `worker_threads` and `max_concurrent_requests` say how much of it at a time.
    void round() {
        std::vector<Waiting> waiting;
        for (Question& question : questions_of_a_round({"AAPL", "MSFT", "SPY"})) {
            question.query.stop = stop_.get_token();
            auto answer = client_.ask_later(question.query);
            waiting.push_back({.question = std::move(question), .answer = std::move(answer)});
        }
        for (Waiting& one : waiting) {
            while (one.answer.wait_for(kTick) != std::future_status::ready) {
                if (is_over()) {
                    stop_.request_stop();  // Then every answer comes at once.
                }
                show_progress();
            }
            const Answer answer = one.answer.get();
            events_.answered(one.question.label, answer);
            tally_.add(one.question.query.capability, answer);
        }
        events_.look_at_keys(client_.sources());
        ++tally_.rounds;
    }

    void show_progress() {
        screen_.progress(screen_.seconds() / seconds_, std::to_string(tally_.answers()) + " answers");
    }
    [[nodiscard]] bool is_over() const { return is_interrupted || screen_.seconds() >= seconds_; }

    SourceClient& client_;
    Screen& screen_;
    Events& events_;
    double seconds_;
    std::stop_source stop_;
    Tally tally_;
};

}  // namespace

int main(int argc, char** argv) {
    const Options options = options_of(argc, argv);
    if (options.folder.empty() || options.seconds <= 0) {
        std::cerr << "usage: cpp_pipeline CONFIG_DIR [SECONDS] [--json]\n";
        return 2;
    }
    // Ctrl-C ends it early, with the summary.
    std::signal(SIGINT, [](int /*signal*/) { is_interrupted = true; });
    std::signal(SIGTERM, [](int /*signal*/) { is_interrupted = true; });

    // Of a provider whose key is missing nothing is asked: that is no reason not to start.
    auto manager = ConfigManager<Config>::open(
        {.config_dir = options.folder, .missing_secrets = quantconf::OnMissingSecret::Absent});
    if (!manager) {
        std::cerr << to_text(manager.error()) << '\n';
        return 1;
    }
    Screen screen{options.is_json ? std::cerr : std::cout, options.is_json ? STDERR_FILENO : STDOUT_FILENO};
    Events events{screen};
    auto client =
        SourceClient::open(*manager, {.on_key = [&events](const auto& key) { events.key_changed(key); }});
    if (!client) {
        std::cerr << to_text(client.error()) << '\n';
        return 1;
    }
    const auto subscription = manager->watch(
        "data_sources.rate_limits", {.commit = [&events](const quantconf::Transition<Config>& change) {
            events.limits_changed(change.version, change.changes);
        }});

    const Tally tally = Pipeline{*client, screen, events, options.seconds}.run();
    const Summary summary{
        .tally = tally, .sources = client->sources(), .limit_changes = events.limit_changes()};
    if (options.is_json) {
        print_json(std::cout, summary);
    } else {
        print_tables(std::cout, summary);
    }
    return 0;
}
