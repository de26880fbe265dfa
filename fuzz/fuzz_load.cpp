// The whole load path: texts of files, variables and --set in; a configuration or diagnostics out. Every
// input is loaded with the bot's schema and with one that was read at run time.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "format/parse.hpp"
#include "format/write.hpp"
#include "fuzz/archive.hpp"
#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"
#include "layers/explain.hpp"
#include "layers/load.hpp"
#include "quantconf/quantbot.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::fuzz {
namespace {

// Planted as the value of a secret, in a layer that nobody else writes. Wherever it shows up, it leaked.
constexpr std::string_view kCanary = "Zq9-canary-7Kx";

constexpr std::string_view kSecondSchema = R"({
  "title": "A small program of somebody else",
  "x-quantconf": {"app": "small", "env_prefix": "SMALL", "local_yaml": ["development", "testing"]},
  "type": "object", "additionalProperties": false,
  "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 20, "pattern": "[a-z]+", "default": "small"},
    "mode": {"enum": ["fast", "safe"], "default": "safe"},
    "count": {"type": "integer", "minimum": -5, "maximum": 5, "default": 0},
    "ratio": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
    "wait": {"type": "string", "default": "1s", "x-quantconf": {"kind": "duration"}},
    "space": {"type": "string", "default": "1MiB", "x-quantconf": {"kind": "size"}},
    "home": {"type": "string", "default": "https://localhost", "x-quantconf": {"kind": "url"}},
    "zone": {"type": "string", "default": "UTC", "x-quantconf": {"kind": "timezone"}},
    "words": {"type": "array", "items": {"type": "string"}, "maxItems": 4, "default": []},
    "limits": {"type": "object", "additionalProperties": {"type": "integer"}},
    "token": {"type": "string", "x-quantconf": {"secret": true}}
  }
})";

const Schema& second_schema() {
    static const Schema schema = [] {
        const format::Parsed parsed = format::parse_json(
            Source::make(Source::Kind::File, "schema", "schema.json", std::string{kSecondSchema}));
        require(parsed.document != nullptr, "the second schema is JSON");
        Checked<Schema> read = schema::from_json_schema(*parsed.document);
        const std::string problems = read ? "" : check_and_render(read.error());
        require(read.has_value(), "the second schema is valid\n" + problems);
        return *std::move(read);
    }();
    return schema;
}

/// What an input asks for.
struct Scene {
    std::vector<Part> files;
    std::vector<std::string> variables;
    std::vector<std::string> settings;
    Environment environment = Environment::Development;
};

Scene read_scene(std::string_view input) {
    Scene scene;
    for (Part& part : split(input)) {
        if (part.name == "variables") {
            scene.variables = lines_of(part.text);
        } else if (part.name == "set") {
            scene.settings = lines_of(part.text);
        } else if (part.name == "environment") {
            scene.environment = parse_environment(part.text.substr(0, part.text.find('\n')))
                                    .value_or(Environment::Development);
        } else {
            scene.files.push_back(std::move(part));
        }
    }
    return scene;
}

void check_candidate(const layers::Candidate& candidate, const Schema& schema, std::string_view secret_path) {
    std::string rendered = check_and_render(candidate.diagnostics);
    require(candidate.ok == !has_errors(candidate.diagnostics), "ok means: no errors");
    require(candidate.hash.size() == (candidate.ok ? 64 : 0),
            "a valid configuration has a hash, another has none");
    require(layers::diff(candidate.root, candidate.root).empty(), "nothing differs from itself");
    if (candidate.ok) {
        rendered += format::to_yaml(candidate.root) + format::to_json(candidate.root) +
                    format::to_flat(candidate.root);
    }
    const auto origins = layers::explain(candidate, schema, secret_path);
    require(origins.has_value(), "every field can be explained");
    for (const layers::SetBy& origin : *origins) {
        rendered += origin.location + origin.written;
    }
    require_absent(kCanary, rendered);
}

/// Loads the scene with `planted` as local.yaml, unless the scene brings its own.
void load_scene(const Scene& scene, const Schema& schema, std::string_view planted,
                std::string_view secret_path) {
    MemoryFiles files;
    files.put("config/local.yaml", std::string{planted});
    for (const Part& file : scene.files) {
        files.put("config/" + file.name, file.text);
    }
    layers::Inputs inputs;
    inputs.schema = &schema;
    inputs.files = &files;
    inputs.environment = scene.environment;
    inputs.variables = scene.variables;
    inputs.settings = scene.settings;
    const auto candidate = layers::load(inputs);
    if (!candidate) {
        return;  // The world failed: a file name that is none, for example.
    }
    check_candidate(**candidate, schema, secret_path);
    if ((*candidate)->ok && &schema == &quantbot::Config::schema()) {
        const auto config = decode<quantbot::Config>((*candidate)->root);
        require(config.environment == scene.environment,
                "a configuration is of the environment that was asked for");
    }
}

}  // namespace

Verdict run_target(std::string_view input) {
    if (input.contains(kCanary)) {
        return Verdict::Useless;  // The input itself would be found.
    }
    const Scene scene = read_scene(input);
    load_scene(
        scene, quantbot::Config::schema(),
        "database: {password: Zq9-canary-7Kx}\nmonitoring:\n  alert_webhook_url: https://x/Zq9-canary-7Kx\n",
        "database.password");
    load_scene(scene, second_schema(), "token: 'Zq9-canary-7Kx'\n", "token");
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
