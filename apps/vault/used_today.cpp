#include "apps/vault/used_today.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "live/places.hpp"
#include "quota/peek.hpp"
#include "sources/catalogue_file.hpp"
#include "sources/settings.hpp"

namespace quantconf::app {
namespace {

/// As the programs that ask have it: with what the user's own file says.
std::shared_ptr<const sources::Catalogue> catalogue_of(const std::vector<std::string>& variables) {
    const auto folder = live::default_key_folder(variables);
    return sources::CatalogueFile{folder ? *folder / "sources.yaml" : std::filesystem::path{},
                                  quota::system_timeline()}
        .current();
}

}  // namespace

UsedToday::UsedToday(const Value& root, const std::vector<std::string>& variables)
    : config_{decode<quantbot::Config>(root)},
      catalogue_{catalogue_of(variables)},
      folder_{sources::default_quota_folder(variables)} {
    if (folder_) {
        salt_ = sources::Salt::read(*folder_).value_or(std::nullopt);
    }
}

void UsedToday::fill_in(sources::KeyReport& report) const {
    const auto limits = sources::settings_of(config_, report.source).limits;
    const auto day = std::ranges::find(limits.windows, Duration{std::chrono::hours{24}}, &quota::Window::per);
    if (day == limits.windows.end()) {
        return;
    }
    report.daily_limit = day->requests;
    if (!salt_) {
        return;
    }
    const sources::Source& source = catalogue_->at(report.source);
    auto scope = sources::keyless_scope_fingerprint_of(*salt_, source);
    if (!scope && source.scope == sources::LimitScope::Key && !report.fingerprint.empty()) {
        scope = report.fingerprint;
    }
    if (scope) {
        report.daily_used = quota::used_in_file(*folder_ / sources::ledger_name(source, *scope), *day);
    }
}

}  // namespace quantconf::app
