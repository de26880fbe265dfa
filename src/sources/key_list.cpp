#include "sources/key_list.hpp"

#include <algorithm>
#include <utility>

namespace quantconf::sources {

std::vector<KeyToCheck> keys_of(const quantbot::Config& config, const Catalogue& catalogue, const Salt& salt,
                                std::span<const quantbot::Provider> providers, Time now) {
    std::vector<KeyToCheck> keys;
    for (const auto& [provider, name] : EnumTable<quantbot::Provider>::names) {
        const Source& source = catalogue.at(provider);
        KeyToCheck key{.source = &source, .settings = settings_of(config, provider)};
        const Credentials& credentials = key.settings.credentials;
        const bool is_wanted = providers.empty() ? !credentials.empty()
                                                 : std::ranges::find(providers, provider) != providers.end();
        if (!is_wanted || !can_be_checked(source, credentials)) {
            continue;
        }
        key.fingerprint = fingerprint_of(salt, source, credentials).value_or("");
        key.expires = credentials.key.facts().expires;
        key.age = age_of(credentials.key, now);
        keys.push_back(std::move(key));
    }
    return keys;
}

}  // namespace quantconf::sources
