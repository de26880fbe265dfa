#include "format/report.hpp"

#include <utility>

#include <fmt/format.h>

namespace quantconf::format {
namespace {

/// Of each severity. More than anybody is shown, so that "and more" stays true; few enough to bound the
/// memory.
constexpr std::size_t kKeptMax = 2 * kDiagnosticsMax;

}  // namespace

Origin Report::at(std::size_t begin, std::size_t end) const {
    return {.source = source_,
            .begin = static_cast<std::uint32_t>(begin),
            .end = static_cast<std::uint32_t>(end)};
}

Related Report::related(std::size_t begin, std::size_t end, std::string message) const {
    return {.origin = at(begin, end), .message = std::move(message)};
}

void Report::add(Diagnostic diagnostic) {
    if (diagnostic.severity == Severity::Error && counts_[0] < kKeptMax) {
        concealer_.conceal_value_at(diagnostic.origin.begin);
    }
    keep(std::move(diagnostic));
}

void Report::add_unprintable(Diagnostic diagnostic) {
    concealer_.conceal_line_at(diagnostic.origin.begin);
    keep(std::move(diagnostic));
}

void Report::keep(Diagnostic diagnostic) {
    std::size_t& count = counts_[static_cast<std::size_t>(diagnostic.severity)];
    if (count >= kKeptMax) {
        return;
    }
    ++count;
    if (diagnostic.message.empty()) {
        diagnostic.message = fmt::format("expected {}, found {}", diagnostic.expected, diagnostic.found);
    }
    diagnostics_.push_back(std::move(diagnostic));
}

bool Report::is_full() const noexcept {
    return counts_[0] >= kKeptMax;
}

Diagnostics Report::take(bool is_readable) {
    if (!is_readable) {
        for (const Diagnostic& diagnostic : diagnostics_) {
            concealer_.conceal_value_at(diagnostic.origin.begin);
            for (const Related& related : diagnostic.related) {
                concealer_.conceal_value_at(related.origin.begin);
            }
        }
    }
    return std::move(diagnostics_);
}

}  // namespace quantconf::format
