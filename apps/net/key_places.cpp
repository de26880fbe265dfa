#include "apps/net/key_places.hpp"

#include <fmt/format.h>

#include "schema/secret_reference.hpp"
#include "sources/settings.hpp"

namespace quantconf::app {

namespace {

using quantbot::Provider;

/// "gnews_key" of data_sources.gnews_key: the last word of the path.
std::string_view member_of(std::string_view path) {
    return path.substr(path.rfind('.') + 1);
}

/// What the example configuration would call the secret: polygon_api_key is SECURE:polygon_key there.
std::string usual_name(std::string_view member) {
    constexpr std::string_view kEnd = "_api_key";
    return member.ends_with(kEnd) ? fmt::format("{}_key", member.substr(0, member.size() - kEnd.size()))
                                  : std::string{member};
}

}  // namespace

std::optional<std::string> KeyPlaces::secret_of(Provider provider) const {
    const Value* value = candidate_->root.at(sources::credential_path_of(provider));
    if (value == nullptr || value->kind() != Value::Kind::Secret) {
        return std::nullopt;
    }
    const auto reference = schema::parse_secret_reference(value->secret_reference());
    return reference ? std::optional{std::string{reference->name}} : std::nullopt;
}

std::string KeyPlaces::why_missing(Provider provider) const {
    const std::string_view path = sources::credential_path_of(provider);
    const auto secret = secret_of(provider);
    if (!secret) {
        return fmt::format("{} is not set", path);
    }
    return closed_store_ ? fmt::format("{} is in a store that does not open", path)
                         : fmt::format("the store has no secret {}, which {} refers to", *secret, path);
}

std::string KeyPlaces::how_to_set(Provider provider) const {
    const std::string_view member = member_of(sources::credential_path_of(provider));
    if (const Diagnostic* closed = behind_a_closed_door(provider)) {
        return closed->hint;  // Whether it is in there, nobody knows.
    }
    if (const auto secret = secret_of(provider)) {
        return fmt::format("`quantconf secret set {}` stores it", *secret);
    }
    const std::string name = usual_name(member);
    return fmt::format(
        "store it with `quantconf secret set {0}`, and write {1}: \"SECURE:{0}\" below "
        "data_sources",
        name, member);
}

std::string KeyPlaces::how_to_replace(Provider provider) const {
    const auto secret = secret_of(provider);
    return secret ? fmt::format("`quantconf secret set {}` stores another one", *secret)
                  : fmt::format("`quantconf explain {}` says where it comes from",
                                sources::credential_path_of(provider));
}

const Diagnostic* KeyPlaces::behind_a_closed_door(Provider provider) const {
    return closed_store_ && secret_of(provider) ? &*closed_store_ : nullptr;
}

}  // namespace quantconf::app
