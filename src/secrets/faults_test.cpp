// The functions below stand in front of the C library's in this program, as in base's write_file_test: a full
// disk or a dying one cannot be had otherwise without mounting file systems.

#include "support/faults.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <utility>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace quantconf::secrets {
namespace {

Faults* current = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// The C library's own.
template <typename F>
F* real(const char* name) {
    return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));  // NOLINT: that is what dlsym is for.
}

enum class Verdict : std::uint8_t { Pass, Fail, Half, Nothing };

Verdict judge(std::string what, int descriptor) {
    if (current == nullptr) {
        return Verdict::Pass;
    }
    Faults& faults = *std::exchange(current, nullptr);  // What follows makes calls of its own.
    struct stat status {};
    const bool is_open = descriptor >= 0 && real<int(int, struct stat*)>("fstat")(descriptor, &status) == 0;
    if (what == "fsync") {
        what += S_ISDIR(status.st_mode) ? " folder" : " file";
    }
    const bool is_meant = static_cast<int>(faults.steps.size()) == faults.failing;
    const bool fails =
        (is_meant && faults.kind == Faults::Kind::Error) || (faults.fails_too && faults.fails_too(what));
    faults.steps.push_back({.what = what, .inode = is_open ? status.st_ino : 0, .failed = fails});
    current = &faults;
    if (fails) {
        errno = faults.error;
        return Verdict::Fail;
    }
    if (!is_meant) {
        return Verdict::Pass;
    }
    return faults.kind == Faults::Kind::Half ? Verdict::Half : Verdict::Nothing;
}

bool fails(const char* what, int descriptor = -1) {
    return judge(what, descriptor) == Verdict::Fail;
}

/// For the calls that move bytes: how many of them this time, or -1 to fail.
ssize_t allowed(const char* what, int descriptor, std::size_t size) {
    switch (judge(what, descriptor)) {
        case Verdict::Pass:
            return static_cast<ssize_t>(size);
        case Verdict::Fail:
            return -1;
        case Verdict::Half:
            return static_cast<ssize_t>((size + 1) / 2);
        case Verdict::Nothing:
            return 0;
    }
    return -1;
}

}  // namespace

Interposed::Interposed(Faults& faults) {
    current = &faults;
}
Interposed::~Interposed() {
    current = nullptr;
}

std::vector<std::string> Faults::names() const {
    std::vector<std::string> all;
    std::ranges::transform(steps, std::back_inserter(all), &Step::what);
    return all;
}

}  // namespace quantconf::secrets

// NOLINTBEGIN: the names and shapes are the C library's.
using quantconf::secrets::allowed;
using quantconf::secrets::fails;
using quantconf::secrets::real;

extern "C" {

int openat(int folder, const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return fails((flags & O_CREAT) != 0 ? "create" : "openat")
               ? -1
               : real<int(int, const char*, int, ...)>("openat")(folder, path, flags, mode);
}
long syscall(long number, ...) noexcept {
    va_list rest;
    va_start(rest, number);
    long a[6];
    for (long& argument : a) {
        argument = va_arg(rest, long);
    }
    va_end(rest);
    return number == SYS_openat2 && fails("openat2")
               ? -1
               : real<long(long, ...)>("syscall")(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
int fstat(int descriptor, struct stat* status) noexcept {
    return fails("fstat", descriptor) ? -1 : real<int(int, struct stat*)>("fstat")(descriptor, status);
}
int fchmod(int descriptor, mode_t mode) noexcept {
    return fails("fchmod", descriptor) ? -1 : real<int(int, mode_t)>("fchmod")(descriptor, mode);
}
int fsync(int descriptor) {
    return fails("fsync", descriptor) ? -1 : 0;  // No power cut is tested here, and the disk is slow.
}
int fdatasync(int descriptor) {
    return fails("fsync", descriptor) ? -1 : 0;
}
int ftruncate(int descriptor, off_t size) noexcept {
    return fails("ftruncate", descriptor) ? -1 : real<int(int, off_t)>("ftruncate")(descriptor, size);
}
int flock(int descriptor, int operation) noexcept {
    return fails((operation & LOCK_UN) != 0 ? "unlock" : "flock", descriptor)
               ? -1
               : real<int(int, int)>("flock")(descriptor, operation);
}
ssize_t write(int descriptor, const void* bytes, size_t size) {
    const ssize_t count = allowed("write", descriptor, size);
    return count <= 0 && size != 0 ? count
                                   : real<ssize_t(int, const void*, size_t)>("write")(
                                         descriptor, bytes, static_cast<size_t>(count));
}
ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    const ssize_t count = allowed("pwrite", descriptor, size);
    return count <= 0 && size != 0 ? count
                                   : real<ssize_t(int, const void*, size_t, off_t)>("pwrite")(
                                         descriptor, bytes, static_cast<size_t>(count), offset);
}
ssize_t read(int descriptor, void* bytes, size_t size) {
    const ssize_t count = allowed("read", descriptor, size);
    return count <= 0 && size != 0
               ? count
               : real<ssize_t(int, void*, size_t)>("read")(descriptor, bytes, static_cast<size_t>(count));
}
ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
    const ssize_t count = allowed("pread", descriptor, size);
    return count <= 0 && size != 0 ? count
                                   : real<ssize_t(int, void*, size_t, off_t)>("pread")(
                                         descriptor, bytes, static_cast<size_t>(count), offset);
}
int renameat(int from, const char* old_name, int to, const char* new_name) noexcept {
    return fails("renameat")
               ? -1
               : real<int(int, const char*, int, const char*)>("renameat")(from, old_name, to, new_name);
}
int renameat2(int from, const char* old_name, int to, const char* new_name, unsigned int flags) noexcept {
    return fails("renameat2") ? -1
                              : real<int(int, const char*, int, const char*, unsigned int)>("renameat2")(
                                    from, old_name, to, new_name, flags);
}
int linkat(int from, const char* old_name, int to, const char* new_name, int flags) noexcept {
    return fails("linkat") ? -1
                           : real<int(int, const char*, int, const char*, int)>("linkat")(from, old_name, to,
                                                                                          new_name, flags);
}
int unlinkat(int folder, const char* name, int flags) noexcept {
    return fails("unlinkat") ? -1 : real<int(int, const char*, int)>("unlinkat")(folder, name, flags);
}
ssize_t getrandom(void* bytes, size_t size, unsigned int flags) {
    return fails("getrandom") ? -1
                              : real<ssize_t(void*, size_t, unsigned int)>("getrandom")(bytes, size, flags);
}

}  // extern "C"
// NOLINTEND
