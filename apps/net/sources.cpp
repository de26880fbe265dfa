#include <algorithm>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "apps/net/commands.hpp"
#include "apps/net/key_output.hpp"
#include "apps/net/opened_client.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {

namespace {

using sources::SourceReport;

double seconds_of(Duration duration) {
    return std::chrono::duration<double>{duration}.count();
}

/// "per minute" of "60 per minute".
std::string_view unit_of(const sources::WindowReport& window) {
    const std::string_view text = window.window;
    return text.substr(std::min(text.find(' ') + 1, text.size()));
}

void print_window(const Terminal& out, const sources::WindowReport& window) {
    std::string line =
        fmt::format("{:>16} of {:<7} left {}", window.remaining, window.limit, unit_of(window));
    if (window.remaining <= 0) {
        line += fmt::format(", again in {}", short_duration(window.reset));
    } else if (window.reset > Duration{} && !window.from_provider) {
        line += fmt::format(", next in {}", short_duration(window.reset));
    }
    if (window.from_provider) {
        line += ", as the provider says";
    }
    out.print(out.dim(line) + "\n");
}

bool lacks_key(const SourceReport& report) {
    return report.detail == "not_configured";
}

void print_text(const Session& session, const SourceReport& report) {
    const Terminal& out = session.out();
    const std::string mark = report.is_usable    ? out.green("ready  ")
                             : lacks_key(report) ? out.dim("no key ")
                                                 : out.red("not now");
    std::string line = fmt::format("{}  {:<14} {}", mark, name_of(report.source), escaped(report.endpoint));
    if (report.key) {
        line += fmt::format("  key {}", painted(out, report.key->status, word_for(report.key->status)));
    }
    out.print(line + "\n");
    if (!report.why_not.empty()) {
        out.print(fmt::format("      {}\n", out.yellow(escaped(report.why_not))));
    }
    if (!report.hint.empty()) {
        out.print(fmt::format("      {} {}\n", out.cyan("hint:"), escaped(report.hint)));
    }
    for (const sources::WindowReport& window : report.windows) {
        print_window(out, window);
    }
}

/// Those who lack the same thing, in one sentence.
void print_without_keys(const Session& session, const std::vector<std::string_view>& names) {
    constexpr std::size_t kColumns = 80;
    std::string text = fmt::format("no key   {}", names.front());
    std::size_t begin_of_line = 0;
    for (const std::string_view name : names | std::views::drop(1)) {
        text += ",";
        if (text.size() - begin_of_line + name.size() + 2 > kColumns) {
            begin_of_line = text.size() + 1;
            text += "\n        ";
        }
        text += fmt::format(" {}", name);
    }
    session.out().print(text + "\n");
    session.out().print(fmt::format("      {} `quantconf sources {}` says where its key belongs\n",
                                    session.out().cyan("hint:"), names.front()));
}

/// What the library cannot know: where a key belongs that is missing, or that was refused.
void add_hint(const OpenedClient& opened, SourceReport& report) {
    using enum sources::KeyStatus;
    if (lacks_key(report)) {
        report.why_not = opened.places().why_missing(report.source);
        report.hint = opened.places().how_to_set(report.source);
        return;
    }
    const bool was_refused = report.key && (report.key->status == Invalid || report.key->status == Expired);
    if (report.hint.empty() && (was_refused || report.detail == "malformed")) {
        report.hint = opened.places().how_to_replace(report.source);
    }
}

/// Reports that the requests of one of these sources cannot be counted; nothing otherwise.
std::optional<int> fail_if_uncounted(const Session& session, std::span<const SourceReport> reports,
                                     std::span<const sources::Provider> providers) {
    for (const sources::Provider provider : providers) {
        const SourceReport& report = reports[static_cast<std::size_t>(provider)];
        if (report.detail == "ledger") {
            return session.fail(kWorldFailed,
                                fmt::format("{}: {}", name_of(provider), escaped(report.why_not)),
                                escaped(report.hint));
        }
    }
    return std::nullopt;
}

void write_source(JsonWriter& json, const SourceReport& report) {
    json.key(name_of(report.source))
        .begin_object()
        .member("title", report.title)
        .member("endpoint", report.endpoint)
        .member("has_key", report.has_key)
        .member("is_usable", report.is_usable)
        .member("why_not", report.why_not)
        .member("hint", report.hint)
        .member("breaker", report.breaker);
    report.paused ? json.member("paused_seconds", seconds_of(*report.paused))
                  : json.key("paused_seconds").null();
    json.key("windows").begin_array();
    for (const sources::WindowReport& window : report.windows) {
        json.begin_object()
            .member("window", window.window)
            .member("limit", window.limit)
            .member("used", window.used)
            .member("remaining", window.remaining)
            .member("reset_seconds", seconds_of(window.reset))
            .member("from_provider", window.from_provider)
            .end_object();
    }
    json.end_array().key("key");
    if (report.key) {
        json.begin_object();
        write_key(json, *report.key);
        json.end_object();
    } else {
        json.null();
    }
    json.end_object();
}

}  // namespace

int run_sources(const Session& session) {
    const auto providers = named_sources(session, session.arguments().operands);
    if (!providers) {
        return providers.error();
    }
    const auto opened = OpenedClient::open(session);
    if (!opened) {
        return opened.error();
    }
    auto reports = (*opened)->client().sources();
    const Arguments& arguments = session.arguments();
    std::vector<std::string_view> without_keys;
    JsonWriter json;
    json.begin_object().key("sources").begin_object();
    for (const sources::Provider provider : *providers) {
        SourceReport& report = reports.at(static_cast<std::size_t>(provider));
        add_hint(**opened, report);
        if (arguments.format == "json") {
            write_source(json, report);
        } else if (arguments.operands.empty() && lacks_key(report)) {
            without_keys.push_back(name_of(provider));
        } else {
            print_text(session, report);
        }
    }
    json.end_object().end_object();
    if (arguments.format == "json") {
        session.out().print(json.take());
    } else if (!without_keys.empty()) {
        print_without_keys(session, without_keys);
    }
    // It was worth showing the rest; whether these have keys is not known.
    if (const auto failed = fail_if_store_is_closed(session, **opened, *providers)) {
        return *failed;
    }
    return fail_if_uncounted(session, reports, *providers).value_or(kFine);
}

}  // namespace quantconf::app
