#include "layers/secret_fields.hpp"

#include <algorithm>

#include "base/secret_lines.hpp"
#include "base/text.hpp"

namespace quantconf::layers {
namespace {

void collect_names(const Field& field, std::vector<std::string>& names) {
    if (field.type == Type::Secret) {
        names.push_back(ascii_lower(field.name));
        for (const std::string& alias : field.options.aliases) {
            names.push_back(ascii_lower(alias.substr(alias.rfind('.') + 1)));
        }
    }
    for (const Field& child : field.children) {
        collect_names(child, names);
    }
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool names_secret(std::string_view key, const std::vector<std::string>& names) {
    const std::string lower = ascii_lower(key);
    const auto is_near = [&](const std::string& name) {
        return !name.empty() && edit_distance(lower, name) <= std::max<std::size_t>(1, name.size() / 3);
    };
    return looks_secret(key) || std::ranges::any_of(names, is_near);
}

/// Where the value begins of the first key in the line that looks secret; npos if there is none.
std::size_t secret_value_in(std::string_view line, const std::vector<std::string>& names) {
    for (std::size_t at = line.find_first_of(":="); at != std::string_view::npos;
         at = line.find_first_of(":=", at + 1)) {
        std::size_t end = at;
        while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '"' || line[end - 1] == '\'')) {
            --end;
        }
        std::size_t begin = end;
        while (begin > 0 && is_word_character(line[begin - 1])) {
            --begin;
        }
        if (begin < end && names_secret(line.substr(begin, end - begin), names)) {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

std::size_t indentation_of(std::string_view line) {
    return std::min(line.find_first_not_of(" \t-"), line.size());
}

}  // namespace

bool contains_secret(const Field& field) {
    return field.type == Type::Secret || std::ranges::any_of(field.children, contains_secret);
}

bool is_secret_reference(std::string_view text) {
    return text.starts_with("SECURE:") && !text.starts_with("SECURE::");
}

std::vector<std::string> secret_names(const Schema& schema) {
    std::vector<std::string> names;
    collect_names(schema.root(), names);
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());
    return names;
}

void conceal_likely_secrets(Source& source, const std::vector<std::string>& names) {
    const std::string_view text = source.text();
    bool in_secret = false;  // A value may go on in the lines that are indented deeper than its key.
    std::size_t key_indentation = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        const bool is_blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
        if (in_secret && (is_blank || indentation_of(line) > key_indentation)) {
            source.conceal(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end));
        } else {
            const std::size_t value = secret_value_in(line, names);
            in_secret = value != std::string_view::npos;
            if (in_secret) {
                key_indentation = indentation_of(line);
                source.conceal(static_cast<std::uint32_t>(begin + value), static_cast<std::uint32_t>(end));
            }
        }
        begin = end + 1;
    }
}

}  // namespace quantconf::layers
