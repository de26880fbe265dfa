#include <algorithm>
#include <system_error>
#include <utility>

#include "live/engine.hpp"
#include "live/vanished.hpp"
#include "quantconf/detail/try.hpp"

/// Layer files that are suddenly not there: an editor caught in the middle, a copy that failed. Whoever
/// changes something meanwhile would make the loss good, or write beside what is about to come back.
namespace quantconf::live {
namespace {

constexpr std::chrono::seconds kGoneForGood{
    5};  ///< An optional layer that is gone this long counts as removed. The hints say so, too.

}  // namespace

Diagnostics Engine::vanished(const layers::Candidate& fresh) {
    const auto now = parts_.steady_now();
    std::optional<std::chrono::steady_clock::time_point> again;
    std::map<std::string, std::chrono::steady_clock::time_point> still_gone;
    Diagnostics missing;
    for (LostLayer& lost : lost_layers(current()->layers, fresh)) {
        if (lost.is_required) {
            missing.push_back(std::move(lost.report));
            continue;
        }
        const auto known = gone_.find(lost.layer);
        const auto since = known == gone_.end() ? now : known->second;
        still_gone.emplace(lost.layer, since);
        if (now - since < kGoneForGood) {
            again = again ? std::min(*again, since + kGoneForGood) : since + kGoneForGood;
            missing.push_back(std::move(lost.report));
        }
    }
    gone_ = std::move(still_gone);
    const MutexLock lock{mutex_};
    look_again_ = again;
    return missing;
}

Outcome<std::optional<history::VersionRecord>> Engine::newest_of(Environment environment) {
    std::error_code ignored;
    if (!parts_.keep_history || !std::filesystem::exists(parts_.state_dir / "state.db", ignored)) {
        return std::nullopt;  // Nobody has recorded anything, and looking makes no file.
    }
    QC_TRY(const auto head, recorder_.head(environment));
    return head ? recorder_.find(head->number) : Outcome<std::optional<history::VersionRecord>>{std::nullopt};
}

Outcome<Diagnostics> Engine::lost_since_newest(const layers::Candidate& fresh) {
    QC_TRY(const auto newest, newest_of(fresh.environment));
    Diagnostics missing;
    for (LostLayer& lost : newest ? lost_layers(newest->layers, fresh) : std::vector<LostLayer>{}) {
        // Who runs nowhere would not wait for an optional layer at its start; and where the values are the
        // same, those who run may have seen it go without a version of its own.
        bool counts = lost.is_required;
        if (!counts && newest->info.hash != fresh.hash) {
            QC_TRY(counts, recorder_.is_shown(fresh.environment));
        }
        if (counts) {
            missing.push_back(std::move(lost.report));
        }
    }
    return missing;
}

Outcome<Diagnostics> Engine::lost_to_others(const std::string& layer, const layers::Candidate& fresh) {
    Diagnostics missing;
    for (const Environment environment : kEnvironments) {
        if (environment == fresh.environment) {
            continue;
        }
        QC_TRY(const auto newest, newest_of(environment));
        for (LostLayer& lost : newest ? lost_layers(newest->layers, fresh) : std::vector<LostLayer>{}) {
            bool counts = lost.layer == layer;
            if (counts && !lost.is_required) {
                QC_TRY(counts, recorder_.is_shown(environment));
            }
            if (counts) {
                missing.push_back(std::move(lost.report));
                return missing;  // The same file for all of them.
            }
        }
    }
    return missing;
}

LoadRequest Engine::last_good_files(std::map<std::string, std::string> process_overrides) const {
    LoadRequest request{.process_overrides = std::move(process_overrides), .edited_alone = true};
    for (const layers::Layer& layer : current()->candidate->layers) {
        if (layer.source->kind() == Source::Kind::File) {
            request.edited.emplace(layer.source->name(), layer.source->text());
        }
    }
    return request;
}

}  // namespace quantconf::live
