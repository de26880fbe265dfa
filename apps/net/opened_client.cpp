#include "apps/net/opened_client.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "apps/unlock/key_options.hpp"
#include "base/text.hpp"
#include "live/chosen_key.hpp"
#include "quantconf/quantbot.hpp"
#include "secrets/masked_ends.hpp"
#include "secrets/redact.hpp"
#include "sources/settings.hpp"

namespace quantconf::app {

namespace {

/// So much of a key, at either end, is more than a mask should leave.
constexpr std::size_t kTellingBytes = 8;

template <typename E>
std::string_view text_of(E value) {
    const auto& names = EnumTable<E>::names;
    return std::ranges::find(names, value, [](const auto& entry) { return entry.value; })->text;
}

int report(const Session& session, const Failure& failure) {
    if (const auto* diagnostics = std::get_if<Diagnostics>(&failure)) {
        Diagnostics errors = *diagnostics;
        std::erase_if(errors, [](const Diagnostic& one) { return one.severity != Severity::Error; });
        session.print_diagnostics(errors);
        return session.fail(kAnswerIsNo, "the configuration is invalid, so nobody was asked",
                            "`quantconf check` shows everything that is wrong");
    }
    return session.fail(std::get<Error>(failure));
}

/// What these commands cannot use, said before anything is opened.
std::optional<int> refuse_options(const Session& session) {
    if (session.arguments().schema_file) {
        return session.fail(kWrongUsage, "the sources are those of the trading bot, whatever the schema",
                            "leave --schema out");
    }
    return std::nullopt;
}

/// Null: whatever the variables name, else the default file.
std::shared_ptr<const live::ChosenKey> chosen_key(const Session& session) {
    auto key = key_by_option(session);
    return key ? std::make_shared<const live::ChosenKey>(*std::move(key)) : nullptr;
}

}  // namespace

Session::Result<std::unique_ptr<OpenedClient>> OpenedClient::open(const Session& session) {
    const Arguments& arguments = session.arguments();
    if (const auto refused = refuse_options(session)) {
        return std::unexpected{*refused};
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
        .state_dir = session.state_dir(),
        .chosen_key = chosen_key(session),
        .keep_history = false,
        .missing_secrets = OnMissingSecret::Absent,
    });
    if (!manager) {
        return std::unexpected{report(session, manager.error())};
    }
    auto candidate = session.load(*environment);
    if (!candidate) {
        return std::unexpected{candidate.error()};
    }
    KeyPlaces places{*std::move(candidate), manager->snapshot()->data_sources,
                     manager->health().closed_store};
    std::unique_ptr<OpenedClient> opened{new OpenedClient{*std::move(manager), std::move(places)}};
    auto client = sources::SourceClient::open(opened->manager_);
    if (!client) {
        return std::unexpected{report(session, client.error())};
    }
    opened->client_.emplace(*std::move(client));
    if (const std::string problem = opened->client().catalogue_problem(); !problem.empty()) {
        session.err().print(fmt::format("{} {}{}{} the built-in facts about providers are used instead\n",
                                        session.err().yellow("warning:"), problem,
                                        problem.ends_with('\n') ? "" : "\n", session.err().cyan("hint:")));
    }
    return opened;
}

bool OpenedClient::has_key(sources::Provider provider) const {
    return !sources::credentials_of(manager_.snapshot()->data_sources, provider).empty();
}

std::string OpenedClient::printable(const sources::Answer& answer) const {
    // Who refuses a key often repeats a part of it. Elsewhere a "token" may be that of the next page.
    const bool is_about_the_key = answer.verdict.status == sources::KeyStatus::Invalid ||
                                  answer.verdict.status == sources::KeyStatus::Expired;
    secrets::Redactor redactor;
    std::string body = answer.body;
    const auto credentials = sources::credentials_of(manager_.snapshot()->data_sources, answer.source);
    for (const Secret* part : {&credentials.key, &credentials.secret}) {
        part->reveal(grant_secret_access(), [&](std::string_view text) {
            redactor.add(text);
            if (is_about_the_key && text.size() >= 2 * kTellingBytes) {
                redactor.add(text.substr(0, kTellingBytes));
                redactor.add(text.substr(text.size() - kTellingBytes));
                body = secrets::without_masked_ends(body, text);
            }
        });
    }
    return is_about_the_key ? redactor.redacted(body) : redactor.without_values(body);
}

std::optional<int> fail_if_store_is_closed(const Session& session, const OpenedClient& opened,
                                           std::span<const sources::Provider> providers) {
    for (const sources::Provider provider : providers) {
        if (const Diagnostic* door = opened.places().behind_a_closed_door(provider)) {
            return session.fail(kWorldFailed, door->message, door->hint);
        }
    }
    return std::nullopt;
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
