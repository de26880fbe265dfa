#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/secret.hpp"
#include "quantconf/types.hpp"

namespace quantconf::net {

enum class Method : std::uint8_t { Get, Post };

/// A header or parameter whose value is a secret in part: `before` + plain text, such as "Bearer " + key.
struct SecretPart {
    std::string name = {};
    std::string before = {};
    Secret secret = {};
};

/// A user and a password for HTTP's Basic authentication.
struct Basic {
    Secret user = {};
    Secret password = {};
};

struct Header {
    std::string name = {};  ///< Of an answer: lower case.
    std::string value = {};

    friend bool operator==(const Header&, const Header&) = default;
};

/// One request. Secrets stay apart until the moment of sending, so that a request can be shown.
struct Request {
    Method method = Method::Get;
    std::string url = {};  ///< Without secrets; its query, if any, is percent-encoded already.
    /// None that HTTP itself needs ("host", "content-length", "accept-encoding"...): those are the client's.
    std::vector<Header> headers = {};
    std::vector<SecretPart> secret_headers = {};
    std::vector<SecretPart> secret_parameters = {};  ///< Appended to the query, percent-encoded.
    Basic basic = {};                                ///< Empty: none.
    std::string body = {};                           ///< Of a POST.
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{30'000};  ///< For everything, from the lookup of the name on.
    std::size_t max_body = std::size_t{16} * 1024 * 1024;  ///< After decompression.
};

/// Why there is no whole answer.
enum class Transport : std::uint8_t {
    Ok,
    BadUrl,  ///< Cannot be asked: not http or https, plain http to another machine, a header with a line
             ///< break.
    NameLookup,
    Connect,
    Tls,  ///< Handshake or certificate.
    Timeout,
    Interrupted,  ///< The connection ended in the middle, or what came is not HTTP.
    TooLarge,     ///< More than max_body, or headers without end.
    Cancelled,
};

/// What came back. A redirect is an answer like any other: it is never followed, because a key must not
/// travel along.
struct Response {
    Transport transport = Transport::Ok;
    /// Not one byte of the request has left this machine: its charge can be given back. A handshake that
    /// failed has sent nothing of it.
    bool was_not_sent = false;
    int status = 0;  ///< 0: no answer.
    std::vector<Header> headers = {};
    std::string body = {};     ///< What had come, also when the transport failed.
    std::string problem = {};  ///< In words, no secrets; empty if the transport is Ok.
    Duration time{};           ///< From the start to the last byte.

    /// The first header of this name (lower case), or empty.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

}  // namespace quantconf::net
