#include "layers/load.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "crypto/sha256.hpp"
#include "layers/aliases.hpp"
#include "layers/environment_field.hpp"
#include "layers/interpolate.hpp"
#include "layers/key_case.hpp"
#include "layers/layer_files.hpp"
#include "layers/merge.hpp"
#include "layers/settings.hpp"
#include "layers/shared_secrets.hpp"
#include "layers/variables.hpp"
#include "quantconf/detail/try.hpp"
#include "schema/typing.hpp"
#include "value/canonical.hpp"

namespace quantconf::layers {
namespace {

using value::Node;

/// One load: the layers come in from the lowest to the highest, then the whole is typed.
class Loading {
public:
    explicit Loading(const Inputs& inputs)
        : inputs_{inputs}, candidate_{empty_candidate(inputs)}, own_{*candidate_->arena} {}

    [[nodiscard]] Outcome<std::shared_ptr<const Candidate>> run() {
        QC_TRY(std::vector<LayerFile> files, read_layer_files(inputs_, diagnostics()));
        const bool has_no_layer = files.empty() && has_errors(diagnostics());
        if (!has_no_layer) {  // Otherwise every key would be missing: one message says it better.
            add_files(files);
            QC_TRY(const Dotenv dotenv, inputs_.use_dotenv ? read_dotenv(inputs_, diagnostics()) : Dotenv{});
            const bool strict_empty = add_variables(dotenv);
            QC_TRY(const auto shared, read_shared_overrides(inputs_, diagnostics()));
            if (shared) {
                add_files({*shared});
            }
            add_settings(inputs_.process_overrides, kProcessOverride, strict_empty);
            add_settings(inputs_.settings, kCommandLine, strict_empty);
            add_environment();
            type();
        }
        finish();
        return std::move(candidate_);
    }

private:
    [[nodiscard]] static std::shared_ptr<Candidate> empty_candidate(const Inputs& inputs) {
        auto candidate = std::make_shared<Candidate>();
        candidate->environment = inputs.environment;
        candidate->arena = std::make_shared<Arena>();
        candidate->schema = std::make_shared<const Schema>(*inputs.schema);
        candidate->merged = value::map_node({}, nullptr, 0, 0);
        return candidate;
    }

    [[nodiscard]] Diagnostics& diagnostics() { return candidate_->diagnostics; }
    [[nodiscard]] Arena& arena() { return *candidate_->arena; }

    void put_on_top(const Node& layer) {
        candidate_->merged = merge(candidate_->merged, layer, &inputs_.schema->root(), own_, diagnostics());
    }

    void keep(const std::shared_ptr<Source>& source, bool is_broken = false) {
        candidate_->layers.push_back({.name = source->layer(), .source = source, .is_broken = is_broken});
        candidate_->sources.push_back(source);
        sources_.emplace(source.get(), source.get());
        any_is_broken_ = any_is_broken_ || is_broken;
        written_bytes_ += source->text().size();
    }

    void add_files(const std::vector<LayerFile>& files) {
        for (const LayerFile& file : files) {
            keep(file.source, file.is_broken);
            has_dollar_ = has_dollar_ || file.source->text().contains('$');
            has_alias_ = has_alias_ || file.source->text().contains('*');
            if (file.document == nullptr) {
                continue;  // A broken file is never taken for an empty one: nothing will be called missing.
            }
            candidate_->documents.push_back(file.document);
            check_environment(file.document->root, inputs_, diagnostics());
            put_on_top(fold_aliases(file.document->root, *inputs_.schema, own_, diagnostics(), secrets_));
        }
    }

    /// Whether variables and what is written like them may be empty.
    bool add_variables(const Dotenv& dotenv) {
        const std::vector<Assignment> environ_assignments = read_environ(inputs_.variables);
        const bool strict_empty =
            wants_strict_empty(environ_assignments, dotenv.assignments, inputs_, diagnostics());
        if (dotenv.source != nullptr) {
            keep(dotenv.source, dotenv.is_broken);
        }
        for (const std::vector<Assignment>* assignments : {&dotenv.assignments, &environ_assignments}) {
            std::vector<std::shared_ptr<Source>> sources;
            const Node layer = read_variables({.inputs = inputs_,
                                               .lower = candidate_->merged,
                                               .strict_empty = strict_empty,
                                               .arena = arena(),
                                               .diagnostics = diagnostics(),
                                               .sources = sources},
                                              *assignments);
            put_on_top(layer);
            keep_all(sources);
        }
        return strict_empty;
    }

