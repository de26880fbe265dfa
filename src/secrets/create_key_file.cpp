#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include <unistd.h>

#include "quantconf/detail/try.hpp"
#include "secrets/key_source.hpp"
#include "secrets/key_text.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"
#include "secrets/temporary_file.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

/// The nearest of `folder` and those above it that git works in has something named .git in it.
bool is_in_git_work_tree(fs::path folder) {
    while (true) {
        std::error_code ignored;
        if (fs::symlink_status(folder / ".git", ignored).type() != fs::file_type::not_found) {
            return true;
        }
        if (folder == folder.root_path() || folder.empty()) {
            return false;
        }
        folder = folder.parent_path();
    }
}

bool is_beneath(const fs::path& folder, const fs::path& above) {
    return std::ranges::mismatch(above, folder).in1 == above.end();
}

/// Without links and dots, as far as it exists; the rest as it is written. No slash at the end.
Outcome<fs::path> real_path(const fs::path& folder) {
    std::error_code why;
    fs::path real = fs::weakly_canonical(fs::absolute(folder.empty() ? "." : folder, why), why);
    if (why) {
        return refuse_errno("find", folder, why.value());
    }
    return real.has_filename() ? real : real.parent_path();
}

}  // namespace

Outcome<void> create_key_file(const fs::path& path, crypto::Random& random) {
    crypto::SecretBytes key{kKeyBytes};
    if (Outcome<void> filled = random.fill(key.bytes()); !filled) {
        return filled;
    }
    const crypto::SecretBytes text = key_to_text(key.view());
    QC_TRY(const auto folder, SecureFolder::open(path.parent_path()));
    const std::string name = path.filename().string();
    remove_leftovers(folder, name);
    remove_abandoned_keys(folder, std::chrono::system_clock::now());
    QC_TRY(auto file, TemporaryFile::create(folder, name));
    if (Outcome<void> written = file.write_durably(text.view()); !written) {
        return written;
    }
    crypto::SecretBytes read_back{text.size() + 1};
    QC_TRY(const std::size_t count, file.read_back(read_back.bytes()));
    if (read_back.view().substr(0, count) != text.view()) {
        return refuse("write", path, Problem::WriteNotVerified, "the disk may be failing");
    }
    if (Outcome<void> named = file.take_name(TemporaryFile::Existing::Refuse); !named) {
        return named;
    }
    if (::fsync(folder.get()) != 0) {
        return refuse(
            "bring to disk", path, Problem::DurabilityUnknown,
            std::generic_category().message(errno) + "; the key is there: copy it to a safe place now");
    }
    return {};
}

fs::path next_key_file(const fs::path& key_file) {
    return key_file.string() + ".new";
}

Outcome<KeyPlace> check_key_place(const fs::path& key_file, const fs::path& store_folder) {
    QC_TRY(const auto key_folder, real_path(key_file.parent_path()));
    QC_TRY(const auto store, real_path(store_folder));
    if (is_beneath(key_folder, store)) {
        return refuse("use", key_file, Problem::KeyBesideStore,
                      "keep it elsewhere: a backup of the store's folder would hold both");
    }
    return KeyPlace{.is_in_git_work_tree = is_in_git_work_tree(key_folder)};
}

}  // namespace quantconf::secrets
