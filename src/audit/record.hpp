#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/actor.hpp"
#include "audit/entry.hpp"
#include "base/clock.hpp"

namespace quantconf::audit {

/// The place of a record in the chain: 1, 2, 3, ...
using Seq = std::uint64_t;

/// What a record is to the others.
enum class Phase : std::uint8_t {
    Single = 1,  ///< Happened, or was refused: one record says everything.
    Intent = 2,  ///< Is about to happen.
    Result = 3,  ///< What became of the intent `refers_to`.
    Seal = 4,    ///< A keyed writer found records without key, from `from` to `to`.
};

/// What became of an action.
enum class Result : std::uint8_t {
    Unfinished = 0,        ///< An intent about which nothing more is known.
    Done = 1,              ///< It happened.
    Refused = 2,           ///< Not allowed, so it did not happen.
    Failed = 3,            ///< Tried, and it did not happen.
    RecoveredDone = 4,     ///< Found afterwards: it had happened.
    RecoveredUndone = 5,   ///< Found afterwards: it had not happened.
    DurabilityUnknown = 6  ///< It happened, but the disk may forget it.
};

/// One record as it stands in the chain. docs/formats.md, "Audit record", has the bytes.
struct Record {
    Seq seq = 0;
    Phase phase = Phase::Single;
    Result result = Result::Done;
    bool is_keyed = false;  ///< Its MAC needed the key; else it is only linked.
    Seq refers_to = 0;      ///< Of a Result: its intent.
    Time at{};
    Actor actor;
    std::string action;  ///< "secret.set".
    std::string target;  ///< "secret:polygon_key".
    std::string from;    ///< "3", "tag:0123456789abcdef", or empty.
    std::string to;
    std::string detail;  ///< "cause=secrets:22 count=3".

    friend bool operator==(const Record&, const Record&) = default;
};

/// The bytes that the MAC covers. Fields above their cap were cut when the record was made.
[[nodiscard]] std::string encode(const Record& record);

/// The only reader of those bytes: nothing unless they are exactly what encode() writes for some record.
[[nodiscard]] std::optional<Record> decode(std::string_view bytes);

/// "intent", "done": as shown and exported.
[[nodiscard]] std::string_view to_text(Phase phase);
[[nodiscard]] std::string_view to_text(Result result);

}  // namespace quantconf::audit
