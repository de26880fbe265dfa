#include "live/hold_back.hpp"

#include <string_view>

#include "layers/explain.hpp"

namespace quantconf::live {
namespace {

class Holding {
public:
    Holding(Arena& arena, std::vector<std::string>* pending) : arena_{arena}, pending_{pending} {}

    Value take(const Field& field, const Value& fresh, const Value* live, const std::string& path) {
        if (field.options.reload == Reload::Restart) {
            return keep(fresh, live == nullptr ? Value::absent() : *live, path);
        }
        const bool can_descend = (field.type == Type::Struct || field.type == Type::Map) &&
                                 fresh.kind() == Value::Kind::Map && live != nullptr &&
                                 live->kind() == Value::Kind::Map;
        return can_descend ? take_members(field, fresh, *live, path) : fresh;
    }

private:
    Value keep(const Value& fresh, const Value& live, const std::string& path) {
        if (layers::diff(live, fresh).empty()) {
            return fresh;
        }
        if (pending_ != nullptr) {
            pending_->push_back(path);
        }
        return live;
    }

    Value take_members(const Field& field, const Value& fresh, const Value& live, const std::string& path) {
        std::vector<Member> members;
        members.reserve(fresh.members().size());
        for (const auto& [name, value] : fresh.members()) {
            const Field* member = field.type == Type::Struct ? field.member(name) : &field.element();
            const std::string below = path.empty() ? std::string{name} : path + '.' + std::string{name};
            members.push_back(
                {name, member == nullptr ? value : take(*member, value, live.find(name), below)});
        }
        return Value::map(arena_.copy(std::span<const Member>{members}), fresh.origin());
    }

    Arena& arena_;
    std::vector<std::string>* pending_;
};

}  // namespace

Value hold_back(const Schema& schema, const Value& fresh, const Value& live, Arena& arena,
                std::vector<std::string>* pending) {
    return Holding{arena, pending}.take(schema.root(), fresh, &live, {});
}

}  // namespace quantconf::live
