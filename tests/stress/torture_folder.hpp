#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace torture {

/// What people and programs do to files. Every function aborts the program if the world does not let it.
namespace fs = std::filesystem;

/// The text of a layer; `part` is "base", "own", "local" or "shared".
[[nodiscard]] std::string layer(const std::string& part, long number, long set);

void write_in_place(const fs::path& file, std::string_view text);
/// With pauses in between, held open all the time.
void write_in_chunks(const fs::path& file, std::string_view text);
/// The same length: no truncation, the digits one after the other.
void overwrite(const fs::path& file, std::string_view text);
void rename_over(const fs::path& file, std::string_view text);
/// As vim does with backupcopy=no: the old file gets another name, and a new one is written.
void save_like_vim(const fs::path& file, std::string_view text);
void link_over(const fs::path& link, const fs::path& target);
void pause_ms(int milliseconds);

/// A folder for the test, gone with this.
class Folder {
public:
    Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder();

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
    fs::path path_;
};

}  // namespace torture
