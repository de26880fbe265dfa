#include "quota/peek.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "quota/clocks.hpp"
#include "quota/durability.hpp"
#include "quota/history.hpp"
#include "quota/memory.hpp"
#include "quota/period_key.hpp"
#include "quota/sector.hpp"
#include "quota/shared_lock.hpp"
#include "state/private_file.hpp"

namespace quantconf::quota {
namespace {

/// The bytes of the record from the first on: counts before times, so that what is written meanwhile is not
/// counted.
bool read_into(Record& record, int file) {
    auto* bytes = reinterpret_cast<std::byte*>(&record);
    std::size_t count = 0;
    while (count < sizeof(Record)) {
        const ssize_t some = ::pread(file, bytes + count, sizeof(Record) - count, static_cast<off_t>(count));
        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some <= 0) {
            return false;
        }
        count += static_cast<std::size_t>(some);
    }
    return true;
}

/// A copy of the record of our own, brought into this boot; nullptr where there is no good one.
std::unique_ptr<Memory> copy_of(const std::filesystem::path& file, const Timeline& timeline) {
    const auto checked = state::check_private_file(file);
    if (!checked || !*checked || (*checked)->size != sizeof(Record)) {
        return nullptr;
    }
    const Descriptor opened{::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    struct stat status {};
    if (!opened.is_open() || ::fstat(opened.get(), &status) != 0 ||
        state::FileIdentity{.device = status.st_dev, .inode = status.st_ino} != (*checked)->identity) {
        return nullptr;
    }
    auto memory = anonymous_memory();
    Record& record = memory->record();
    if (!read_into(record, opened.get()) || is_from_later(record)) {
        return nullptr;
    }
    make_shared_mutex(record.live.lock);  // Somebody may have held them.
    make_shared_mutex(record.live.sync_lock);
    return recover(*memory, timeline).value_or(false) ? std::move(memory) : nullptr;
}

/// Since the beginning of the period that was counted last, if it is surely the one of now.
std::optional<std::int64_t> used_in_period(const Live& live, const Window& window, std::int64_t wall) {
    const std::int64_t key = period_key_of(window);
    const auto* found =
        std::ranges::find_if(live.periods, [&](const Period& period) { return period.key.get() == key; });
    if (found == live.periods.end() || wall < found->start.get() || wall >= found->end.get()) {
        return std::nullopt;
    }
    return live.total.get() - found->total_at_start.get();
}

}  // namespace

std::optional<std::int64_t> used_in_file(const std::filesystem::path& file, const Window& window,
                                         const Timeline& timeline) {
    const auto memory = copy_of(file, timeline);
    if (memory == nullptr) {
        return std::nullopt;
    }
    Record& record = memory->record();
    const std::int64_t now = ledger_now(record.live, timeline);
    if (record.live.used_up_until.get() > now) {
        return std::nullopt;
    }
    advance(record, now);
    if (window.kind != WindowKind::Rolling) {
        return used_in_period(record.live, window, wall_of(timeline));
    }
    // Who is exactly as old as the window is long does not count any more.
    return record.live.total.get() - count_before(record, now - (window.per + window.guard).count() + 1);
}

}  // namespace quantconf::quota
