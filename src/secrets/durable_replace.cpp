#include "secrets/durable_replace.hpp"

#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "secrets/read_all.hpp"
#include "secrets/refuse.hpp"
#include "secrets/secure_file.hpp"
#include "secrets/temporary_file.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPreviousSuffix = ".prev";

/// Reads what was written and asks whether it is good.
Outcome<void> check_written(const TemporaryFile& temporary, const Replacement& replacement) {
    std::string bytes(replacement.bytes.size() + 1, '\0');
    QC_TRY(const std::size_t count, temporary.read_back(bytes));
    bytes.resize(count);
    if (bytes != replacement.bytes || (replacement.verify && !replacement.verify(bytes))) {
        return refuse("write", replacement.path, Problem::WriteNotVerified,
                      "the disk or the memory of this machine may be failing");
    }
    return {};
}

/// For file systems that cannot exchange two names. A copy and not a second name: every file of ours has
/// exactly one.
Outcome<void> copy_previous(const SecureFolder& folder, const std::string& name, SecureFile old) {
    std::string bytes(old.size + 1, '\0');
    std::size_t count = 0;
    if (const int why = read_all(old.descriptor.get(), bytes, count); why != 0) {
        return refuse_errno("copy", folder.path() / name, why);
    }
    if (count != old.size) {
        return refuse("copy", folder.path() / name, Problem::Conflict, "it changed while it was read");
    }
    bytes.resize(count);
    QC_TRY(auto copy, TemporaryFile::create(folder, name + kPreviousSuffix));
    if (Outcome<void> written = copy.write_durably(bytes); !written) {
        return written;
    }
    return copy.take_name(TemporaryFile::Existing::Replace);
}

Outcome<void> put_in_place(const SecureFolder& folder, const std::string& name, TemporaryFile& temporary,
                           std::optional<SecureFile> old) {
    if (old) {
        QC_TRY(const bool is_done, temporary.take_name_and_keep(name + kPreviousSuffix));
        if (is_done) {
            return {};
        }
        if (Outcome<void> copied = copy_previous(folder, name, *std::move(old)); !copied) {
            return copied;
        }
    }
    return temporary.take_name(TemporaryFile::Existing::Replace);
}

/// Everything up to the new name, which only the folder's fsync makes last.
Outcome<void> replace(const SecureFolder& folder, const std::string& name, const Replacement& replacement) {
    remove_leftovers(folder, name);
    remove_leftovers(folder, name + kPreviousSuffix);
    QC_TRY(auto old, open_secure_file(folder, name));
    QC_TRY(auto temporary, TemporaryFile::create(folder, name));
    Outcome<void> done = temporary.write_durably(replacement.bytes);
    if (done) {
        done = check_written(temporary, replacement);
    }
    if (!replacement.keep_previous) {
        old.reset();
    }
    return done ? put_in_place(folder, name, temporary, std::move(old)) : done;
}

}  // namespace

fs::path previous_of(const fs::path& path) {
    return fs::path{path} += kPreviousSuffix;
}

Outcome<void> replace_durably(const Replacement& replacement) {
    QC_TRY(const auto folder, SecureFolder::open(replacement.path.parent_path()));
    if (Outcome<void> done = replace(folder, replacement.path.filename().string(), replacement); !done) {
        if (done.error().cause == Problem::DurabilityUnknown) {
            return done;
        }
        std::string& hint = done.error().hint;
        hint = "the old file is untouched" + (hint.empty() ? "" : "; " + hint);
        return done;
    }
    if (::fsync(folder.get()) != 0) {
        return refuse(
            "bring to disk", replacement.path, Problem::DurabilityUnknown,
            std::generic_category().message(errno) +
                "; the new bytes are in place: read them again after the next start of the machine");
    }
    return {};
}

}  // namespace quantconf::secrets
