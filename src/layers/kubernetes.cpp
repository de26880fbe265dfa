#include "layers/kubernetes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <arpa/inet.h>

namespace quantconf::layers {
namespace {

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_address(std::string_view text) {
    const std::string address{text};
    std::array<unsigned char, 16> binary{};
    return inet_pton(AF_INET, address.c_str(), binary.data()) == 1 ||
           inet_pton(AF_INET6, address.c_str(), binary.data()) == 1;
}

bool is_link_url(std::string_view text) {
    return text.starts_with("tcp://") || text.starts_with("udp://") || text.starts_with("sctp://");
}

bool is_protocol(std::string_view text) {
    return text == "tcp" || text == "udp" || text == "sctp";
}

/// `_PORT_<n>_(TCP|UDP|SCTP)` at the end.
bool ends_with_port(std::string_view name) {
    for (const std::string_view protocol : {"_TCP", "_UDP", "_SCTP"}) {
        if (name.ends_with(protocol)) {
            name.remove_suffix(protocol.size());
            const std::size_t number = name.find_last_not_of("0123456789") + 1;
            return is_number(name.substr(number)) && name.substr(0, number).ends_with("_PORT_");
        }
    }
    return false;
}

bool take_suffix(std::string_view& name, std::string_view suffix) {
    if (!name.ends_with(suffix)) {
        return false;
    }
    name.remove_suffix(suffix.size());
    return true;
}

}  // namespace

bool is_kubernetes_url(std::string_view name, std::string_view value) {
    return is_link_url(value) && (name.ends_with("_PORT") || ends_with_port(name));
}

bool is_kubernetes_link(std::string_view name, std::string_view value) {
    if (is_kubernetes_url(name, value)) {
        return true;
    }
    if (name.ends_with("_SERVICE_HOST")) {
        return is_address(value);
    }
    if (name.contains("_SERVICE_PORT")) {  // Also _SERVICE_PORT_<NAME OF THE PORT>.
        return is_number(value);
    }
    std::string_view link = name;
    if (take_suffix(link, "_PROTO")) {
        return ends_with_port(link) && is_protocol(value);
    }
    if (take_suffix(link, "_ADDR")) {
        return ends_with_port(link) && is_address(value);
    }
    if (take_suffix(link, "_PORT")) {
        return ends_with_port(link) && is_number(value);
    }
    return false;
}

}  // namespace quantconf::layers
