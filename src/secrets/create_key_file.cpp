#include <algorithm>
#include <cerrno>
#include <string>

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
    const auto [end_of_above, rest] = std::mismatch(above.begin(), above.end(), folder.begin(), folder.end());
    return end_of_above == above.end();
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

Outcome<KeyPlace> check_key_place(const fs::path& key_file, const fs::path& store_folder) {
    std::error_code why;
    const fs::path key_folder = fs::weakly_canonical(fs::absolute(key_file).parent_path(), why);
    if (why) {
        return refuse_errno("find", key_file, why.value());
    }
    const fs::path store = fs::weakly_canonical(fs::absolute(store_folder) / "", why).parent_path();
    if (why) {
        return refuse_errno("find", store_folder, why.value());
    }
    if (is_beneath(key_folder, store)) {
        return refuse("use", key_file, Problem::KeyBesideStore,
                      "keep it elsewhere: a backup of the store's folder would hold both");
    }
    return KeyPlace{.is_in_git_work_tree = is_in_git_work_tree(key_folder)};
}

}  // namespace quantconf::secrets
