#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "quantconf/quantbot/rate_limit.hpp"
#include "quantconf/schema.hpp"
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

    static Fields fields();
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

    static Fields fields();
    friend bool operator==(const Probe&, const Probe&) = default;
};

/// What a body is, by its bytes: content types lie.
enum class BodyKind : std::uint8_t {
    Object,  ///< Complete JSON; also Array and Scalar.
    Array,
    Scalar,
    EmptyObject,  ///< In a condition, {} alone; an Object otherwise.
    EmptyArray,   ///< Likewise [].
    Xml,          ///< Complete.
    Broken,       ///< Begins as JSON or XML, and is damaged or ends in the middle.
    Html,         ///< A web page.
    Empty,        ///< Nothing, or nothing but blanks.
    Other,        ///< Plain text, CSV, bytes.
};

/// One condition on an answer. All parts that are set must hold. Case never matters.
struct Condition {
    /// One of these; empty: any. Where the body has a status of its own (Source::body_status) that is an
    /// error, it is that one.
    std::vector<int> statuses = {};
    /// The provider's words match one of these (RE2, anywhere). Words are the texts of the error members of a
    /// JSON or XML body, or all of a plain text, never of a web page, and never data: an article may well be
    /// about invalid keys. They are compared in lower case, without apostrophes, every run of anything but
    /// letters and digits being one space.
    std::vector<std::string> texts = {};
    std::vector<std::string> all_texts = {};     ///< And all of these.
    std::vector<std::string> unless_texts = {};  ///< And none of these.
    /// The body contains one of these as it stands, wherever: marks of pages and of artificial data.
    std::vector<std::string> raw = {};
    /// A member of the JSON body, such as "error.code" or "errors[].message", is there and not null...
    std::optional<std::string> field = {};
    /// ... and is one of these (numbers as their text; a * at the end stands for anything); empty: any.
    std::vector<std::string> equals = {};
    /// At least one of these members is there at the top of a JSON object, of the first objects of a JSON
    /// array, or is the root of an XML body, and not null. A * at the end stands for anything.
    std::vector<std::string> has = {};
    std::vector<std::string> lacks = {};        ///< None of these is.
    std::vector<BodyKind> kinds = {};           ///< Of the body; any of them.
    std::optional<std::string> header = {};     ///< A header is there ("cf-mitigated"), lower case...
    std::vector<std::string> header_has = {};   ///< ... and its value contains one of these.
    std::optional<std::string> url_has = {};    ///< The request's path contains this: "/v2/".
    std::optional<bool> is_token_request = {};  ///< A token was asked for, or was not.
    std::optional<Duration> younger_than = {};  ///< The key's age is known and less.

    static Fields fields();
    friend bool operator==(const Condition&, const Condition&) = default;
};

/// Conditions and what follows from them. The first rule that holds decides.
struct Rule {
    std::string name = {};  ///< What it is about, for whoever asks why: "daily_quota".
    Condition when = {};
    KeyStatus status = KeyStatus::Unknown;
    std::string detail = {};
    std::string reason = {};            ///< For people; empty: the provider's own words, without secrets.
    std::optional<Duration> wait = {};  ///< Where no header and no text says better.
    bool until_midnight_utc = false;    ///< The wait ends at the next midnight of UTC.

    static Fields fields();
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
    Duration
        reset_max{};  ///< Where it may also be a longer one, that one: a reset farther away is not believed.

    static Fields fields();
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
    /// The longest window that the provider is known to have: a longer pause in its words is not believed.
    Duration longest_window = std::chrono::hours{24};
    /// Capability (of data_sources.failover) -> what to ask, joined after the base's path; {symbol} and the
    /// like stand for what the caller wants to know, and one name means the same for all sources. With
    /// "POST " in front it needs a body that only the caller can write.
    std::map<std::string, std::string> capabilities = {};
    std::vector<std::string> body_status =
        {};  ///< Members of the body that repeat the HTTP status, or say it better: "cod".
    std::string key_pattern = {};  ///< Hard format of a key, as a regular expression; empty: unknown.
    bool proves_validity = true;   ///< false: any text is accepted as a key (Alpha Vantage).
    int confirmations = 2;         ///< Bad answers in a row before a good key counts as bad.
    std::vector<Rule> rules =
        {};  ///< Its own, most specific first; those of the network stand before, general ones behind.
    std::vector<std::string> echoes = {};  ///< Marks of bodies that must never be parsed as data.

    static Fields fields();
    friend bool operator==(const Source&, const Source&) = default;
};

}  // namespace quantconf::sources

template <>
struct quantconf::EnumTable<quantconf::sources::Authentication::Kind> {
    using K = sources::Authentication::Kind;
    static constexpr std::array names = {EnumName{K::None, "none"}, EnumName{K::Header, "header"},
                                         EnumName{K::Parameter, "parameter"}, EnumName{K::OAuth2, "oauth2"}};
};

template <>
struct quantconf::EnumTable<quantconf::sources::BodyKind> {
    using K = sources::BodyKind;
    static constexpr std::array names = {
        EnumName{K::Object, "object"},
        EnumName{K::Array, "array"},
        EnumName{K::Scalar, "scalar"},
        EnumName{K::EmptyObject, "empty_object"},
        EnumName{K::EmptyArray, "empty_array"},
        EnumName{K::Xml, "xml"},
        EnumName{K::Broken, "broken"},
        EnumName{K::Html, "html"},
        EnumName{K::Empty, "empty"},
        EnumName{K::Other, "other"},
    };
};

template <>
struct quantconf::EnumTable<quantconf::sources::LimitScope> {
    using S = sources::LimitScope;
    static constexpr std::array names = {EnumName{S::Key, "key"}, EnumName{S::Account, "account"},
                                         EnumName{S::Address, "address"}, EnumName{S::ClientId, "client_id"}};
};

template <>
struct quantconf::EnumTable<quantconf::sources::LimitHeaders::Reset> {
    using R = sources::LimitHeaders::Reset;
    static constexpr std::array names = {EnumName{R::EpochSeconds, "epoch_seconds"},
                                         EnumName{R::DeltaSeconds, "delta_seconds"},
                                         EnumName{R::GoDuration, "go_duration"}};
};

template <>
struct quantconf::EnumTable<quantconf::net::Method> {
    using M = net::Method;
    static constexpr std::array names = {EnumName{M::Get, "get"}, EnumName{M::Post, "post"}};
};
