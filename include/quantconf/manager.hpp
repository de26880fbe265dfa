#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "quantconf/detail/live_config.hpp"
#include "quantconf/hub.hpp"
#include "quantconf/live.hpp"

namespace quantconf {

/// One change as a subscriber sees it. The references are good for the length of the call.
template <typename T>
struct Transition {
    const T& before;
    const T& after;
    const ConfigChanges& changes;  ///< All of them, also those outside of the path that is watched.
    const VersionLabel& version;  ///< In `prepare` its number is 0: it is given when the version is recorded.
};

/// What a subscriber does about a change. Called on a thread of the manager, one after the other, outside of
/// every lock; what they throw is caught. They must not call reload(), update() or rollback() of the same
/// manager: those refuse.
template <typename T>
struct Subscriber {
    /// Before a change: a reason is a veto, and nothing changes for anybody. An exception is a veto, too.
    std::function<std::optional<std::string>(const Transition<T>&)> prepare{};
    /// After it: readers see the new version already.
    std::function<void(const Transition<T>&)> commit{};
    /// How long each call may take. A `prepare` that misses it is a veto; a `commit` that misses it is
    /// counted in health, and others are told without waiting for it.
    std::chrono::milliseconds deadline{1'000};
};

/// Keeps a subscription; ending it waits for a call that is running, unless it is ended from inside that
/// call.
class [[nodiscard]] Subscription {
public:
    Subscription() = default;
    explicit Subscription(std::unique_ptr<detail::Unsubscribe> handle) : handle_{std::move(handle)} {}

    void reset() noexcept { handle_.reset(); }

private:
    std::unique_ptr<detail::Unsubscribe> handle_;
};

/// The configuration of a running program: read at the speed of memory, changed while it is read.
///
///     auto manager = quantconf::ConfigManager<quantbot::Config>::open({.environment = "production"});
///     auto reader = manager->reader();                          // one for each thread
///     while (trading) {
///         const quantbot::Config& config = reader.latest();     // wait-free
///         ...
///     }
///
/// Every change, wherever it comes from, is merged, checked, shown to the subscribers, recorded and only then
/// published, as a whole. What fails before that leaves the version that is live, its hash and its history
/// untouched, and is told in health(). Any thread may call anything; cheap enough to have dozens.
///
/// In a child of fork() readers keep what they had. Its first reload(), update(), rollback() or watch() goes
/// on from there, with the overrides of the process and with the subscribers, which are then called in the
/// child, too; from then on it follows the files by itself, if its parent did. A fork waits until no thread
/// of this process is inside a transaction of state.db, at most five seconds.
///
/// A library is a guest: no signal handlers, no output, no exit.
template <detail::Described T>
class ConfigManager {
public:
    using Reader = typename Hub<T>::Reader;

    /// All or nothing, as load(): every diagnostic, or the one error.
    [[nodiscard]] static std::expected<ConfigManager, Failure> open(OpenOptions options = {}) {
        auto hub = std::make_shared<std::optional<Hub<T>>>();
        auto live = detail::LiveConfig::open(
            T::schema(), std::move(options),
            {.decode = [](const Value& root) -> std::shared_ptr<const void> {
                 return std::make_shared<const T>(decode<T>(root));
             },
             .publish =
                 [hub](std::shared_ptr<const void> config) {
                     auto typed = std::static_pointer_cast<const T>(std::move(config));
                     if (*hub) {
                         (*hub)->publish(std::move(typed));
                     } else {
                         hub->emplace(std::move(typed));
                     }
                 },
             .before_fork =
                 [hub] {
                     if (*hub) {
                         (*hub)->before_fork();
                     }
                 },
             .after_fork =
                 [hub](bool is_child) {
                     if (*hub) {
                         (*hub)->after_fork(is_child);
                     }
                 }});
        if (!live) {
            return std::unexpected{std::move(live).error()};
        }
        return ConfigManager{std::move(hub), *std::move(live)};
    }

    /// A view for one thread's loop. Takes a lock: make it before the loop. May outlive the manager.
    [[nodiscard]] Reader reader() const { return (*hub_)->reader(); }
    /// The newest version, kept as long as you like: for code that does not count nanoseconds.
    [[nodiscard]] std::shared_ptr<const T> snapshot() const { return (*hub_)->newest(); }

    [[nodiscard]] VersionLabel version() const { return live_->version(); }
    /// Where state.db and what else the tool keeps lie.
    [[nodiscard]] std::filesystem::path state_dir() const { return live_->state_dir(); }
    [[nodiscard]] LiveHealth health() const { return live_->health(); }
    /// The value at a path such as "trading.max_position_size", as shown to people (a secret as its
    /// reference); nothing if there is none.
    [[nodiscard]] std::optional<std::string> get(std::string_view path) const { return live_->get(path); }
    /// Who set it. Without a source where it is the default, or where there is no such value.
    [[nodiscard]] Origin origin_of(std::string_view path) const { return live_->origin_of(path); }

    /// Looks at the files now: for a bot's own SIGHUP, for example (examples/cpp_bot shows how).
    [[nodiscard]] std::expected<ChangeReport, Failure> reload(const ReloadOptions& options = {}) {
        return live_->reload(options);
    }
    /// Several values at once, all or none, checked like everything else.
    [[nodiscard]] std::expected<ChangeReport, Failure> update(std::initializer_list<Setting> settings,
                                                              const UpdateOptions& options = {}) {
        return live_->update(std::span<const Setting>{settings.begin(), settings.size()}, options);
    }
    [[nodiscard]] std::expected<ChangeReport, Failure> update(std::span<const Setting> settings,
                                                              const UpdateOptions& options = {}) {
        return live_->update(settings, options);
    }
    /// Back to what version `to` was, by editing the layers that win each differing value. The result is a
    /// new version.
    [[nodiscard]] std::expected<ChangeReport, Failure> rollback(VersionNumber to,
                                                                const RollbackOptions& options = {}) {
        return live_->rollback(to, options);
    }

    /// Tells `subscriber` about changes of `path` ("trading", "trading.max_position_size", "" for
    /// everything).
    [[nodiscard]] Subscription watch(std::string path, Subscriber<T> subscriber) {
        const auto typed = [](const detail::UntypedTransition& change) {
            return Transition<T>{.before = *static_cast<const T*>(change.before),
                                 .after = *static_cast<const T*>(change.after),
                                 .changes = change.changes,
                                 .version = change.version};
        };
        detail::UntypedCallbacks callbacks{.prepare = {}, .commit = {}, .deadline = subscriber.deadline};
        if (subscriber.prepare) {
            callbacks.prepare = [typed, call = std::move(subscriber.prepare)](
                                    const detail::UntypedTransition& change) { return call(typed(change)); };
        }
        if (subscriber.commit) {
            callbacks.commit = [typed, call = std::move(subscriber.commit)](
                                   const detail::UntypedTransition& change) { call(typed(change)); };
        }
        return Subscription{live_->watch(std::move(path), std::move(callbacks))};
    }

private:
    ConfigManager(std::shared_ptr<std::optional<Hub<T>>> hub, std::unique_ptr<detail::LiveConfig> live)
        : hub_{std::move(hub)}, live_{std::move(live)} {}

    std::shared_ptr<std::optional<Hub<T>>> hub_;
    std::unique_ptr<detail::LiveConfig> live_;  ///< Ends first: it publishes into the hub.
};

}  // namespace quantconf
