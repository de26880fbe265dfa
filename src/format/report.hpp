#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "format/conceal.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::format {

/// Collects what is wrong with one source, and hides the values that the excerpts would show.
class Report {
public:
    explicit Report(std::shared_ptr<Source> source) : source_{std::move(source)}, concealer_{*source_} {}

    [[nodiscard]] Origin at(std::size_t begin, std::size_t end) const;
    [[nodiscard]] Related related(std::size_t begin, std::size_t end, std::string message) const;

    /// An empty message becomes "expected X, found Y". Bounded: a hostile file gets its first few hundred.
    void add(Diagnostic diagnostic);
    /// The same for bytes that must not be shown at all, such as invalid UTF-8.
    void add_unprintable(Diagnostic diagnostic);

    [[nodiscard]] bool has_errors() const noexcept { return counts_[0] != 0; }

    /// Whether further errors would not be kept: time to stop reading.
    [[nodiscard]] bool is_full() const noexcept;

    /// Everything so far. `is_readable` says that the values will be typed, and secrets concealed, by others.
    [[nodiscard]] Diagnostics take(bool is_readable);

private:
    void keep(Diagnostic diagnostic);

    std::shared_ptr<Source> source_;
    LineConcealer concealer_;
    Diagnostics diagnostics_;
    std::array<std::size_t, 3> counts_{};  ///< By severity.
};

}  // namespace quantconf::format
