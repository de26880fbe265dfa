#include "live/reload_request.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/files.hpp"
#include "history/limits.hpp"
#include "history/rows.hpp"
#include "history/shown_text.hpp"

namespace quantconf::live {
namespace {

constexpr std::string_view kFirstLine = "quantconf reload 1";
constexpr std::size_t kIdDigits = 32;
constexpr std::uint32_t kPrivate = 0600;

/// Takes lines of "NAME VALUE" apart, in their order.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_{text} {}

    [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }
    /// The next line; a text without a newline at its end has none there.
    std::optional<std::string_view> next() {
        const std::size_t end = rest_.find('\n');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return line;
    }
    std::optional<std::string_view> next(std::string_view name) {
        const auto line = next();
        const bool is_it =
            line && line->starts_with(name) && line->size() > name.size() && (*line)[name.size()] == ' ';
        return is_it ? std::optional{line->substr(name.size() + 1)} : std::nullopt;
    }

private:
    std::string_view rest_;
};

template <typename Number>
bool read_number(std::string_view text, Number& number) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} && end == text.data() + text.size();
}

std::optional<AskedProcess> read_asked(std::string_view line) {
    AskedProcess asked;
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t blank = line.find(' ');
        words.push_back(line.substr(0, blank));
        if (blank == std::string_view::npos || words.size() == 4) {
            break;
        }
        line.remove_prefix(blank + 1);
    }
    if (words.size() != 4 || !read_number(words[0], asked.row) || !read_number(words[1], asked.pid) ||
        !read_number(words[2], asked.started)) {
        return std::nullopt;
    }
    asked.boot = words[3];
    return asked;
}

bool is_id(std::string_view text) {
    return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::filesystem::path reload_request_file(const std::filesystem::path& state_dir) {
    return state_dir / "reload.request";
}

std::string to_text(const ReloadRequest& request) {
    std::string text =
        fmt::format("{}\nid {}\nuntil {}\naccept_missing {}\nauthor {}\n", kFirstLine, request.id,
                    history::microseconds_of(request.until), request.accept_missing ? "yes" : "no",
                    history::shown_line(request.author, history::limits::kAuthorBytes));
    for (const AskedProcess& one : request.asked) {
        text += fmt::format("process {} {} {} {}\n", one.row, one.pid, one.started, one.boot);
    }
    return text;
}

std::optional<ReloadRequest> parse_reload_request(std::string_view text) {
    ReloadRequest request;
    Lines lines{text};
    if (lines.next() != kFirstLine) {
        return std::nullopt;
    }
    const auto id = lines.next("id");
    const auto until = lines.next("until");
    const auto accept_missing = lines.next("accept_missing");
    const auto author = lines.next("author");
    std::int64_t microseconds = 0;
    if (!id || !is_id(*id) || !until || !read_number(*until, microseconds) || !accept_missing || !author) {
        return std::nullopt;
    }
    request.id = *id;
    request.until = history::time_of(microseconds);
    request.accept_missing = *accept_missing == "yes";
    request.author = *author;
    while (!lines.is_at_end()) {
        const auto line = lines.next("process");
        auto asked = line ? read_asked(*line) : std::nullopt;
        if (!asked) {
            return std::nullopt;
        }
        request.asked.push_back(*std::move(asked));
    }
    return request.asked.size() <= kAskedMax && to_text(request) == text ? std::optional{std::move(request)}
                                                                         : std::nullopt;
}

bool is_somebody_waiting(const std::filesystem::path& state_dir) {
    const Descriptor lock{
        ::open((state_dir / kReloadLock).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
    return lock.is_open() && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::optional<ReloadRequest> read_reload_request(const std::filesystem::path& state_dir) {
    const DiskFiles files;
    const auto file = reload_request_file(state_dir);
    if (const auto info = files.info(file); !info || !*info) {
        return std::nullopt;
    }
    const auto text = files.read(file, kReloadRequestBytes);
    return is_somebody_waiting(state_dir) && text && text->size() <= kReloadRequestBytes
               ? parse_reload_request(*text)
               : std::nullopt;
}

Outcome<PlacedRequest> PlacedRequest::place(const ReloadRequest& request,
                                            const std::filesystem::path& state_dir) {
    const auto file = reload_request_file(state_dir);
    if (auto done = write_file_atomically(file, to_text(request), kPrivate); !done) {
        return std::unexpected{std::move(done).error()};
    }
    struct stat folder {};
    if (::stat(state_dir.c_str(), &folder) == 0 && folder.st_uid != ::geteuid()) {
        // Only root can, and only root has to; without it, nobody answers.
        [[maybe_unused]] const int done = ::lchown(file.c_str(), folder.st_uid, folder.st_gid);
    }
    return PlacedRequest{file};
}

PlacedRequest::~PlacedRequest() {
    if (!file_.empty()) {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }
}

}  // namespace quantconf::live
