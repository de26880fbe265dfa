#include "schema/json_schema_keywords.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "schema/json_schema_patterns.hpp"

namespace quantconf::schema {

namespace {

constexpr std::string_view kDefinitions = "#/$defs/";

/// A set of types. All of them: the keyword describes and does not restrict.
using Types = std::uint32_t;
constexpr Types kAny = ~Types{0};

constexpr Types types(std::initializer_list<Type> list) {
    Types result = 0;
    for (const Type type : list) {
        result |= Types{1} << static_cast<unsigned>(type);
    }
    return result;
}

constexpr Types kNumbers = types({Type::Integer, Type::Float, Type::Port});

struct KnownKeyword {
    std::string_view name;
    Types applies_to;
};

constexpr std::array kFieldKeywords = std::to_array<KnownKeyword>({
    {"title", kAny},
    {"description", kAny},
    {"default", kAny},
    {"examples", kAny},
    {"deprecated", kAny},
    {"type", kAny},
    {"$ref", kAny},
    {"anyOf", kAny},
    {"x-quantconf", kAny},
    {"enum", types({Type::Enum})},
    {"const", kNumbers | types({Type::Enum})},
    {"minimum", kNumbers},
    {"maximum", kNumbers},
    {"exclusiveMinimum", kNumbers},
    {"exclusiveMaximum", kNumbers},
    {"minLength", types({Type::String})},
    {"maxLength", types({Type::String})},
    {"pattern",
     types({Type::String, Type::Duration, Type::Size, Type::Url, Type::Host, Type::TimeZone, Type::Secret})},
    {"format", types({Type::Url, Type::Host})},
    {"items", types({Type::List})},
    {"minItems", types({Type::List})},
    {"maxItems", types({Type::List})},
    {"properties", types({Type::Struct})},
    {"required", types({Type::Struct})},
    {"patternProperties", types({Type::Struct})},
    {"additionalProperties", types({Type::Struct, Type::Map})},
    {"propertyNames", types({Type::Map})},
    {"minProperties", types({Type::Map})},
    {"maxProperties", types({Type::Map})},
});

constexpr std::array<std::string_view, 3> kRootKeywords = {"$schema", "$id", "$defs"};

const KnownKeyword* find_known(std::string_view name) {
    const auto* found = std::ranges::find(kFieldKeywords, name, &KnownKeyword::name);
    return found == kFieldKeywords.end() ? nullptr : found;
}

std::vector<std::string> known_names(bool is_root) {
    std::vector<std::string> names;
    for (const KnownKeyword& keyword : kFieldKeywords) {
        names.emplace_back(keyword.name);
    }
    if (is_root) {
        names.insert(names.end(), kRootKeywords.begin(), kRootKeywords.end());
    }
    return names;
}

const value::Node* find_in(const std::vector<const value::Entry*>& entries, std::string_view name) noexcept {
    const auto found = std::ranges::find(entries, name, &value::Entry::key);
    return found == entries.end() ? nullptr : &(*found)->value;
}

/// Words that describe may stand here and in the definition: the nearer one is shown.
bool is_description(std::string_view keyword) {
    return keyword == "title" || keyword == "description" || keyword == "default" || keyword == "examples" ||
           keyword == "deprecated";
}

bool is_same_scalar(const value::Node& left, const value::Node& right) {
    return left.kind == value::NodeKind::Scalar && right.kind == value::NodeKind::Scalar &&
           left.scalar() == right.scalar();
}

}  // namespace

const value::Node* Keywords::find(std::string_view name) const noexcept {
    return find_in(own_, name);
}

const value::Node* Keywords::find_extension(std::string_view name) const noexcept {
    return find_in(extension_, name);
}

void Keywords::remove_unfit(Reading& reading, Type type, std::string_view path) {
    std::erase_if(own_, [&](const value::Entry* entry) {
        const KnownKeyword* known = find_known(entry->key());
        const bool is_unfit = known != nullptr && (known->applies_to & types({type})) == 0;
        if (is_unfit) {
            reading.wrong(
                entry->key_origin(), path,
                fmt::format("{} says nothing about a field of type {}", entry->key(), name_of(type)));
        }
        return is_unfit;
    });
}

KeywordCollector::KeywordCollector(Reading& reading) : reading_{reading} {
    const value::Entry* definitions = reading.document().root.find("$defs");
    if (definitions != nullptr && reading.is_mapping(definitions->value, {}, "$defs")) {
        definitions_ = &definitions->value;
    }
}

Keywords KeywordCollector::open(const value::Node& node, std::string_view path, bool is_root) {
    Keywords keywords;
    const std::size_t problems = reading_.diagnostics().size();
    collect(node, path, is_root, keywords);
    keywords.is_incomplete_ = reading_.diagnostics().size() != problems;
    return keywords;
}

void KeywordCollector::collect(const value::Node& node, std::string_view path, bool is_root,
                               Keywords& keywords) {
    if (!reading_.is_mapping(node, path, "schema")) {
        return;
    }
    for (const value::Entry& entry : node.map()) {
        collect_entry(entry, path, is_root, keywords);
    }
    // What is said here counts more than what is said in the definition, so it is collected first.
    if (const value::Entry* branches = node.find("anyOf")) {
        collect_any_of(branches->value, path, keywords);
    }
    if (const value::Entry* reference = node.find("$ref")) {
        follow(reference->value, path, keywords);
    }
}

void KeywordCollector::collect_entry(const value::Entry& entry, std::string_view path, bool is_root,
                                     Keywords& keywords) {
    const std::string_view name = entry.key();
    if (is_root && std::ranges::find(kRootKeywords, name) != kRootKeywords.end()) {
        return;
    }
    if (find_known(name) == nullptr) {
        reading_.unknown(entry.key_origin(), path, "the keyword", name, known_names(is_root));
    } else if (name == "x-quantconf") {
        collect_extension(entry.value, path, keywords);
    } else if (name == "anyOf" || name == "$ref") {
        return;
    } else if (const value::Node* nearer = keywords.find(name); nearer == nullptr) {
        keywords.own_.push_back(&entry);
    } else if (!is_description(name) && !is_same_scalar(*nearer, entry.value)) {
        reading_.wrong(nearer->origin(), path,
                       fmt::format("{} stands here and in the schema that is referred to", name),
                       "keep one of them: both would have to hold");
        reading_.diagnostics().back().related.push_back({entry.key_origin(), "the other one is here"});
    }
}

void KeywordCollector::collect_extension(const value::Node& members, std::string_view path,
                                         Keywords& keywords) {
    if (!reading_.is_mapping(members, path, "x-quantconf")) {
        return;
    }
    for (const value::Entry& member : members.map()) {
        if (keywords.find_extension(member.key()) == nullptr) {
            keywords.extension_.push_back(&member);
        }
    }
}

void KeywordCollector::collect_any_of(const value::Node& branches, std::string_view path,
                                      Keywords& keywords) {
    if (branches.kind == value::NodeKind::List && branches.list().size() == 2) {
        const value::Node& second = branches.list()[1];
        const value::Entry* reference = second.kind == value::NodeKind::Map ? second.find("$ref") : nullptr;
        if (reference != nullptr && second.map().size() == 1 && is_text(reference->value) &&
            reference->value.scalar() == kInterpolatedReference) {
            check_interpolated(reference->value, path);
            collect(branches.list()[0], path, false, keywords);
            return;
        }
    }
    reading_.wrong(branches.origin(), path,
                   fmt::format("anyOf: expected two schemas of which the second is {{\"$ref\": \"{}\"}}",
                               kInterpolatedReference),
                   "a field has one type; a text with ${...} is accepted without saying so");
}

/// The second branch must really be what we take it for.
void KeywordCollector::check_interpolated(const value::Node& reference, std::string_view path) {
    const value::Entry* definition = definition_of(reference, kInterpolatedName, path);
    if (definition == nullptr) {
        return;
    }
    const bool is_mapping = definition->value.kind == value::NodeKind::Map;
    const value::Entry* pattern = is_mapping ? definition->value.find("pattern") : nullptr;
    if (pattern == nullptr || !is_text(pattern->value) || pattern->value.scalar() != kInterpolatedPattern) {
        reading_.wrong(
            definition->value.origin(), {},
            fmt::format("$defs.{}: expected the pattern {}", kInterpolatedName, kInterpolatedPattern),
            "this name is taken; give your own definition another one");
    }
}

const value::Entry* KeywordCollector::definition_of(const value::Node& reference, std::string_view name,
                                                    std::string_view path) {
    const value::Entry* definition = definitions_ == nullptr ? nullptr : definitions_->find(name);
    if (definition == nullptr) {
        reading_.wrong(reference.origin(), path, fmt::format("$defs has no {}", quoted(name)));
    } else if (std::ranges::find(used_, definition) == used_.end()) {
        used_.push_back(definition);
    }
    return definition;
}

void KeywordCollector::follow(const value::Node& reference, std::string_view path, Keywords& keywords) {
    const auto pointer = reading_.text(reference, path, "$ref");
    if (!pointer) {
        return;
    }
    const bool is_definition = pointer->starts_with(kDefinitions);
    const std::string_view name = std::string_view{*pointer}.substr(is_definition ? kDefinitions.size() : 0);
    if (!is_definition || name.empty() || name.find_first_of("/~%") != std::string_view::npos) {
        reading_.unexpected(reference, path, "$ref", "#/$defs/NAME");
        return;
    }
    const value::Entry* definition = definition_of(reference, name, path);
    if (definition == nullptr) {
        return;
    }
    if (std::ranges::find(active_, definition) != active_.end()) {
        reading_.wrong(reference.origin(), path, fmt::format("{} contains itself", *pointer),
                       "a configuration has an end: say how deep it goes");
        return;
    }
    if (active_.size() >= limits::kDepth) {
        reading_.wrong(reference.origin(), path,
                       fmt::format("definitions refer to each other more than {} times", limits::kDepth));
        return;
    }
    active_.push_back(definition);
    collect(definition->value, path, false, keywords);
}

std::vector<const value::Entry*> KeywordCollector::unused() const {
    std::vector<const value::Entry*> result;
    if (definitions_ == nullptr) {
        return result;
    }
    for (const value::Entry& definition : definitions_->map()) {
        if (std::ranges::find(used_, &definition) == used_.end()) {
            result.push_back(&definition);
        }
    }
    return result;
}

}  // namespace quantconf::schema
