#include "layers/settings.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "format/key_check.hpp"
#include "layers/environment_field.hpp"
#include "layers/report.hpp"
#include "layers/secret_fields.hpp"
#include "layers/tree_edit.hpp"
#include "layers/utf8_text.hpp"
#include "layers/variable_value.hpp"

namespace quantconf::layers {
namespace {

/// Points at the option without its value, which may be a secret with a misspelt name.
Origin place_of(const SettingOrigin& origin, std::string_view path) {
    return {.source = Source::make(Source::Kind::Option, std::string{origin.layer},
                                   fmt::format("{}{}", origin.prefix, path), {})};
}

/// Every path whose keys the schema knows, also those of maps with fixed keys.
void collect_paths(const Field& field, const std::string& path, std::vector<std::string>& paths) {
    const auto add = [&](const std::string& name, const Field& child) {
        const std::string child_path = path.empty() ? name : path + '.' + name;
        paths.push_back(child_path);
        collect_paths(child, child_path, paths);
    };
    if (field.type == Type::Struct) {
        for (const Field& member : field.children) {
            add(member.name, member);
        }
    } else if (field.type == Type::Map) {
        for (const std::string& key : field.options.keys) {
            add(key, field.element());
        }
    }
}

void report_unknown(std::string_view path, const SettingContext& context) {
    const Schema& schema = *context.inputs.schema;
    Diagnostic& diagnostic = report(context.diagnostics, Code::UnknownKey, std::string{path}, "unknown key",
                                    place_of(context.origin, path));
    if (path.contains('[')) {
        diagnostic.hint = "a list is set as a whole: PATH=[...]";
        return;
    }
    std::vector<std::string> paths;
    collect_paths(schema.root(), {}, paths);
    std::vector<std::string> suggestions = nearest(path, paths);
    for (const std::string& known : paths) {  // "max_position_size" exists under trading.
        if (suggestions.size() < 3 && known.ends_with(fmt::format(".{}", path))) {
            suggestions.insert(suggestions.begin(), known);
        }
    }
    diagnostic.hint =
        suggestions.empty() ? "`quantconf schema docs` lists all keys" : did_you_mean(suggestions);
}

/// Where a path leads today.
std::string resolve_alias(std::string_view path, const SettingContext& context) {
    for (const auto& [alias, current] : context.inputs.schema->aliases()) {
        if (alias == path) {
            Diagnostic& diagnostic = report(context.diagnostics, Severity::Note, Code::DeprecatedKey, current,
                                            fmt::format("{} is an old spelling of {}", alias, current),
                                            place_of(context.origin, path));
            diagnostic.hint = fmt::format("write it as {}", current);
            return current;
        }
    }
    return std::string{path};
}

/// Keys of a map are free, but they are keys: the rules for those of files hold here as well.
bool has_good_keys(std::string_view path, const SettingContext& context) {
    for (std::string_view rest = path; !rest.empty();) {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        if (const auto fault = format::check_key(rest.substr(0, end))) {
            report(context.diagnostics, fault->code, std::string{path}, fault->message,
                   place_of(context.origin, path))
                .hint = fault->hint;
            return false;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return true;
}

}  // namespace

value::Node read_setting(const SettingContext& context, std::string_view setting) {
    const Inputs& inputs = context.inputs;
    Diagnostics& diagnostics = context.diagnostics;
    const value::Node nothing = value::map_node({}, nullptr, 0, 0);
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        Diagnostic& diagnostic =
            report_expected(diagnostics, Code::Syntax, {}, "PATH=VALUE",
                            equals == 0 ? "no path" : "no =", place_of(context.origin, {}));
        diagnostic.hint = "for example --set trading.max_position_size=0.02";
        return nothing;
    }
    const std::string_view written_path = setting.substr(0, equals);
    if (!is_utf8(setting)) {
        report(diagnostics, Code::VariableNotUtf8, {}, "expected UTF-8, found other bytes",
               place_of(context.origin, is_utf8(written_path) ? written_path : ""));
        return nothing;
    }
    const std::string path = resolve_alias(written_path, context);
    const Field* field = path.contains('[') ? nullptr : inputs.schema->find(path);
    if (field == nullptr) {
        report_unknown(path, context);
        return nothing;
    }
    if (!has_good_keys(path, context)) {
        return nothing;
    }
    const std::string_view text = setting.substr(equals + 1);
    const auto source =
        Source::make(Source::Kind::Option, std::string{context.origin.layer},
                     fmt::format("{}{}", context.origin.prefix, written_path), std::string{text});
    const auto end = static_cast<std::uint32_t>(text.size());
    if (contains_secret(*field) && !(field->type == Type::Secret && is_secret_reference(text))) {
        source->conceal(0, end);
    }
    context.sources.push_back(source);
    if (path == "environment") {
        check_environment(text, inputs, {.source = source, .begin = 0, .end = end}, diagnostics);
    }
    const WrittenValue written{.text = source->text(),
                               .source = source.get(),
                               .begin = 0,
                               .end = end,
                               .path = path,
                               .name = source->name(),
                               .empty_is_error = context.strict_empty};
    const auto node = read_value(written, *field, context.arena, diagnostics);
    if (!node) {
        return nothing;
    }
    const value::Entry entry{
        .key_text = nullptr, .key_begin = 0, .key_end = end, .key_source = source.get(), .value = *node};
    return only_entry(path, entry, context.arena);
}

}  // namespace quantconf::layers
