#include "live/vanished.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "crypto/sha256.hpp"

namespace quantconf::live {
namespace {

struct Watched {
    std::string_view layer;
    bool is_required;
};
constexpr std::array kLayers{Watched{"base", true}, Watched{"environment", true}, Watched{"shared", true},
                             Watched{"local", false}, Watched{"dotenv", false}};

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

bool had_content(const history::LayerRecord& layer) {
    static const std::string kNoContent = crypto::sha256_hex("");
    return !layer.sha256.empty() && layer.sha256 != kNoContent;
}

constexpr std::string_view kRequiredHint =
    "an editor or a copy may have been caught in the middle; the version that is live stays until it has "
    "content again, or until `quantconf reload --accept-missing` says that this is meant";
constexpr std::string_view kOptionalHint =
    "it counts as removed once it stays so for 5 s; `quantconf reload --accept-missing` says at once that "
    "this "
    "is meant";

Diagnostic report_of(const history::LayerRecord& was, const Watched& watched, bool is_there) {
    return {.code = Code::LayerVanished,
            .message = fmt::format("{} had content and is {} now", was.name, is_there ? "empty" : "gone"),
            .hint = std::string{watched.is_required ? kRequiredHint : kOptionalHint},
            .origin = {.source = Source::make(Source::Kind::File, was.layer, was.name, {})}};
}

}  // namespace

std::vector<LostLayer> lost_layers(const std::vector<history::LayerRecord>& had,
                                   const layers::Candidate& fresh) {
    std::vector<LostLayer> lost;
    for (const history::LayerRecord& was : had) {
        const auto* watched = std::ranges::find(kLayers, was.layer, &Watched::layer);
        if (watched == kLayers.end() || !had_content(was)) {
            continue;
        }
        const layers::Layer* is = file_layer(fresh, was.layer);
        if (!has_content(is)) {
            lost.push_back({.layer = was.layer,
                            .is_required = watched->is_required,
                            .report = report_of(was, *watched, is != nullptr)});
        }
    }
    return lost;
}

Diagnostics vanished_since(const history::VersionRecord& version, const layers::Candidate& fresh) {
    Diagnostics missing;
    for (LostLayer& lost : lost_layers(version.layers, fresh)) {
        if (lost.is_required) {
            missing.push_back(std::move(lost.report));
        }
    }
    return missing;
}

}  // namespace quantconf::live
