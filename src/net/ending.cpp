#include "net/ending.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace quantconf::net {
namespace {

constexpr std::size_t kDetailBytes = 200;

std::string_view words_for(Transport transport, const Progress& progress) {
    switch (transport) {
        case Transport::Ok:
            return {};
        case Transport::BadUrl:
            return "this cannot be asked";
        case Transport::NameLookup:
            return "the name of the server was not found";
        case Transport::Connect:
            return "no connection";
        case Transport::Tls:
            return "no secure connection";
        case Transport::Timeout:
            return progress.may_be_sent ? "no whole answer in time" : "no connection in time";
        case Transport::Interrupted:
            return progress.was_given_up ? "the connection was closed before an answer came"
                                         : "the answer broke off or is not HTTP";
        case Transport::TooLarge:
            return "the answer is larger than it may be";
        case Transport::Cancelled:
            return "cancelled";
    }
    return {};
}

}  // namespace

Transport transport_of(CURLcode code, const Progress& progress) {
    if (progress.is_too_large) {
        return Transport::TooLarge;
    }
    switch (code) {
        case CURLE_OK:
            // libcurl takes headers that break off for an answer.
            return progress.has_all_headers ? Transport::Ok : Transport::Interrupted;
        case CURLE_URL_MALFORMAT:
            return Transport::BadUrl;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return Transport::NameLookup;
        case CURLE_COULDNT_CONNECT:
            return Transport::Connect;
        case CURLE_OPERATION_TIMEDOUT:
            return Transport::Timeout;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_ENGINE_SETFAILED:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_CLIENTCERT:
            return Transport::Tls;
        case CURLE_FILESIZE_EXCEEDED:
            return Transport::TooLarge;
        // libcurl's own limit on the length of one line of the headers, which it calls "out of memory".
        case CURLE_OUT_OF_MEMORY:
            return progress.may_be_sent ? Transport::TooLarge : Transport::Connect;
        default:
            return progress.may_be_sent ? Transport::Interrupted : Transport::Connect;
    }
}

std::string problem_of(Transport transport, const Progress& progress, std::string_view detail) {
    const std::string_view words = words_for(transport, progress);
    if (detail.empty() || progress.was_given_up || progress.is_too_large) {
        return std::string{words};
    }
    return fmt::format("{}: {}", words, escaped(detail.substr(0, kDetailBytes)));
}

}  // namespace quantconf::net
