#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "quantconf/environment.hpp"
#include "quantconf/field.hpp"
#include "quantconf/secret.hpp"
#include "quantconf/types.hpp"
#include "quantconf/value.hpp"

namespace quantconf {

/// The texts of an enum. Specialise it with
/// `static constexpr std::array names = {EnumName{Side::Buy, "buy"}, ...};`
template <typename E>
struct EnumTable;

template <typename E>
struct EnumName {
    E value;
    std::string_view text;
};

template <>
struct EnumTable<Environment> {
    static constexpr std::array names = {
        EnumName{Environment::Development, "development"},
        EnumName{Environment::Staging, "staging"},
        EnumName{Environment::Production, "production"},
        EnumName{Environment::Testing, "testing"},
    };
};

namespace detail {

/// A struct that describes itself: `static Fields fields()`.
template <typename T>
concept Described = requires {
    { T::fields() } -> std::same_as<Fields>;
};

/// How a C++ type appears in a schema, and how values move in and out of it. One specialisation per type:
/// describe(Field&) states the type, decode(Value, T&) reads a typed value, encode(T, Arena&) makes one.
template <typename T>
struct Codec;

/// The table of a struct, made once.
template <Described T>
[[nodiscard]] const Fields& fields_of() {
    static const Fields fields = T::fields();
    return fields;
}

template <>
struct Codec<bool> {
    static void describe(Field& field) { field.type = Type::Boolean; }
    static void decode(const Value& value, bool& target) { target = value.as_boolean(); }
    static Value encode(bool value, Arena& /*arena*/) { return Value::boolean(value); }
};

template <std::integral T>
struct Codec<T> {
    static void describe(Field& field) {
        field.type = Type::Integer;
        field.type_min = static_cast<std::int64_t>(std::numeric_limits<T>::min());
        field.type_max = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    }
    static void decode(const Value& value, T& target) {
        if constexpr (std::unsigned_integral<T>) {
            target = static_cast<T>(value.as_unsigned());
        } else {
            target = static_cast<T>(value.as_integer());
        }
    }
    static Value encode(T value, Arena& /*arena*/) {
        if constexpr (std::unsigned_integral<T>) {
            return Value::unsigned_integer(value);
        } else {
            return Value::integer(value);
        }
    }
};

template <>
struct Codec<double> {
    static void describe(Field& field) { field.type = Type::Float; }
    static void decode(const Value& value, double& target) { target = value.as_number(); }
    static Value encode(double value, Arena& /*arena*/) { return Value::number(value); }
};

template <>
struct Codec<std::string> {
    static void describe(Field& field) { field.type = Type::String; }
    static void decode(const Value& value, std::string& target) { target = value.as_text(); }
    static Value encode(const std::string& value, Arena& arena) { return Value::text(arena.copy(value)); }
};

template <>
struct Codec<Duration> {
    static void describe(Field& field) { field.type = Type::Duration; }
    static void decode(const Value& value, Duration& target) { target = value.as_duration(); }
    static Value encode(Duration value, Arena& /*arena*/) { return Value::duration(value); }
};

template <>
struct Codec<ByteSize> {
    static void describe(Field& field) { field.type = Type::Size; }
    static void decode(const Value& value, ByteSize& target) { target = value.as_size(); }
    static Value encode(ByteSize value, Arena& /*arena*/) { return Value::size(value); }
};

/// Nullable: a secret that nobody has set is empty.
template <>
struct Codec<Secret> {
    static void describe(Field& field) {
        field.type = Type::Secret;
        field.nullable = true;
    }
    static void decode(const Value& value, Secret& target) {
        if (value.is_absent()) {
            target = {};
        } else if (const ResolvedSecret* found = value.resolved(); found != nullptr) {
            target = Secret::resolved(found->reference, found->version, found->text,
                                      {.hosts = {found->hosts.begin(), found->hosts.end()},
                                       .expires = found->expires,
                                       .since = found->since});
        } else if (const auto reference = value.secret_reference(); !reference.empty()) {
            target = Secret::reference(reference);
        } else {
            target = Secret::plain(value.secret_text(grant_secret_access()));
        }
    }
    /// A reference may be a built-in default. A plain text may not: Schema::build refuses the Invalid.
    static Value encode(const Secret& value, Arena& arena) {
        if (value.empty()) {
            return Value::absent();
        }
        return value.is_reference() ? Value::secret(arena.copy(value.reference()), true)
                                    : Value::invalid(nullptr);
    }
};

template <typename E>
requires std::is_enum_v<E>
struct Codec<E> {
    static void describe(Field& field) {
        field.type = Type::Enum;
        for (const auto& [value, text] : EnumTable<E>::names) {
            field.names.emplace_back(text);
        }
    }
    static void decode(const Value& value, E& target) {
        for (const auto& [candidate, text] : EnumTable<E>::names) {
            if (text == value.as_text()) {
                target = candidate;
            }
        }
    }
    static Value encode(E value, Arena& /*arena*/) {
        for (const auto& [candidate, text] : EnumTable<E>::names) {
            if (candidate == value) {
                return Value::text(text);
            }
        }
        return Value::absent();
    }
};

template <typename T>
struct Codec<std::optional<T>> {
    static void describe(Field& field) {
        Codec<T>::describe(field);
        field.nullable = true;
    }
    static void decode(const Value& value, std::optional<T>& target) {
        if (value.is_absent()) {
            target.reset();
        } else {
            Codec<T>::decode(value, target.emplace());
        }
    }
    static Value encode(const std::optional<T>& value, Arena& arena) {
        return value ? Codec<T>::encode(*value, arena) : Value::absent();
    }
};

template <typename T>
[[nodiscard]] Field element_field() {
    Field element;
    Codec<T>::describe(element);
    return element;
}

template <typename T>
struct Codec<std::vector<T>> {
    static void describe(Field& field) {
        field.type = Type::List;
        field.children.push_back(element_field<T>());
    }
    static void decode(const Value& value, std::vector<T>& target) {
        target.clear();
        target.reserve(value.items().size());
        for (const Value& item : value.items()) {
            Codec<T>::decode(item, target.emplace_back());
        }
    }
    static Value encode(const std::vector<T>& value, Arena& arena) {
        std::vector<Value> items;
        items.reserve(value.size());
        for (const T& item : value) {
            items.push_back(Codec<T>::encode(item, arena));
        }
        return Value::list(arena.copy(std::span<const Value>{items}));
    }
};

template <typename T>
struct Codec<std::map<std::string, T>> {
    static void describe(Field& field) {
        field.type = Type::Map;
        field.children.push_back(element_field<T>());
    }
    static void decode(const Value& value, std::map<std::string, T>& target) {
        target.clear();
        for (const auto& [name, entry] : value.members()) {
            Codec<T>::decode(entry, target[std::string{name}]);
        }
    }
    static Value encode(const std::map<std::string, T>& value, Arena& arena) {
        std::vector<Member> members;
        members.reserve(value.size());
        for (const auto& [name, entry] : value) {
            members.push_back({arena.copy(name), Codec<T>::encode(entry, arena)});
        }
        return Value::map(arena.copy(std::span<const Member>{members}));
    }
};

/// The members of a typed struct stand in the order of its table, so decoding needs no look-up by name.
template <Described T>
struct Codec<T> {
    static void describe(Field& field) {
        field.type = Type::Struct;
        field.children = fields_of<T>();
        field.encode_fresh = [](Arena& arena) { return encode(T{}, arena); };
    }
    static void decode(const Value& value, T& target) {
        const Fields& fields = fields_of<T>();
        const auto members = value.members();
        for (std::size_t i = 0; i < fields.size() && i < members.size(); ++i) {
            fields[i].decode(members[i].value, &target);
        }
    }
    static Value encode(const T& value, Arena& arena) {
        const Fields& fields = fields_of<T>();
        std::vector<Member> members;
        members.reserve(fields.size());
        for (const Field& field : fields) {
            members.push_back({arena.copy(field.name), field.encode(&value, arena)});
        }
        return Value::map(arena.copy(std::span<const Member>{members}));
    }
};

template <typename T>
[[nodiscard]] Field root_field() {
    return element_field<T>();
}

/// Options::as speaks about the items where the field is a list or a map. A type that does not fit what
/// stands in the struct is left alone here and refused by Schema::build.
inline void refine(Field& field, Type type) {
    if (field.type == Type::List || field.type == Type::Map) {
        refine(field.children.front(), type);
        return;
    }
    const bool is_text = type == Type::Url || type == Type::Host || type == Type::TimeZone;
    if ((field.type == Type::String && is_text) || (field.type == Type::Integer && type == Type::Port)) {
        field.type = type;
    }
}

template <auto Pointer>
struct MemberOf;
template <typename Owner, typename T, T Owner::*Pointer>
struct MemberOf<Pointer> {
    using OwnerType = Owner;
    using ValueType = T;
};

}  // namespace detail

/// One line of a struct's table: `field<&Trading::max_position_size>("max_position_size", {.min = 0.01,
/// ...})`.
template <auto Pointer>
[[nodiscard]] Field field(std::string_view name, Options options = {}) {
    using Owner = typename detail::MemberOf<Pointer>::OwnerType;
    using T = typename detail::MemberOf<Pointer>::ValueType;
    Field result;
    result.name = name;
    detail::Codec<T>::describe(result);
    if (options.as) {
        detail::refine(result, *options.as);
    }
    result.options = std::move(options);
    result.decode = [](const Value& value, void* owner) {
        detail::Codec<T>::decode(value, static_cast<Owner*>(owner)->*Pointer);
    };
    result.encode = [](const void* owner, Arena& arena) {
        return detail::Codec<T>::encode(static_cast<const Owner*>(owner)->*Pointer, arena);
    };
    return result;
}

}  // namespace quantconf
