#include "layers/secret_fields.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/secret_lines.hpp"
#include "base/text.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::layers {
namespace {

/// Comparisons of one broken file, in cells of the table of edit distances: about a second.
constexpr std::size_t kNearnessWorkMax = 200'000'000;

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

/// One bit for each letter that occurs, and one for everything else.
std::uint32_t letters_of(std::string_view lower) {
    std::uint32_t letters = 0;
    for (const char c : lower) {
        letters |= 1U << (c >= 'a' && c <= 'z' ? static_cast<unsigned>(c - 'a') : 26U);
    }
    return letters;
}

/// Compares keys of a broken file with the names of secrets.
class SecretNames {
public:
    explicit SecretNames(const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            if (!name.empty()) {
                names_.push_back({name, letters_of(name)});
                longest_ = std::max(longest_, name.size());
            }
        }
    }

    /// Once the work is used up, every key counts as one: better too little shown than a hang.
    [[nodiscard]] bool match(std::string_view key) {
        if (looks_secret(key) || work_left_ == 0) {
            return true;
        }
        if (key.size() > longest_ + longest_ / 3 + 1) {
            return false;
        }
        const std::string lower = ascii_lower(key);
        const std::uint32_t letters = letters_of(lower);
        return std::ranges::any_of(names_, [&](const Name& name) { return is_near(lower, letters, name); });
    }

private:
    struct Name {
        std::string_view text;
        std::uint32_t letters;
    };

    [[nodiscard]] bool is_near(const std::string& key, std::uint32_t letters, const Name& name) {
        const std::size_t limit = std::max<std::size_t>(1, name.text.size() / 3);
        const auto differing = [](std::uint32_t a, std::uint32_t b) {
            return static_cast<std::size_t>(std::popcount(a & ~b));
        };
        spend(1);
        if (key.size() > name.text.size() + limit || key.size() + limit < name.text.size() ||
            differing(letters, name.letters) > limit || differing(name.letters, letters) > limit) {
            return work_left_ == 0;  // Each letter that only one of them has costs an edit.
        }
        spend(key.size() * name.text.size());
        return work_left_ == 0 || edit_distance(key, name.text) <= limit;
    }

    void spend(std::size_t work) { work_left_ -= std::min(work, work_left_); }

    std::vector<Name> names_;
    std::size_t longest_ = 0;
    std::size_t work_left_ = kNearnessWorkMax;
};

/// Where the value begins of the first key in the line that looks secret; npos if there is none.
std::size_t secret_value_in(std::string_view line, SecretNames& names) {
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
        if (begin < end && names.match(line.substr(begin, end - begin))) {
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
    return schema::parse_secret_reference(text).has_value();
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
    SecretNames secret_names{names};
    bool in_secret = false;  // A value may go on in the lines that are indented deeper than its key.
    std::size_t key_indentation = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        const bool is_blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
        if (in_secret && (is_blank || indentation_of(line) > key_indentation)) {
            source.conceal(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end));
        } else {
            const std::size_t value = secret_value_in(line, secret_names);
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
