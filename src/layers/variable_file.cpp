#include "layers/variable_file.hpp"

#include <string_view>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "layers/report.hpp"
#include "layers/secret_fields.hpp"
#include "layers/utf8_text.hpp"

namespace quantconf::layers {
namespace {

constexpr std::uint32_t kReadableByOthers = 0004;

void report_unreadable(const FileVariable& variable, std::string found, Diagnostics& diagnostics) {
    Diagnostic& diagnostic = report_expected(diagnostics, Code::VariableFileUnreadable, variable.path,
                                             fmt::format("a readable file named by {}", variable.name),
                                             std::move(found), variable.place);
    diagnostic.hint = "check the path and who may read the file";
}

void report_exposed(const FileVariable& variable, Environment environment, Diagnostics& diagnostics) {
    const bool is_production = environment == Environment::Production;
    Diagnostic& diagnostic =
        report(diagnostics, is_production ? Severity::Error : Severity::Warning, Code::VariableFileExposed,
               variable.path,
               fmt::format("every user of this machine can read the file that {} names", variable.name),
               variable.place);
    diagnostic.hint = "chmod 0400 it, or mount the secret with that mode";
}

void strip_one_newline(std::string& text) {
    if (text.ends_with('\n')) {
        text.pop_back();
        if (text.ends_with('\r')) {
            text.pop_back();
        }
    }
}

}  // namespace

std::shared_ptr<Source> read_variable_file(const FileVariable& variable, const Inputs& inputs,
                                           Diagnostics& diagnostics) {
    const auto info = inputs.files->info(variable.file);
    if (!info || !*info) {
        report_unreadable(variable, info ? "no such file" : info.error().cause.message(), diagnostics);
        return nullptr;
    }
    auto text = inputs.files->read(variable.file, limits::kVariableBytes);
    if (!text) {
        report_unreadable(variable, text.error().cause.message(), diagnostics);
        return nullptr;
    }
    if (text->size() > limits::kVariableBytes) {
        report_unreadable(variable, fmt::format("more than {} bytes", limits::kVariableBytes), diagnostics);
        return nullptr;
    }
    if (!is_utf8(*text)) {
        report(diagnostics, Code::VariableNotUtf8, variable.path,
               fmt::format("expected UTF-8 in the file that {} names, found other bytes", variable.name),
               variable.place);
        return nullptr;
    }
    strip_one_newline(*text);
    if (variable.is_secret && !is_secret_reference(*text) && ((*info)->mode & kReadableByOthers) != 0) {
        report_exposed(variable, inputs.environment, diagnostics);
    }
    const auto source =
        Source::make(Source::Kind::NamedFile, variable.layer, variable.name, *std::move(text));
    if (variable.is_secret && !is_secret_reference(source->text())) {
        source->conceal(0, static_cast<std::uint32_t>(source->text().size()));
    }
    return source;
}

}  // namespace quantconf::layers
