#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "apps/quantconf/option_text.hpp"
#include "apps/quantconf/options.hpp"

/// The kinds of options that several commands have: what their tables are written with.
namespace quantconf::app {

/// Keeps the text in a member of the arguments, as what the member is. The text has passed its check.
template <auto kMember>
void keep(Arguments& arguments, const std::string& text) {
    auto& member = arguments.*kMember;
    using Member = std::remove_reference_t<decltype(member)>;
    if constexpr (std::is_same_v<Member, std::vector<std::string>> ||
                  std::is_same_v<Member, std::vector<std::filesystem::path>>) {
        member.emplace_back(text);
    } else if constexpr (std::is_integral_v<Member>) {
        member = static_cast<Member>(std::strtoul(text.c_str(), nullptr, 10));
    } else if constexpr (std::is_same_v<Member, std::optional<std::chrono::milliseconds>>) {
        member = parse_timeout(text);
    } else {
        member = text;
    }
}

template <bool Arguments::*kMember>
Option flag(std::string_view name, std::string_view help) {
    return {.name = name, .help = help, .flag = kMember};
}

/// One that may be repeated: NAME=VALUE and its like.
template <auto kMember>
Option list(std::string_view name, std::string_view type, std::string_view help) {
    return {.name = name, .type = type, .help = help, .take = keep<kMember>, .may_be_repeated = true};
}

template <auto kMember>
Option text(std::string_view name, std::string_view type, std::string_view help) {
    return {.name = name, .type = type, .help = help, .take = keep<kMember>, .check = not_empty};
}

/// The name of a file or folder.
template <auto kMember>
Option path(std::string_view name, std::string_view type, std::string_view help = {}) {
    return {.name = name, .type = type, .help = help, .take = keep<kMember>, .check = not_a_path};
}

/// Exactly so many words, or any number.
inline Option operands(std::string_view name, int at_least = 0, int at_most = Option::kAnyNumber) {
    return {.name = name,
            .take = keep<&Arguments::operands>,
            .may_be_repeated = true,
            .at_least = at_least,
            .at_most = at_most};
}

/// A second word out of a fixed list, such as `schema json`.
inline Option topic(std::string_view name, std::vector<std::string> choices, int at_least = 1) {
    return {.name = name,
            .take = keep<&Arguments::topic>,
            .choices = std::move(choices),
            .at_least = at_least,
            .at_most = 1};
}

/// --format; the help lists the choices.
inline Option format(std::vector<std::string> choices = {"text", "json"}) {
    return {
        .name = "--format", .type = "NAME", .take = keep<&Arguments::format>, .choices = std::move(choices)};
}

inline Option limit(std::string_view help, std::string (*check)(const std::string& text)) {
    return {.name = "--limit", .type = "N", .help = help, .take = keep<&Arguments::limit>, .check = check};
}

inline Option timeout(std::string_view help) {
    return {.name = "--timeout",
            .type = "DURATION",
            .help = help,
            .take = keep<&Arguments::timeout>,
            .check = not_a_timeout};
}

}  // namespace quantconf::app
