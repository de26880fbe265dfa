#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "secrets/image.hpp"
#include "secrets/store.hpp"

/// What the verbs of the store share. For store*.cpp only.
namespace quantconf::secrets {

/// Everything that a Store is made of.
struct StoreState {
    std::shared_ptr<StoreFile> file;
    UnlockKey key;
    StoreTools tools;
    OpenOptions options;
    Opened opened = {};
    int failed_writes = 0;  ///< Of the disk, in a row.
};

/// One change while it is being made.
struct Draft {
    Contents& contents;
    KeyRing& keys;
    crypto::Random& random;
    std::int64_t now;
    std::string by;
    AuditEvent& event;  ///< A verb adds the versions it moves between.
    /// Keys that have to open what was read back, before it replaces anything.
    std::vector<const UnlockKey*>& proofs;
};

/// A change of the store, from the lock to the end of the audit record.
struct Change {
    std::string operation;  ///< For messages: "store secret".
    AuditEvent event;
    std::optional<std::uint64_t> expected_generation = {};
    /// False: there is nothing to do, and nothing is written.
    std::function<Outcome<bool>(Draft&)> apply;
    std::vector<const UnlockKey*> proofs = {};  ///< As in Draft.
};

/// True if something was written.
[[nodiscard]] Outcome<bool> make_change(StoreState& state, const Change& change);

/// Reads the file as it is now, and checks that it is not an older one than is known.
/// `known`, if given, becomes the highest generation that anybody remembers.
[[nodiscard]] Outcome<Opened> load(const StoreState& state, std::string_view operation,
                                   std::uint64_t* known = nullptr);

/// The highest generation that anybody remembers; 0 if nobody does.
[[nodiscard]] Outcome<std::uint64_t> known_generation(const StoreState& state, std::string_view uuid);

/// Writes `contents` as it is (its generation set), with intent and end in the audit log.
[[nodiscard]] Outcome<void> write_generation(StoreState& state, Opened& next, const Change& change);

[[nodiscard]] std::int64_t milliseconds(TimePoint time);
[[nodiscard]] TimePoint time_point(std::int64_t milliseconds);

}  // namespace quantconf::secrets
