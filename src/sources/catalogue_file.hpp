#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/types.hpp"
#include "quota/timeline.hpp"
#include "sources/catalogue.hpp"

namespace quantconf::sources {

/// The built-in catalogue with what a file of the user says in place of it. Looked at again at most once a
/// second; a bad file never replaces a good one. Any thread.
///
/// The file can name hosts that a key is sent to. So it has to be ours, readable and writable by nobody else,
/// and lies with the settings of the tool, never beside the bot's own layers.
class CatalogueFile {
public:
    /// Empty: the built-in one, always.
    CatalogueFile(std::filesystem::path file, const quota::Timeline& timeline);

    [[nodiscard]] std::shared_ptr<const Catalogue> current() QC_EXCLUDES(mutex_);
    /// Why the file as it is now is not used; empty if it is, or if there is none.
    [[nodiscard]] std::string problem() const QC_EXCLUDES(mutex_);

private:
    void look() QC_REQUIRES(mutex_);

    std::filesystem::path file_;
    const quota::Timeline& timeline_;
    mutable Mutex mutex_;
    std::optional<Duration> looked_ QC_GUARDED_BY(mutex_);
    bool was_there_ QC_GUARDED_BY(mutex_) = false;
    std::string text_ QC_GUARDED_BY(mutex_);  ///< As it was last read: the same one is not read again.
    std::string problem_of_text_ QC_GUARDED_BY(mutex_);
    std::string problem_ QC_GUARDED_BY(mutex_);
    std::shared_ptr<const Catalogue> current_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::sources
