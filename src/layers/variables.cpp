#include "layers/variables.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "layers/environment_field.hpp"
#include "layers/kubernetes.hpp"
#include "layers/report.hpp"
#include "layers/secret_fields.hpp"
#include "layers/utf8_text.hpp"
#include "layers/variable_file.hpp"
#include "layers/variable_table.hpp"
#include "layers/variable_tree.hpp"
#include "layers/variable_value.hpp"

namespace quantconf::layers {
namespace {

constexpr std::string_view kFileSuffix = "_FILE";

/// Names of a file may have any length.
std::string shown(const std::string& name) {
    constexpr std::size_t kShownMax = 120;
    return name.size() > kShownMax ? quantconf::quoted(name) : name;
}

/// Whose variable it is, by its name.
enum class Ownership : std::uint8_t { Others, OtherCase, Ours };

Ownership ownership(std::string_view name, std::string_view prefix) {
    if (name.size() <= prefix.size() || name[prefix.size()] != '_') {
        return Ownership::Others;
    }
    const std::string_view head = name.substr(0, prefix.size());
    if (head == prefix) {
        return Ownership::Ours;
    }
    return ascii_upper(head) == prefix ? Ownership::OtherCase : Ownership::Others;
}

/// Reads the variables of one layer, one after the other.
class VariableReader {
public:
    explicit VariableReader(const VariableContext& context)
        : context_{context}, table_{*context.inputs.schema, context.lower} {}

    void read(const Assignment& assignment) {
        switch (ownership(assignment.name, prefix())) {
            case Ownership::Others:
                return;
            case Ownership::OtherCase:
                report_case(assignment);
                return;
            case Ownership::Ours:
                break;
        }
        const auto [first, is_new] = by_name_.emplace(assignment.name, &assignment);
        if (!is_new) {
            if (assignment.file == nullptr) {  // The parser of .env has said so already.
                report_twice(assignment, *first->second);
            }
            return;
        }
        if (by_name_.size() > limits::kVariables) {
            if (by_name_.size() == limits::kVariables + 1) {
                report_too_many(assignment);
            }
            return;
        }
        if (assignment.name == fmt::format("{}_STRICT_EMPTY", prefix())) {
            return;
        }
        if (assignment.value.size() > limits::kVariableBytes) {
            report_too_large(assignment);
        } else if (!is_utf8(assignment.value)) {
            report_not_utf8(assignment);
        } else if (assignment.name == fmt::format("{}_ENVIRONMENT", prefix())) {
            read_environment(assignment);
        } else {
            resolve(assignment);
        }
    }

    [[nodiscard]] value::Node build() { return build_tree(placed_, context_.arena, context_.diagnostics); }

private:
    [[nodiscard]] std::string_view prefix() const { return context_.inputs.schema->options().env_prefix; }

    void resolve(const Assignment& assignment) {
        const std::vector<Target> targets = table_.find(assignment.name);
        if (targets.size() == 1 && targets.front().ends_with_new_key &&
            assignment.name.ends_with(kFileSuffix)) {
            resolve_new_key_or_file(assignment, targets.front());
            return;
        }
        if (targets.size() == 1) {
            const bool may_be_url =
                targets.front().field->type == Type::Url || targets.front().field->type == Type::String;
            if (!may_be_url && is_kubernetes_url(assignment.name, assignment.value)) {
                note_kubernetes(assignment);
            } else {
                place(targets.front(), value_of(assignment, *targets.front().field), assignment.name);
            }
            return;
        }
        if (targets.size() > 1) {
            report_ambiguous(assignment, targets);
        } else if (!read_file_variable(assignment)) {
            report_unknown(assignment);
        }
    }

    /// BOT_WEIGHTS__SPY_FILE: a new key spy_file, or the file that holds weights.spy? If spy is there, it is
    /// the file; otherwise nobody guesses.
    void resolve_new_key_or_file(const Assignment& assignment, const Target& key) {
        const std::string_view name = assignment.name;
        const std::vector<Target> stems = table_.find(name.substr(0, name.size() - kFileSuffix.size()));
        if (stems.size() == 1 && !stems.front().ends_with_new_key) {
            static_cast<void>(read_file_variable(assignment));
            return;
        }
        Diagnostic& diagnostic = report_name(assignment, Severity::Error, Code::UnknownVariable,
                                             fmt::format("{} can mean the key {} or a file with a value",
                                                         shown(assignment.name), to_path(key.steps)));
        diagnostic.hint =
            "write a key that ends in _file into a layer file; a file can only hold the value of a key "
            "that a lower layer has";
    }

