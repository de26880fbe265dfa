#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "history/processes.hpp"
#include "quantconf/error.hpp"

namespace quantconf::live {

inline constexpr std::size_t kAskedMax = 2'000;  ///< Managers, over all processes of a state folder.
inline constexpr std::size_t kReloadRequestBytes = std::size_t{1024} * 1024;  ///< Enough for as many.

/// One manager of a running process, beyond doubt: numbers of rows begin anew with a new state.db, numbers of
/// processes are used again.
struct AskedProcess {
    history::ProcessId row = 0;
    std::int64_t pid = 0;
    std::uint64_t started = 0;
    std::string boot = {};

    [[nodiscard]] static AskedProcess of(history::ProcessId row, const history::ProcessIdentity& process) {
        return {.row = row, .pid = process.pid, .started = process.started, .boot = process.boot};
    }
    friend bool operator==(const AskedProcess&, const AskedProcess&) = default;
};

/// "Load again, now": what `quantconf reload` leaves in the state folder for processes that run. It names
/// each, so that one that starts later, or runs the next time that somebody asks, is never meant: least of
/// all by an `accept_missing` that was forgotten there.
struct ReloadRequest {
    std::string id = {};  ///< 32 hexadecimal digits; goes into the answers.
    /// For people: when whoever asks will give up. Clocks of processes differ; the lock says who waits.
    Time until{};
    bool accept_missing = false;
    std::string author = {};  ///< Who asks: "alice (1000)".
    std::vector<AskedProcess> asked = {};

    friend bool operator==(const ReloadRequest&, const ReloadRequest&) = default;
};

/// Held by whoever waits for answers: history::ChangeLock::acquire(state_dir, ..., kReloadLock).
inline constexpr std::string_view kReloadLock = "reload.lock";
/// Whether somebody holds it.
[[nodiscard]] bool is_somebody_waiting(const std::filesystem::path& state_dir);

/// <state folder>/reload.request. docs/formats.md has the bytes.
[[nodiscard]] std::filesystem::path reload_request_file(const std::filesystem::path& state_dir);

[[nodiscard]] std::string to_text(const ReloadRequest& request);
/// Nothing if a single byte is not as to_text() writes it.
[[nodiscard]] std::optional<ReloadRequest> parse_reload_request(std::string_view text);

/// What lies there; nothing if there is none, none that can be read and understood, or nobody who waits for
/// it: whoever asks holds the lock `reload.lock` for as long, and the kernel gives it back when he dies. So
/// what an interrupted `reload --accept-missing` leaves behind never makes a later accident look meant.
[[nodiscard]] std::optional<ReloadRequest> read_reload_request(const std::filesystem::path& state_dir);

/// A request that processes see, as long as this lives.
class PlacedRequest {
public:
    /// In place of any other that lies there. Whoever asks holds a lock, so that it is nobody's who still
    /// waits. Belongs to the owner of the folder, who may be another user than ours.
    [[nodiscard]] static Outcome<PlacedRequest> place(const ReloadRequest& request,
                                                      const std::filesystem::path& state_dir);
    PlacedRequest(PlacedRequest&& other) noexcept : file_{std::exchange(other.file_, {})} {}
    PlacedRequest& operator=(PlacedRequest&&) = delete;
    PlacedRequest(const PlacedRequest&) = delete;
    PlacedRequest& operator=(const PlacedRequest&) = delete;
    ~PlacedRequest();

private:
    explicit PlacedRequest(std::filesystem::path file) : file_{std::move(file)} {}

    std::filesystem::path file_;
};

}  // namespace quantconf::live
