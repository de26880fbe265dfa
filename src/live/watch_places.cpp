#include "live/watch_places.hpp"

#include <deque>
#include <system_error>

namespace quantconf::live {
namespace {

namespace fs = std::filesystem;

constexpr int kLinks = 40;  ///< As the kernel: more than this is a circle.

void add_path(const fs::path& file, std::map<fs::path, PlaceNames>& places) {
    std::error_code lost;  // The working folder may be gone.
    const fs::path absolute = fs::absolute(file, lost);
    if (lost) {
        places[fs::path{}].files.insert(file.string());  // No folder: it cannot be watched.
        return;
    }
    // Not normalized: behind a link, `..` is where the link leads, and not where it stands.
    std::deque<fs::path> rest{absolute.begin(), absolute.end()};
    fs::path at = "/";
    int links = 0;
    while (!rest.empty()) {
        const fs::path name = rest.front();
        rest.pop_front();
        if (name.empty() || name == "/" || name == ".") {
            continue;
        }
        if (name == "..") {
            at = at.parent_path();
            continue;
        }
        PlaceNames& here = places[at];
        (rest.empty() ? here.files : here.steps).insert(name.string());
        std::error_code problem;
        const fs::file_status status = fs::symlink_status(at / name, problem);
        if (status.type() == fs::file_type::symlink) {
            here.steps.insert(name.string());
            const fs::path target = fs::read_symlink(at / name, problem);
            if (problem || ++links > kLinks) {
                return;
            }
            if (target.is_absolute()) {
                at = "/";
            }
            rest.insert(rest.begin(), target.begin(), target.end());
        } else if (status.type() == fs::file_type::directory) {
            at /= name;
        } else {
            return;  // The file itself, or nothing yet: its coming is seen here.
        }
    }
}

}  // namespace

std::map<fs::path, PlaceNames> places_of(const std::vector<fs::path>& files) {
    std::map<fs::path, PlaceNames> places;
    for (const fs::path& file : files) {
        add_path(file, places);
    }
    return places;
}

}  // namespace quantconf::live
