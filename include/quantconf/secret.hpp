#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quantconf {

/// Permission to see plain text. Grep for grant_secret_access to find every place that asks for it.
class SecretAccess {
    SecretAccess() = default;
    friend SecretAccess grant_secret_access();
};

[[nodiscard]] inline SecretAccess grant_secret_access() {
    return {};
}

/// What the store knows of a secret besides its text.
struct SecretFacts {
    using Moment = std::chrono::sys_time<std::chrono::microseconds>;

    std::vector<std::string>
        hosts{};                      ///< The only ones that it may be sent to, lower case; empty: not bound.
    std::optional<Moment> expires{};  ///< As whoever stored it said.
    std::optional<Moment> since{};    ///< When this version became the current one.
};

/// A password, key or token, or the reference that names one in the secret store.
///
/// There is no stream, no formatter, no comparison and no conversion to text: what must not be printed
/// cannot be. Empty means "not configured".
///
/// The plain text lies in memory that is not swapped out and not part of a core file, and is wiped when the
/// last copy ends. Copies share it: they cost as much as those of a shared_ptr. Immutable, so any number of
/// threads may read one.
class Secret {
public:
    Secret() = default;
    /// "SECURE:polygon_key", as written, not resolved: there is no plain text.
    [[nodiscard]] static Secret reference(std::string_view text);
    /// Written into the configuration itself. Copy of an empty text: not configured.
    [[nodiscard]] static Secret plain(std::string_view text);
    /// What the store holds for a reference. `reference` is not empty; `text` may be.
    [[nodiscard]] static Secret resolved(std::string_view reference, std::uint64_t version,
                                         std::string_view text, SecretFacts facts = {});

    [[nodiscard]] bool empty() const noexcept { return content_ == nullptr; }
    /// Whether the configuration names a secret of the store instead of containing the secret; resolved or
    /// not.
    [[nodiscard]] bool is_reference() const noexcept { return !reference().empty(); }
    /// "SECURE:polygon_key", or empty for a plain text. Safe to print. Lives as long as a copy of this
    /// secret.
    [[nodiscard]] std::string_view reference() const noexcept;
    /// Which version of the store's secret it is; nothing for a plain text and for what is not resolved.
    [[nodiscard]] std::optional<std::uint64_t> version() const noexcept;
    /// The hosts that the store binds it to (`secret set NAME --host H`), and the rest. Nothing of a plain
    /// text. Kept by whoever sends it. Lives as long as a copy of this secret.
    [[nodiscard]] const SecretFacts& facts() const noexcept;
    /// For logs and for people: "<secret polygon_key v3>", "<secret polygon_key>" while it is not resolved,
    /// "<secret>" for a plain text, "<no secret>". Never the text, nor its length.
    [[nodiscard]] std::string description() const;

    /// Calls `use(std::string_view)` with the plain text; the view ends with the call. An unresolved
    /// reference has no plain text: `use` is not called and the result is false.
    template <typename Use>
    bool reveal(SecretAccess /*permission*/, Use&& use) const {
        const Secret held{*this};  // `use` may replace the object that it was called through.
        const std::optional<std::string_view> text = held.text();
        if (!text) {
            return false;
        }
        std::forward<Use>(use)(*text);
        return true;
    }

private:
    struct Content;
    explicit Secret(std::shared_ptr<const Content> content) noexcept : content_{std::move(content)} {}
    [[nodiscard]] std::optional<std::string_view> text() const noexcept;

    std::shared_ptr<const Content> content_;
};

}  // namespace quantconf
