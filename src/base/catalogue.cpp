#include "base/catalogue.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/catalogue_entries.hpp"
#include "base/text.hpp"

namespace quantconf {
namespace {

constexpr std::size_t kTextColumns = 100;

/// Breaks a paragraph into lines; words are never cut.
std::string wrapped(std::string_view paragraph) {
    std::string text;
    std::size_t column = 0;
    while (!paragraph.empty()) {
        const std::size_t space = std::min(paragraph.find(' '), paragraph.size());
        if (column > 0 && column + 1 + space > kTextColumns) {
            text.push_back('\n');
            column = 0;
        } else if (column > 0) {
            text.push_back(' ');
            ++column;
        }
        text += paragraph.substr(0, space);
        column += space;
        paragraph.remove_prefix(std::min(space + 1, paragraph.size()));
    }
    return text;
}

std::string indented(std::string_view block) {
    std::string text;
    while (!block.empty()) {
        const std::size_t end = std::min(block.find('\n'), block.size());
        text += fmt::format("    {}\n", block.substr(0, end));
        block.remove_prefix(std::min(end + 1, block.size()));
    }
    return text;
}

std::string_view chapter_title(Code code) {
    switch (static_cast<unsigned>(code) / 100) {
        case 10:
            return "Layers and environments";
        case 11:
            return "Structure of a text";
        case 12:
            return "One value against its field";
        case 13:
            return "Keys against the schema";
        case 14:
            return "Layers against each other";
        case 15:
            return "Variables and `--set`";
        case 16:
            return "References";
        case 17:
            return "Rules, edits of a file, changes at run time";
        default:
            return "Schema files and the report itself";
    }
}

}  // namespace

std::span<const CatalogueEntry> catalogue() {
    static const std::vector<CatalogueEntry> kEntries = [] {
        std::vector<CatalogueEntry> entries;
        for (const auto chapter :
             {chapters::layers(), chapters::structure(), chapters::scalars(), chapters::keys(),
              chapters::variables(), chapters::references(), chapters::rules(), chapters::edits()}) {
            entries.insert(entries.end(), chapter.begin(), chapter.end());
        }
        std::ranges::sort(entries, {}, &CatalogueEntry::code);
        return entries;
    }();
    return kEntries;
}

const CatalogueEntry* find_in_catalogue(std::string_view code) {
    if (ascii_lower(code).starts_with("qc")) {
        code.remove_prefix(2);
    }
    unsigned number = 0;
    const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
    if (error != std::errc{} || end != code.data() + code.size()) {
        return nullptr;
    }
    const auto entries = catalogue();
    const auto found = std::ranges::find(
        entries, number, [](const CatalogueEntry& entry) { return static_cast<unsigned>(entry.code); });
    return found == entries.end() ? nullptr : &*found;
}

std::string to_text(const CatalogueEntry& entry) {
    return fmt::format("{}: {}\n\n{}\n\nexample:\n{}\nwhat to do:\n{}", to_string(entry.code), entry.name,
                       wrapped(entry.meaning), indented(entry.example), wrapped(entry.remedy));
}

std::string catalogue_markdown() {
    std::string text =
        "# Diagnostic codes\n\n"
        "Generated from src/base/catalogue_*.cpp: edit there, then run `base_test` with `UPDATE_GOLDEN=1`.\n"
        "`quantconf explain QC1203` prints one entry. Numbers never change their meaning.\n";
    std::string_view title;
    for (const CatalogueEntry& entry : catalogue()) {
        if (const std::string_view next = chapter_title(entry.code); next != title) {
            title = next;
            text += fmt::format("\n## {}\n", title);
        }
        text +=
            fmt::format("\n### {}: {}\n\n{}\n\n```\n{}\n```\n\n**What to do.** {}\n", to_string(entry.code),
                        entry.name, wrapped(entry.meaning), entry.example, wrapped(entry.remedy));
    }
    return text;
}

}  // namespace quantconf
