#include "layers/shared_secrets.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "value/node.hpp"

namespace quantconf::layers {
namespace {

/// Where a scalar begins in its source. Every alias of an anchor has the place of the anchor's text.
using Place = schema::SecretPlaces::key_type;

template <typename Visit>
void for_each_scalar(const Value& value, const std::string& path, const Visit& visit) {
    if (value.kind() == Value::Kind::Map) {
        for (const Member& member : value.members()) {
            for_each_scalar(member.value,
                            path.empty() ? std::string{member.name} : fmt::format("{}.{}", path, member.name),
                            visit);
        }
    } else if (value.kind() == Value::Kind::List) {
        for (std::size_t i = 0; i < value.items().size(); ++i) {
            for_each_scalar(value.items()[i], fmt::format("{}[{}]", path, i), visit);
        }
    } else if (value.origin() != nullptr && !value.is_absent() && !value.is_invalid()) {
        visit(value, Place{value.origin()->source, value.origin()->begin}, path);
    }
}

bool is_plain_secret(const Value& value) {
    return value.kind() == Value::Kind::Secret && value.secret_reference().empty();
}

/// Few configurations have any, and asking costs less than the paths of all values.
bool contains_plain_secret(const Value& value) {
    if (value.kind() == Value::Kind::Map) {
        return std::ranges::any_of(value.members(),
                                   [](const Member& member) { return contains_plain_secret(member.value); });
    }
    return value.kind() == Value::Kind::List ? std::ranges::any_of(value.items(), contains_plain_secret)
                                             : is_plain_secret(value);
}

}  // namespace

schema::SecretPlaces shared_secrets(const Value& root) {
    schema::SecretPlaces secrets;
    if (!contains_plain_secret(root)) {
        return secrets;
    }
    for_each_scalar(root, {}, [&](const Value& value, const Place& place, const std::string& path) {
        if (is_plain_secret(value)) {
            secrets.emplace(place, path);
        }
    });
    schema::SecretPlaces shared;
    for_each_scalar(root, {}, [&](const Value& value, const Place& place, const std::string& /*path*/) {
        const auto secret = value.kind() == Value::Kind::Secret ? secrets.end() : secrets.find(place);
        if (secret != secrets.end()) {
            shared.insert(*secret);
        }
    });
    return shared;
}

}  // namespace quantconf::layers
