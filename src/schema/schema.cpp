#include "quantconf/schema.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "schema/schema_build.hpp"
#include "schema/variable_names.hpp"

namespace quantconf {

struct Schema::Data {
    Field root;
    SchemaOptions options;
    std::shared_ptr<Arena> memory;  ///< Of the default values.
    std::once_flag variables_once;  ///< Most loads never ask for the table.
    std::vector<Variable> variables;
    std::vector<std::pair<std::string, std::string>> aliases;
};

namespace {

/// Takes the next name or [index] off a path; false where it is none.
bool take_segment(std::string_view& path, std::string_view& segment) {
    if (path.starts_with('[')) {
        const auto close = path.find(']');
        if (close == std::string_view::npos) {
            return false;
        }
        segment = path.substr(0, close + 1);
        path.remove_prefix(close + 1);
    } else {
        const auto end = std::min(path.find_first_of(".["), path.size());
        segment = path.substr(0, end);
        path.remove_prefix(end);
    }
    if (path.starts_with('.')) {
        path.remove_prefix(1);
        return !segment.empty() && !path.empty() && !path.starts_with('[');
    }
    return !segment.empty() && (path.empty() || path.starts_with('['));
}

bool is_index(std::string_view segment) {
    return segment.size() > 2 && segment.starts_with('[') &&
           segment.find_first_not_of("0123456789", 1) == segment.size() - 1;
}

const Field* child_of(const Field& field, std::string_view segment) {
    switch (field.type) {
        case Type::Struct:
            return field.member(segment);
        case Type::Map: {
            const auto& keys = field.options.keys;
            const bool is_allowed =
                !segment.starts_with('[') && (keys.empty() || std::ranges::find(keys, segment) != keys.end());
            return is_allowed ? &field.element() : nullptr;
        }
        case Type::List:
            return is_index(segment) ? &field.element() : nullptr;
        default:
            return nullptr;
    }
}

/// `path` names the field; it is the same again when the function returns.
void collect_aliases(const Field& field, std::string& path,
                     std::vector<std::pair<std::string, std::string>>& aliases) {
    for (const std::string& alias : field.options.aliases) {
        aliases.emplace_back(alias, path);
    }
    const auto collect_below = [&](const std::string& name, const Field& child) {
        const std::size_t length = path.size();
        path += path.empty() ? "" : ".";
        path += name;
        collect_aliases(child, path, aliases);
        path.resize(length);
    };
    if (field.type == Type::Struct) {
        for (const Field& member : field.children) {
            collect_below(member.name, member);
        }
    } else if (field.type == Type::Map) {
        for (const std::string& key : field.options.keys) {
            collect_below(key, field.element());
        }
    }
}

}  // namespace

const Value& RuleView::at(std::string_view path) const {
    static const Value absent = Value::absent();
    const Value* value = root.at(path);
    return value == nullptr ? absent : *value;
}

Checked<Schema> Schema::build(Field root, SchemaOptions options, std::shared_ptr<Arena> memory) {
    auto data = std::make_shared<Data>();
    data->root = std::move(root);
    data->options = std::move(options);
    data->memory = memory != nullptr ? std::move(memory) : std::make_shared<Arena>();

    Diagnostics diagnostics;
    const bool is_proved = data->options.is_proved;
    if (!is_proved) {
        if (!schema::check_shapes(data->root, diagnostics)) {
            return std::unexpected{std::move(diagnostics)};
        }
        schema::check_fields(data->root, diagnostics);
    }
    schema::index_members(data->root);
    schema::fill_defaults(data->root, *data->memory);
    std::string path;
    collect_aliases(data->root, path, data->aliases);
    std::ranges::stable_sort(data->aliases);

    Schema result{std::move(data)};
    if (!is_proved) {
        schema::check_variables(result.variables(), result.options().env_prefix, diagnostics);
        schema::check_references(result, diagnostics);
        if (!has_errors(diagnostics)) {  // Against bounds and patterns that are known to be sound.
            schema::check_defaults(result, diagnostics);
        }
        if (has_errors(diagnostics)) {
            return std::unexpected{std::move(diagnostics)};
        }
    }
    return result;
}

Schema Schema::build_or_stop(Field root, SchemaOptions options) {
    const std::string app = options.app;
    auto built = build(std::move(root), std::move(options));
    if (!built) {
        std::fprintf(stderr, "the schema of %s contradicts itself:\n",
                     app.empty() ? "this program" : app.c_str());
        for (const Diagnostic& diagnostic : built.error()) {
            std::fprintf(stderr, "%s\n", to_text(diagnostic).c_str());
        }
        std::abort();
    }
    return *std::move(built);
}

const Field& Schema::root() const noexcept {
    return data_->root;
}

const SchemaOptions& Schema::options() const noexcept {
    return data_->options;
}

const Field* Schema::find(std::string_view path) const noexcept {
    const Field* field = &data_->root;
    std::string_view segment;
    while (field != nullptr && !path.empty()) {
        field = take_segment(path, segment) ? child_of(*field, segment) : nullptr;
    }
    return field;
}

const std::vector<Variable>& Schema::variables() const noexcept {
    std::call_once(data_->variables_once, [this] {
        data_->variables = schema::make_variables(data_->root, data_->options.env_prefix);
    });
    return data_->variables;
}

const std::vector<std::pair<std::string, std::string>>& Schema::aliases() const noexcept {
    return data_->aliases;
}

}  // namespace quantconf
