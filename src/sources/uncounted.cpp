#include "sources/uncounted.hpp"

#include <utility>

#include <fmt/format.h>

namespace quantconf::sources {

Verdict uncounted(Error why) {
    std::string hint = std::exchange(why.hint, {});  // to_text() would put it into the sentence.
    return {.status = KeyStatus::Unknown,
            .detail = std::string{kUncounted},
            .reason = fmt::format("not asked: requests cannot be counted: {}", to_text(why)),
            .hint = std::move(hint)};
}

}  // namespace quantconf::sources
