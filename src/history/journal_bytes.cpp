#include <cstdint>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "crypto/sha256.hpp"
#include "history/journal.hpp"
#include "history/problem.hpp"

namespace quantconf::history {
namespace {

constexpr std::string_view kMagic = "QCCHANGE";
constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kHeadBytes = 10;     // Magic and format.
constexpr std::size_t kTrailerBytes = 64;  // SHA-256 in hexadecimal digits.
constexpr std::uint64_t kHadFile = 1;
constexpr std::uint64_t kShallHaveFile = 2;

/// Big endian, as everything in the state folder.
void put(std::string& bytes, std::uint64_t number, unsigned width) {
    for (unsigned shift = 8 * width; shift > 0; shift -= 8) {
        bytes.push_back(static_cast<char>((number >> (shift - 8)) & 0xffU));
    }
}

void put(std::string& bytes, std::string_view text, unsigned width) {
    put(bytes, text.size(), width);
    bytes += text;
}

class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_{bytes} {}

    std::uint64_t number(std::size_t width) {
        std::uint64_t value = 0;
        for (const char byte : take(width)) {
            value = value << 8U | static_cast<unsigned char>(byte);
        }
        return value;
    }
    std::string text(std::size_t width) { return std::string{take(number(width))}; }
    [[nodiscard]] bool is_good() const { return is_good_; }
    [[nodiscard]] bool is_done() const { return is_good_ && bytes_.empty(); }

private:
    /// Nothing once something was missing.
    std::string_view take(std::uint64_t size) {
        is_good_ = is_good_ && size <= bytes_.size();
        if (!is_good_) {
            return {};
        }
        const std::string_view part = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return part;
    }

    std::string_view bytes_;
    bool is_good_ = true;
};

/// A text that may be missing has no bytes then.
std::optional<std::string> read_text(Reader& reader, bool is_there, bool& is_good) {
    std::string text = reader.text(4);
    is_good = is_good && (is_there || text.empty());
    return is_there ? std::optional{std::move(text)} : std::nullopt;
}

std::size_t size_of(const std::optional<std::string>& text) {
    return text ? text->size() : 0;
}

std::unexpected<Error> too_large(const std::string& subject, std::string_view what, std::size_t limit) {
    return refuse("change", subject, Problem::TooLarge, fmt::format("at most {} {}", limit, what));
}

}  // namespace

std::string encode_journal(const FileChange& change) {
    std::string bytes{kMagic};
    put(bytes, kFormat, 2);
    put(bytes, change.note, 4);
    put(bytes, change.edits.size(), 2);
    for (const FileEdit& edit : change.edits) {
        put(bytes, (edit.before ? kHadFile : 0) | (edit.after ? kShallHaveFile : 0), 1);
        put(bytes, edit.path.native(), 2);
        put(bytes, edit.before.value_or(""), 4);
        put(bytes, edit.after.value_or(""), 4);
    }
    return bytes + crypto::sha256_hex(bytes);
}

Outcome<FileChange> decode_journal(std::string_view bytes, const std::string& subject) {
    const auto damaged = [&] {
        return refuse(
            "read", subject, Problem::JournalDamaged,
            "nothing was touched; it holds the old and the new text of each file: compare them by hand, "
            "then move it away");
    };
    std::string head{kMagic};
    put(head, kFormat, 2);
    if (bytes.size() >= kHeadBytes && !bytes.starts_with(head)) {
        return refuse(
            "read", subject, Problem::UnknownFormat,
            "nothing was touched; finish the change with the quantconf that began it, or move the file "
            "away");
    }
    if (bytes.size() < kHeadBytes + kTrailerBytes) {
        return damaged();
    }
    const std::string_view covered = bytes.substr(0, bytes.size() - kTrailerBytes);
    if (crypto::sha256_hex(covered) != bytes.substr(covered.size())) {
        return damaged();
    }
    Reader reader{covered.substr(kHeadBytes)};
    FileChange change{.edits = {}, .note = reader.text(4)};
    const std::uint64_t count = reader.number(2);
    bool is_good = count <= limits::kChangedFiles;
    for (std::uint64_t i = 0; is_good && reader.is_good() && i < count; ++i) {
        const std::uint64_t flags = reader.number(1);
        FileEdit edit{.path = reader.text(2), .before = {}, .after = {}};
        edit.before = read_text(reader, (flags & kHadFile) != 0, is_good);
        edit.after = read_text(reader, (flags & kShallHaveFile) != 0, is_good);
        is_good = is_good && flags <= (kHadFile | kShallHaveFile) && edit.path.is_absolute() &&
                  !edit.path.native().contains('\0');
        change.edits.push_back(std::move(edit));
    }
    if (!is_good || !reader.is_done() || !check_size(change)) {
        return damaged();
    }
    return change;
}

Outcome<void> check_size(const FileChange& change) {
    if (change.edits.size() > limits::kChangedFiles) {
        return too_large("files", "files change together", limits::kChangedFiles);
    }
    if (change.note.size() > limits::kNoteBytes) {
        return too_large("files", "bytes of a note", limits::kNoteBytes);
    }
    std::size_t total = change.note.size();
    for (const FileEdit& edit : change.edits) {
        const std::string name = edit.path.string();
        if (name.size() > limits::kPathBytes) {
            return too_large(name, "bytes of a path", limits::kPathBytes);
        }
        if (std::max(size_of(edit.before), size_of(edit.after)) > quantconf::limits::kFileBytes) {
            return too_large(name, "bytes of a file", quantconf::limits::kFileBytes);
        }
        total += size_of(edit.before) + size_of(edit.after);
    }
    if (total > limits::kJournalBytes) {
        return too_large("files", "bytes, old and new, change together", limits::kJournalBytes);
    }
    return {};
}

}  // namespace quantconf::history
