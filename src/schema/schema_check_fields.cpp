#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "schema/pattern.hpp"
#include "schema/schema_build.hpp"

namespace quantconf::schema {
namespace {

bool is_number(Type type) {
    return type == Type::Integer || type == Type::Float || type == Type::Port || type == Type::Duration ||
           type == Type::Size;
}

bool is_scalar(Type type) {
    return type != Type::List && type != Type::Map && type != Type::Struct;
}

/// Looks at one field; what is below it is somebody else's turn.
class FieldCheck {
public:
    FieldCheck(const Field& field, std::string_view path, Diagnostics& diagnostics)
        : field_{field}, options_{field.options}, path_{path}, diagnostics_{diagnostics} {}

    void run() {
        check_refinement();
        check_member_names();
        check_enum();
        check_numbers();
        check_texts();
        check_secret();
        check_list();
        check_map();
        check_aliases();
        check_bounds(field_, path_, diagnostics_);
    }

private:
    void bad(std::string message) { report_bad_schema(diagnostics_, path_, std::move(message)); }

    /// An option that the type would silently ignore is a limit that is not kept.
    void only_for(bool is_set, bool is_meaningful, std::string_view option) {
        if (is_set && !is_meaningful) {
            bad(fmt::format("{} means nothing for a field of type {}", option, name_of(field_.type)));
        }
    }

    void check_refinement() {
        const Field* refined = &field_;
        while (refined->type == Type::List || refined->type == Type::Map) {
            refined = &refined->element();
        }
        if (options_.as && *options_.as != refined->type) {
            bad(fmt::format("a field of type {} cannot be refined to {}", name_of(refined->type),
                            name_of(*options_.as)));
        }
    }

    void check_member_names() {
        std::set<std::string_view> seen;
        for (const Field& member : field_.children) {
            if (field_.type != Type::Struct) {
                continue;
            }
            if (!seen.insert(member.name).second) {
                bad(fmt::format("two members are called {}", member.name));
            }
            check_name(member.name, "a member");
            if (member.name.starts_with("x-")) {
                bad(fmt::format("{} can never be set: keys that start with x- are free for notes",
                                member.name));
            }
        }
    }

    void check_name(const std::string& name, std::string_view what) {
        if (!is_key_name(name)) {
            bad(fmt::format(
                "the name of {}, \"{}\", is not of the form [a-z][a-z0-9_-]* with _ and - alone and "
                "not at the end",
                what, name));
        }
    }

    void check_enum() {
        if (field_.type != Type::Enum) {
            return;
        }
        if (field_.names.empty()) {
            bad("an enum needs at least one name");
        }
        std::set<std::string_view> seen;
        for (const std::string& name : field_.names) {
            if (name.empty() || !seen.insert(name).second) {
                bad(fmt::format("the enum has the name \"{}\" {}", name, name.empty() ? "" : "twice"));
            }
        }
    }

    void check_numbers() {
        const bool is_number_list =
            (field_.type == Type::List || field_.type == Type::Map) && is_number(field_.element().type);
        only_for(!options_.unit.empty(),
                 field_.type == Type::Integer || field_.type == Type::Float || is_number_list, "unit");
        only_for(options_.allow_non_finite, field_.type == Type::Float, "allow_non_finite");
        only_for(options_.risk != Risk::None, is_number(field_.type) || field_.type == Type::Boolean, "risk");
    }

    void check_texts() {
        const bool is_text = field_.type == Type::String;
        const bool has_length = is_text || field_.type == Type::List || field_.type == Type::Map;
        only_for(!options_.pattern.empty(), is_text, "pattern");
        if (std::string error; !options_.pattern.empty() && !valid_pattern(options_.pattern, error)) {
            bad(fmt::format("its pattern is no RE2 pattern: {}", error));
        }
        only_for(options_.allow_empty, is_text, "allow_empty");
        only_for(options_.min_length.has_value(), has_length, "min_length");
        only_for(options_.max_length.has_value(), has_length, "max_length");
        only_for(!options_.schemes.empty(), field_.type == Type::Url, "schemes");
        if (options_.min_length && options_.max_length && *options_.min_length > *options_.max_length) {
            bad(fmt::format("min_length {} is greater than max_length {}", *options_.min_length,
                            *options_.max_length));
        }
    }

