#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/diagnostic_report.hpp"
#include "base/excerpt.hpp"
#include "base/utf8.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf {
namespace {

/// ANSI escapes, or nothing.
class Paint {
public:
    explicit Paint(bool is_on) : is_on_{is_on} {}
    [[nodiscard]] std::string operator()(std::string_view ansi, std::string_view text) const {
        return is_on_ ? fmt::format("\x1b[{}m{}\x1b[0m", ansi, text) : std::string{text};
    }

private:
    bool is_on_;
};

constexpr std::string_view kBold = "1";
constexpr std::string_view kGutter = "34";
constexpr std::string_view kNote = "36";
constexpr std::string_view kHint = "32";

std::string_view ansi_of(Severity severity) {
    static constexpr std::array<std::string_view, 3> kColours = {"1;31", "1;33", "1;36"};
    return kColours.at(static_cast<std::size_t>(severity));
}

/// "the default comes from" reads on, "first set here" wants a colon.
bool reads_on(std::string_view message) {
    static constexpr std::array<std::string_view, 4> kPrepositions = {" from", " at", " in", " by"};
    for (const std::string_view word : kPrepositions) {
        if (message.ends_with(word)) {
            return true;
        }
    }
    return false;
}

std::string headline(const Diagnostic& diagnostic, const Paint& paint) {
    std::string text;
    if (const std::string location = location_of(diagnostic.origin); !location.empty()) {
        text = paint(kBold, location + ":") + " ";
    }
    text += paint(ansi_of(diagnostic.severity),
                  fmt::format("{}[{}]:", name_of(diagnostic.severity), to_string(diagnostic.code)));
    if (!diagnostic.path.empty()) {
        text += " " + escaped(diagnostic.path) + ":";
    }
    return text + " " + escaped(diagnostic.message);
}

std::string picture(const Diagnostic& diagnostic, const Paint& paint) {
    // A note about a whole file, such as "nothing but comments", has nothing to point at.
    const bool points =
        diagnostic.severity != Severity::Note || diagnostic.origin.begin < diagnostic.origin.end;
    const Excerpt excerpt = points ? excerpt_of(diagnostic.origin) : Excerpt{};
    if (excerpt.line.empty()) {
        return {};
    }
    return fmt::format("\n{} {}\n{} {}", paint(kGutter, fmt::format("{:>5} |", excerpt.number)), excerpt.line,
                       paint(kGutter, fmt::format("{:>5} |", "")),
                       paint(ansi_of(diagnostic.severity), excerpt.marker));
}

std::string note(const Related& related, const Paint& paint) {
    const std::string location = location_of(related.origin);
    std::string text = "\n  " + paint(kNote, "note:") + " " + escaped(related.message);
    if (!location.empty()) {
        text += (reads_on(related.message) ? " " : ": ") + location;
    }
    return text;
}

}  // namespace

std::string_view name_of(Severity severity) {
    static constexpr std::array<std::string_view, 3> kNames = {"error", "warning", "note"};
    return kNames.at(static_cast<std::size_t>(severity));
}

std::string location_of(const Origin& origin) {
    if (origin.source == nullptr) {
        return {};
    }
    std::string name = escaped(origin.source->name());
    if (origin.source->kind() != Source::Kind::File) {
        return name;
    }
    const Position position = origin.position();
    return fmt::format("{}:{}:{}", name, position.line, position.column);
}

std::string to_text(const Diagnostic& diagnostic, bool colour) {
    const Paint paint{colour};
    std::string text = headline(diagnostic, paint) + picture(diagnostic, paint);
    for (const Related& related : diagnostic.related) {
        text += note(related, paint);
    }
    std::string advice = escaped(diagnostic.hint);
    if (!advice.empty()) {
        advice += advice.ends_with('?') ? " " : "; ";
    }
    return text + fmt::format("\n  {} {}`quantconf explain {}` says more", paint(kHint, "hint:"), advice,
                              to_string(diagnostic.code));
}

}  // namespace quantconf
