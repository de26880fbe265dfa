#include <algorithm>
#include <chrono>
#include <string>

#include <fmt/format.h>

#include "apps/net/commands.hpp"
#include "apps/net/opened_client.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "base/base64.hpp"
#include "base/clock.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"
#include "layers/utf8_text.hpp"
#include "sources/answer_facts.hpp"

namespace quantconf::app {

namespace {

using sources::Answer;
using sources::KeyStatus;

double seconds_of(Duration duration) {
    return std::chrono::duration<double>{duration}.count();
}

void print_json(const Session& session, const Answer& answer, const std::string& body) {
    JsonWriter json;
    json.begin_object()
        .member("source", name_of(answer.source))
        .member("status", word_for(answer.verdict.status))
        .member("detail", answer.verdict.detail)
        .member("reason", answer.verdict.reason)
        .member("hint", answer.verdict.hint)
        .member("http_status", answer.http_status)
        .member("content_type", answer.content_type)
        .member("as_of", to_rfc3339(answer.as_of))
        .member("attempts", answer.attempts)
        .member("cost", answer.cost)
        .member("waited_seconds", seconds_of(answer.waited))
        .member("took_seconds", seconds_of(answer.took));
    answer.verdict.wait ? json.member("wait_seconds", seconds_of(*answer.verdict.wait))
                        : json.key("wait_seconds").null();
    // JSON has no word for other bytes.
    layers::is_utf8(body) ? json.member("body", body) : json.member("body_base64", base64_encoded(body));
    json.end_object();
    session.out().print(json.take());
}

/// Line by line, so that what controls a terminal is escaped and the lines stay.
std::string for_a_terminal(std::string_view body) {
    std::string text;
    while (!body.empty()) {
        const std::size_t end = std::min(body.find('\n'), body.size());
        text += escaped(body.substr(0, end)) + "\n";
        body.remove_prefix(std::min(end + 1, body.size()));
    }
    return text;
}

/// What it cost and why there are no data, on stderr: stdout is the body alone.
void print_cost(const Session& session, const Answer& answer) {
    const Terminal& err = session.err();
    std::string line = fmt::format("{}: {}", name_of(answer.source),
                                   painted(err, answer.verdict.status, word_for(answer.verdict.status)));
    if (answer.http_status != 0) {
        line += fmt::format(", HTTP {}", answer.http_status);
    }
    line += answer.cost == 0
                ? ", nothing was charged"
                : fmt::format(", {} request{} of its quota", answer.cost, answer.cost == 1 ? "" : "s");
    if (answer.attempts > 0) {
        line += fmt::format(", {}", short_duration(answer.took));
    }
    if (answer.waited >= std::chrono::milliseconds{1}) {
        line += fmt::format("{} waited {}", answer.attempts > 0 ? ", of which it" : ",",
                            short_duration(answer.waited));
    }
    err.print(line + "\n");
    if (answer.has_data()) {
        return;
    }
    std::string hint = answer.verdict.hint;
    if (hint.empty() && answer.verdict.wait && *answer.verdict.wait > Duration{}) {
        hint = fmt::format("it may be asked again in {}", short_duration(*answer.verdict.wait));
    }
    session.fail(0, escaped(answer.verdict.reason.empty() ? "there are no data" : answer.verdict.reason),
                 escaped(hint));
}

/// What the library cannot know: where the key belongs.
void add_hint(const OpenedClient& opened, Answer& answer) {
    sources::Verdict& verdict = answer.verdict;
    if (verdict.detail == "not_configured") {
        verdict.reason = opened.places().why_missing(answer.source);
        verdict.hint = opened.places().how_to_set(answer.source);
    } else if (verdict.status == KeyStatus::Invalid || verdict.status == KeyStatus::Expired) {
        verdict.hint = opened.places().how_to_replace(answer.source);
        if (verdict.detail == "known") {
            verdict.hint +=
                fmt::format("; `quantconf keys check {}` asks about this one again", name_of(answer.source));
        }
    }
}

/// Nothing is known of the key, and yet it is the provider that says no: to the question, in its own format.
bool is_refusal(const Answer& answer) {
    constexpr int kRefusalsFrom = 400;
    constexpr int kServerErrorsFrom = 500;
    const std::string& detail = answer.verdict.detail;
    return detail == "bad_request" || detail == "unrecognised_notice" || detail == "pending_activation" ||
           (answer.http_status >= kRefusalsFrom && answer.http_status < kServerErrorsFrom &&
            sources::look_at(answer.body).is_complete());
}

/// 0: data. 1: the provider says no. 3: nobody answered, or not as a provider does.
int exit_code_of(const Answer& answer) {
    if (answer.has_data()) {
        return kFine;
    }
    const KeyStatus status = answer.verdict.status;
    const bool was_refused_here =
        answer.verdict.detail == "refused_here" || answer.verdict.detail == "not_configured";
    return status == KeyStatus::Unreachable ||
                   (status == KeyStatus::Unknown && !was_refused_here && !is_refusal(answer))
               ? int{kWorldFailed}
               : int{kAnswerIsNo};
}

}  // namespace

int run_fetch(const Session& session) {
    const Arguments& arguments = session.arguments();
    const auto provider = named_sources(session, std::span{arguments.operands}.first(1));
    if (!provider) {
        return provider.error();
    }
    sources::Query query{
        .source = provider->front(), .path = arguments.operands.at(1), .max_age = Duration{}};
    for (const std::string& parameter : arguments.parameters) {
        const auto equals = parameter.find('=');
        query.parameters.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
    }
    query.deadline = arguments.timeout;
    const auto opened = OpenedClient::open(session);
    if (!opened) {
        return opened.error();
    }
    if (const auto failed = fail_if_store_is_closed(session, **opened, *provider)) {
        return *failed;
    }
    Answer answer = (*opened)->client().get(std::move(query));
    add_hint(**opened, answer);
    const std::string body = (*opened)->printable(answer);
    if (arguments.format == "json") {
        print_json(session, answer, body);
    } else {
        session.out().print(session.out().is_interactive() ? for_a_terminal(body) : body);
        print_cost(session, answer);
    }
    return exit_code_of(answer);
}

}  // namespace quantconf::app