    void check_secret() {
        only_for(options_.allow_plain_text, field_.type == Type::Secret, "allow_plain_text");
        only_for(options_.allow_variable, field_.type == Type::Secret, "allow_variable");
    }

    void check_list() {
        const bool is_list = field_.type == Type::List;
        only_for(options_.merge != ListMerge::Replace, is_list, "merge");
        if (!is_list || options_.merge != ListMerge::ByKey) {
            if (!options_.merge_key.empty()) {
                bad("merge_key needs merge by_key");
            }
        } else if (const Field* key = field_.element().member(options_.merge_key); key == nullptr) {
            bad(fmt::format("merge_key \"{}\" is not a member of the items", options_.merge_key));
        } else if (!is_scalar(key->type) || key->type == Type::Secret) {
            bad(fmt::format("merge_key {} is a {}, which cannot identify an item", key->name,
                            name_of(key->type)));
        }
        if (is_list && options_.merge == ListMerge::Unique && !is_scalar(field_.element().type)) {
            bad("merge unique needs items that are single values");
        }
    }

    void check_map() {
        only_for(!options_.keys.empty(), field_.type == Type::Map, "keys");
        std::set<std::string_view> seen;
        for (const std::string& key : options_.keys) {
            check_name(key, "a key");
            if (!seen.insert(key).second) {
                bad(fmt::format("the key {} stands twice", key));
            }
        }
    }

    void check_aliases() {
        if (!options_.aliases.empty() && (path_.contains('*') || path_.contains('['))) {
            bad("aliases of a field inside a list or below a free key would have no place to lead to");
        }
    }

    const Field& field_;
    const Options& options_;
    std::string_view path_;
    Diagnostics& diagnostics_;
};

void check_below(const Field& field, const std::string& path, Diagnostics& diagnostics) {
    FieldCheck{field, path, diagnostics}.run();
    for (const Field& child : field.children) {
        check_below(child, child_path(field, path, child), diagnostics);
    }
}

bool check_shape(const Field& field, const std::string& path, Diagnostics& diagnostics) {
    const bool needs_element = field.type == Type::List || field.type == Type::Map;
    const bool is_sound = field.type == Type::Struct || field.children.size() == (needs_element ? 1U : 0U);
    if (!is_sound) {
        report_bad_schema(diagnostics, path,
                          needs_element
                              ? fmt::format("a {} needs one description of its items", name_of(field.type))
                              : fmt::format("a {} cannot contain anything", name_of(field.type)));
        return false;
    }
    bool all_sound = true;
    for (const Field& child : field.children) {
        all_sound = check_shape(child, child_path(field, path, child), diagnostics) && all_sound;
    }
    return all_sound;
}

}  // namespace

void report_bad_schema(Diagnostics& diagnostics, std::string_view path, std::string message) {
    Diagnostic diagnostic;
    diagnostic.code = Code::BadSchema;
    diagnostic.path = path;
    diagnostic.message = std::move(message);
    diagnostics.push_back(std::move(diagnostic));
}

std::string join_path(std::string_view parent, std::string_view name) {
    std::string path;
    path.reserve(parent.size() + 1 + name.size());
    path += parent;
    if (!parent.empty()) {
        path += '.';
    }
    path += name;
    return path;
}

std::string child_path(const Field& field, std::string_view path, const Field& child) {
    switch (field.type) {
        case Type::List:
            return fmt::format("{}[]", path);
        case Type::Map:
            return join_path(path, "*");
        default:
            return join_path(path, child.name);
    }
}

bool is_key_name(std::string_view name) {
    if (name.empty() || name.front() < 'a' || name.front() > 'z') {
        return false;
    }
    bool after_joint = false;
    for (const char c : name) {
        const bool is_joint = c == '_' || c == '-';
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_letter && (!is_joint || after_joint)) {
            return false;
        }
        after_joint = is_joint;
    }
    return !after_joint;
}

bool check_shapes(const Field& root, Diagnostics& diagnostics) {
    if (root.type != Type::Struct) {
        report_bad_schema(diagnostics, {}, "the root of a schema is a section");
        return false;
    }
    return check_shape(root, {}, diagnostics);
}

void check_fields(const Field& root, Diagnostics& diagnostics) {
    check_below(root, {}, diagnostics);
}

}  // namespace quantconf::schema
