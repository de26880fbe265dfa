#include "layers/trail.hpp"

#include <fmt/format.h>

namespace quantconf::layers {

std::string to_path(const Trail* trail) {
    if (trail == nullptr) {
        return {};
    }
    std::string path = to_path(trail->parent);
    if (trail->key.empty()) {
        return path += fmt::format("[{}]", trail->index);
    }
    if (!path.empty()) {
        path += '.';
    }
    return path += trail->key;
}

}  // namespace quantconf::layers
