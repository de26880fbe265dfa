#include <array>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "schema/json_schema_constraints.hpp"
#include "schema/json_schema_extension.hpp"

namespace quantconf::schema {

namespace {

/// One member of x-quantconf while it is read.
struct MemberOfExtension {
    Reading& reading;
    const value::Node& node;
    std::string_view name;
    std::string_view path;
    Field& field;

    [[nodiscard]] bool flag() const { return reading.flag(node, path, name); }
    [[nodiscard]] std::vector<std::string> texts() const { return reading.texts(node, path, name); }
    [[nodiscard]] std::string text() const { return reading.text(node, path, name).value_or(""); }
    void bound(std::optional<Bound>& target) const {
        if (field.type == Type::Duration || field.type == Type::Size) {
            target = read_bound(reading, node, field, path, name);
        } else {
            reading.wrong(node.origin(), path, fmt::format("{} is for durations and sizes", name),
                          "numbers have minimum and maximum");
        }
    }
};

void read_risk(const MemberOfExtension& member) {
    const std::string word = member.text();
    if (word == "up") {
        member.field.options.risk = Risk::Up;
    } else if (word == "down") {
        member.field.options.risk = Risk::Down;
    } else {
        member.reading.unexpected(member.node, member.path, "risk", "up or down");
    }
}

void read_merge(const MemberOfExtension& member) {
    for (const ListMerge merge :
         {ListMerge::Replace, ListMerge::Append, ListMerge::Unique, ListMerge::ByKey}) {
        if (is_text(member.node) && member.node.scalar() == name_of(merge)) {
            member.field.options.merge = merge;
            return;
        }
    }
    member.reading.unexpected(member.node, member.path, "merge", "replace, append, unique or by_key");
}

/// One end of the range, which may be given once only.
void read_edge(const MemberOfExtension& member, std::optional<Bound>& bound) {
    if (bound) {
        member.reading.wrong(member.node.origin(), member.path,
                             "an exclusive and an inclusive bound stand side by side",
                             "keep the one that is meant");
    }
    member.bound(bound);
}

EnvironmentBounds read_stricter_in(const MemberOfExtension& member, Environment environment,
                                   const value::Node& bounds) {
    EnvironmentBounds result{.environment = environment};
    for (const value::Entry& entry : bounds.map()) {
        if (entry.key() == "min") {
            result.min = read_bound(member.reading, entry.value, member.field, member.path, "min");
        } else if (entry.key() == "max") {
            result.max = read_bound(member.reading, entry.value, member.field, member.path, "max");
        } else if (entry.key() == "required") {
            result.required = member.reading.flag(entry.value, member.path, "required");
        } else {
            member.reading.unknown(entry.key_origin(), member.path, "in stricter,", entry.key(),
                                   {"min", "max", "required"});
        }
    }
    return result;
}

void read_stricter(const MemberOfExtension& member) {
    if (!member.reading.is_mapping(member.node, member.path, "stricter")) {
        return;
    }
    for (const value::Entry& entry : member.node.map()) {
        const auto environment = member.reading.environment(entry.key_origin(), entry.key(), member.path);
        if (environment && member.reading.is_mapping(entry.value, member.path, "stricter")) {
            member.field.options.stricter.push_back(read_stricter_in(member, *environment, entry.value));
        }
    }
}

using Read = void (*)(const MemberOfExtension&);

/// Every member, by name. `kind` and `secret` have been read with the type; `moved_to` marks a property that
/// is no field at all.
const std::map<std::string_view, Read>& readers() {
    static const std::map<std::string_view, Read> table = {
        {"kind", [](const MemberOfExtension&) {}},
        {"secret",
         [](const MemberOfExtension& m) {
             if (m.flag() && m.field.type != Type::Secret) {
                 m.reading.wrong(m.node.origin(), m.path, "a secret is a \"string\" without a kind");
             }
         }},
        {"required", [](const MemberOfExtension& m) { m.field.options.required = m.flag(); }},
        {"restart",
         [](const MemberOfExtension& m) {
             m.field.options.reload = m.flag() ? Reload::Restart : Reload::Live;
         }},
        {"risk", read_risk},
        {"unit", [](const MemberOfExtension& m) { m.field.options.unit = m.text(); }},
        {"aliases", [](const MemberOfExtension& m) { m.field.options.aliases = m.texts(); }},
        {"merge", read_merge},
        {"merge_key", [](const MemberOfExtension& m) { m.field.options.merge_key = m.text(); }},
        {"min", [](const MemberOfExtension& m) { read_edge(m, m.field.options.min); }},
        {"max", [](const MemberOfExtension& m) { read_edge(m, m.field.options.max); }},
        {"exclusive_min",
         [](const MemberOfExtension& m) {
             read_edge(m, m.field.options.min);
             m.field.options.exclusive_min = true;
         }},
        {"exclusive_max",
         [](const MemberOfExtension& m) {
             read_edge(m, m.field.options.max);
             m.field.options.exclusive_max = true;
         }},
        {"min_length",
         [](const MemberOfExtension& m) {
             m.field.options.min_length = m.reading.count(m.node, m.path, m.name);
         }},
        {"schemes", [](const MemberOfExtension& m) { m.field.options.schemes = m.texts(); }},
        {"allow_empty", [](const MemberOfExtension& m) { m.field.options.allow_empty = m.flag(); }},
        {"allow_non_finite", [](const MemberOfExtension& m) { m.field.options.allow_non_finite = m.flag(); }},
        {"allow_plain_text", [](const MemberOfExtension& m) { m.field.options.allow_plain_text = m.flag(); }},
        {"allow_variable", [](const MemberOfExtension& m) { m.field.options.allow_variable = m.flag(); }},
        {"stricter", read_stricter},
    };
    return table;
}

}  // namespace

void read_extension(Reading& reading, const Keywords& keywords, Field& field, std::string_view path) {
    for (const value::Entry* entry : keywords.extension()) {
        const auto reader = readers().find(entry->key());
        if (reader == readers().end()) {
            std::vector<std::string> known;
            for (const auto& [name, read] : readers()) {
                known.emplace_back(name);
            }
            reading.unknown(entry->key_origin(), path, "in x-quantconf,", entry->key(), known);
            continue;
        }
        reader->second({reading, entry->value, entry->key(), path, field});
    }
}

}  // namespace quantconf::schema
