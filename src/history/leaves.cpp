#include "history/leaves.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace quantconf::history {
namespace {

/// Walks one text from left to right. Without recursion: whoever edits state.db decides about the depth.
class Leaves {
public:
    /// Calls visit(path, value) for each leaf; false if the text is not what value::canonical writes.
    template <typename Visit>
    static bool walk(std::string_view text, Visit visit) {
        Leaves leaves{text};
        return leaves.walk_object(visit) && leaves.at_ == text.size();
    }

private:
    explicit Leaves(std::string_view text) : text_{text} {}

    template <typename Visit>
    bool walk_object(Visit& visit) {
        if (!take('{')) {
            return false;
        }
        std::string path;
        std::vector<std::size_t> above{0};  // The length of the path around each open object.
        while (!above.empty()) {
            if (take('}')) {
                path.resize(above.back());
                above.pop_back();
                take(',');
                continue;
            }
            const std::size_t around = path.size();
            const std::string_view name = string();
            if (name.empty() || !take(':')) {
                return false;
            }
            path.append(1, '.').append(name);
            if (peek() == '{' && peek(1) != '}') {
                take('{');
                above.push_back(around);
                continue;
            }
            const std::string_view value = skip_value();
            if (value.empty()) {
                return false;
            }
            visit(path, value);
            path.resize(around);
            take(',');
        }
        return true;
    }

    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    bool take(char c) {
        const bool is_there = peek() == c;
        at_ += is_there ? 1U : 0U;
        return is_there;
    }
    /// With its quotes; nothing if there is none.
    std::string_view string() {
        const std::size_t begin = at_;
        if (!take('"')) {
            return {};
        }
        while (at_ < text_.size() && text_[at_] != '"') {
            at_ += text_[at_] == '\\' ? 2U : 1U;
        }
        return take('"') ? text_.substr(begin, at_ - begin) : std::string_view{};
    }
    /// A scalar, a whole list, or "{}".
    std::string_view skip_value() {
        const std::size_t begin = at_;
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                if (string().empty()) {
                    return {};
                }
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
                break;
            }
            depth += c == '[' || c == '{' ? 1U : 0U;
            depth -= c == ']' || c == '}' ? 1U : 0U;
            ++at_;
        }
        return depth == 0 ? text_.substr(begin, at_ - begin) : std::string_view{};
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::size_t count_changes(std::string_view from, std::string_view to) {
    std::unordered_map<std::string, std::string_view> left;
    std::size_t changes = 0;
    const auto remember = [&](const std::string& path, std::string_view value) { left[path] = value; };
    const auto compare = [&](const std::string& path, std::string_view value) {
        const auto found = left.find(path);
        changes += found == left.end() || found->second != value ? 1U : 0U;
        if (found != left.end()) {
            left.erase(found);
        }
    };
    if (!Leaves::walk(from, remember) || !Leaves::walk(to, compare)) {
        return from == to ? 0 : 1;
    }
    return changes + left.size();
}

}  // namespace quantconf::history
