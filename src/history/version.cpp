#include "history/version.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace quantconf::history {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 4> kKinds{
    {{Kind::Load, "load"}, {Kind::Reload, "reload"}, {Kind::Update, "update"}, {Kind::Rollback, "rollback"}}};

}  // namespace

std::string_view to_text(Kind kind) {
    const auto* found = std::ranges::find(kKinds, kind, &std::pair<Kind, std::string_view>::first);
    return found == kKinds.end() ? std::string_view{} : found->second;
}

std::optional<Kind> parse_kind(std::string_view text) {
    const auto* found = std::ranges::find(kKinds, text, &std::pair<Kind, std::string_view>::second);
    return found == kKinds.end() ? std::nullopt : std::optional{found->first};
}

}  // namespace quantconf::history
