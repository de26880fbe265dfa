#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "format/parse.hpp"
#include "layers/layer_files.hpp"
#include "layers/report.hpp"
#include "layers/variables.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::layers {
namespace {

/// The place of a value without the quotes around it.
void leave_quotes_out(Assignment& assignment) {
    const std::string_view text = assignment.file->text();
    const bool is_quoted = assignment.value_end >= assignment.value_begin + 2 &&
                           (text[assignment.value_begin] == '"' || text[assignment.value_begin] == '\'') &&
                           text[assignment.value_end - 1] == text[assignment.value_begin];
    if (is_quoted) {
        ++assignment.value_begin;
        --assignment.value_end;
    }
}

/// Which values of a broken file are secrets is not known: what stands behind the = of any line is not shown.
void conceal_values(Source& source) {
    const std::string_view text = source.text();
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        const std::size_t equals = line.find('=');
        const std::size_t hidden = equals == std::string_view::npos ? 0 : equals + 1;
        source.conceal(static_cast<std::uint32_t>(begin + hidden), static_cast<std::uint32_t>(end));
        begin = end + 1;
    }
}

const Assignment* find(const std::vector<Assignment>& assignments, std::string_view name) {
    const auto found = std::ranges::find(assignments, name, &Assignment::name);
    return found == assignments.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Assignment> read_environ(const std::vector<std::string>& variables) {
    std::vector<Assignment> assignments;
    for (const std::string& variable : variables) {
        const auto equals = variable.find('=');
        if (equals != std::string::npos && equals > 0) {
            assignments.push_back(
                {.name = variable.substr(0, equals), .value = variable.substr(equals + 1), .file = nullptr});
        }
    }
    return assignments;
}

Outcome<Dotenv> read_dotenv(const Inputs& inputs, Diagnostics& diagnostics) {
    Dotenv dotenv;
    const std::filesystem::path path = inputs.config_dir / ".env";
    QC_TRY(const auto info, inputs.files->info(path));
    if (!info) {
        return dotenv;
    }
    QC_TRY(std::string text, inputs.files->read(path, limits::kFileBytes));
    const bool is_too_large = text.size() > limits::kFileBytes;
    dotenv.source = Source::make(Source::Kind::File, "dotenv", name_of_file(path),
                                 is_too_large ? std::string{} : std::move(text));
    if (is_too_large) {
        dotenv.is_broken = true;
        report_expected(diagnostics, Code::LayerTooLarge, {},
                        fmt::format("at most {} MiB", limits::kFileBytes / 1024 / 1024), "more",
                        {.source = dotenv.source});
        return dotenv;
    }
    format::ParsedDotenv parsed = format::parse_dotenv(dotenv.source);
    dotenv.is_broken = has_errors(parsed.diagnostics);
    if (dotenv.is_broken) {
        conceal_values(*dotenv.source);
    }
    std::ranges::move(parsed.diagnostics, std::back_inserter(diagnostics));
    for (format::DotenvEntry& entry : parsed.entries) {
        Assignment assignment{.name = std::move(entry.name),
                              .value = std::move(entry.value),
                              .file = dotenv.source,
                              .name_begin = entry.name_begin,
                              .name_end = entry.name_end,
                              .value_begin = entry.value_begin,
                              .value_end = entry.value_end};
        leave_quotes_out(assignment);
        dotenv.assignments.push_back(std::move(assignment));
    }
    return dotenv;
}

bool wants_strict_empty(const std::vector<Assignment>& environ_assignments,
                        const std::vector<Assignment>& dotenv_assignments, const Inputs& inputs,
                        Diagnostics& diagnostics) {
    static constexpr std::array<std::string_view, 4> kOn{"1", "true", "yes", "on"};
    static constexpr std::array<std::string_view, 5> kOff{"", "0", "false", "no", "off"};
    const std::string name = fmt::format("{}_STRICT_EMPTY", inputs.schema->options().env_prefix);
    const Assignment* assignment = find(environ_assignments, name);
    assignment = assignment == nullptr ? find(dotenv_assignments, name) : assignment;
    if (assignment == nullptr) {
        return false;
    }
    const std::string text = ascii_lower(assignment->value);
    if (std::ranges::find(kOn, text) == kOn.end() && std::ranges::find(kOff, text) == kOff.end()) {
        Origin origin{
            .source = assignment->file, .begin = assignment->value_begin, .end = assignment->value_end};
        if (assignment->file != nullptr) {
            assignment->file->conceal(assignment->value_begin, assignment->value_end);  // Whatever it is.
        } else {
            origin.source = Source::make(Source::Kind::Variable, "variable", name, {});
        }
        report_expected(diagnostics, Code::BooleanSpelling, {}, fmt::format("1 or 0 in {}", name),
                        "another text", std::move(origin));
        return true;
    }
    return std::ranges::find(kOff, text) == kOff.end();
}

}  // namespace quantconf::layers
