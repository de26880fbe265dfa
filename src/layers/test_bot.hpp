#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layers/load.hpp"
#include "quantconf/schema.hpp"

/// A small bot with one field of each kind that the layers treat in their own way, and short ways to load it
/// in tests.
namespace quantconf::layers::test {

enum class Mode { Development, Staging, Production, Testing };

struct Host {
    std::string name;
    int port = 80;
    static Fields fields() {
        return {field<&Host::name>("name", {.required = true}),
                field<&Host::port>("port", {.min = 1, .max = 65535})};
    }
};

struct Limit {
    int per_minute = 60;
    double backoff = 1.5;
    static Fields fields() {
        return {field<&Limit::per_minute>("per_minute", {.min = 1, .max = 1000}),
                field<&Limit::backoff>("backoff")};
    }
};

struct Trading {
    double max_position_size = 0.1;
    int max_orders = 10;
    std::optional<std::string> note;
    static Fields fields() {
        return {field<&Trading::max_position_size>(
                    "max_position_size", {.min = 0.01, .max = 1.0, .aliases = {"max_position_size"}}),
                field<&Trading::max_orders>("max_orders", {.min = 1}), field<&Trading::note>("note")};
    }
};

struct Database {
    std::string host = "localhost";
    int port = 5432;
    Secret password;
    static Fields fields() {
        return {field<&Database::host>("host"), field<&Database::port>("port", {.as = Type::Port}),
                field<&Database::password>("password", {.aliases = {"db_password"}})};
    }
};

struct Lists {
    std::vector<std::string> symbols = {"SPY"};
    std::vector<std::string> appended;
    std::vector<std::string> unique;
    std::vector<int> numbers;
    std::vector<Host> hosts;
    std::vector<Host> by_name;
    static Fields fields() {
        return {field<&Lists::symbols>("symbols"),
                field<&Lists::appended>("appended", {.merge = ListMerge::Append}),
                field<&Lists::unique>("unique", {.merge = ListMerge::Unique}),
                field<&Lists::numbers>("numbers"),
                field<&Lists::hosts>("hosts"),
                field<&Lists::by_name>("by_name", {.merge = ListMerge::ByKey, .merge_key = "name"})};
    }
};

}  // namespace quantconf::layers::test

template <>
struct quantconf::EnumTable<quantconf::layers::test::Mode> {
    using Mode = quantconf::layers::test::Mode;
    static constexpr std::array names = {
        EnumName{Mode::Development, "development"}, EnumName{Mode::Staging, "staging"},
        EnumName{Mode::Production, "production"}, EnumName{Mode::Testing, "testing"}};
};

namespace quantconf::layers::test {

struct Bot {
    Mode environment = Mode::Development;
    bool debug = false;
    std::string name = "bot";
    std::string title;
    Duration timeout = std::chrono::seconds{30};
    Trading trading;
    Database database;
    Lists lists;
    std::map<std::string, Limit> limits = {{"polygon", {.per_minute = 300, .backoff = 1.5}}};
    std::map<std::string, int> weights;
    static Fields fields() {
        return {field<&Bot::environment>("environment"),
                field<&Bot::debug>("debug"),
                field<&Bot::name>("name"),
                field<&Bot::title>("title", {.allow_empty = true}),
                field<&Bot::timeout>("timeout", {.min = std::chrono::seconds{1}}),
                field<&Bot::trading>("trading"),
                field<&Bot::database>("database"),
                field<&Bot::lists>("lists"),
                field<&Bot::limits>("limits"),
                field<&Bot::weights>("weights")};
    }
};

inline const Schema& schema() {
    static const Schema kSchema = Schema::of<Bot>({.app = "bot", .env_prefix = "BOT", .title = "Test bot"});
    return kSchema;
}

using Texts = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

/// What a test changes about a load; everything else is as small as can be.
struct Given {
    Texts files = {{"config/base.yaml", "{}"}};
    Words variables{};
    Words settings{};
    Environment environment = Environment::Development;
    std::string chosen_by{};
    bool use_dotenv = true;
    std::string shared_overrides = {};  ///< Its path; the text stands in `files`.
    Words process_overrides = {};
};

inline std::shared_ptr<const Candidate> load_bot(const Given& given) {
    const MemoryFiles files{given.files};
    auto result = load({.schema = &schema(),
                        .files = &files,
                        .environment = given.environment,
                        .environment_chosen_by = given.chosen_by,
                        .variables = given.variables,
                        .settings = given.settings,
                        .shared_overrides = given.shared_overrides,
                        .process_overrides = given.process_overrides,
                        .use_dotenv = given.use_dotenv});
    return result ? *result : nullptr;
}

/// base.yaml, and then development.yaml on top of it.
inline std::shared_ptr<const Candidate> load_layers(std::string base, std::string upper) {
    return load_bot(
        {.files = {{"config/base.yaml", std::move(base)}, {"config/development.yaml", std::move(upper)}}});
}

/// Variables on top of one file.
inline std::shared_ptr<const Candidate> load_variables(Words variables, std::string base = "{}") {
    return load_bot({.files = {{"config/base.yaml", std::move(base)}}, .variables = std::move(variables)});
}

inline Bot decoded(const std::shared_ptr<const Candidate>& candidate) {
    return decode<Bot>(candidate->root);
}

/// All diagnostics as a person sees them.
inline std::string report_of(const std::shared_ptr<const Candidate>& candidate) {
    std::string text;
    for (const Diagnostic& diagnostic : candidate->diagnostics) {
        text += to_text(diagnostic);
    }
    return text;
}

/// The codes of everything worth mentioning, in order; notes only where a test asks for them.
inline std::vector<Code> codes(const std::shared_ptr<const Candidate>& candidate,
                               Severity least = Severity::Warning) {
    std::vector<Code> result;
    for (const Diagnostic& diagnostic : candidate->diagnostics) {
        if (diagnostic.severity <= least) {
            result.push_back(diagnostic.code);
        }
    }
    return result;
}

/// The first diagnostic with a code; an empty one, whose code is another, if there is none.
inline Diagnostic find(const std::shared_ptr<const Candidate>& candidate, Code code) {
    for (const Diagnostic& diagnostic : candidate->diagnostics) {
        if (diagnostic.code == code) {
            return diagnostic;
        }
    }
    return {};
}

/// "config/base.yaml:3:5" or the name of what is no file.
inline std::string place(const Origin& origin) {
    if (origin.source == nullptr) {
        return {};
    }
    if (origin.source->kind() != Source::Kind::File) {
        return origin.source->name();
    }
    const Position position = origin.position();
    return origin.source->name() + ":" + std::to_string(position.line) + ":" +
           std::to_string(position.column);
}

}  // namespace quantconf::layers::test
