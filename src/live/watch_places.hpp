#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace quantconf::live {

/// What matters in one folder.
struct PlaceNames {
    std::set<std::string>
        steps;  ///< Folders and links on the way to a file: another one may come in their place.
    std::set<std::string> files;  ///< Files themselves: also what is written into them.

    friend bool operator==(const PlaceNames&, const PlaceNames&) = default;
};

/// Every folder that the paths of `files` lead through, as long as there is one, with the names that matter
/// there. A link is followed: its own folder matters, and every folder on the way to its target, such as the
/// `..data` of Kubernetes.
[[nodiscard]] std::map<std::filesystem::path, PlaceNames> places_of(
    const std::vector<std::filesystem::path>& files);

}  // namespace quantconf::live
