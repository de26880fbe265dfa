#include "format/edit_check.hpp"

#include <algorithm>
#include <unordered_set>

#include "format/edit_meaning.hpp"

namespace quantconf::format {

using value::Entry;
using value::Node;
using value::NodeKind;

namespace {

bool is_kept(const Node* old, const Node* now, const Wish& wish);

/// The entries of a map before and after, key by key.
class MapCheck {
public:
    MapCheck(std::span<const Entry> old, std::span<const Entry> now, const Wish& wish)
        : old_{old}, now_{now}, wish_{wish} {
        for (const Entry& entry : old) {
            if (const Wish* known = wish.find(entry.key())) {
                known_.insert(known);
            }
        }
    }

    [[nodiscard]] bool holds() {
        for (const Entry& entry : old_) {
            if (!take_new()) {
                return false;
            }
            const bool is_next = at_ < now_.size() && now_[at_].key() == entry.key();
            const Node* now = is_next ? &now_[at_].value : nullptr;
            const Wish* wish = wish_.find(entry.key());
            const bool is_right = wish != nullptr ? is_kept(&entry.value, now, *wish)
                                                  : now != nullptr && is_same(entry.value, *now);
            if (!is_right) {
                return false;
            }
            at_ += is_next ? 1U : 0U;
        }
        return take_new() && at_ == now_.size() && std::ranges::all_of(wish_.below, [&](const auto& wish) {
                   return known_.contains(wish.get()) || is_kept(nullptr, nullptr, *wish);
               });
    }

private:
    /// Keys that were not there, and are wished.
    bool take_new() {
        for (; at_ < now_.size(); ++at_) {
            const Wish* wish = wish_.find(now_[at_].key());
            if (wish == nullptr || known_.contains(wish)) {
                return true;
            }
            if (!is_kept(nullptr, &now_[at_].value, *wish)) {
                return false;
            }
            known_.insert(wish);
        }
        return true;
    }

    std::span<const Entry> old_;
    std::span<const Entry> now_;
    const Wish& wish_;
    std::unordered_set<const Wish*> known_;
    std::size_t at_ = 0;
};

/// One place before and after; nullptr where there is none.
bool is_kept(const Node* old, const Node* now, const Wish& wish) {
    if (wish.edit != nullptr) {
        return wish.edit->value ? now != nullptr && says(*now, *wish.edit->value) : now == nullptr;
    }
    if (old == nullptr && !wish.sets_something()) {
        return now == nullptr;
    }
    const bool was_map = old != nullptr && old->kind == NodeKind::Map;
    if (old != nullptr && !was_map && !wish.sets_something()) {
        return now != nullptr && is_same(*old, *now);
    }
    const std::span<const Entry> entries = was_map ? old->map() : std::span<const Entry>{};
    if (now == nullptr) {
        // Gone with the last of its keys, or never there.
        return (old == nullptr || was_map) && MapCheck{entries, {}, wish}.holds();
    }
    if (was_map && (now->op != old->op)) {
        return false;
    }
    return now->kind == NodeKind::Map && MapCheck{entries, now->map(), wish}.holds();
}

}  // namespace

bool is_as_wished(const Node& old, const Node& now, const Wish& wishes) {
    return is_kept(&old, &now, wishes);
}

}  // namespace quantconf::format
