#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "quantconf/environment.hpp"

namespace quantconf::history {

/// Names a version for ever: 1, 2, 3, ... over all environments of a state folder. Eight bytes, to be stamped
/// on orders and log lines.
using VersionNumber = std::uint64_t;

/// How a version came to be. Texts are stored and shown: "load", "reload", "update", "rollback".
enum class Kind : std::uint8_t { Load, Reload, Update, Rollback };

[[nodiscard]] std::string_view to_text(Kind kind);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text);

/// One layer that a version was made of. `sha256` is that of its bytes; empty for variables and options,
/// whose texts may be secrets.
struct LayerRecord {
    std::string layer = {};  ///< base, environment, local, dotenv, variable, shared, process, option.
    std::string name = {};   ///< "config/base.yaml", "QUANTBOT_DEBUG".
    std::string sha256 = {};

    friend bool operator==(const LayerRecord&, const LayerRecord&) = default;
};

/// What is known about a version besides its values.
struct VersionInfo {
    VersionNumber number = 0;
    std::string hash = {};  ///< SHA-256 of the canonical form of what readers see.
    Environment environment = Environment::Development;
    Time at{};                ///< When it was recorded.
    std::string author = {};  ///< "alice (1000)".
    std::string reason = {};  ///< As given; capped and escaped for showing.
    Kind kind = Kind::Load;
    VersionNumber parent = 0;          ///< What the files said before, else the head before it; 0: none.
    VersionNumber rolled_back_to = 0;  ///< Of a rollback: the version that it repeats.
    std::size_t changes = 0;           ///< Leaves that differ from the parent.
};

/// A version with everything.
struct VersionRecord {
    VersionInfo info = {};
    /// The canonical form (docs/formats.md): secrets as references, with the number of the version that was
    /// resolved beside them in `secrets`.
    std::string canonical = {};
    std::vector<LayerRecord> layers = {};
    /// "polygon_key" -> 3, for each secret that was resolved.
    std::vector<std::pair<std::string, std::uint32_t>> secrets = {};
};

}  // namespace quantconf::history
