#include "net/http.hpp"

namespace quantconf::net {

std::string_view Response::header(std::string_view name) const {
    for (const Header& each : headers) {
        if (each.name == name) {
            return each.value;
        }
    }
    return {};
}

}  // namespace quantconf::net
