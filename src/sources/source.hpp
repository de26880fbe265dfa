#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http.hpp"
#include "quantconf/quantbot/rate_limit.hpp"
#include "quantconf/sources/verdict.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

/// How a key travels.
struct Authentication {
    enum class Kind : std::uint8_t {
        None,       ///< Without a key (Stocktwits can be asked without).
        Header,     ///< `name: before + key`.
        Parameter,  ///< `?name=key`.
        OAuth2,     ///< A token is asked for with id and secret, and travels as `Authorization: Bearer`.
    };
    Kind kind = Kind::None;
    std::string name = {};
    std::string before = {};

    friend bool operator==(const Authentication&, const Authentication&) = default;
};

/// Whose limits a request counts against.
enum class LimitScope : std::uint8_t { Key, Account, Address, ClientId };

/// The cheapest question that shows whether a key is good.
struct Probe {
    net::Method method = net::Method::Get;
    std::string path = {};  ///< Joined after the base's path, with its query.
    std::string body = {};
    std::int64_t cost = 1;  ///< Requests that it counts as; 0: it has a counter of its own.
    std::string note = {};  ///< Why this one, for people.
};

/// One condition on an answer. All parts that are set must hold.
struct Condition {
    std::vector<int> statuses = {};           ///< One of these; empty: any.
    std::vector<std::string> texts = {};      ///< The body contains one of these, whatever their case.
    std::vector<std::string> all_texts = {};  ///< The body contains all of these.
    std::optional<std::string> field =
        {};  ///< A member of the JSON body, such as "error.code" or "errors[].message".
    std::vector<std::string> equals =
        {};  ///< The member is one of these (numbers as their text); empty: it is there.
    std::vector<std::string> has = {};  ///< JSON: at least one of these members is there, at the top.
    std::vector<std::string> kinds =
        {};  ///< Of the body: "object", "array", "scalar", "xml", "html", "empty", "other".
    std::optional<std::string> header = {};     ///< A header is there ("cf-mitigated"), lower case...
    std::vector<std::string> header_has = {};   ///< ... and its value contains one of these.
    std::optional<std::string> url_has = {};    ///< The request's path contains this: "/v2/", "access_token".
    std::optional<Duration> younger_than = {};  ///< The key's age is known and less.

    friend bool operator==(const Condition&, const Condition&) = default;
};

/// Conditions and what follows from them. The first rule that holds decides.
struct Rule {
    Condition when = {};
    KeyStatus status = KeyStatus::Unknown;
    std::string detail = {};
    std::string reason = {};            ///< For people; empty: the provider's own words, without secrets.
    std::optional<Duration> wait = {};  ///< Where no header says better.
    bool until_midnight_utc = false;    ///< The wait ends at the next midnight of UTC.

    friend bool operator==(const Rule&, const Rule&) = default;
};

/// Where a source tells how much is left.
struct LimitHeaders {
    enum class Reset : std::uint8_t { EpochSeconds, DeltaSeconds, GoDuration };
    std::string limit = {};
    std::string remaining = {};
    std::string used = {};
    std::string reset = {};
    Reset reset_as = Reset::EpochSeconds;
    Duration per{};  ///< The window that they speak of.

    friend bool operator==(const LimitHeaders&, const LimitHeaders&) = default;
};

/// Everything known about one provider. Facts about somebody else's service: they age, so they are data
/// (src/sources/catalogue.yaml) and can be replaced while a program runs.
struct Source {
    quantbot::Provider provider = quantbot::Provider::Polygon;
    std::string name = {};                ///< "alpha_vantage".
    std::string title = {};               ///< "Alpha Vantage".
    std::string base = {};                ///< "https://api.polygon.io".
    std::vector<std::string> hosts = {};  ///< Where a key may be sent to: its own hosts, lower case.
    std::string token_url = {};           ///< OAuth2 only.
    std::vector<Authentication> authentication = {};  ///< The first is the one we use.
    std::vector<net::Header> headers = {};            ///< Sent with every request ("accept").
    Probe probe = {};
    Probe anonymous_probe = {};  ///< For a source that works without a key; path empty: it does not.
    LimitScope scope = LimitScope::Key;
    LimitHeaders limit_headers = {};
    std::string key_pattern = {};  ///< Hard format of a key, as a regular expression; empty: unknown.
    bool proves_validity = true;   ///< false: any text is accepted as a key (Alpha Vantage).
    int confirmations = 2;         ///< Bad answers in a row before a good key counts as bad.
    std::vector<Rule> rules =
        {};  ///< Its own, most specific first; those of the network stand before, general ones behind.
    std::vector<std::string> echoes = {};  ///< Marks of bodies that must never be parsed as data.

    friend bool operator==(const Source&, const Source&) = default;
};

}  // namespace quantconf::sources
