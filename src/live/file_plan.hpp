#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "format/edit.hpp"
#include "history/file_change.hpp"
#include "layers/load.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::live {

/// Files as a change would leave them.
using FileTexts = std::map<std::filesystem::path, std::string>;

/// Edits of layer files that belong together. The candidate outlives it.
class FilePlan {
public:
    explicit FilePlan(const layers::Candidate& candidate) : candidate_{candidate} {}

    /// `path` of the layer file `file` (called `layer` in messages) gets `value`, or goes. The file may not
    /// exist yet.
    void add(const std::string& layer, const std::filesystem::path& file, std::string_view path,
             std::optional<Value> value);

    /// Whether a file of that layer is among them.
    [[nodiscard]] bool touches(std::string_view layer) const;
    /// The texts as they would be. What cannot be edited without a guess is a diagnostic.
    [[nodiscard]] Checked<FileTexts> texts() const;
    /// The same as a change of files.
    [[nodiscard]] history::FileChange change(const FileTexts& texts, std::string note) const;

private:
    struct File {
        std::shared_ptr<Source> source;
        bool is_there = false;
        std::vector<format::Edit> edits;
    };

    [[nodiscard]] File& file_of(const std::string& layer, const std::filesystem::path& file);
    /// The keys under which `path` stands in that file: an old spelling stays one.
    [[nodiscard]] std::vector<std::string> written_path(const Source& source, std::string_view path) const;

    const layers::Candidate& candidate_;
    std::map<std::filesystem::path, File> files_;
};

/// "a.b.c" -> a, b, c. Keys have no dots.
[[nodiscard]] std::vector<std::string> split_path(std::string_view path);

}  // namespace quantconf::live
