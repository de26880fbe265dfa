#include "format/json_number.hpp"

#include <algorithm>

namespace quantconf::format {

bool is_json_number(std::string_view word) {
    const auto take_digits = [&word] {
        const std::size_t count = std::min(word.find_first_not_of("0123456789"), word.size());
        word.remove_prefix(count);
        return count;
    };
    if (word.starts_with('-')) {
        word.remove_prefix(1);
    }
    const bool begins_with_zero = word.starts_with('0');
    const std::size_t whole = take_digits();
    if (whole == 0 || (begins_with_zero && whole > 1)) {
        return false;
    }
    if (word.starts_with('.')) {
        word.remove_prefix(1);
        if (take_digits() == 0) {
            return false;
        }
    }
    if (word.starts_with('e') || word.starts_with('E')) {
        word.remove_prefix(word.size() > 1 && (word[1] == '+' || word[1] == '-') ? 2 : 1);
        return take_digits() > 0 && word.empty();
    }
    return word.empty();
}

}  // namespace quantconf::format
