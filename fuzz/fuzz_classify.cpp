// An answer of a provider, or of whoever sits in front of it: read in bounded time, it never condemns a key
// that may be good, and no secret comes out of it.
//
// Input: a byte that chooses provider and status, a byte of circumstances, header lines up to an empty one,
// the body. Every @ of headers and body becomes a known secret, in the body written in one of eight ways.

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"
#include "secrets/redact_forms.hpp"
#include "sources/classify.hpp"
#include "sources/key_format.hpp"
#include "sources/limit_headers.hpp"
#include "sources/reason.hpp"

namespace quantconf::fuzz {
namespace {

constexpr std::string_view kCanary = "canary-7Kq2Zx9-pW4vTn8";
constexpr std::size_t kProviders = 10;
constexpr std::array kStatuses = {0,   200, 204, 301, 302, 400, 401, 402, 403, 404, 406, 407, 408,
                                  418, 422, 423, 426, 429, 500, 501, 502, 503, 504, 511, 520};
constexpr Time kNow{std::chrono::seconds{1'772'366'400}};

std::string each_byte(std::string_view before, std::string_view after) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string result;
    for (const char c : kCanary) {
        const auto byte = static_cast<unsigned char>(c);
        result.append(before).append({kDigits[byte / 16], kDigits[byte % 16]}).append(after);
    }
    return result;
}

/// How a provider may repeat a key.
std::string canary_as(unsigned way) {
    switch (way % 8) {
        case 1:
            return each_byte("%", "");
        case 2:
            return each_byte("\\u00", "");
        case 3:
            return each_byte("&#x", ";");
        case 4:
            return each_byte("%25", "");
        case 5:
            return std::string{kCanary.substr(0, 9)} + "\xE2\x80\x8B" + std::string{kCanary.substr(9)};
        case 6:
            return std::string{kCanary.substr(0, 9)} + "\\n" + std::string{kCanary.substr(9)};
        default:
            return std::string{kCanary};
    }
}

std::string with_canary(std::string_view text, unsigned way = 0) {
    std::string result;
    for (const char c : text) {
        if (c == '@') {
            result += canary_as(way);
        } else {
            result += c;
        }
    }
    return result;
}

/// Headers as our HTTP client hands them over: names in lower case.
net::Response answer_of(int status, std::string_view text, unsigned way) {
    net::Response answer{.status = status};
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) {
            break;
        }
        const std::size_t colon = std::min(line.find(':'), line.size());
        answer.headers.push_back(
            {ascii_lower(line.substr(0, colon)), with_canary(line.substr(std::min(colon + 1, line.size())))});
    }
    answer.body = with_canary(text, way);
    return answer;
}

void check_reason(std::string_view reason) {
    require_absent(kCanary, reason);
    require(count_code_points(reason) <= sources::kReasonMax, "a reason has at most 160 characters");
    for (std::size_t at = 0; at < reason.size();) {
        const Character character = character_at(reason, at);
        require(character.is_valid && is_visible(character.code_point), "a reason is a line of visible text");
        at += character.length;
    }
}

/// However its reader takes the escapes and blanks out of it.
void check_redacted(std::string text) {
    using secrets::Form;
    require_absent(kCanary, text);
    for (int depth = 0; depth < 2; ++depth) {
        text = secrets::in_form(Form::Unescaped, text);
        require_absent(kCanary, text);
    }
    require_absent(kCanary, secrets::in_form(Form::Squeezed, text));
}

bool lies_within(const std::optional<Duration>& time, Duration most) {
    return !time || (*time >= Duration{} && *time <= most);
}

void check(const sources::Verdict& verdict, const net::Response& answer) {
    using sources::KeyStatus;
    check_reason(verdict.reason);
    const bool condemns = verdict.status == KeyStatus::Invalid || verdict.status == KeyStatus::Expired;
    const bool is_challenge = std::ranges::any_of(
        answer.headers, [](const net::Header& header) { return header.name == "cf-mitigated"; });
    require(!condemns || (answer.status != 0 && answer.status < 500 && answer.status != 407 && !is_challenge),
            "only an answer of the provider condemns a key");
    require(verdict.status != KeyStatus::Valid || (answer.status >= 200 && answer.status < 500),
            "only an answer proves a key");
    require(lies_within(verdict.wait, sources::kResetMax), "a pause is bounded");
    require(lies_within(verdict.reset, sources::kResetMax), "a reset is bounded");
    require(!verdict.limit || (*verdict.limit > 0 && *verdict.limit <= 2 * sources::kLimitMax),
            "a limit is bounded");
    require(!verdict.remaining || (*verdict.remaining >= 0 && *verdict.remaining <= sources::kLimitMax),
            "what remains is bounded");
}

}  // namespace

Verdict run_target(std::string_view input) {
    if (input.size() < 2) {
        return Verdict::Useless;
    }
    const auto choice = static_cast<unsigned char>(input[0]);
    const auto circumstances = static_cast<unsigned char>(input[1]);
    const sources::Catalogue& catalogue = sources::Catalogue::built_in();
    const sources::Source& source = catalogue.sources()[choice % kProviders];
    const net::Response answer =
        answer_of(kStatuses[choice / kProviders % kStatuses.size()], input.substr(2), circumstances >> 2U);

    static const secrets::Redactor redactor = [] {
        secrets::Redactor one;
        one.add(kCanary);
        return one;
    }();
    const ManualClock clock{kNow};
    sources::Asked asked{.path = "/v1/x", .is_token_request = (circumstances & 1U) != 0};
    if ((circumstances & 2U) != 0) {
        asked.key_age = std::chrono::hours{1};
    }
    check(sources::classify(catalogue, source, asked, answer, redactor, clock), answer);

    check_redacted(redactor.without_values(answer.body));

    for (const sources::KeyProblem& problem : sources::check_key_format(source, answer.body)) {
        require_absent(kCanary, problem.message);
    }
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
