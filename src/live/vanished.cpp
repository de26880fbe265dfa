#include "live/vanished.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "live/engine.hpp"

namespace quantconf::live {
namespace {

constexpr std::chrono::seconds kGoneForGood{
    5};  ///< An optional layer that is gone this long counts as removed.

/// The one layer of that name that is a file; nullptr if there is none.
const layers::Layer* file_layer(const layers::Candidate& candidate, std::string_view name) {
    const auto found = std::ranges::find_if(candidate.layers, [&](const layers::Layer& layer) {
        return layer.name == name && layer.source->kind() == Source::Kind::File;
    });
    return found == candidate.layers.end() ? nullptr : &*found;
}

bool has_content(const layers::Layer* layer) {
    return layer != nullptr && !layer->source->text().empty();
}

constexpr std::string_view kHint =
    "an editor or a copy may have been caught in the middle; the version that is live stays until it has "
    "content again, or until `quantconf reload --accept-missing` says that this is meant";

Diagnostic report_of(const std::string& layer, const std::string& name, bool is_there, std::string hint) {
    return {.code = Code::LayerVanished,
            .message = fmt::format("{} had content and is {} now", name, is_there ? "empty" : "gone"),
            .hint = std::move(hint),
            .origin = {.source = Source::make(Source::Kind::File, layer, name, {})}};
}

}  // namespace

Diagnostics Engine::vanished(const layers::Candidate& fresh) {
    struct Watched {
        std::string_view layer;
        bool is_required;
    };
    constexpr std::array kLayers{Watched{"base", true}, Watched{"environment", true}, Watched{"local", false},
                                 Watched{"dotenv", false}};
    const std::shared_ptr<const Version> live = current();
    const auto now = parts_.steady_now();
    std::optional<std::chrono::steady_clock::time_point> again;
    Diagnostics missing;
    for (const auto& [name, is_required] : kLayers) {
        const layers::Layer* was = file_layer(*live->candidate, name);
        const layers::Layer* is = file_layer(fresh, name);
        if (!has_content(was) || has_content(is)) {
            gone_.erase(std::string{name});
            continue;
        }
        if (is_required) {
            missing.push_back(report_of(was->name, was->source->name(), is != nullptr, std::string{kHint}));
            continue;
        }
        const auto since = gone_.try_emplace(std::string{name}, now).first->second;
        if (now - since < kGoneForGood) {
            again = again ? std::min(*again, since + kGoneForGood) : since + kGoneForGood;
            missing.push_back(report_of(
                was->name, was->source->name(), is != nullptr,
                fmt::format("it counts as removed once it stays so for {} s", kGoneForGood.count())));
        }
    }
    const MutexLock lock{mutex_};
    look_again_ = again;
    return missing;
}

Diagnostics vanished_since(const history::VersionRecord& version, const layers::Candidate& fresh) {
    static const std::string kNoContent = crypto::sha256_hex("");
    Diagnostics missing;
    for (const history::LayerRecord& was : version.layers) {
        const bool is_required = was.layer == "base" || was.layer == "environment";
        const layers::Layer* is = file_layer(fresh, was.layer);
        if (is_required && !was.sha256.empty() && was.sha256 != kNoContent && !has_content(is)) {
            missing.push_back(report_of(was.layer, was.name, is != nullptr, std::string{kHint}));
        }
    }
    return missing;
}

}  // namespace quantconf::live
