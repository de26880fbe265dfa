#include "apps/quantconf/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "format/parse.hpp"
#include "live/places.hpp"
#include "quantconf/quantbot.hpp"
#include "schema/json_schema.hpp"
#include "secrets/problem.hpp"

namespace quantconf::app {
namespace {

const DiskFiles& disk() {
    static const DiskFiles files;
    return files;
}

void print_error(const Terminal& err, std::string_view message, std::string_view hint) {
    err.print(fmt::format("{} {}\n", err.red("error:"), message));
    if (!hint.empty()) {
        err.print(fmt::format("{} {}\n", err.cyan("hint:"), hint));
    }
}

void print_all(const Terminal& err, const Diagnostics& diagnostics) {
    for (const Diagnostic& diagnostic : diagnostics) {
        err.print(to_text(diagnostic, err.colour()) + "\n");
    }
}

int report(const Terminal& err, const Error& error) {
    print_error(err, to_text(Error{error.operation, error.subject, error.cause, {}}), error.hint);
    return kWorldFailed;
}

std::expected<Schema, int> read_schema(const std::filesystem::path& path, const Terminal& err) {
    const auto text = disk().read(path, limits::kFileBytes);
    if (!text) {
        return std::unexpected{report(err, text.error())};
    }
    const auto source = Source::make(Source::Kind::File, "schema", path.string(), *text);
    const auto extension = path.extension().string();
    format::Parsed parsed =
        extension == ".yaml" || extension == ".yml" ? format::parse_yaml(source) : format::parse_json(source);
    if (parsed.document == nullptr || has_errors(parsed.diagnostics)) {
        print_all(err, parsed.diagnostics);
        return std::unexpected{int{kAnswerIsNo}};
    }
    auto schema = schema::from_json_schema(*parsed.document);
    if (!schema) {
        print_all(err, schema.error());
        return std::unexpected{int{kAnswerIsNo}};
    }
    return *std::move(schema);
}

}  // namespace

Session::Result<Session> Session::open(Arguments arguments, std::vector<std::string> variables) {
    if (!arguments.schema_file) {
        return Session{std::move(arguments), std::move(variables), quantbot::Config::schema()};
    }
    auto schema = read_schema(*arguments.schema_file, Terminal{stderr});
    if (!schema) {
        return std::unexpected{schema.error()};
    }
    return Session{std::move(arguments), std::move(variables), *std::move(schema)};
}

std::filesystem::path Session::state_dir() const {
    return arguments_.state_dir
               ? live::real_path(*arguments_.state_dir)
               : live::default_state_dir(arguments_.config_dir, variables_, schema_.options().app);
}

Session::Result<layers::ChosenEnvironment> Session::environment() const {
    auto chosen =
        layers::choose_environment(arguments_.environment, schema_.options().env_prefix, variables_);
    if (!chosen) {
        print_diagnostics(chosen.error());
        return std::unexpected{int{arguments_.environment ? kWrongUsage : kAnswerIsNo}};
    }
    return *std::move(chosen);
}

Session::Result<CandidatePointer> Session::run(const layers::Inputs& inputs) const {
    auto candidate = layers::load(inputs);
    if (!candidate) {
        return std::unexpected{report(err_, candidate.error())};
    }
    return *std::move(candidate);
}

Session::Result<CandidatePointer> Session::load(layers::ChosenEnvironment environment,
                                                layers::SecretResolver* resolver) const {
    auto candidate = look(std::move(environment), resolver);
    if (!candidate) {
        return std::unexpected{report(err_, candidate.error())};
    }
    return *std::move(candidate);
}

Outcome<CandidatePointer> Session::look(layers::ChosenEnvironment environment,
                                        layers::SecretResolver* resolver) const {
    return layers::load(
        {.schema = &schema_,
         .files = &disk(),
         .config_dir = arguments_.config_dir,
         .environment = environment.environment,
         .environment_chosen_by = std::move(environment.by),
         .variables = variables_,
         .settings = arguments_.settings,
         .shared_overrides = state_dir() / fmt::format("overrides.{}.yaml", name_of(environment.environment)),
         .resolver = resolver});
}

Session::Result<CandidatePointer> Session::load(layers::SecretResolver* resolver) const {
    auto chosen = environment();
    if (!chosen) {
        return std::unexpected{chosen.error()};
    }
    return load(*std::move(chosen), resolver);
}

Session::Result<CandidatePointer> Session::load_files(Environment environment,
                                                      const std::filesystem::path& config_dir) const {
    return run({.schema = &schema_,
                .files = &disk(),
                .config_dir = config_dir,
                .environment = environment,
                .environment_chosen_by = "--env",
                .variables = {},
                .settings = {},
                .use_dotenv = false});
}

Session::Result<CandidatePointer> Session::load_valid(layers::SecretResolver* resolver) const {
    auto candidate = load(resolver);
    if (candidate && !(*candidate)->ok) {
        Diagnostics errors = (*candidate)->diagnostics;
        std::erase_if(errors, [](const Diagnostic& d) { return d.severity != Severity::Error; });
        print_diagnostics(errors);
        fail(kAnswerIsNo, "the configuration is invalid, so there are no effective values",
             "`quantconf check` shows everything that is wrong, `quantconf explain PATH` works even now");
        return std::unexpected{int{kAnswerIsNo}};
    }
    return candidate;
}

int Session::fail(int exit_code, std::string_view message, std::string_view hint) const {
    print_error(err_, message, hint);
    return exit_code;
}

int Session::fail(const Error& error) const {
    const int code = report(err_, error);
    using secrets::Problem;
    const bool is_an_answer = error.cause == Problem::NotFound || error.cause == Problem::Exists ||
                              error.cause == Problem::Conflict || error.cause == Problem::BadName ||
                              error.cause == Problem::NotForEnvironment ||
                              error.cause == Problem::NotForHost || error.cause == Problem::Retired ||
                              error.cause == Problem::TooMany || error.cause == Problem::InUse ||
                              error.cause == Problem::Superseded || error.cause == Problem::StoreGone;
    return is_an_answer ? int{kAnswerIsNo} : code;
}

int Session::unknown_path(std::string_view path) const {
    const auto known = paths();
    auto suggestions = nearest(path, known);
    // A bare name, as people remember it: "max_position_size" stands under "trading".
    for (const std::string& candidate : known) {
        if (candidate.size() > path.size() && candidate.ends_with(path) &&
            candidate[candidate.size() - path.size() - 1] == '.' && suggestions.size() < 3) {
            suggestions.push_back(candidate);
        }
    }
    return fail(kAnswerIsNo, no_such("key", name_part(path), !suggestions.empty()),
                suggestions.empty() ? "`quantconf schema docs` lists every key" : did_you_mean(suggestions));
}

void Session::print_diagnostics(const Diagnostics& diagnostics) const {
    print_all(err_, diagnostics);
}

std::vector<std::string> Session::paths() const {
    std::vector<std::string> result;
    for (const Variable& variable : schema_.variables()) {
        result.push_back(variable.path);
    }
    return result;
}

}  // namespace quantconf::app
