#include "apps/net/opened_client.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "base/text.hpp"
#include "quantconf/quantbot.hpp"

namespace quantconf::app {

namespace {

template <typename E>
std::string_view text_of(E value) {
    const auto& names = EnumTable<E>::names;
    return std::ranges::find(names, value, [](const auto& entry) { return entry.value; })->text;
}

int report(const Session& session, const Failure& failure) {
    if (const auto* diagnostics = std::get_if<Diagnostics>(&failure)) {
        session.print_diagnostics(*diagnostics);
        return session.fail(kAnswerIsNo, "this configuration is invalid: nobody was asked");
    }
    return session.fail(std::get<Error>(failure));
}

}  // namespace

Session::Result<std::unique_ptr<OpenedClient>> OpenedClient::open(const Session& session) {
    const Arguments& arguments = session.arguments();
    if (arguments.schema_file) {
        return std::unexpected{
            session.fail(kWrongUsage, "the sources are those of the trading bot", "leave --schema out")};
    }
    const auto environment = session.environment();
    if (!environment) {
        return std::unexpected{environment.error()};
    }
    auto manager = ConfigManager<quantbot::Config>::open({
        .environment = std::string{quantconf::name_of(environment->environment)},
        .config_dir = arguments.config_dir,
        .auto_reload = false,
        .settings = arguments.settings,
        .variables = session.variables(),
        .state_dir = arguments.state_dir.value_or(std::filesystem::path{}),
        .key_file = arguments.key_file.value_or(std::filesystem::path{}),
        .keep_history = false,
        .missing_secrets = OnMissingSecret::Absent,
    });
    if (!manager) {
        return std::unexpected{report(session, manager.error())};
    }
    std::unique_ptr<OpenedClient> opened{new OpenedClient{*std::move(manager)}};
    auto client = sources::SourceClient::open(opened->manager_);
    if (!client) {
        return std::unexpected{report(session, client.error())};
    }
    opened->client_.emplace(*std::move(client));
    return opened;
}

Session::Result<std::vector<sources::Provider>> named_sources(const Session& session,
                                                              std::span<const std::string> names) {
    const auto& table = EnumTable<sources::Provider>::names;
    std::vector<sources::Provider> providers;
    if (names.empty()) {
        for (const auto& entry : table) {
            providers.push_back(entry.value);
        }
        return providers;
    }
    for (const std::string& name : names) {
        const auto found = std::ranges::find(table, name, [](const auto& entry) { return entry.text; });
        if (found == table.end()) {
            std::vector<std::string> known;
            for (const auto& entry : table) {
                known.emplace_back(entry.text);
            }
            const auto suggestions = nearest(name, known);
            // The word is repeated only if it is nearly a name: it may be a key.
            return std::unexpected{session.fail(
                kAnswerIsNo, no_such("source", name, !suggestions.empty()),
                suggestions.empty() ? "`quantconf sources` lists them all" : did_you_mean(suggestions))};
        }
        if (std::ranges::find(providers, found->value) == providers.end()) {
            providers.push_back(found->value);
        }
    }
    return providers;
}

std::string_view name_of(sources::Provider provider) {
    return text_of(provider);
}

std::string_view word_for(sources::KeyStatus status) {
    return text_of(status);
}

std::string painted(const Terminal& terminal, sources::KeyStatus status, std::string_view text) {
    using enum sources::KeyStatus;
    switch (status) {
        case Valid:
            return terminal.green(text);
        case Invalid:
        case Expired:
            return terminal.red(text);
        case NotEntitled:
        case RateLimited:
        case QuotaExhausted:
        case Unreachable:
            return terminal.yellow(text);
        case Unknown:
            break;
    }
    return terminal.dim(text);
}

std::string short_duration(Duration duration) {
    using namespace std::chrono;
    if (duration < seconds{1}) {
        return fmt::format("{}ms", ceil<milliseconds>(std::max(duration, Duration{})).count());
    }
    const auto all = ceil<seconds>(duration).count();
    if (all < 60) {
        return fmt::format("{}s", all);
    }
    if (all < 3'600) {
        return all % 60 == 0 ? fmt::format("{}m", all / 60) : fmt::format("{}m {}s", all / 60, all % 60);
    }
    const auto minutes_left = all % 3'600 / 60;
    if (all < 86'400) {
        return minutes_left == 0 ? fmt::format("{}h", all / 3'600)
                                 : fmt::format("{}h {}m", all / 3'600, minutes_left);
    }
    const auto hours_left = all % 86'400 / 3'600;
    return hours_left == 0 ? fmt::format("{}d", all / 86'400)
                           : fmt::format("{}d {}h", all / 86'400, hours_left);
}

}  // namespace quantconf::app
