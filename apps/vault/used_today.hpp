#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/quantbot.hpp"
#include "quantconf/sources/key_report.hpp"
#include "quantconf/value.hpp"
#include "sources/catalogue.hpp"
#include "sources/fingerprint.hpp"

namespace quantconf::app {

/// What is used of each day's requests, as the ledgers of this user say. They are read, never made, changed
/// or waited for.
class UsedToday {
public:
    /// `root`: a valid configuration of the bot.
    UsedToday(const Value& root, const std::vector<std::string>& variables);

    /// `daily_limit` as configured, and `daily_used` where it is known: for a source that counts by key only
    /// once that key has been checked, because nothing is unlocked to find out which one it is.
    void fill_in(sources::KeyReport& report) const;

private:
    quantbot::Config config_;
    std::shared_ptr<const sources::Catalogue> catalogue_;
    std::optional<std::filesystem::path> folder_;  ///< Of the ledgers.
    std::optional<sources::Salt> salt_;
};

}  // namespace quantconf::app
