/// What happens to a file that an editor saves while its name is exchanged.
#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.hpp"
#include "history/place.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

constexpr int kKeptMax = 1'000;       ///< Files kept beside one that nobody has looked at.
constexpr int kSavesInARowMax = 100;  ///< Each within the microseconds between two system calls.

}  // namespace

std::optional<Place::Stood> Place::look(const std::string& name) const {
    struct stat status {};
    if (::fstatat(descriptor_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return std::nullopt;
    }
    Stood found{.device = status.st_dev, .inode = status.st_ino};
    if (auto text = read_name(name, quantconf::limits::kFileBytes); text && *text) {
        found.text = **std::move(text);
    }
    return found;
}

int Place::move(const std::string& from, const std::string& to) {
    const int folder = descriptor_.get();
    if (::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL) {
        return errno;
    }
    // Not every file system can do that; a second name for the file is as exclusive.
    if (::linkat(folder, from.c_str(), folder, to.c_str(), 0) == 0) {
        return ::unlinkat(folder, from.c_str(), 0) == 0 ? 0 : errno;
    }
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) {
        return errno;
    }
    // No second names either: what is left is to look, and then to do it.
    if (struct stat there{}; ::fstatat(folder, to.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0) {
        return EEXIST;
    }
    return ::renameat(folder, from.c_str(), folder, to.c_str()) == 0 ? 0 : errno;
}

int Place::exchange() {
    const int folder = descriptor_.get();
    if (::renameat2(folder, second_.c_str(), folder, name_.c_str(), RENAME_EXCHANGE) == 0) {
        return 0;
    }
    if (errno != EINVAL) {
        return errno;
    }
    // Name by name: for a moment no file stands there, which the journal tells everybody who reads. Replacing
    // it in one step would remove what somebody saves between the last look and that step.
    if (::renameat(folder, name_.c_str(), folder, third_.c_str()) != 0) {
        return errno;
    }
    if (const int why = move(second_, name_); why != 0) {
        if (why != EEXIST) {
            [[maybe_unused]] const int back = move(third_, name_);
        }
        return why;
    }
    return ::renameat(folder, third_.c_str(), folder, second_.c_str()) == 0 ? 0 : errno;
}

void Place::note(std::string_view sentence) {
    notes_ += notes_.empty() ? "" : "; ";
    notes_ += sentence;
}

int Place::keep_beside(const std::string& name) {
    for (int i = 1; i <= kKeptMax; ++i) {
        const std::string kept = fmt::format("{}.conflict-{}", name_, i);
        const int why = move(name, kept);
        if (why == 0) {
            has_kept_ = true;
            note(fmt::format("somebody saved {} meanwhile: that text is kept as {}", real().string(),
                             (folder_ / kept).string()));
        }
        if (why != EEXIST) {
            return why;
        }
    }
    return EEXIST;
}

int Place::put_back_exchanged() {
    // Whoever saved last shall have the name. What comes out is what we put in, or somebody has saved in
    // between: then that is newer than what we have just put back, and goes in again.
    Stood expected = ours_;
    for (int i = 0; i < kSavesInARowMax; ++i) {
        std::optional<Stood> put_in = look(second_);
        int why = exchange();
        if (why == ENOENT) {
            why = move(second_, name_);  // It was removed, or moved away: the old one comes back.
        }
        if (why == EEXIST) {  // Saved at this very moment: that stays, and the rest is discard()'s.
            note(fmt::format("{} was saved meanwhile, and stays like that", real().string()));
            return 0;
        }
        const std::optional<Stood> came_out = why == 0 ? look(second_) : std::nullopt;
        if (why != 0 || !came_out || *came_out == expected) {
            if (i > 0) {
                note(fmt::format("{} was saved meanwhile, and stays like that", real().string()));
            }
            return why;
        }
        expected = put_in ? *std::move(put_in) : Stood{};
    }
    return EBUSY;
}

int Place::put_back_added() {
    if (const int why = move(name_, second_); why != 0) {
        return why == ENOENT ? 0 : why;  // Somebody has removed it already.
    }
    if (look(second_) == ours_) {
        return 0;
    }
    note(fmt::format("{} was saved meanwhile, and stays like that", real().string()));
    const int why = move(second_, name_);
    return why == EEXIST ? keep_beside(second_) : why;
}

Outcome<void> Place::put_back() {
    int why = 0;
    switch (done_) {
        case Done::Nothing:
            return {};
        case Done::Exchanged:
            why = put_back_exchanged();
            break;
        case Done::Added:
            why = put_back_added();
            break;
        case Done::TakenOut:
            why = move(second_, name_);
            if (why == EEXIST) {
                note(fmt::format("{} was saved meanwhile, and stays like that", real().string()));
                why = 0;
            }
            break;
    }
    if (why != 0) {
        return failed("put back", why);
    }
    done_ = Done::Nothing;
    return {};
}

bool Place::is_known(const Stood& left, const std::optional<std::string>& before,
                     const std::optional<std::string>& after) const {
    if (!left.text) {
        return false;
    }
    if (left.text == before || left.text == after) {
        return true;
    }
    if (done_ != Done::Nothing || !after || !after->starts_with(*left.text)) {
        return false;
    }
    // Half of what was to come. Once that has the name, the second one is of what came out.
    const std::optional<Stood> now = look(name_);
    return !now || now->text != after;
}

Outcome<void> Place::discard(const std::optional<std::string>& before,
                             const std::optional<std::string>& after) {
    for (const std::string& name : {second_, third_}) {
        const std::optional<Stood> left = look(name);
        if (!left) {
            continue;
        }
        int why = 0;
        if (!is_known(*left, before, after)) {
            why = keep_beside(name);
        } else if (::unlinkat(descriptor_.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
            why = errno;
        }
        if (why != 0) {
            return failed("tidy up beside", why);
        }
    }
    return {};
}

Outcome<bool> Place::give_back_saved(const std::optional<std::string>& before,
                                     const std::optional<std::string>& after) {
    if (look(third_)) {  // Killed between two names, where they cannot be exchanged at once.
        int why = move(third_, name_);
        why = why == EEXIST ? move(third_, second_) : why;
        if (why != 0 && why != EEXIST) {  // All three: somebody has saved; what is left is discard()'s.
            return failed("put back", why);
        }
    }
    const std::optional<Stood> left = look(second_);
    if (!left || is_known(*left, before, after)) {
        return false;
    }
    const std::optional<Stood> now = look(name_);
    int why = 0;
    if (!now) {
        why = move(second_, name_);
    } else if (now->text == after || now->text == before) {
        why = exchange();
    } else {
        why = keep_beside(second_);  // Saved once more since then: the newer one keeps the name.
    }
    return why == 0 || why == EEXIST ? Outcome<bool>{true} : failed("put back", why);
}

}  // namespace quantconf::history
