#include "layers/layer_files.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "format/parse.hpp"
#include "layers/report.hpp"
#include "layers/secret_fields.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::layers {
namespace {

constexpr std::array<std::string_view, 3> kEndings{".yaml", ".yml", ".json"};

/// One layer as the user thinks of it: base, environment or local, and the file's name without its ending.
struct LayerName {
    std::string_view layer;
    std::string_view stem;
};

/// A source that stands for a file whose text plays no part in the message.
Origin place_of_file(std::string_view layer, const std::filesystem::path& path) {
    return {.source = Source::make(Source::Kind::File, std::string{layer}, name_of_file(path), {})};
}

Outcome<std::vector<std::filesystem::path>> spellings_of(const Inputs& inputs, std::string_view stem) {
    std::vector<std::filesystem::path> found;
    for (const std::string_view ending : kEndings) {
        std::filesystem::path path = inputs.config_dir / fmt::format("{}{}", stem, ending);
        QC_TRY(const auto info, inputs.files->info(path));
        if (info) {
            found.push_back(std::move(path));
        }
    }
    return found;
}

void report_two_spellings(std::string_view layer, const std::vector<std::filesystem::path>& paths,
                          Diagnostics& diagnostics) {
    for (std::size_t i = 1; i < paths.size(); ++i) {
        Diagnostic& diagnostic =
            report(diagnostics, Code::LayerSpelledTwice, {},
                   fmt::format("{} is there as well: one layer in two files", name_of_file(paths.front())),
                   place_of_file(layer, paths[i]));
        diagnostic.related.push_back({place_of_file(layer, paths.front()), "the other file"});
        diagnostic.hint = "keep one of them";
    }
}

bool local_is_allowed(const Inputs& inputs) {
    return std::ranges::find(inputs.schema->options().local_yaml, inputs.environment) !=
           inputs.schema->options().local_yaml.end();
}

void report_local_forbidden(const Inputs& inputs, const std::filesystem::path& path,
                            Diagnostics& diagnostics) {
    Diagnostic& diagnostic =
        report(diagnostics, Code::LocalLayerForbidden, {},
               fmt::format("a local layer is not allowed in {}", name_of(inputs.environment)),
               place_of_file("local", path));
    diagnostic.hint = fmt::format("move what it sets to {}.yaml, or remove it", name_of(inputs.environment));
}

void report_too_large(std::string_view layer, const std::filesystem::path& path, Diagnostics& diagnostics) {
    Diagnostic& diagnostic =
        report(diagnostics, Code::LayerTooLarge, {},
               fmt::format("expected at most {} MiB, found more", limits::kFileBytes / 1024 / 1024),
               place_of_file(layer, path));
    diagnostic.expected = fmt::format("at most {} MiB", limits::kFileBytes / 1024 / 1024);
    diagnostic.found = "more";
    diagnostic.hint = "a configuration is not a place for data: keep that in a file of its own";
}

void report_no_layer(const Inputs& inputs, Diagnostics& diagnostics) {
    Diagnostic& diagnostic = report(
        diagnostics, Code::NoLayerFound, {},
        fmt::format("expected base.yaml, {}.yaml or local.yaml in {}, found none of them (nor .yml, .json)",
                    name_of(inputs.environment), name_of_file(inputs.config_dir)),
        {});
    diagnostic.hint = "`quantconf init` writes a first set, --config-dir names another folder";
}

Outcome<LayerFile> read_layer(const Inputs& inputs, std::string_view layer, const std::filesystem::path& path,
                              Diagnostics& diagnostics) {
    LayerFile file{.name = std::string{layer}, .source = nullptr, .document = nullptr};
    QC_TRY(std::string text, inputs.files->read(path, limits::kFileBytes));
    if (text.size() > limits::kFileBytes) {
        report_too_large(layer, path, diagnostics);
        file.source = Source::make(Source::Kind::File, file.name, name_of_file(path), {});
        file.is_broken = true;
        return file;
    }
    file.source = Source::make(Source::Kind::File, file.name, name_of_file(path), std::move(text));
    format::Parsed parsed =
        path.extension() == ".json" ? format::parse_json(file.source) : format::parse_yaml(file.source);
    file.document = std::move(parsed.document);
    file.is_broken = has_errors(parsed.diagnostics) || file.document == nullptr;
    if (file.is_broken) {
        conceal_likely_secrets(*file.source, secret_names(*inputs.schema));
    }
    std::ranges::move(parsed.diagnostics, std::back_inserter(diagnostics));
    return file;
}

}  // namespace

std::string name_of_file(const std::filesystem::path& path) {
    return path.generic_string();
}

Outcome<std::vector<LayerFile>> read_layer_files(const Inputs& inputs, Diagnostics& diagnostics) {
    const std::array layers{LayerName{.layer = "base", .stem = "base"},
                            LayerName{.layer = "environment", .stem = name_of(inputs.environment)},
                            LayerName{.layer = "local", .stem = "local"}};
    std::vector<LayerFile> files;
    bool found_any = false;
    for (const LayerName& layer : layers) {
        QC_TRY(const auto paths, spellings_of(inputs, layer.stem));
        if (paths.empty()) {
            continue;
        }
        found_any = true;
        report_two_spellings(layer.layer, paths, diagnostics);
        if (layer.layer == "local" && !local_is_allowed(inputs)) {
            report_local_forbidden(inputs, paths.front(), diagnostics);
            continue;
        }
        QC_TRY(LayerFile file, read_layer(inputs, layer.layer, paths.front(), diagnostics));
        file.is_broken = file.is_broken || paths.size() > 1;  // What is missing may stand in the other file.
        files.push_back(std::move(file));
    }
    if (!found_any) {
        report_no_layer(inputs, diagnostics);
    }
    return files;
}

Outcome<std::optional<LayerFile>> read_shared_overrides(const Inputs& inputs, Diagnostics& diagnostics) {
    if (inputs.shared_overrides.empty()) {
        return std::nullopt;
    }
    QC_TRY(const auto info, inputs.files->info(inputs.shared_overrides));
    if (!info) {
        return std::nullopt;
    }
    QC_TRY(LayerFile file, read_layer(inputs, "shared", inputs.shared_overrides, diagnostics));
    return file;
}

}  // namespace quantconf::layers
