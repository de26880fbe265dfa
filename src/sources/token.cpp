#include "sources/token.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "format/parse.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kTokenBytes = 16 * 1024;
constexpr Duration kUsualLifetime = 1h;
constexpr Duration kLongestLifetime = 24h;
/// A token is renewed before it ends: requests that are on their way still need it. Of a short one, a tenth.
constexpr Duration kRenewBefore = 60s;
constexpr int kRenewBeforeDivisor = 10;

Duration lifetime_of(const value::Entry* entry) {
    if (entry == nullptr || entry->value.kind != value::NodeKind::Scalar) {
        return kUsualLifetime;
    }
    const std::string_view text = entry->value.scalar();
    std::int64_t seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc{} || seconds <= 0) {
        return kUsualLifetime;
    }
    return std::min<Duration>(std::chrono::seconds{std::min<std::int64_t>(seconds, 86'400)},
                              kLongestLifetime);
}

/// RFC 6750 allows less still; what is no visible ASCII would not arrive as it is, or as a header of its own.
bool is_sendable(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<Token> read_token(std::string_view body) {
    if (body.size() > kTokenBytes) {
        return std::nullopt;
    }
    const auto parsed = format::parse_json(
        quantconf::Source::make(quantconf::Source::Kind::NamedFile, "answer", "answer", std::string{body}));
    if (parsed.document == nullptr || !parsed.diagnostics.empty()) {
        return std::nullopt;
    }
    const value::Node& root = parsed.document->root;
    const value::Entry* text = root.kind == value::NodeKind::Map ? root.find("access_token") : nullptr;
    if (text == nullptr || text->value.kind != value::NodeKind::Scalar || !text->value.is_quoted() ||
        !is_sendable(text->value.scalar())) {
        return std::nullopt;
    }
    return Token{.secret = Secret::plain(text->value.scalar()),
                 .lifetime = lifetime_of(root.find("expires_in"))};
}

std::expected<Secret, Verdict> TokenKeeper::get(Duration now, Duration patience, const Ask& ask) {
    const std::unique_lock lock{mutex_, std::max(patience, Duration{})};
    if (!lock.owns_lock()) {
        return std::unexpected{Verdict{.status = KeyStatus::Unreachable,
                                       .detail = "deadline",
                                       .reason = "somebody else is still asking for a token"}};
    }
    if (!token_.empty() && now < ends_) {
        return token_;
    }
    auto token = ask();
    if (!token) {
        return std::unexpected{std::move(token).error()};
    }
    token_ = token->secret;
    received_ = now;
    ends_ = now + token->lifetime - std::min(kRenewBefore, token->lifetime / kRenewBeforeDivisor);
    return token_;
}

void TokenKeeper::reject(Duration given) {
    const std::scoped_lock lock{mutex_};
    if (received_ == given) {
        token_ = {};
    }
}

Duration TokenKeeper::received() const {
    const std::scoped_lock lock{mutex_};
    return received_;
}

}  // namespace quantconf::sources
