#include "quantconf/value.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <type_traits>

#include "base/assert.hpp"

namespace quantconf {

static_assert(std::is_trivially_copyable_v<Value> && sizeof(Value) <= 24, "values are copied freely");

namespace {

std::uint32_t checked_size(std::size_t size) {
    QC_ASSERT(size <= std::numeric_limits<std::uint32_t>::max());
    return static_cast<std::uint32_t>(size);
}

/// Takes "[12]" off the front of a path; nothing if it is not exactly that.
const Value* take_index(std::span<const Value> items, std::string_view& path) {
    const auto bracket = path.find(']');
    if (bracket == std::string_view::npos) {
        return nullptr;
    }
    const std::string_view digits = path.substr(1, bracket - 1);
    std::size_t index = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const bool has_leading_zero = digits.size() > 1 && digits.front() == '0';
    if (error != std::errc{} || rest != digits.data() + digits.size() || has_leading_zero ||
        index >= items.size()) {
        return nullptr;
    }
    path.remove_prefix(bracket + 1);
    return &items[index];
}

/// Takes "name" off the front of a path, up to the next dot or bracket.
const Value* take_name(const Value& value, std::string_view& path) {
    const std::string_view name = path.substr(0, path.find_first_of(".["));
    path.remove_prefix(name.size());
    return name.empty() ? nullptr : value.find(name);
}

}  // namespace

Value Value::absent(const value::Node* origin) {
    Value value;
    value.origin_ = origin;
    return value;
}

Value Value::invalid(const value::Node* origin) {
    Value value = absent(origin);
    value.kind_ = Kind::Invalid;
    return value;
}

Value Value::boolean(bool value, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Boolean;
    result.boolean_ = value;
    return result;
}

Value Value::integer(std::int64_t value, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Integer;
    result.integer_ = value;
    return result;
}

Value Value::unsigned_integer(std::uint64_t value, const value::Node* origin) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return integer(static_cast<std::int64_t>(value), origin);
    }
    Value result = absent(origin);
    result.kind_ = Kind::Unsigned;
    result.unsigned_ = value;
    return result;
}

Value Value::number(double value, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Float;
    result.number_ = value;
    return result;
}

Value Value::text(std::string_view value, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Text;
    result.size_ = checked_size(value.size());
    result.text_ = value.data();
    return result;
}

Value Value::duration(quantconf::Duration value, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Duration;
    result.integer_ = value.count();
    return result;
}

Value Value::size(ByteSize value, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Size;
    result.unsigned_ = value.bytes;
    return result;
}

Value Value::secret(std::string_view text, bool is_reference, const value::Node* origin) {
    Value result = Value::text(text, origin);
    result.kind_ = Kind::Secret;
    result.form_ = is_reference ? SecretForm::Reference : SecretForm::Plain;
    return result;
}

Value Value::resolved_secret(const ResolvedSecret& secret, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Secret;
    result.form_ = SecretForm::Resolved;
    result.resolved_ = &secret;
    return result;
}

Value Value::list(std::span<const Value> items, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::List;
    result.size_ = checked_size(items.size());
    result.items_ = items.data();
    return result;
}

Value Value::map(std::span<const Member> members, const value::Node* origin) {
    Value result = absent(origin);
    result.kind_ = Kind::Map;
    result.size_ = checked_size(members.size());
    result.members_ = members.data();
    return result;
}

bool Value::as_boolean() const {
    QC_ASSERT(kind_ == Kind::Boolean);
    return boolean_;
}

std::int64_t Value::as_integer() const {
    QC_ASSERT(kind_ == Kind::Integer);
    return integer_;
}

std::uint64_t Value::as_unsigned() const {
    if (kind_ == Kind::Integer) {
        QC_ASSERT(integer_ >= 0);
        return static_cast<std::uint64_t>(integer_);
    }
    QC_ASSERT(kind_ == Kind::Unsigned);
    return unsigned_;
}

double Value::as_number() const {
    if (kind_ == Kind::Integer) {
        return static_cast<double>(integer_);
    }
    if (kind_ == Kind::Unsigned) {
        return static_cast<double>(unsigned_);
    }
    QC_ASSERT(kind_ == Kind::Float);
    return number_;
}

std::string_view Value::as_text() const {
    QC_ASSERT(kind_ == Kind::Text);
    return {text_, size_};
}

quantconf::Duration Value::as_duration() const {
    QC_ASSERT(kind_ == Kind::Duration);
    return quantconf::Duration{integer_};
}

ByteSize Value::as_size() const {
    QC_ASSERT(kind_ == Kind::Size);
    return {unsigned_};
}

std::span<const Value> Value::items() const {
    QC_ASSERT(kind_ == Kind::List);
    return {items_, size_};
}

std::span<const Member> Value::members() const {
    QC_ASSERT(kind_ == Kind::Map);
    return {members_, size_};
}

std::string_view Value::secret_reference() const {
    QC_ASSERT(kind_ == Kind::Secret);
    return form_ == SecretForm::Reference ? std::string_view{text_, size_} : std::string_view{};
}

const ResolvedSecret* Value::resolved() const {
    QC_ASSERT(kind_ == Kind::Secret);
    return form_ == SecretForm::Resolved ? resolved_ : nullptr;
}

std::string_view Value::secret_text(SecretAccess /*permission*/) const {
    QC_ASSERT(kind_ == Kind::Secret);
    return form_ == SecretForm::Resolved ? resolved_->text : std::string_view{text_, size_};
}

const Value* Value::find(std::string_view name) const {
    if (kind_ != Kind::Map) {
        return nullptr;  // Paths come from people: asking a number for its member is no bug of ours.
    }
    const auto found = std::ranges::find(members(), name, &Member::name);
    return found == members().end() ? nullptr : &found->value;
}

const Value* Value::at(std::string_view path) const {
    const Value* value = this;
    bool is_first = true;
    while (value != nullptr && !path.empty()) {
        if (path.front() == '[') {
            value = value->kind_ == Kind::List ? take_index(value->items(), path) : nullptr;
        } else {
            if (!is_first) {
                if (path.front() != '.') {
                    return nullptr;
                }
                path.remove_prefix(1);
            }
            value = take_name(*value, path);
        }
        is_first = false;
    }
    return value;
}

}  // namespace quantconf
