#pragma once

#include <expected>
#include <functional>
#include <mutex>
#include <optional>

#include "quantconf/secret.hpp"
#include "quantconf/sources/verdict.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

/// A token and how long it is good for.
struct Token {
    Secret secret = {};
    Duration lifetime{};
};

/// Reads the answer of a token endpoint; nothing if there is no token in it.
[[nodiscard]] std::optional<Token> read_token(std::string_view body);

/// The token of an OAuth2 source: asked for when it is needed, shared by all threads, renewed before it ends.
/// Any thread; while one asks, the others wait for the same answer.
class TokenKeeper {
public:
    /// Asks the source for a token.
    using Ask = std::function<std::expected<Token, Verdict>()>;

    /// A good token, or why there is none; Unreachable ("deadline") if somebody else asks for longer than
    /// `patience`.
    [[nodiscard]] std::expected<Secret, Verdict> get(Duration now, Duration patience, const Ask& ask);
    /// The source refused the token that get() gave at `given`: the next one is new.
    void reject(Duration given);
    /// When the present token was received; to be handed to reject().
    [[nodiscard]] Duration received() const;

private:
    mutable std::timed_mutex mutex_;  ///< Held while asking: who waits for it wants the same.
    Secret token_;
    Duration received_{};
    Duration ends_{};
};

}  // namespace quantconf::sources
