#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "layers/load.hpp"

namespace quantconf::layers {

/// What explain() and its callers write in the place of a text that they do not show.
inline constexpr std::string_view kNotShown = "<plain text, not shown>";

/// Whether a value holds what no excerpt shows either: the password of a URL, `${database.password:-plain
/// text}`.
[[nodiscard]] bool looks_like_secret_text(std::string_view text);

/// One layer that set a value, or the schema's default.
struct SetBy {
    std::string layer;     ///< base, environment, local, dotenv, variable, option, default.
    std::string location;  ///< "config/base.yaml", "QUANTBOT_DEBUG", ...; empty for a default.
    Position position;     ///< {0, 0} where there is none.
    std::string written;   ///< As it stands there; a secret as its reference or "<plain text, not shown>".
    bool is_deletion = false;
    bool wins = false;
};

/// Who set the value at `path`, winner first, the default last. Nothing if the schema has no such path.
[[nodiscard]] std::optional<std::vector<SetBy>> explain(const Candidate& candidate, const Schema& schema,
                                                        std::string_view path);

enum class ChangeKind : std::uint8_t { Added, Removed, Changed };

/// One leaf that differs. `from` or `to` is nullptr where it does not exist.
struct Change {
    std::string path;
    ChangeKind kind = ChangeKind::Changed;
    const Value* from = nullptr;
    const Value* to = nullptr;
};

/// The leaves in which two typed trees differ, in schema order. Lists compare as one leaf.
[[nodiscard]] std::vector<Change> diff(const Value& from, const Value& to);

/// Whether a change lets the bot risk more, by the direction that the schema gives its field: something that
/// no general diff can say. None: the field has no direction, one of the values is missing, or they are the
/// same amount.
enum class RiskChange : std::uint8_t { None, Safer, Riskier };
[[nodiscard]] RiskChange risk_change(const Schema& schema, const Change& change);

}  // namespace quantconf::layers