    /// NAME_FILE, where NAME_FILE is no field of its own but NAME is.
    bool read_file_variable(const Assignment& assignment) {
        const std::string_view name = assignment.name;
        if (!name.ends_with(kFileSuffix)) {
            return false;
        }
        const std::vector<Target> targets = table_.find(name.substr(0, name.size() - kFileSuffix.size()));
        if (targets.size() != 1) {
            return false;
        }
        const Target& target = targets.front();
        if (assignment.value.empty()) {
            report_empty(assignment, to_path(target.steps));
            return true;
        }
        const FileVariable file{.name = assignment.name,
                                .file = assignment.value,
                                .layer = layer(assignment),
                                .path = to_path(target.steps),
                                .is_secret = contains_secret(*target.field),
                                .place = name_place(assignment)};
        if (const auto source = read_variable_file(file, context_.inputs, context_.diagnostics)) {
            context_.sources.push_back(source);
            WrittenValue written = whole(*source, assignment.name);
            written.has_operators = false;
            place(target, written, assignment.name);
        }
        return true;
    }

    /// The value as text of a source, concealed if nobody may see it.
    WrittenValue value_of(const Assignment& assignment, const Field& field) {
        const bool is_hidden =
            contains_secret(field) && !(field.type == Type::Secret && is_secret_reference(assignment.value));
        if (assignment.file == nullptr) {
            const auto source =
                Source::make(Source::Kind::Variable, layer(assignment), assignment.name, assignment.value);
            context_.sources.push_back(source);
            if (is_hidden) {
                source->conceal(0, static_cast<std::uint32_t>(source->text().size()));
            }
            return whole(*source, assignment.name);
        }
        if (is_hidden) {
            assignment.file->conceal(assignment.value_begin, assignment.value_end);
        }
        return {.text = context_.arena.copy(assignment.value),
                .source = assignment.file.get(),
                .begin = assignment.value_begin,
                .end = assignment.value_end,
                .path = {},
                .name = assignment.name};
    }

    static WrittenValue whole(const Source& source, const std::string& name) {
        return {.text = source.text(),
                .source = &source,
                .begin = 0,
                .end = static_cast<std::uint32_t>(source.text().size()),
                .path = {},
                .name = name};
    }

    void place(const Target& target, WrittenValue written, const std::string& name) {
        written.path = to_path(target.steps);
        written.empty_is_error = context_.strict_empty;
        if (written.path ==
            "environment") {  // Spelled otherwise than <PREFIX>_ENVIRONMENT, but it means the same.
            const Origin origin{
                .source = written.source->shared_from_this(), .begin = written.begin, .end = written.end};
            check_environment(written.text, context_.inputs, origin, context_.diagnostics);
        }
        if (const auto node = read_value(written, *target.field, context_.arena, context_.diagnostics)) {
            placed_.push_back({.steps = target.steps, .node = *node, .name = name});
        }
    }

    /// In the environment of the process it has done its work already, or the caller's choice went before it.
    void read_environment(const Assignment& assignment) {
        if (assignment.value.empty()) {
            report_empty(assignment, "environment");
        } else if (assignment.file != nullptr) {
            check_environment(
                assignment.value, context_.inputs,
                {.source = assignment.file, .begin = assignment.value_begin, .end = assignment.value_end},
                context_.diagnostics);
        }
    }

    [[nodiscard]] static std::string layer(const Assignment& assignment) {
        return assignment.file == nullptr ? "variable" : "dotenv";
    }

    /// Points at the name alone: for variables whose value is nobody's to print.
    [[nodiscard]] static Origin name_place(const Assignment& assignment) {
        if (assignment.file == nullptr) {
            return {.source = Source::make(Source::Kind::Variable, layer(assignment), assignment.name, {})};
        }
        assignment.file->conceal(assignment.value_begin, assignment.value_end);
        return {.source = assignment.file, .begin = assignment.name_begin, .end = assignment.name_end};
    }

    Diagnostic& report_name(const Assignment& assignment, Severity severity, Code code, std::string message) {
        return report(context_.diagnostics, severity, code, {}, std::move(message), name_place(assignment));
    }

