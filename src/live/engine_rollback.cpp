#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "layers/explain.hpp"
#include "live/engine.hpp"
#include "live/file_plan.hpp"
#include "live/layer_records.hpp"
#include "live/problem.hpp"

namespace quantconf::live {
namespace {

constexpr std::array kEditable{"base", "environment", "local", "shared"};

bool is_editable(std::string_view layer) {
    return std::ranges::find(kEditable, layer) != kEditable.end();
}

Error cannot(history::VersionNumber to, Problem problem, std::string hint) {
    return {.operation = "roll back to",
            .subject = fmt::format("version {}", to),
            .cause = make_error_code(problem),
            .hint = std::move(hint)};
}

Diagnostic refused(const std::string& path, const std::string& why, std::string hint) {
    return {.code = Code::CannotRollBack, .path = path, .message = why, .hint = std::move(hint)};
}

/// The edits that turn what is into what was. Each leaf is set where it is set now; what nobody sets goes
/// into the file of the environment; what was not there is taken out of every file that has it.
class Plan {
public:
    Plan(const layers::Candidate& is, const LoaderParts& parts) : is_{is}, parts_{parts}, files_{is} {}

    void add(const layers::Change& change) {
        const auto set_by = layers::explain(is_, *is_.schema, change.path);
        if (!set_by) {
            wrong_.push_back(
                refused(change.path, "today's schema has no such field", "edit the files by hand"));
            return;
        }
        for (const layers::SetBy& one : *set_by) {
            if (one.layer == "default") {
                continue;
            }
            if (!is_editable(one.layer)) {
                wrong_.push_back(refused(change.path,
                                         fmt::format("{} ({}) sets it, which is no file that can be edited",
                                                     one.location, one.layer),
                                         "take it away there, then roll back again"));
                return;
            }
            if (change.to != nullptr) {
                files_.add(one.layer, one.location, change.path, *change.to);
                return;
            }
            files_.add(one.layer, one.location, change.path, std::nullopt);
        }
        if (change.to != nullptr) {
            files_.add("environment", environment_file(), change.path, *change.to);
        }
    }

    [[nodiscard]] const Diagnostics& wrong() const { return wrong_; }
    [[nodiscard]] const FilePlan& files() const { return files_; }

private:
    [[nodiscard]] std::filesystem::path environment_file() const {
        const auto found = std::ranges::find(is_.layers, "environment", &layers::Layer::name);
        return found != is_.layers.end()
                   ? std::filesystem::path{found->source->name()}
                   : parts_.config_dir / fmt::format("{}.yaml", name_of(parts_.environment));
    }

    const layers::Candidate& is_;
    const LoaderParts& parts_;
    FilePlan files_;
    Diagnostics wrong_;
};

}  // namespace

std::expected<Loaded, Failure> Engine::load_version(history::VersionNumber number, std::string& hash) {
    if (!parts_.keep_history) {
        return std::unexpected{
            Failure{cannot(number, Problem::NoHistory, "open the configuration with keep_history")}};
    }
    const auto found = recorder_.find(number);
    if (!found) {
        return std::unexpected{Failure{found.error()}};
    }
    if (!*found) {
        return std::unexpected{
            Failure{cannot(number, Problem::NoSuchVersion, "`quantconf history` lists them")}};
    }
    const history::VersionInfo& info = (*found)->info;
    if (info.environment != parts_.loader.parts().environment) {
        return std::unexpected{
            Failure{cannot(number, Problem::OtherEnvironment,
                           fmt::format("it was {}, and this is {}", name_of(info.environment),
                                       name_of(parts_.loader.parts().environment)))}};
    }
    hash = info.hash;
    auto loaded = parts_.loader.load_canonical(fmt::format("v{}", number), (*found)->canonical);
    if (!loaded) {
        return std::unexpected{Failure{std::move(loaded).error()}};
    }
    if (!loaded->candidate->ok) {
        return std::unexpected{Failure{loaded->candidate->diagnostics}};
    }
    return *std::move(loaded);
}

std::expected<FilesChanged, Failure> Engine::rollback(history::VersionNumber to,
                                                      const RollbackOptions& options) {
    if (subscribers_.is_inside()) {
        return std::unexpected{Failure{inside_callback("roll back")}};
    }
    const MutexLock turn{turn_};
    auto done = rollback_now(to, options);
    if (!done && !options.dry_run) {
        audit_refusal(done.error());
        report();
    }
    return done;
}

std::expected<FilesChanged, Failure> Engine::rollback_now(history::VersionNumber to,
                                                          const RollbackOptions& options) {
    std::string hash;
    auto target = load_version(to, hash);
    if (!target) {
        return std::unexpected{std::move(target).error()};
    }
    auto is = load(now());
    if (!is) {
        return std::unexpected{std::move(is).error()};
    }
    if (auto missing = vanished(*is->candidate); !missing.empty()) {
        return std::unexpected{Failure{std::move(missing)}};
    }
    if (!is->candidate->ok) {
        return std::unexpected{Failure{is->candidate->diagnostics}};
    }
    Plan plan{*is->candidate, parts_.loader.parts()};
    for (const layers::Change& change : layers::diff(is->candidate->root, target->candidate->root)) {
        plan.add(change);
    }
    if (!plan.wrong().empty()) {
        return std::unexpected{Failure{plan.wrong()}};
    }
    const auto check = [&](const layers::Candidate& after) {
        return after.hash == hash
                   ? Diagnostics{}
                   : Diagnostics{refused(
                         {},
                         fmt::format(
                             "the edited files would not give version {} again, so nothing was written", to),
                         "today's schema may have other defaults; `quantconf diff` shows what differs")};
    };
    return change_files(plan.files(), is->candidate,
                        {.kind = history::Kind::Rollback,
                         .author = options.author,
                         .reason = options.reason,
                         .rolled_back_to = to},
                        options.dry_run, check);
}

}  // namespace quantconf::live
