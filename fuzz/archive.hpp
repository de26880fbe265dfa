#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quantconf::fuzz {

/// One named part of an input.
struct Part {
    std::string name;
    std::string text;
};

/// Splits an input at its lines of the form `-- name --`, as scenario files do; what stands before the first
/// one is base.yaml. So every YAML file is an input, and a finding can be read and edited.
[[nodiscard]] std::vector<Part> split(std::string_view input);

[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace quantconf::fuzz
