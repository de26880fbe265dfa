#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "quantconf/environment.hpp"
#include "quantconf/types.hpp"
#include "quantconf/value.hpp"

namespace quantconf {

/// What a field holds. Text of a file becomes one of these exactly once, against this type.
enum class Type : std::uint8_t {
    Boolean,
    Integer,
    Float,
    String,
    Enum,
    Duration,
    Size,
    Url,
    Host,      ///< DNS name, IPv4 or IPv6 address.
    Port,      ///< 1..65535.
    TimeZone,  ///< IANA name, such as "US/Eastern".
    Secret,
    List,
    Map,     ///< Keys chosen by the user.
    Struct,  ///< Keys fixed by the schema.
};

/// "boolean", "integer", ... as it stands in messages and documents.
[[nodiscard]] std::string_view name_of(Type type) noexcept;

/// When a changed value takes effect.
enum class Reload : std::uint8_t { Live, Restart };

/// In which direction a change makes trading riskier.
enum class Risk : std::uint8_t { None, Up, Down };

/// How a list of a higher layer joins the one beneath.
enum class ListMerge : std::uint8_t { Replace, Append, Unique, ByKey };

/// A bound, in the unit of its field: a number, a Duration or a ByteSize.
using Number = std::variant<std::int64_t, std::uint64_t, double, Duration, ByteSize>;

/// Makes `.min = 1`, `.min = 0.5` and `.min = 10s` all read naturally.
class Bound {
public:
    template <std::signed_integral T>
    constexpr Bound(T value)
        : number_{static_cast<std::int64_t>(value)} {}  // NOLINT(google-explicit-constructor)
    template <std::unsigned_integral T>
    constexpr Bound(T value)
        : number_{static_cast<std::uint64_t>(value)} {}  // NOLINT(google-explicit-constructor)
    constexpr Bound(double value) : number_{value} {}    // NOLINT(google-explicit-constructor)
    template <typename Rep, typename Period>
    constexpr Bound(std::chrono::duration<Rep, Period> value)  // NOLINT(google-explicit-constructor)
        : number_{std::chrono::duration_cast<Duration>(value)} {}
    constexpr Bound(ByteSize value) : number_{value} {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] const Number& number() const noexcept { return number_; }

private:
    Number number_;
};

/// Stricter bounds in one environment, on top of the ordinary ones.
struct EnvironmentBounds {
    Environment environment = Environment::Production;
    std::optional<Bound> min = {};
    std::optional<Bound> max = {};
    bool required = false;
};

/// Everything about a field but its name and C++ type. Every member has a default that means "no
/// restriction".
struct Options {
    std::string help = {};  ///< One or two sentences for the field reference and the editor.
    std::string unit = {};  ///< For people: "contracts", "USD", "bps". Durations and sizes bring their own.
    /// Refines a std::string (Url, Host, TimeZone) or an integer (Port), also as items of a list or map.
    std::optional<Type> as = {};
    std::optional<Bound> min = {};  ///< Inclusive unless exclusive_min.
    std::optional<Bound> max = {};
    bool exclusive_min = false;
    bool exclusive_max = false;
    std::optional<std::uint32_t> min_length =
        {};  ///< Code points of a text, items of a list, entries of a map.
    std::optional<std::uint32_t> max_length = {};
    std::string pattern = {};               ///< RE2; must match the whole text.
    std::vector<std::string> schemes = {};  ///< Of a URL; empty: http and https.
    std::vector<std::string> keys = {};     ///< Of a map: the only keys allowed; empty: any key.
    bool required = false;          ///< Must be set by some layer; the struct's own value is not a default.
    bool allow_empty = false;       ///< "" is a value, also from a variable.
    bool allow_non_finite = false;  ///< .inf and .nan are values.
    bool allow_plain_text = false;  ///< Secret: plain text is a warning in every environment, never an error.
    bool allow_variable = false;    ///< Secret: plain text may come from an environment variable.
    Reload reload = Reload::Live;
    Risk risk = Risk::None;
    ListMerge merge = ListMerge::Replace;
    std::string merge_key = {};              ///< For ListMerge::ByKey: the member that identifies an item.
    std::vector<std::string> aliases = {};   ///< Dotted paths where this value used to live.
    std::vector<std::string> examples = {};  ///< As one would write them in YAML.
    std::vector<EnvironmentBounds> stricter = {};
};

/// One key of a schema: a name, a type, and what is allowed.
///
/// A plain description. Struct fields own the descriptions of their members, lists and maps that of their
/// element.
struct Field {
    std::string name;
    Type type = Type::String;
    bool nullable = false;  ///< null is a value: std::optional in C++.
    Options options;
    std::vector<std::string> names;  ///< Enum: the allowed texts, in the order of the C++ values.
    /// Struct: the members in declared order. List, Map: one nameless element. Otherwise empty.
    std::vector<Field> children;
    /// Largest range of the C++ type; Integer only.
    std::optional<std::int64_t> type_min;
    std::optional<std::uint64_t> type_max;

    /// Writes a typed value into the struct that `owner` points to, or reads it from there. nullptr where the
    /// schema came from a file and there is no struct.
    void (*decode)(const Value& value, void* owner) = nullptr;
    Value (*encode)(const void* owner, Arena& arena) = nullptr;
    /// Struct only: a value-initialised one, from which default_value is made.
    Value (*encode_fresh)(Arena& arena) = nullptr;
    /// Struct only: what one that nobody has configured looks like. Filled when the Schema is built; a map
    /// entry or an optional section that a layer adds starts from here.
    Value default_value;
    /// Struct only: the numbers of its members in the order of their names. Filled when the Schema is built.
    std::vector<std::uint32_t> members_by_name;

    [[nodiscard]] const Field& element() const { return children.front(); }
    /// The member of a struct, or nullptr. Logarithmic once the Schema is built.
    [[nodiscard]] const Field* member(std::string_view member_name) const noexcept;
};

/// The table of a struct. Unlike the list of a std::vector, its braces move: a Field is large, and copying
/// the bot's table took a tenth of the tool's start.
class Fields : public std::vector<Field> {
public:
    Fields() = default;
    template <typename... Each>
    requires(sizeof...(Each) > 0 && (std::same_as<std::remove_cvref_t<Each>, Field> && ...)) explicit(false)
        Fields(Each&&... each) {
        reserve(sizeof...(each));
        (push_back(std::forward<Each>(each)), ...);
    }

    /// Several tables, one after the other.
    template <std::same_as<Fields>... Tables>
    [[nodiscard]] static Fields join(Tables... tables) {
        Fields all;
        all.reserve((tables.size() + ... + 0));
        (all.insert(all.end(), std::make_move_iterator(tables.begin()),
                    std::make_move_iterator(tables.end())),
         ...);
        return all;
    }
};

}  // namespace quantconf
