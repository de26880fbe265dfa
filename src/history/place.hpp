#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "quantconf/error.hpp"

namespace quantconf::history {

/// A name in an open folder under which a file stands or shall stand, and a second name beside it,
/// `.NAME.quantconf-change`, under which the next one is made. Who uses it holds the ChangeLock.
///
/// Everything is relative to the open folder, so that a path that changes its meaning meanwhile leads nowhere
/// else.
///
/// An editor knows nothing of the lock and may save at any moment. So whatever comes out of an exchange is
/// looked at, and only bytes that the journal has are ever removed: what somebody saved gets the name back,
/// or is kept as `NAME.conflict-1`, and notes() says so.
class Place {
public:
    /// Follows symbolic links: what is replaced is the file that they lead to. Problem::NotRegular for a link
    /// that leads nowhere. ENOENT without the folder.
    [[nodiscard]] static Outcome<Place> find(const std::filesystem::path& path);

    /// For the state folder, where no link is followed.
    [[nodiscard]] static Outcome<Place> in(const std::filesystem::path& folder, const std::string& name);

    /// The real path, the same for every path that leads here.
    [[nodiscard]] std::filesystem::path real() const { return folder_ / name_; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

    /// Problem::ReadOnly unless names in the folder can be changed.
    [[nodiscard]] Outcome<void> check_writable() const;
    /// What stands there; nothing if there is no file. Problem::NotRegular, or Problem::TooLarge.
    [[nodiscard]] Outcome<std::optional<std::string>> read(std::size_t limit) const;

    /// Writes the next file under the second name and brings it to disk. It has mode, group, owner,
    /// access list and attributes of the file that stands there, or `new_mode`.
    [[nodiscard]] Outcome<void> stage(std::string_view bytes, std::uint32_t new_mode);
    /// The staged file takes the place of `before`, which keeps the second name; nothing: of no file. What
    /// came out is compared with `before`: if it differs it is put back, and that is Problem::Conflict.
    [[nodiscard]] Outcome<void> swap_in(const std::optional<std::string>& before);
    /// The file gets the second name, and none stands there.
    [[nodiscard]] Outcome<void> take_out(const std::optional<std::string>& before);
    /// Takes back swap_in() or take_out(), if one was done; but what somebody saved there since then stays.
    [[nodiscard]] Outcome<void> put_back();
    /// Removes the second name, if there is one and it stands for one of these texts, or for the beginning of
    /// `after` that a crash has left. Anything else was saved by somebody: it is kept beside the file.
    [[nodiscard]] Outcome<void> discard(const std::optional<std::string>& before,
                                        const std::optional<std::string>& after);
    /// Removes the second name, whatever it stands for: of a file that nobody but us writes.
    [[nodiscard]] Outcome<void> discard();
    /// After a crash: what somebody had saved while names were being exchanged gets its name back. Whether
    /// there was any.
    [[nodiscard]] Outcome<bool> give_back_saved(const std::optional<std::string>& before,
                                                const std::optional<std::string>& after);
    /// What became of files that somebody saved meanwhile; a sentence each, empty if nobody did.
    [[nodiscard]] const std::string& notes() const noexcept { return notes_; }
    /// Whether a file was kept beside this one.
    [[nodiscard]] bool has_kept() const noexcept { return has_kept_; }

    /// Removes the file.
    [[nodiscard]] Outcome<void> remove();
    /// Brings names to disk.
    [[nodiscard]] Outcome<void> sync_folder() const;

private:
    enum class Done : std::uint8_t {
        Nothing,
        Exchanged,  ///< The old file has the second name.
        Added,
        TakenOut,
    };
    /// What stands under a name: which file, and its text unless it cannot be read. An editor may save into
    /// the very file, and a number of a file that is gone is given to the next one: so both count.
    struct Stood {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::optional<std::string> text = {};

        friend bool operator==(const Stood&, const Stood&) = default;
    };

    Place(std::filesystem::path folder, std::string name, Descriptor descriptor);

    [[nodiscard]] Outcome<std::optional<std::string>> read_name(const std::string& name,
                                                                std::size_t limit) const;
    /// Nothing if there is none.
    [[nodiscard]] std::optional<Stood> look(const std::string& name) const;
    /// Gives owner, group, access list and attributes of the file that stands there to the open one; its
    /// mode, which comes last, or `new_mode` if there is no file.
    [[nodiscard]] Outcome<std::uint32_t> take_rights(int file, std::uint32_t new_mode) const;
    /// Whether it has one of these texts, or is half of `after` from a crash while it was staged.
    [[nodiscard]] bool is_known(const Stood& left, const std::optional<std::string>& before,
                                const std::optional<std::string>& after) const;
    [[nodiscard]] Outcome<void> check_displaced(const std::optional<std::string>& before);
    /// 0 or errno. EEXIST: somebody saved where names can only be exchanged one by one, and that stays; what
    /// stood there before has the third name.
    [[nodiscard]] int exchange();
    /// 0 or errno; EEXIST if `to` is there.
    [[nodiscard]] int move(const std::string& from, const std::string& to);
    [[nodiscard]] int put_back_exchanged();
    [[nodiscard]] int put_back_added();
    /// 0 or errno. Gives the file under `name` a free name beside this one, and makes a note of it.
    [[nodiscard]] int keep_beside(const std::string& name);
    void note(std::string_view sentence);
    [[nodiscard]] std::unexpected<Error> failed(std::string_view operation, int number) const;
    [[nodiscard]] std::unexpected<Error> conflict() const;

    std::filesystem::path folder_;
    std::string name_;
    std::string second_;
    std::string third_;
    Descriptor descriptor_;
    Done done_ = Done::Nothing;
    Stood ours_;
    std::string notes_;
    bool has_kept_ = false;
};

}  // namespace quantconf::history
