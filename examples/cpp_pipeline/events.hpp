#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <quantconf/live.hpp>
#include <quantconf/sources.hpp>

#include "screen.hpp"

/// Tells what happens while it happens, once: who answers instead of whom and why, keys, limits. Any thread.
class Events {
public:
    explicit Events(Screen& screen) : screen_{screen} {}

    void answered(const std::string& label, const quantconf::sources::Answer& answer);
    void key_changed(const quantconf::sources::KeyReport& key);
    /// Looks whether the answers have said anything new about a key.
    void look_at_keys(const std::vector<quantconf::sources::SourceReport>& sources);
    void limits_changed(const quantconf::VersionLabel& version, const quantconf::ConfigChanges& changes);

    /// All changes of limits so far.
    [[nodiscard]] quantconf::ConfigChanges limit_changes() const;

private:
    Screen& screen_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> answering_;  ///< Label -> how it was answered the last time.
    std::map<quantconf::sources::Provider, quantconf::sources::KeyStatus> keys_;
    quantconf::ConfigChanges limit_changes_;
};
