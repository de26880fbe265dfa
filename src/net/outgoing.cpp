#include "net/outgoing.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "net/answer.hpp"
#include "net/limits.hpp"

namespace quantconf::net {
namespace {

/// Of HTTP itself or of libcurl: who could set them could smuggle a second request behind the first.
constexpr std::array<std::string_view, 12> kNotForCallers{
    "accept-encoding",   "connection",       "content-length",      "expect", "host",
    "keep-alive",        "proxy-connection", "proxy-authorization", "te",     "trailer",
    "transfer-encoding", "upgrade"};

/// Where text is appended: first only to count it, then to write it.
class Sink {
public:
    Sink() = default;
    explicit Sink(std::span<char> room) : room_{room} {}

    void text(std::string_view piece) {
        if (!room_.empty()) {
            std::ranges::copy(piece, room_.subspan(size_).begin());
        }
        size_ += piece.size();
    }
    // Both encode a few bytes at a time: such a short std::string lies on the stack and leaves nothing on the
    // heap.
    void percent_encoded(std::string_view piece) {
        for (std::size_t i = 0; i != piece.size(); ++i) {
            text(net::percent_encoded(piece.substr(i, 1)));
        }
    }
    void base64(std::string_view piece) {
        for (std::size_t i = 0; i < piece.size(); i += 3) {
            text(base64_encoded(piece.substr(i, 3)));
        }
    }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    std::span<char> room_ = {};
    std::size_t size_ = 0;
};

/// Calls write(Sink&) twice, and adds a 0. Nothing if the memory of all secrets is full.
template <typename Write>
std::optional<crypto::SecretBytes> written(const Write& write) {
    Sink counter;
    write(counter);
    auto memory = crypto::SecretBytes::of_size(counter.size() + 1);
    if (!memory) {
        return std::nullopt;
    }
    Sink writer{memory->bytes()};
    write(writer);
    return std::move(*memory);
}

template <typename Use>
void with_text(const Secret& secret, const Use& use) {
    secret.reveal(grant_secret_access(), use);
}

bool has_text(const Secret& secret) {
    bool result = false;
    with_text(secret, [&](std::string_view text) { result = !text.empty(); });
    return result;
}

bool is_unresolved(const Secret& secret) {
    return !secret.empty() && !secret.reveal(grant_secret_access(), [](std::string_view /*text*/) {});
}

bool fits_in_header(std::string_view value) {
    return std::ranges::none_of(
        value, [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f'; });
}

std::string problem_of_name(std::string_view name) {
    if (!is_header_name(name)) {
        return "a header has a name that is none";
    }
    if (std::ranges::find(kNotForCallers, ascii_lower(name)) != kNotForCallers.end()) {
        return fmt::format("the header {} is not for callers", name);
    }
    return {};
}

std::string problem_of_headers(const Request& request) {
    if (request.headers.size() + request.secret_headers.size() > kRequestHeaders) {
        return fmt::format("there are more than {} headers", kRequestHeaders);
    }
    std::size_t bytes = 0;
    for (const Header& header : request.headers) {
        if (auto problem = problem_of_name(header.name); !problem.empty()) {
            return problem;
        }
        if (!fits_in_header(header.value)) {
            return fmt::format("the header {} has a line break or another control character", header.name);
        }
        bytes += header.name.size() + header.value.size();
    }
    if (bytes > kRequestHeaderBytes) {
        return fmt::format("the headers are longer than {} bytes", kRequestHeaderBytes);
    }
    return {};
}

std::string problem_of_secrets(const Request& request) {
    for (const SecretPart& part : request.secret_headers) {
        if (auto problem = problem_of_name(part.name); !problem.empty()) {
            return problem;
        }
        bool fits = fits_in_header(part.before);
        with_text(part.secret, [&](std::string_view text) { fits = fits && fits_in_header(text); });
        if (!fits) {
            return fmt::format("the secret for the header {} has a line break or another control character",
                               part.name);
        }
        if (!has_text(part.secret)) {
            return fmt::format("the secret for the header {} has no text", part.name);
        }
    }
    for (const SecretPart& part : request.secret_parameters) {
        if (!has_text(part.secret)) {
            return fmt::format("the secret for the parameter {} has no text", part.name);
        }
    }
    bool has_colon = false;
    with_text(request.basic.user, [&](std::string_view text) { has_colon = text.contains(':'); });
    if (has_colon) {
        return "a user with a colon cannot be sent (Basic)";
    }
    if (!request.basic.user.empty() && !has_text(request.basic.user)) {
        return "the user has no text";
    }
    if (is_unresolved(
            request.basic.password)) {  // An empty one is fine: some providers want the key as the user.
        return "the password has no text";
    }
    return {};
}

std::optional<crypto::SecretBytes> url_with_secrets(const Request& request, const Url& url) {
    return written([&](Sink& sink) {
        sink.text(to_text(url));
        char mark = url.target.contains('?') ? '&' : '?';
        for (const SecretPart& part : request.secret_parameters) {
            sink.text({&mark, 1});
            sink.percent_encoded(part.name);
            sink.text("=");
            sink.percent_encoded(part.before);
            with_text(part.secret, [&](std::string_view text) { sink.percent_encoded(text); });
            mark = '&';
        }
    });
}

std::optional<crypto::SecretBytes> secret_line(const SecretPart& part) {
    return written([&](Sink& sink) {
        sink.text(part.name);
        sink.text(": ");
        sink.text(part.before);
        with_text(part.secret, [&](std::string_view text) { sink.text(text); });
    });
}

std::optional<crypto::SecretBytes> basic_line(const Basic& basic) {
    const auto both = written([&](Sink& sink) {
        with_text(basic.user, [&](std::string_view text) { sink.text(text); });
        sink.text(":");
        with_text(basic.password, [&](std::string_view text) { sink.text(text); });
    });
    if (!both) {
        return std::nullopt;
    }
    return written([&](Sink& sink) {
        sink.text("Authorization: Basic ");
        sink.base64(both->view().substr(0, both->size() - 1));
    });
}

}  // namespace

std::expected<Outgoing, std::string> put_together(const Request& request, const Url& url) {
    for (auto problem : {problem_of_headers(request), problem_of_secrets(request)}) {
        if (!problem.empty()) {
            return std::unexpected{std::move(problem)};
        }
    }
    if (request.method == Method::Get && !request.body.empty()) {
        return std::unexpected{"a GET has no body"};
    }
    const std::unexpected<std::string> no_memory{"there is no protected memory left for the secrets"};
    auto full_url = url_with_secrets(request, url);
    if (!full_url) {
        return no_memory;
    }
    Outgoing result{.url = std::move(*full_url)};
    for (const Header& header : request.headers) {
        // libcurl's way to write one without a value; "name:" alone would remove it.
        result.lines.push_back(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    for (const SecretPart& part : request.secret_headers) {
        auto line = secret_line(part);
        if (!line) {
            return no_memory;
        }
        result.secret_lines.push_back(std::move(*line));
    }
    if (!request.basic.user.empty()) {
        auto line = basic_line(request.basic);
        if (!line) {
            return no_memory;
        }
        result.secret_lines.push_back(std::move(*line));
    }
    return result;
}

secrets::Redactor redactor_for(const Request& request) {
    secrets::Redactor redactor;
    const auto add = [&](const Secret& secret) {
        with_text(secret, [&](std::string_view text) { redactor.add(text); });
    };
    for (const auto* parts : {&request.secret_headers, &request.secret_parameters}) {
        for (const SecretPart& part : *parts) {
            add(part.secret);
        }
    }
    add(request.basic.user);
    add(request.basic.password);
    return redactor;
}

}  // namespace quantconf::net