    void add_settings(const std::vector<std::string>& settings, const SettingOrigin& origin,
                      bool strict_empty) {
        for (const std::string& setting : settings) {
            std::vector<std::shared_ptr<Source>> sources;
            put_on_top(read_setting({.inputs = inputs_,
                                     .origin = origin,
                                     .strict_empty = strict_empty,
                                     .arena = arena(),
                                     .diagnostics = diagnostics(),
                                     .sources = sources},
                                    setting));
            keep_all(sources);
        }
    }

    void keep_all(const std::vector<std::shared_ptr<Source>>& sources) {
        for (const std::shared_ptr<Source>& source : sources) {
            keep(source);
        }
    }

    /// The chosen environment wins over whatever the layers say; where they disagree has been reported.
    void add_environment() {
        std::shared_ptr<Source> source;
        const Node layer = environment_layer(inputs_, arena(), source);
        if (source != nullptr) {
            candidate_->sources.push_back(source);
            put_on_top(layer);
        }
    }

    void type() {
        collect_shape_conflicts();
        check_key_case(candidate_->merged, *inputs_.schema, diagnostics());
        Node resolved = candidate_->merged;
        if (has_dollar_) {
            resolved = interpolate({.schema = *inputs_.schema,
                                    .merged = candidate_->merged,
                                    .variables = inputs_.variables,
                                    .arena = arena(),
                                    .diagnostics = diagnostics(),
                                    .failed = reported_});
        }
        Diagnostics typed;
        schema::Typing typing{.schema = *candidate_->schema,
                              .environment = inputs_.environment,
                              .arena = arena(),
                              .diagnostics = typed,
                              .secrets = secrets_,
                              .report_missing = !any_is_broken_};
        if (has_alias_) {
            typing.secret_places = shared_secrets(resolved, inputs_.schema->root());
        }
        candidate_->root = schema::type_tree(typing, resolved);
        drop_second_reports(typed);
        schema::run_rules(typing, candidate_->root);
        std::ranges::move(typed, std::back_inserter(diagnostics()));
        resolve();
    }

    /// Only what won, and only now that every field is known to be a secret.
    void resolve() {
        candidate_->resolved = candidate_->root;
        if (inputs_.resolver != nullptr) {
            candidate_->resolved = resolve_secrets({.resolver = *inputs_.resolver,
                                                    .schema = *candidate_->schema,
                                                    .environment = inputs_.environment,
                                                    .missing = inputs_.missing_secrets,
                                                    .arena = arena(),
                                                    .diagnostics = diagnostics(),
                                                    .secrets = candidate_->secrets},
                                                   candidate_->root);
        }
    }

    /// Where two layers have different shapes, one of them is wrong for the schema, too. One mistake, one
    /// message.
    void collect_shape_conflicts() {
        for (const Diagnostic& diagnostic : diagnostics()) {
            if (diagnostic.code == Code::ShapeConflict) {
                reported_.push_back(diagnostic.origin);
                reported_.push_back(diagnostic.related.front().origin);
            }
        }
    }

    void drop_second_reports(Diagnostics& typed) const {
        using Place = std::tuple<const Source*, std::uint32_t, std::uint32_t>;
        const auto place = [](const Origin& origin) {
            return Place{origin.source.get(), origin.begin, origin.end};
        };
        std::set<Place> places;
        std::ranges::transform(reported_, std::inserter(places, places.end()), place);
        std::erase_if(typed, [&](const Diagnostic& diagnostic) {
            return diagnostic.severity == Severity::Error && places.contains(place(diagnostic.origin));
        });
    }

    void finish() {
        for (const schema::SecretSpan& secret : secrets_) {
            if (const auto source = sources_.find(secret.source); source != sources_.end()) {
                source->second->conceal(secret.begin, secret.end);
            }
        }
        tidy(diagnostics());
        candidate_->ok = !has_errors(diagnostics()) && !any_is_broken_;
        if (candidate_->ok) {
            candidate_->hash = crypto::sha256_hex(value::canonical(candidate_->root, written_bytes_));
        }
    }

    const Inputs& inputs_;
    std::shared_ptr<Candidate> candidate_;
    OwnMaps own_;  ///< In the candidate's arena.
    std::vector<schema::SecretSpan> secrets_;
    std::vector<Origin> reported_;
    std::unordered_map<const Source*, Source*> sources_;  ///< Those that may still be concealed.
    std::size_t written_bytes_ = 0;  ///< In all layers: about as long as the canonical form will be.
    bool any_is_broken_ = false;
    bool has_dollar_ = false;
    bool has_alias_ = false;
};

}  // namespace

Outcome<std::shared_ptr<const Candidate>> load(const Inputs& inputs) {
    return Loading{inputs}.run();
}

}  // namespace quantconf::layers
