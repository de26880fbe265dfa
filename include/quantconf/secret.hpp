#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace quantconf {

/// Permission to see plain text. Grep for grant_secret_access to find every place that asks for it.
class SecretAccess {
    SecretAccess() = default;
    friend SecretAccess grant_secret_access();
};

[[nodiscard]] inline SecretAccess grant_secret_access() {
    return {};
}

/// A password, key or token, or the reference that names one in the secret store.
///
/// There is no stream, no formatter, no comparison and no conversion to text: what must not be printed
/// cannot be. Empty means "not configured".
class Secret {
public:
    Secret() = default;
    /// "SECURE:polygon_key", as written. The store resolves it when the program asks for the plain text.
    [[nodiscard]] static Secret reference(std::string_view text) { return Secret{std::string{text}, true}; }
    [[nodiscard]] static Secret plain(std::string_view text) { return Secret{std::string{text}, false}; }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    /// Whether the configuration names a secret of the store instead of containing the secret.
    [[nodiscard]] bool is_reference() const noexcept { return is_reference_; }
    /// "SECURE:polygon_key", or empty for a plain text. Safe to print.
    [[nodiscard]] std::string_view reference() const noexcept {
        return is_reference_ ? std::string_view{text_} : std::string_view{};
    }

    /// Calls `use(std::string_view)` with the plain text; the view ends with the call. An unresolved
    /// reference has no plain text: `use` is not called and the result is false.
    template <typename Use>
    bool reveal(SecretAccess /*permission*/, Use&& use) const {
        if (is_reference_ || text_.empty()) {
            return false;
        }
        std::forward<Use>(use)(std::string_view{text_});
        return true;
    }

private:
    Secret(std::string text, bool is_reference) : text_{std::move(text)}, is_reference_{is_reference} {}

    std::string text_;
    bool is_reference_ = false;
};

}  // namespace quantconf