    /// Nothing once there are more than anybody is shown: a name costs a millisecond.
    [[nodiscard]] std::vector<std::string> suggest(std::string_view name) {
        return ++suggested_ > 2 * kDiagnosticsMax ? std::vector<std::string>{} : table_.suggest(name);
    }

    void report_unknown(const Assignment& assignment) {
        if (is_kubernetes_link(assignment.name, assignment.value)) {
            note_kubernetes(assignment);
            return;
        }
        Diagnostic& diagnostic =
            report_name(assignment, Severity::Error, Code::UnknownVariable,
                        fmt::format("{} is not a variable of this configuration", shown(assignment.name)));
        if (table_.is_exhausted()) {
            diagnostic.message = fmt::format("{} was not looked up: there are too many keys and variables",
                                             shown(assignment.name));
        }
        const std::string suggestion = did_you_mean(suggest(assignment.name));
        diagnostic.hint = suggestion.empty() ? "`quantconf env list` shows all names" : suggestion;
    }

    void report_ambiguous(const Assignment& assignment, const std::vector<Target>& targets) {
        std::vector<std::string> paths;
        for (const Target& target : targets) {
            paths.push_back(to_path(target.steps));
        }
        Diagnostic& diagnostic =
            report_name(assignment, Severity::Error, Code::UnknownVariable,
                        fmt::format("{} can mean {}", shown(assignment.name), join_or(paths)));
        diagnostic.hint = "write __ around the key of the map";
    }

    void report_case(const Assignment& assignment) {
        Diagnostic& diagnostic =
            report_name(assignment, Severity::Warning, Code::VariableCase,
                        fmt::format("{} is ignored: names are upper case", shown(assignment.name)));
        const std::string upper = ascii_upper(assignment.name);
        diagnostic.hint = did_you_mean(table_.find(upper).empty() ? suggest(upper) : std::vector{upper});
    }

    void report_twice(const Assignment& assignment, const Assignment& first) {
        Diagnostic& diagnostic =
            report_name(assignment, Severity::Error, Code::VariableSetTwice,
                        fmt::format("{} stands in the environment twice", shown(assignment.name)));
        diagnostic.related.push_back({name_place(first), "the first one"});
        diagnostic.hint = "unset one of them";
    }

    void report_too_many(const Assignment& assignment) {
        report_name(assignment, Severity::Error, Code::LayerTooLarge,
                    fmt::format("expected at most {} variables that begin with {}_, found more",
                                limits::kVariables, prefix()));
    }

    void report_too_large(const Assignment& assignment) {
        report_name(
            assignment, Severity::Error, Code::LayerTooLarge,
            fmt::format("expected at most {} bytes in a variable, found more", limits::kVariableBytes));
    }

    void report_not_utf8(const Assignment& assignment) {
        Diagnostic& diagnostic =
            report_name(assignment, Severity::Error, Code::VariableNotUtf8,
                        fmt::format("expected UTF-8 in {}, found other bytes", shown(assignment.name)));
        diagnostic.hint = "the value is not shown; set it again from a UTF-8 terminal";
    }

    void report_empty(const Assignment& assignment, std::string path) {
        Diagnostic& diagnostic = report_name(
            assignment, context_.strict_empty ? Severity::Error : Severity::Note, Code::EmptyVariable,
            fmt::format("{} is empty and counts as not set", shown(assignment.name)));
        diagnostic.path = std::move(path);
        diagnostic.hint = "unset it, or give it a value";
    }

    void note_kubernetes(const Assignment& assignment) {
        Diagnostic& diagnostic = report_name(
            assignment, Severity::Note, Code::KubernetesLink,
            fmt::format("{} is a service link of Kubernetes and is ignored", shown(assignment.name)));
        diagnostic.hint = "enableServiceLinks: false in the pod keeps these variables out";
    }

    const VariableContext& context_;
    VariableTable table_;
    std::size_t suggested_ = 0;
    std::unordered_map<std::string_view, const Assignment*> by_name_;
    std::vector<Placed> placed_;
};

}  // namespace

value::Node read_variables(const VariableContext& context, const std::vector<Assignment>& assignments) {
    VariableReader reader{context};
    for (const Assignment& assignment : assignments) {
        reader.read(assignment);
    }
    return reader.build();
}

}  // namespace quantconf::layers
