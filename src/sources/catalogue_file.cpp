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
    auto read = secrets::read_secure_file(file_, kFileBytes);
    if (!read && read.error().cause == std::errc::no_such_file_or_directory) {
        read.emplace();  // Nor is there its folder.
    }
    if (!read) {
        problem_ = to_text(read.error());
        return;
    }
    std::string text = *read ? std::move((*read)->bytes) : std::string{};
    if (read->has_value() == was_there_ && text == text_) {
        problem_ = problem_of_text_;
        return;
    }
    was_there_ = read->has_value();
    text_ = std::move(text);
    problem_of_text_.clear();
    if (!was_there_) {
        current_ = built_in();
    } else if (auto catalogue = Catalogue::with_overrides(text_, file_.string())) {
        current_ = std::make_shared<const Catalogue>(*std::move(catalogue));
    } else {
        problem_of_text_ = to_text(Failure{catalogue.error()});
    }
    problem_ = problem_of_text_;
}

}  // namespace quantconf::sources
