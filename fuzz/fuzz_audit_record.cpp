// The bytes of an audit record: whoever can write state.db chooses them.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "audit/read.hpp"
#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"

namespace quantconf::fuzz {

Verdict run_target(std::string_view input) {
    audit::StoredRecord stored{
        .seq = 1, .record = audit::decode(input), .bytes = std::string{input}, .mac = {}};
    if (stored.record) {
        require(audit::encode(*stored.record) == input, "one record has one spelling");
        require(stored.record->seq > stored.record->refers_to, "a record refers to an older one or to none");
        require(!to_text(stored.record->phase).empty() && !to_text(stored.record->result).empty(),
                "phase and result have names");
    }
    const std::string line = audit::to_json_line(stored);
    require(
        std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }),
        "what is shown stays on its line and moves no cursor");
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
