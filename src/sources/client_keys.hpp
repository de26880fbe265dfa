#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "quantconf/sources/client.hpp"
#include "sources/client_state.hpp"
#include "sources/fingerprint.hpp"
#include "sources/key_check.hpp"
#include "sources/key_quota.hpp"
#include "sources/key_schedule.hpp"
#include "sources/verdict_store.hpp"

namespace quantconf::sources {

/// The keys of one client: what is known of them, checks of them, and who is told. Any thread.
class ClientKeys {
public:
    struct Options {
        VerdictStore::Options store = {};
        bool is_scheduled = false;  ///< Keep verdicts fresh.
        std::function<void(const KeyReport&)> on_key = {};
    };

    /// `state` and `salt` outlive it. Begins with begin(), once `state` is configured.
    ClientKeys(ClientState& state, const Salt& salt, Options options);
    ClientKeys(const ClientKeys&) = delete;
    ClientKeys& operator=(const ClientKeys&) = delete;
    ~ClientKeys() = default;

    void begin();
    /// Asks about the keys of these providers (none: all that have one), all at once.
    [[nodiscard]] std::vector<KeyReport> check(std::span<const Provider> providers,
                                               const std::stop_token& stop);
    /// An ordinary answer has said something about a key.
    void heard(const Source& source, const std::string& fingerprint, const Verdict& verdict);
    /// What is known without asking; nothing where nobody has ever heard anything.
    [[nodiscard]] std::optional<KeyReport> report(Provider provider);
    /// The configuration has changed.
    void changed();

private:
    /// Tells the sources which of their keys are known to be bad: from an earlier run, or from another
    /// program.
    void recall_bad_keys();
    [[nodiscard]] ScheduledKeys scheduled() const;
    [[nodiscard]] std::vector<KeyReport> check_these(std::span<const KeyToCheck> keys,
                                                     const std::stop_token& stop);

    ClientState& state_;
    const Salt& salt_;
    Options options_;
    VerdictStore store_;
    LimiterQuota quota_;
    std::unique_ptr<KeySchedule> schedule_;
};

}  // namespace quantconf::sources
