#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "quantconf/error.hpp"
#include "quantconf/live.hpp"
#include "quantconf/load.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::detail {

/// What a subscriber sees of a change. The structs are the T of the ConfigManager.
struct UntypedTransition {
    const void* before;
    const void* after;
    const ConfigChanges& changes;
    const VersionLabel&
        version;  ///< The one that will be, or is, live; its number is 0 before it is recorded.
};

struct UntypedCallbacks {
    /// A reason is a veto.
    std::function<std::optional<std::string>(const UntypedTransition&)> prepare;
    std::function<void(const UntypedTransition&)> commit;
    std::chrono::milliseconds deadline;
};

/// Ends a subscription, and waits for a call of it that is running, unless that is where it is called from.
class Unsubscribe {
public:
    Unsubscribe() = default;
    Unsubscribe(const Unsubscribe&) = delete;
    Unsubscribe& operator=(const Unsubscribe&) = delete;
    virtual ~Unsubscribe() = default;
};

/// How the untyped core fills the struct of a program and hands it to the readers.
struct TypedSide {
    std::function<std::shared_ptr<const void>(const Value& root)> decode;
    /// The swap that readers see. Not before the version is recorded.
    std::function<void(std::shared_ptr<const void> config)> publish;
    /// Around fork(): no lock of the readers' side may be held by a thread that the child will not have.
    std::function<void()> before_fork;
    std::function<void(bool is_child)> after_fork;
};

/// A configuration that keeps itself up to date: everything of ConfigManager<T> that does not depend on T.
/// Any thread. Destroying it stops watching; in a forked child it joins nothing.
class LiveConfig {
public:
    /// The first version has been given to `typed.publish` when this succeeds.
    [[nodiscard]] static std::expected<std::unique_ptr<LiveConfig>, Failure> open(const Schema& schema,
                                                                                  OpenOptions options,
                                                                                  TypedSide typed);
    LiveConfig(const LiveConfig&) = delete;
    LiveConfig& operator=(const LiveConfig&) = delete;
    ~LiveConfig();

    [[nodiscard]] VersionLabel version() const;
    [[nodiscard]] std::filesystem::path state_dir() const;
    [[nodiscard]] LiveHealth health() const;
    [[nodiscard]] Origin origin_of(std::string_view path) const;
    [[nodiscard]] std::optional<std::string> get(std::string_view path) const;
    [[nodiscard]] std::expected<ChangeReport, Failure> reload(const ReloadOptions& options);
    [[nodiscard]] std::expected<ChangeReport, Failure> update(std::span<const Setting> settings,
                                                              const UpdateOptions& options);
    [[nodiscard]] std::expected<ChangeReport, Failure> rollback(VersionNumber to,
                                                                const RollbackOptions& options);
    [[nodiscard]] std::unique_ptr<Unsubscribe> watch(std::string path, UntypedCallbacks callbacks);

private:
    class Impl;
    explicit LiveConfig(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace quantconf::detail
