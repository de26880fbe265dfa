#include "live/candidates.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "live/canonical_layer.hpp"
#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::live {
namespace {

constexpr int kAttempts = 50;  ///< A folder that changes while it is read is read again this often ...
constexpr std::chrono::milliseconds kPause{2};  ///< ... after this long.

layers::Inputs inputs_of(const LoaderParts& parts, const LoadRequest& request, const Files& files,
                         layers::SecretResolver* resolver) {
    layers::Inputs inputs{.schema = &parts.schema,
                          .files = &files,
                          .config_dir = parts.config_dir,
                          .environment = parts.environment,
                          .environment_chosen_by = parts.environment_chosen_by,
                          .variables = parts.variables,
                          .settings = parts.settings,
                          .shared_overrides = parts.shared_overrides,
                          .use_dotenv = parts.use_dotenv,
                          .resolver = resolver,
                          .missing_secrets = parts.missing_secrets};
    for (const auto& [path, text] : request.process_overrides) {
        inputs.process_overrides.push_back(fmt::format("{}={}", path, text));
    }
    return inputs;
}

}  // namespace

Outcome<Loaded> Loader::load(const LoadRequest& request) const {
    if (request.edited_alone) {
        const MemoryFiles nothing;
        const OverlayFiles files{nothing, request.edited};
        const auto resolver = parts_.resolver ? parts_.resolver() : nullptr;
        QC_TRY(auto candidate, layers::load(inputs_of(parts_, request, files, resolver.get())));
        return Loaded{.candidate = std::move(candidate), .seen = {}};
    }
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const StableFiles disk;
        for (const std::filesystem::path& path : parts_.also_watched) {
            QC_TRY(const auto info, disk.info(path));
            static_cast<void>(info);
        }
        const OverlayFiles edited{disk, request.edited};
        const auto resolver = parts_.resolver ? parts_.resolver() : nullptr;
        auto candidate = layers::load(inputs_of(parts_, request, edited, resolver.get()));
        const bool is_torn = !disk.is_unchanged();
        if (!is_torn) {
            QC_TRY(auto made, std::move(candidate));
            return Loaded{.candidate = std::move(made),
                          .seen = disk.seen(),
                          .process_overrides = request.process_overrides};
        }
        std::this_thread::sleep_for(kPause);
    }
    return std::unexpected{Error{.operation = "read",
                                 .subject = parts_.config_dir.string(),
                                 .cause = make_error_code(Problem::KeepsChanging),
                                 .hint = "somebody is changing the files all the time"}};
}

Outcome<Loaded> Loader::load_canonical(const std::string& name, const std::string& canonical) const {
    const std::filesystem::path folder{name};
    const MemoryFiles files{
        {{(folder / "base.json").generic_string(), layer_of_canonical(parts_.schema, canonical)}}};
    LoaderParts parts = parts_;
    parts.config_dir = folder;
    parts.variables.clear();
    parts.settings.clear();
    parts.use_dotenv = false;
    parts.shared_overrides.clear();
    const auto resolver = parts_.resolver ? parts_.resolver() : nullptr;
    QC_TRY(auto candidate, layers::load(inputs_of(parts, {}, files, resolver.get())));
    return Loaded{.candidate = std::move(candidate), .seen = {}};
}

}  // namespace quantconf::live
