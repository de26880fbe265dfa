#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

/// Golden files: what a program said once, reviewed by a person and committed. UPDATE_GOLDEN=1 accepts a
/// change.
namespace quantconf::golden {

namespace detail {

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    if (!text.empty() && !text.ends_with('\n')) {
        lines.emplace_back("\\ no newline at the end");
    }
    return lines;
}

/// What differs, without the equal lines around it: "-" is committed, "+" is new.
inline std::string difference(const std::string& committed, const std::string& actual) {
    const std::vector<std::string> old_lines = lines_of(committed);
    const std::vector<std::string> new_lines = lines_of(actual);
    const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
    std::size_t head = 0;
    while (head < shorter && old_lines[head] == new_lines[head]) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < shorter - head &&
           old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail]) {
        ++tail;
    }
    std::string text = "@@ line " + std::to_string(head + 1) + " @@\n";
    for (std::size_t i = head; i < old_lines.size() - tail; ++i) {
        text += "- " + old_lines[i] + "\n";
    }
    for (std::size_t i = head; i < new_lines.size() - tail; ++i) {
        text += "+ " + new_lines[i] + "\n";
    }
    return text;
}

}  // namespace detail

/// Expects that the file (a path from the root of the sources) holds exactly `actual`.
inline void expect_file(const std::string& relative_path, const std::string& actual) {
    const std::filesystem::path path = std::filesystem::path{QUANTCONF_SOURCE_DIR} / relative_path;
    const char* update = std::getenv("UPDATE_GOLDEN");
    if (update != nullptr && std::string_view{update} == "1") {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << actual;
        return;
    }
    std::ifstream stream{path, std::ios::binary};
    if (!stream) {
        ADD_FAILURE() << relative_path << " does not exist; UPDATE_GOLDEN=1 writes it. It would be:\n"
                      << actual;
        return;
    }
    const std::string committed{std::istreambuf_iterator<char>{stream}, {}};
    if (committed != actual) {
        ADD_FAILURE() << relative_path << " differs (- committed, + now); if the change is wanted, run this "
                      << "test with UPDATE_GOLDEN=1 and review the file\n"
                      << detail::difference(committed, actual);
    }
}

/// Expects that tests/golden/files/<name>.txt holds exactly `actual`. A newline is added at the end if there
/// is none, so that editors leave the files alone.
inline void expect_golden(const std::string& name, std::string actual) {
    if (!actual.ends_with('\n')) {
        actual.push_back('\n');
    }
    expect_file("tests/golden/files/" + name + ".txt", actual);
}

}  // namespace quantconf::golden
