#include "fuzz/invariants.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/diagnostic_report.hpp"
#include "base/json_writer.hpp"

namespace quantconf::fuzz {
namespace {

void check_place(const Origin& origin) {
    if (!origin.source) {
        return;
    }
    const std::string_view text = origin.source->text();
    require(origin.begin <= origin.end && origin.end <= text.size(), "a place lies inside its source");
    const Position position = origin.position();
    std::size_t lines = 1;
    for (std::size_t at = 0; at < text.size(); ++at) {  // "\n", "\r\n" and a lone "\r" end a line.
        const bool is_one_end_of_two = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
        lines += (text[at] == '\n' || text[at] == '\r') && !is_one_end_of_two ? 1U : 0U;
    }
    const bool is_whole_source = position == Position{};
    require(is_whole_source || (position.line >= 1 && position.column >= 1), "positions count from 1");
    require(position.line <= lines, "a position is on a line that exists");
}

void check(const Diagnostic& diagnostic) {
    const auto number = static_cast<int>(diagnostic.code);
    require(number >= 1000 && number <= 1999, "a diagnostic has a code");
    require(!diagnostic.message.empty() || !diagnostic.expected.empty(), "a diagnostic says something");
    check_place(diagnostic.origin);
    for (const Related& related : diagnostic.related) {
        check_place(related.origin);
    }
}

}  // namespace

void require(bool kept, std::string_view promise) {
    if (!kept) {
        std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
        std::abort();
    }
}

std::string check_and_render(const Diagnostics& diagnostics) {
    require(diagnostics.size() <= kDiagnosticsMax + 1, "the number of diagnostics has a limit");
    std::string rendered = to_sarif(diagnostics, "0.0.0") + to_github(diagnostics);
    for (const Diagnostic& diagnostic : diagnostics) {
        check(diagnostic);
        JsonWriter json;
        write_json(json, diagnostic);
        rendered += to_text(diagnostic) + to_text(diagnostic, /*colour=*/true) + json.take();
    }
    return rendered;
}

void require_absent(std::string_view secret, std::string_view rendered) {
    require(!rendered.contains(secret), "a secret is never shown");
}

}  // namespace quantconf::fuzz
