#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/code.hpp"

namespace quantconf {

/// A place in a text as a person counts it: both from 1, columns in Unicode code points, a leading byte
/// order mark not counted. {0, 0} means "the whole source".
struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    friend bool operator==(const Position&, const Position&) = default;
};

/// One text that values are read from: a file, an environment variable, a command line option.
///
/// Values and diagnostics point into it by byte offset; line and column are computed when somebody asks.
/// Made once, then immutable but for conceal(), which its owner calls before anybody else sees it.
class Source : public std::enable_shared_from_this<Source> {
public:
    /// NamedFile: the text of the file that a variable NAME_FILE names; it is called by the variable.
    enum class Kind : std::uint8_t { File, Variable, Option, NamedFile };

    /// `layer` is the word that `explain` prints: base, environment, local, dotenv, variable, shared,
    /// process, option. `name` is what the user calls it: a path as given, "QUANTBOT_DEBUG", "--set debug".
    [[nodiscard]] static std::shared_ptr<Source> make(Kind kind, std::string layer, std::string name,
                                                      std::string text);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] const std::string& layer() const noexcept { return layer_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    /// Line and column of a byte offset. Offsets past the end count as the end.
    [[nodiscard]] Position position(std::uint32_t offset) const;

    /// The n-th line (from 1) without its line ending, as it may be shown: what conceal() covers reads
    /// "******", whatever its length, and so does what looks like a password. Empty for a line that does not
    /// exist. `column` (code points, from 1), if given, is moved to where that column stands in the shown
    /// text.
    [[nodiscard]] std::string visible_line(std::uint32_t line, std::uint32_t* column = nullptr) const;

    /// Bytes [begin, end) hold a secret and are never shown. Not thread-safe: for the owner, before
    /// publishing.
    void conceal(std::uint32_t begin, std::uint32_t end);
    /// Whether any of the bytes [begin, end) has been concealed. Nothing more may be from here on.
    [[nodiscard]] bool conceals(std::uint32_t begin, std::uint32_t end) const;

    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    ~Source() = default;

private:
    struct Concealed {
        std::uint32_t begin;
        std::uint32_t end;
    };

    Source(Kind kind, std::string layer, std::string name, std::string text);

    Kind kind_;
    std::string layer_;
    std::string name_;
    std::string text_;
    std::vector<Concealed> concealed_;  ///< By the owner.
    mutable std::once_flag joined_once_;
    mutable std::vector<Concealed> joined_;  ///< The same, sorted and disjoint, for conceals().

    /// Most sources are never asked, so the first question fills these.
    struct Index {
        std::vector<std::uint32_t> line_starts;        ///< Offsets at which lines begin.
        std::vector<std::uint32_t> block_code_points;  ///< Code points before each block of bytes.
    };
    [[nodiscard]] const Index& index() const;
    [[nodiscard]] std::uint32_t code_points_before(std::uint32_t offset) const;
    mutable std::once_flag index_once_;
    mutable Index index_;

    /// What looks like a secret although nobody could parse the text; see src/base/secret_lines.hpp.
    [[nodiscard]] const std::vector<Concealed>& suspected() const;
    mutable std::once_flag suspected_once_;
    mutable std::vector<Concealed> suspected_;
};

/// Bytes [begin, end) of a source. Without a source: "written nowhere", such as a built-in default.
struct Origin {
    std::shared_ptr<const Source> source;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    /// Position of `begin`; {0, 0} without a source.
    [[nodiscard]] Position position() const;
};

enum class Severity : std::uint8_t { Error, Warning, Note };

/// A second place that explains the first: the other definition, the layer beneath. The location is shown
/// behind the message: "first set here: config/base.yaml:3:1", "the default comes from config/base.yaml:3:1".
struct Related {
    Origin origin = {};
    std::string message = {};
};

/// One thing wrong, as a person will read it. No part of it ever contains a secret.
struct Diagnostic {
    Severity severity = Severity::Error;
    Code code = Code::Syntax;
    std::string path = {};  ///< Dotted configuration path, such as "trading.max_position_size"; may be empty.
    std::string message =
        {};  ///< One sentence, lower case, no full stop. See message_of() for the shown form.
    std::string expected = {};  ///< Machine-readable half of the message; empty where it makes no sense.
    std::string found = {};     ///< The other half; never a secret's text, nor its length.
    std::string hint = {};      ///< What to do next; empty when there is nothing useful to say.
    Origin origin = {};
    std::vector<Related> related = {};
};

using Diagnostics = std::vector<Diagnostic>;

/// Either a value, or everything that was wrong with the input.
template <typename T>
using Checked = std::expected<T, Diagnostics>;

/// Whether at least one of them is an error. Warnings and notes do not make a configuration invalid.
[[nodiscard]] bool has_errors(const Diagnostics& diagnostics) noexcept;

/// At most this many are kept; one more says how many were left out.
inline constexpr std::size_t kDiagnosticsMax = 100;

/// Puts them in the order of layers, files and lines, drops exact repetitions and keeps kDiagnosticsMax,
/// errors before warnings before notes when something has to go.
void tidy(Diagnostics& diagnostics);

/// Compiler style, with the source line, a caret, notes and a hint; several lines, no newline after the last.
/// `colour` adds ANSI colours. Control characters of the input never reach the terminal.
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic, bool colour = false);

}  // namespace quantconf
