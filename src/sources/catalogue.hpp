#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "quantconf/diagnostic.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// The providers and how to talk to them. Immutable; any thread.
class Catalogue {
public:
    /// The one that is compiled in (src/sources/catalogue.yaml).
    [[nodiscard]] static const Catalogue& built_in();
    /// The built-in one with what `text` says in place of it: the same format, any part of it. Lists replace.
    /// Every mistake is a diagnostic with its place.
    [[nodiscard]] static Checked<Catalogue> with_overrides(std::string_view text, std::string_view file_name);

    [[nodiscard]] std::span<const Source> sources() const noexcept;
    [[nodiscard]] const Source& at(quantbot::Provider provider) const;
    /// Rules that hold for every source: before its own (the network in front of it) and behind them.
    [[nodiscard]] std::span<const Rule> before() const noexcept;
    [[nodiscard]] std::span<const Rule> behind() const noexcept;

private:
    std::vector<Source> sources_;
    std::vector<Rule> before_;
    std::vector<Rule> behind_;
};

}  // namespace quantconf::sources
