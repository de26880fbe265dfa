#include <string>

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

void print_text(const Session& session, const SourceReport& report) {
    const Terminal& out = session.out();
    const std::string mark = report.is_usable ? out.green("ready  ")
                             : report.has_key ? out.red("waits  ")
                                              : out.dim("no key ");
    std::string line = fmt::format("{} {:<14} {}", mark, name_of(report.source), escaped(report.endpoint));
    if (report.key) {
        line += fmt::format("  key {}", painted(out, report.key->status, word_for(report.key->status)));
    }
    out.print(line + "\n");
    for (const sources::WindowReport& window : report.windows) {
        const std::string reset =
            window.remaining == 0 ? fmt::format(", free in {}", short_duration(window.reset)) : "";
        out.print(out.dim(fmt::format("          {:<20} {:>7} left{}{}", window.window, window.remaining,
                                      reset, window.from_provider ? " (says the provider)" : "")) +
                  "\n");
    }
    if (!report.why_not.empty()) {
        out.print(fmt::format("          {}\n", out.yellow(escaped(report.why_not))));
    }
}

void write_source(JsonWriter& json, const SourceReport& report) {
    json.key(name_of(report.source))
        .begin_object()
        .member("title", report.title)
        .member("endpoint", report.endpoint)
        .member("has_key", report.has_key)
        .member("is_usable", report.is_usable)
        .member("why_not", report.why_not)
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
    const auto reports = (*opened)->client().sources();
    JsonWriter json;
    json.begin_object().key("sources").begin_object();
    for (const sources::Provider provider : *providers) {
        const SourceReport& report = reports.at(static_cast<std::size_t>(provider));
        if (session.arguments().format == "json") {
            write_source(json, report);
        } else {
            print_text(session, report);
        }
    }
    json.end_object().end_object();
    if (session.arguments().format == "json") {
        session.out().print(json.take());
    }
    return kFine;
}

}  // namespace quantconf::app
