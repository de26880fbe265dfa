#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quantconf/field.hpp"
#include "schema/json_schema_reading.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// The keywords that hold for one field: its own, those of the definitions it refers to, and those of the
/// first branch of `anyOf: [..., {"$ref": "#/$defs/interpolated"}]`, which is how we say "or a text with
/// ${...}".
class Keywords {
public:
    [[nodiscard]] const value::Node* find(std::string_view name) const noexcept;
    /// A member of x-quantconf.
    [[nodiscard]] const value::Node* find_extension(std::string_view name) const noexcept;
    /// Something that belongs to them could not be followed, so what is missing may stand there.
    [[nodiscard]] bool is_incomplete() const noexcept { return is_incomplete_; }
    /// Reports and takes away what says nothing about a field of this type: JSON Schema would skip it, we do
    /// not.
    void remove_unfit(Reading& reading, Type type, std::string_view path);
    [[nodiscard]] const std::vector<const value::Entry*>& extension() const noexcept { return extension_; }

private:
    friend class KeywordCollector;
    std::vector<const value::Entry*> own_;
    std::vector<const value::Entry*> extension_;
    bool is_incomplete_ = false;
};

/// Follows references while a schema is read from the outside to the inside.
class KeywordCollector {
public:
    explicit KeywordCollector(Reading& reading);

    /// Everything that holds for `node`. The definitions that it uses stay open until close(): whoever refers
    /// to one of them meanwhile goes round in a circle.
    [[nodiscard]] Keywords open(const value::Node& node, std::string_view path, bool is_root);
    [[nodiscard]] std::size_t opened() const noexcept { return active_.size(); }
    void close(std::size_t opened_before) { active_.resize(opened_before); }

    /// Entries of $defs that nobody has referred to so far.
    [[nodiscard]] std::vector<const value::Entry*> unused() const;

private:
    void collect(const value::Node& node, std::string_view path, bool is_root, Keywords& keywords);
    void collect_entry(const value::Entry& entry, std::string_view path, bool is_root, Keywords& keywords);
    void collect_any_of(const value::Node& branches, std::string_view path, Keywords& keywords);
    void collect_extension(const value::Node& members, std::string_view path, Keywords& keywords);
    void check_interpolated(const value::Node& reference, std::string_view path);
    [[nodiscard]] const value::Entry* definition_of(const value::Node& reference, std::string_view name,
                                                    std::string_view path);
    void follow(const value::Node& reference, std::string_view path, Keywords& keywords);

    Reading& reading_;
    const value::Node* definitions_ = nullptr;
    std::vector<const value::Entry*> active_;
    std::vector<const value::Entry*> used_;
};

}  // namespace quantconf::schema
