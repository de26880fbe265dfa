#include "quantconf/diagnostic.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

namespace quantconf {
namespace {

/// Lowest layer first, as they are read; what has no source comes last.
std::size_t layer_rank(const Origin& origin) {
    static constexpr std::array<std::string_view, 8> kLayers = {
        "base", "environment", "local", "dotenv", "variable", "shared", "process", "option"};
    if (origin.source == nullptr) {
        return kLayers.size() + 1;
    }
    return static_cast<std::size_t>(std::ranges::find(kLayers, origin.source->layer()) - kLayers.begin());
}

std::string_view name_of(const Origin& origin) {
    return origin.source == nullptr ? std::string_view{} : std::string_view{origin.source->name()};
}

bool comes_before(const Diagnostic& a, const Diagnostic& b) {
    const auto key = [](const Diagnostic& d) {
        return std::tuple{layer_rank(d.origin),
                          name_of(d.origin),
                          d.origin.begin,
                          std::string_view{d.path},
                          d.code,
                          d.severity,
                          std::string_view{d.message}};
    };
    return key(a) < key(b);
}

bool same_place(const Origin& a, const Origin& b) {
    return a.begin == b.begin && a.end == b.end && layer_rank(a) == layer_rank(b) && name_of(a) == name_of(b);
}

bool same(const Diagnostic& a, const Diagnostic& b) {
    return a.severity == b.severity && a.code == b.code && a.path == b.path && a.message == b.message &&
           a.expected == b.expected && a.found == b.found && a.hint == b.hint &&
           same_place(a.origin, b.origin) &&
           std::ranges::equal(a.related, b.related, [](const Related& x, const Related& y) {
               return x.message == y.message && same_place(x.origin, y.origin);
           });
}

/// How many an earlier call left out: its message begins with the number.
std::size_t left_out_before(const Diagnostics& diagnostics) {
    std::size_t total = 0;
    for (const Diagnostic& diagnostic : diagnostics) {
        std::size_t count = 0;
        if (diagnostic.code == Code::TooManyDiagnostics) {
            std::from_chars(diagnostic.message.data(), diagnostic.message.data() + diagnostic.message.size(),
                            count);
        }
        total += count;
    }
    return total;
}

Diagnostic left_out_note(std::size_t count) {
    return {.severity = Severity::Note,
            .code = Code::TooManyDiagnostics,
            .path = {},
            .message = fmt::format("{} more diagnostics were left out", count),
            .expected = {},
            .found = {},
            .hint = "correct these first and check again",
            .origin = {},
            .related = {}};
}

}  // namespace

bool has_errors(const Diagnostics& diagnostics) noexcept {
    return std::ranges::any_of(diagnostics,
                               [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

void tidy(Diagnostics& diagnostics) {
    std::size_t left_out = left_out_before(diagnostics);
    std::erase_if(diagnostics, [](const Diagnostic& d) { return d.code == Code::TooManyDiagnostics; });
    std::ranges::stable_sort(diagnostics, comes_before);
    const auto repeated = std::ranges::unique(diagnostics, same);
    diagnostics.erase(repeated.begin(), repeated.end());
    if (diagnostics.size() > kDiagnosticsMax) {
        left_out += diagnostics.size() - kDiagnosticsMax;
        std::ranges::stable_sort(diagnostics, {}, &Diagnostic::severity);
        diagnostics.resize(kDiagnosticsMax);
        std::ranges::stable_sort(diagnostics, comes_before);
    }
    if (left_out > 0) {
        diagnostics.push_back(left_out_note(left_out));
    }
}

void make_room(Diagnostics& diagnostics) {
    constexpr std::size_t kPendingMax = 20 * kDiagnosticsMax;
    if (diagnostics.size() >= kPendingMax) {
        tidy(diagnostics);
    }
}

}  // namespace quantconf
