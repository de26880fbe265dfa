#include "sources/catalogue_file.hpp"

#include <chrono>
#include <utility>

#include "quantconf/error.hpp"
#include "secrets/secure_file.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

constexpr Duration kLookEvery = 1s;
constexpr std::size_t kFileBytes = std::size_t{1024} * 1024;

/// The built-in one, which lives for ever.
std::shared_ptr<const Catalogue> built_in() {
    return {&Catalogue::built_in(), [](const Catalogue*) {}};
}

}  // namespace

CatalogueFile::CatalogueFile(std::filesystem::path file, const quota::Timeline& timeline)
    : file_{std::move(file)}, timeline_{timeline}, current_{built_in()} {}

std::shared_ptr<const Catalogue> CatalogueFile::current() {
    const MutexLock lock{mutex_};
    const Duration now = timeline_.since_boot();
    if (!file_.empty() && (!looked_ || now - *looked_ >= kLookEvery)) {
        looked_ = now;
        look();
    }
    return current_;
}

std::string CatalogueFile::problem() const {
    const MutexLock lock{mutex_};
    return problem_;
}

void CatalogueFile::look() {
    const auto read = secrets::read_secure_file(file_, kFileBytes);
    // Most users have no file, and many not even the folder.
    const bool is_there =
        read ? read->has_value() : read.error().cause != std::errc::no_such_file_or_directory;
    if (!read && is_there) {
        problem_ = to_text(read.error());
        return;
    }
    const std::string text = is_there ? (*read)->bytes : std::string{};
    if (text == text_ && problem_.empty()) {
        return;
    }
    if (!is_there) {
        current_ = built_in();
    } else if (auto catalogue = Catalogue::with_overrides(text, file_.string())) {
        current_ = std::make_shared<const Catalogue>(*std::move(catalogue));
    } else {
        problem_ = to_text(Failure{catalogue.error()});
        return;
    }
    text_ = text;
    problem_.clear();
}

}  // namespace quantconf::sources
