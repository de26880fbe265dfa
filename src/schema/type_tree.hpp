#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/field.hpp"
#include "quantconf/value.hpp"
#include "schema/suggestions.hpp"
#include "schema/typing.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// One walk over a merged tree and the schema, side by side. See type_tree().
///
/// Every node of every layer is visited exactly once: those that count through their parents, those that a
/// higher layer hides through Node::below. Children are collected on a few stacks that grow once, so a large
/// tree costs no allocation per section.
class TreeWalk {
public:
    TreeWalk(Typing& typing, const value::Node& root)
        : typing_{typing}, root_{root}, suggestions_{typing.schema} {}

    [[nodiscard]] Value run();

private:
    /// The nearest place that exists, for what is missing below it: a key, a list item, or the whole file.
    struct Anchor {
        const value::Entry* entry = nullptr;
        const value::Node* item = nullptr;
    };

    /// The value of `field` where `node` (nullptr: nobody wrote one) lies on top of the default `inherited`.
    [[nodiscard]] Value walk(const value::Node* node, const Field& field, const Value& inherited,
                             const Anchor& anchor);
    [[nodiscard]] Value walk_unset(const Field& field, const Value& inherited, const Anchor& anchor);
    [[nodiscard]] Value walk_set(const value::Node& node, const Field& field, const Value& inherited,
                                 const Anchor& anchor);
    void walk_hidden(const value::Node& node, const Field& field);

    [[nodiscard]] Value walk_scalar(const value::Node& node, const Field& field);
    [[nodiscard]] Value walk_struct(const value::Node* node, const Field& field, const Value& inherited,
                                    const Anchor& anchor);
    [[nodiscard]] Value walk_map(const value::Node* node, const Field& field, const Value& inherited,
                                 const Anchor& anchor);
    [[nodiscard]] Value walk_list(const value::Node& node, const Field& field);
    void match_members(const value::Node& node, const Field& field, std::size_t first);
    void match_keys(const value::Node& node, const Field& field, std::span<const Member> inherited,
                    std::size_t first);
    /// Takes what the stack holds from `first` on and makes a map of it.
    [[nodiscard]] Value pop_map(std::size_t first, const value::Node* node);

    // What is wrong. Each adds one diagnostic at path_.
    Diagnostic& report(Code code, Origin origin);
    void report_unknown_key(const value::Entry& entry, const Field& section);
    void report_missing(const Field& field, const Anchor& anchor);
    void report_shape(const value::Node& node, const Field& field);
    void report_null(const value::Node& node, const Field& field);
    void report_shared_secret(const value::Node& node, std::string_view secret);
    void check_length(const value::Node& node, const Field& field, std::size_t count);
    void check_unique(const value::Node& list, std::span<const Value> items);
    void add_lower_origin(Diagnostic& diagnostic, const value::Node& node) const;
    [[nodiscard]] bool is_required(const Field& field) const;
    /// Nobody knows what stands below a misspelt or misplaced key: it may be a secret.
    void conceal(const value::Node& node);
    void conceal_alone(const value::Node& node);

    /// Makes path_ longer for as long as it lives.
    class PathScope {
    public:
        PathScope(std::string& path, std::string_view name);
        PathScope(std::string& path, std::size_t index);
        PathScope(const PathScope&) = delete;
        PathScope& operator=(const PathScope&) = delete;
        ~PathScope() { path_.resize(size_); }

    private:
        std::string& path_;
        std::size_t size_;
    };

    Typing& typing_;
    const value::Node& root_;
    Suggestions suggestions_;
    std::string path_;  ///< Of the value being looked at. One buffer: appending is cheap.
    std::size_t hidden_depth_ =
        0;  ///< Above 0: inside what a higher layer hides, a fragment without defaults.
    std::vector<const value::Entry*> entries_;
    std::vector<Member> members_;
    std::vector<Value> items_;
};

}  // namespace quantconf::schema
