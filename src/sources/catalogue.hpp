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
    /// The built-in one with what `text` says in place of it: the same format, any part of it. Maps merge,
    /// lists replace (or grow, with !append and !prepend). Every mistake is a diagnostic with its place.
    ///
    /// It can name hosts that a key is sent to: only for texts of whoever may use the keys, such as the
    /// settings of the tool, never for the bot's own layers.
    [[nodiscard]] static Checked<Catalogue> with_overrides(std::string_view text, std::string_view file_name);

    /// In the order of quantbot::Provider.
    [[nodiscard]] std::span<const Source> sources() const noexcept { return sources_; }
    [[nodiscard]] const Source& at(quantbot::Provider provider) const;
    /// Rules that hold for every source: before its own (the network in front of it) and behind them.
    [[nodiscard]] std::span<const Rule> before() const noexcept { return before_; }
    [[nodiscard]] std::span<const Rule> behind() const noexcept { return behind_; }

    /// Without the rule at `index` of before, all sources' and behind, in this order: for tests of the rules.
    [[nodiscard]] Catalogue without_rule(std::size_t index) const;
    [[nodiscard]] std::size_t count_rules() const noexcept;
    /// "polygon.unknown_key", for the same.
    [[nodiscard]] std::string name_of_rule(std::size_t index) const;

private:
    Catalogue() = default;

    friend Checked<Catalogue> read_catalogue(std::string_view overrides, std::string_view file_name);

    std::vector<Source> sources_;
    std::vector<Rule> before_;
    std::vector<Rule> behind_;
};

}  // namespace quantconf::sources
