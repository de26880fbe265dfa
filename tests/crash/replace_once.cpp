// replace_once FILE TEXT: one durable replacement under the lock, and "done" once it is on disk. What the
// kill tests kill before there are whole verbs to kill.
#include <cstdio>
#include <filesystem>

#include <unistd.h>

#include "secrets/durable_replace.hpp"
#include "secrets/lock_file.hpp"

int main(int count, char** arguments) {
    if (count != 3) {
        return 2;
    }
    const std::filesystem::path file = arguments[1];
    const auto lock = quantconf::secrets::LockFile::acquire(std::filesystem::path{file} += ".lock",
                                                            std::chrono::seconds{5});
    if (!lock) {
        std::fprintf(stderr, "%s\n", quantconf::to_text(lock.error()).c_str());
        return 3;
    }
    const auto done =
        quantconf::secrets::replace_durably({.path = file, .bytes = arguments[2], .keep_previous = true});
    if (!done) {
        std::fprintf(stderr, "%s\n", quantconf::to_text(done.error()).c_str());
        return 3;
    }
    return ::write(STDOUT_FILENO, "done\n", 5) == 5 ? 0 : 3;
}
