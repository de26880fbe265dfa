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

    /// Writes the next file under the second name and brings it to disk. It has mode, group and owner of the
    /// file that stands there, or `new_mode`.
    [[nodiscard]] Outcome<void> stage(std::string_view bytes, std::uint32_t new_mode);
    /// The staged file takes the place of `before`, which keeps the second name; nothing: of no file. What
    /// came out is compared with `before`: if it differs it is put back, and that is Problem::Conflict.
    [[nodiscard]] Outcome<void> swap_in(const std::optional<std::string>& before);
    /// The file gets the second name, and none stands there.
    [[nodiscard]] Outcome<void> take_out(const std::optional<std::string>& before);
    /// Takes back swap_in() or take_out(), if one was done.
    [[nodiscard]] Outcome<void> put_back();
    /// Whether swap_in() or take_out() was done, and not put back.
    [[nodiscard]] bool is_changed() const noexcept { return done_ != Done::Nothing; }

    /// Removes the second name, if there is one.
    [[nodiscard]] Outcome<void> discard();
    /// Removes the file.
    [[nodiscard]] Outcome<void> remove();
    /// Brings names to disk.
    [[nodiscard]] Outcome<void> sync_folder() const;

private:
    enum class Done : std::uint8_t {
        Nothing,
        Exchanged,  ///< The old file has the second name.
        Replaced,   ///< A file system that cannot exchange names: the old bytes are in `old_` alone.
        Added,
        TakenOut,
    };

    Place(std::filesystem::path folder, std::string name, Descriptor descriptor);

    [[nodiscard]] Outcome<std::optional<std::string>> read_name(const std::string& name,
                                                                std::size_t limit) const;
    [[nodiscard]] Outcome<void> check_displaced(const std::optional<std::string>& before);
    [[nodiscard]] std::unexpected<Error> failed(std::string_view operation, int number) const;
    [[nodiscard]] std::unexpected<Error> conflict() const;

    std::filesystem::path folder_;
    std::string name_;
    std::string second_;
    Descriptor descriptor_;
    Done done_ = Done::Nothing;
    std::string old_;
};

}  // namespace quantconf::history
