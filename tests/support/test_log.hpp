#pragma once

#include <optional>
#include <string>
#include <utility>

#include "audit/log.hpp"
#include "audit/read.hpp"
#include "audit/verify.hpp"
#include "support/test_folder.hpp"

namespace quantconf::audit {

inline constexpr std::string_view kTestKey = "an audit key of thirty-two bytes";

/// A database, and logs with and without the key.
class TestLog : public state::TestFolder {
protected:
    [[nodiscard]] state::Database open() const {
        Outcome<state::Database> database = state::Database::open(file());
        EXPECT_TRUE(database) << to_text(database.error());
        return std::move(*database);
    }
    [[nodiscard]] Log log(state::Database& database, std::string_view key = kTestKey) const {
        return {database, crypto::SecretBytes::copy_of(key), {.clock = clock_, .actor = actor_}};
    }
    [[nodiscard]] Log log_without_key(state::Database& database) const {
        return {database, std::nullopt, {.clock = clock_, .actor = actor_}};
    }
    [[nodiscard]] static Entry set(std::string_view name, std::uint64_t from = 1) {
        return {.action = Action::SecretSet,
                .target = Target::secret(name),
                .from = Version::number(from),
                .to = Version::number(from + 1)};
    }
    /// `count` records; the anchor of the last.
    static Anchor fill(Log& log, int count) {
        for (int i = 0; i < count; ++i) {
            EXPECT_TRUE(log.record(set("key", static_cast<std::uint64_t>(i))));
        }
        return log.head().value_or(Anchor{});
    }
    /// What somebody with another program does to the table.
    static void edit(state::Database& database, std::string_view sql) {
        const Outcome<void> done = database.run(sql);
        EXPECT_TRUE(done) << to_text(done.error());
    }
    [[nodiscard]] static Verdicts verdicts(state::Database& database,
                                           const std::optional<Anchor>& anchor = std::nullopt,
                                           std::string_view key = kTestKey) {
        const Outcome<Verdicts> result = verify(database, key, anchor);
        EXPECT_TRUE(result) << to_text(result.error());
        return result.value_or(Verdicts{});
    }

    ManualClock clock_;
    Actor actor_{.host = "desk", .uid = 1000, .user = "ada", .pid = 42, .program = "/usr/bin/quantconf"};
};

}  // namespace quantconf::audit
