#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/host.hpp"
#include "schema/scalar.hpp"
#include "schema/scalar_report.hpp"
#include "schema/scalar_text.hpp"
#include "schema/time_zone.hpp"
#include "schema/url.hpp"

namespace quantconf::schema {

namespace {

const std::vector<std::string>& schemes_of(const Field& field) {
    static const std::vector<std::string> web{"https", "http"};
    return field.options.schemes.empty() ? web : field.options.schemes;
}

bool allows_scheme(const Field& field, std::string_view scheme) {
    const auto& schemes = schemes_of(field);
    // The usual case first: lower case needs no copy.
    return std::ranges::find(schemes, scheme) != schemes.end() ||
           std::ranges::find(schemes, ascii_lower(scheme)) != schemes.end();
}

std::string expected_scheme(const Field& field) {
    std::vector<std::string> starts;
    for (const std::string& scheme : schemes_of(field)) {
        starts.push_back(scheme + "://");
    }
    return fmt::format("a URL that begins with {}", join_or(starts));
}

std::string expected_instead(const Field& field, UrlError error) {
    switch (error) {
        case UrlError::TooLong:
            return fmt::format("a URL of at most {} bytes", kUrlBytesMax);
        case UrlError::Scheme:
            return expected_scheme(field);
        case UrlError::Userinfo:
            return "a URL without user name and password";
        case UrlError::Host:
            return "a URL with a host name or IP address";
        case UrlError::Port:
            return "a URL with a port of 1..65535";
        case UrlError::Character:
            return "a URL without spaces and special characters";
        case UrlError::Escape:
            return "a URL with two hexadecimal digits behind every %";
    }
    return expected_text(field);
}

std::string url_hint(UrlError error) {
    switch (error) {
        case UrlError::Userinfo:
            return "put user name and password into a secret field";
        case UrlError::Character:
            return "write a space as %20, and other special characters likewise";
        case UrlError::Escape:
            return "write % itself as %25";
        default:
            return {};
    }
}

Value refuse_url(const Scalar& scalar, UrlError error) {
    return refuse(
        scalar,
        {.code = Code::BadUrl, .expected = expected_instead(scalar.field, error), .hint = url_hint(error)});
}

std::string host_hint(std::string_view text) {
    if (text.contains("://")) {
        return "a host stands alone, without https:// and path";
    }
    const auto colon = text.rfind(':');
    if (colon != std::string_view::npos && valid_host(text.substr(0, colon))) {
        return "the port has a field of its own";
    }
    return {};
}

std::string time_zone_hint(const Scalar& scalar) {
    const auto names = time_zone_names();
    std::string hint = suggestion(scalar, std::vector<std::string>{names.begin(), names.end()});
    return hint.empty() ? "time zones are named as in the IANA database: America/New_York, UTC" : hint;
}

}  // namespace

Value type_url(const Scalar& scalar) {
    check_comment_tail(scalar);
    const auto url = parse_url(scalar.text());
    if (!url) {
        return refuse_url(scalar, url.error());
    }
    if (!allows_scheme(scalar.field, url->scheme)) {
        return refuse_url(scalar, UrlError::Scheme);
    }
    return check_text(scalar, scalar.text()) ? Value::text(scalar.text(), &scalar.node)
                                             : Value::invalid(&scalar.node);
}

Value type_host(const Scalar& scalar) {
    if (!valid_host(scalar.text())) {
        return refuse(scalar, {.code = Code::BadHost,
                               .expected = expected_text(scalar.field),
                               .hint = host_hint(scalar.text())});
    }
    return check_text(scalar, scalar.text()) ? Value::text(scalar.text(), &scalar.node)
                                             : Value::invalid(&scalar.node);
}

Value type_time_zone(const Scalar& scalar) {
    if (!is_time_zone(scalar.text())) {
        return refuse(scalar, {.code = Code::UnknownTimeZone,
                               .expected = expected_text(scalar.field),
                               .hint = time_zone_hint(scalar)});
    }
    return check_text(scalar, scalar.text()) ? Value::text(scalar.text(), &scalar.node)
                                             : Value::invalid(&scalar.node);
}

}  // namespace quantconf::schema
