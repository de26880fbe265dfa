#include "stress/torture_folder.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace torture {
namespace {

constexpr std::size_t kChunks = 10;
constexpr std::size_t kFiller = 2'000;

void must(bool is_done, const fs::path& file) {
    if (!is_done) {
        std::perror(file.c_str());
        std::abort();
    }
}

int open_for_writing(const fs::path& file, int flags) {
    const int number = ::open(file.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644);
    must(number >= 0, file);
    return number;
}

void write_all(int number, std::string_view text, const fs::path& file) {
    must(::write(number, text.data(), text.size()) == static_cast<ssize_t>(text.size()), file);
}

}  // namespace

std::string layer(const std::string& part, long number, long set) {
    // As wide for every number, so that overwriting has something to fit into.
    const auto padded = [](long value) {
        std::string digits = std::to_string(value);
        return std::string(12 - std::min<std::size_t>(12, digits.size()), ' ') + digits;
    };
    return part + ":\n  first: " + padded(number) + "\n  set: " + padded(set) + "\n  filler: \"" +
           std::string(kFiller, static_cast<char>('a' + number % 26)) + "\"\n  last: " + padded(number) +
           "\n";
}

void pause_ms(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds{milliseconds});
}

void write_in_place(const fs::path& file, std::string_view text) {
    const int number = open_for_writing(file, O_CREAT | O_TRUNC);
    write_all(number, text, file);
    ::close(number);
}

void write_in_chunks(const fs::path& file, std::string_view text) {
    const int number = open_for_writing(file, O_CREAT | O_TRUNC);
    const std::size_t size = text.size() / kChunks + 1;
    for (std::size_t at = 0; at < text.size(); at += size) {
        write_all(number, text.substr(at, size), file);
        pause_ms(3);
    }
    ::close(number);
}

void overwrite(const fs::path& file, std::string_view text) {
    const int number = open_for_writing(file, O_CREAT);
    const std::size_t middle = text.find("filler");
    write_all(number, text.substr(0, middle), file);
    pause_ms(2);
    write_all(number, text.substr(middle), file);
    must(::ftruncate(number, static_cast<off_t>(text.size())) == 0, file);
    ::close(number);
}

void rename_over(const fs::path& file, std::string_view text) {
    const fs::path fresh = file.parent_path() / ("." + file.filename().string() + ".new");
    write_in_place(fresh, text);
    fs::rename(fresh, file);
}

void save_like_vim(const fs::path& file, std::string_view text) {
    const fs::path probe = file.parent_path() / "4913";
    write_in_place(probe, "");
    fs::remove(probe);
    const fs::path backup = file.string() + "~";
    fs::rename(file, backup);
    write_in_place(file, text);
    fs::remove(backup);
}

void link_over(const fs::path& link, const fs::path& target) {
    const fs::path fresh = link.parent_path() / ("." + link.filename().string() + ".link");
    fs::remove(fresh);
    fs::create_symlink(target, fresh);
    fs::rename(fresh, link);
}

Folder::Folder() {
    std::string text = (fs::temp_directory_path() / "quantconf-torture-XXXXXX").string();
    must(::mkdtemp(text.data()) != nullptr, text);
    path_ = fs::canonical(text);
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace torture
