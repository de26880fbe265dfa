#include "live/file_plan.hpp"

#include <algorithm>
#include <utility>

#include "format/parse.hpp"

namespace quantconf::live {
namespace {

constexpr std::string_view kNothingLeft = "# What this layer sets stands below.\n";

/// The node at a path of a document, or nullptr.
const value::Node* node_at(const value::Node& root, const std::vector<std::string>& path) {
    const value::Node* node = &root;
    for (const std::string& key : path) {
        if (node->kind != value::NodeKind::Map) {
            return nullptr;
        }
        const value::Entry* entry = node->find(key);
        if (entry == nullptr) {
            return nullptr;
        }
        node = &entry->value;
    }
    return node;
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> keys;
    while (true) {
        const std::size_t dot = path.find('.');
        keys.emplace_back(path.substr(0, dot));
        if (dot == std::string_view::npos) {
            return keys;
        }
        path.remove_prefix(dot + 1);
    }
}

FilePlan::File& FilePlan::file_of(const std::string& layer, const std::filesystem::path& file) {
    const auto [place, is_new] = files_.try_emplace(file);
    if (is_new) {
        const auto found = std::ranges::find_if(candidate_.documents, [&](const auto& document) {
            return document->source->kind() == Source::Kind::File &&
                   document->source->name() == file.generic_string();
        });
        place->second.is_there = found != candidate_.documents.end();
        // A copy: the candidate's own source is shared, and nobody changes what is shared.
        place->second.source =
            Source::make(Source::Kind::File, layer, file.generic_string(),
                         place->second.is_there ? std::string{(*found)->source->text()} : std::string{});
    }
    return place->second;
}

std::vector<std::string> FilePlan::written_path(const Source& source, std::string_view path) const {
    const auto found = std::ranges::find_if(candidate_.documents, [&](const auto& document) {
        return document->source->name() == source.name();
    });
    std::vector<std::string> keys = split_path(path);
    if (found == candidate_.documents.end() || node_at((*found)->root, keys) != nullptr) {
        return keys;
    }
    for (const auto& [alias, current] : candidate_.schema->aliases()) {
        if (current == path) {
            if (auto old = split_path(alias); node_at((*found)->root, old) != nullptr) {
                return old;
            }
        }
    }
    return keys;
}

void FilePlan::add(const std::string& layer, const std::filesystem::path& file, std::string_view path,
                   std::optional<Value> value) {
    File& planned = file_of(layer, file);
    planned.edits.push_back({.path = written_path(*planned.source, path), .value = std::move(value)});
}

bool FilePlan::touches(std::string_view layer) const {
    return std::ranges::any_of(files_,
                               [&](const auto& file) { return file.second.source->layer() == layer; });
}

Checked<FileTexts> FilePlan::texts() const {
    FileTexts texts;
    Diagnostics wrong;
    for (const auto& [path, file] : files_) {
        auto text = format::edit(file.source, file.edits);
        if (text) {
            // A file of no bytes looks like one that somebody was caught writing.
            texts.emplace(path, text->empty() && !file.source->text().empty() ? std::string{kNothingLeft}
                                                                              : *std::move(text));
        } else {
            std::ranges::move(text.error(), std::back_inserter(wrong));
        }
    }
    if (!wrong.empty()) {
        return std::unexpected{std::move(wrong)};
    }
    return texts;
}

history::FileChange FilePlan::change(const FileTexts& texts, std::string note) const {
    history::FileChange change{.edits = {}, .note = std::move(note)};
    for (const auto& [path, text] : texts) {
        const File& file = files_.at(path);
        std::optional<std::string> before;
        if (file.is_there) {
            before = std::string{file.source->text()};
        }
        if (before != text) {
            change.edits.push_back({.path = path, .before = std::move(before), .after = text});
        }
    }
    return change;
}

}  // namespace quantconf::live
