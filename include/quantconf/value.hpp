#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "quantconf/arena.hpp"
#include "quantconf/secret.hpp"
#include "quantconf/types.hpp"

namespace quantconf::value {
struct Node;
}

namespace quantconf {

struct Member;

/// A secret as the store has it. Views of an Arena, or of whoever resolved it.
struct ResolvedSecret {
    std::string_view reference;  ///< As written: "SECURE:polygon_key".
    std::uint64_t version = 0;
    std::string_view text;
    std::span<const std::string_view> hosts;  ///< These as in SecretFacts.
    std::optional<std::chrono::sys_time<std::chrono::microseconds>> expires;
    std::optional<std::chrono::sys_time<std::chrono::microseconds>> since;
};

/// One typed value of a configuration, or a whole tree of them.
///
/// Made from source text by the schema exactly once; from then on a number is a number. Small and trivially
/// copyable: texts and children belong to an Arena, which must outlive the value. Immutable, so any number of
/// threads may read it. Asking for a kind that it does not have is a bug of the caller and is asserted.
class Value {
public:
    enum class Kind : std::uint8_t {
        Absent,   ///< Nothing set and no default, or an explicit null.
        Invalid,  ///< Was set, but wrongly; a diagnostic says so. Never part of a published version.
        Boolean,
        Integer,   ///< Fits std::int64_t.
        Unsigned,  ///< Greater than the largest std::int64_t.
        Float,
        Text,  ///< String, enum, URL, host or time zone.
        Duration,
        Size,
        Secret,
        List,
        Map,  ///< Dynamic map, in order of first appearance; or a struct, in the order of its fields.
    };

    constexpr Value() = default;
    [[nodiscard]] static Value absent(const value::Node* origin = nullptr);
    [[nodiscard]] static Value invalid(const value::Node* origin);
    [[nodiscard]] static Value boolean(bool value, const value::Node* origin = nullptr);
    [[nodiscard]] static Value integer(std::int64_t value, const value::Node* origin = nullptr);
    /// Kind Integer if it fits, else Unsigned.
    [[nodiscard]] static Value unsigned_integer(std::uint64_t value, const value::Node* origin = nullptr);
    [[nodiscard]] static Value number(double value, const value::Node* origin = nullptr);
    [[nodiscard]] static Value text(std::string_view value, const value::Node* origin = nullptr);
    [[nodiscard]] static Value duration(quantconf::Duration value, const value::Node* origin = nullptr);
    [[nodiscard]] static Value size(ByteSize value, const value::Node* origin = nullptr);
    /// `text` is the whole reference, or the plain text if `is_reference` is false.
    [[nodiscard]] static Value secret(std::string_view text, bool is_reference,
                                      const value::Node* origin = nullptr);
    /// What the store holds for a reference; `secret` outlives the value.
    [[nodiscard]] static Value resolved_secret(const ResolvedSecret& secret,
                                               const value::Node* origin = nullptr);
    [[nodiscard]] static Value list(std::span<const Value> items, const value::Node* origin = nullptr);
    [[nodiscard]] static Value map(std::span<const Member> members, const value::Node* origin = nullptr);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is_absent() const noexcept { return kind_ == Kind::Absent; }
    [[nodiscard]] bool is_invalid() const noexcept { return kind_ == Kind::Invalid; }

    [[nodiscard]] bool as_boolean() const;
    [[nodiscard]] std::int64_t as_integer() const;
    [[nodiscard]] std::uint64_t as_unsigned() const;  ///< Also for a non-negative Integer.
    [[nodiscard]] double as_number() const;           ///< Also for Integer and Unsigned.
    [[nodiscard]] std::string_view as_text() const;
    [[nodiscard]] quantconf::Duration as_duration() const;
    [[nodiscard]] ByteSize as_size() const;
    [[nodiscard]] std::span<const Value> items() const;
    [[nodiscard]] std::span<const Member> members() const;

    /// Kind Secret only. The reference as written; empty for a plain text, and once it is resolved.
    [[nodiscard]] std::string_view secret_reference() const;
    /// Kind Secret only. What was looked up in the store, or nullptr.
    [[nodiscard]] const ResolvedSecret* resolved() const;
    /// Kind Secret only. Reference or plain text: for the decoder, which puts it into a quantconf::Secret.
    [[nodiscard]] std::string_view secret_text(SecretAccess permission) const;

    /// The member of a map, or nullptr. Linear: for tools and rules, not for hot paths.
    [[nodiscard]] const Value* find(std::string_view name) const;
    /// The value at a dotted path such as "trading.max_position_size" or "hosts[2].port", or nullptr.
    [[nodiscard]] const Value* at(std::string_view path) const;

    /// The node that it was read from; nullptr for a built-in default.
    [[nodiscard]] const value::Node* origin() const noexcept { return origin_; }

private:
    Kind kind_ = Kind::Absent;
    enum class SecretForm : std::uint8_t { Plain, Reference, Resolved };
    SecretForm form_ = SecretForm::Plain;
    std::uint32_t size_ = 0;
    union {
        bool boolean_;
        std::int64_t integer_;
        std::uint64_t unsigned_ = 0;
        double number_;
        const char* text_;
        const Value* items_;
        const Member* members_;
        const ResolvedSecret* resolved_;
    };
    const value::Node* origin_ = nullptr;
};

/// One name and its value in a map.
struct Member {
    std::string_view name;
    Value value;
};

}  // namespace quantconf
