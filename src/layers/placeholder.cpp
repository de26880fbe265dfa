#include "layers/placeholder.hpp"

#include <algorithm>

namespace quantconf::layers {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kVariable = "env:";

bool is_variable_name(std::string_view name) {
    return !name.empty() && !kDigits.contains(name.front()) &&
           std::ranges::all_of(name, [](char c) { return kLetters.contains(c) || kDigits.contains(c); });
}

bool is_path(std::string_view path) {
    return !path.empty() && !path.starts_with('.') && !path.ends_with('.') && !path.contains("..") &&
           std::ranges::all_of(path, [](char c) {
               return kLetters.contains(c) || kDigits.contains(c) || c == '.' || c == '-';
           });
}

/// What stands between the braces.
std::optional<Piece> read_reference(std::string_view written) {
    std::string_view inside = written.substr(2, written.size() - 3);
    Piece piece{.kind = Piece::Kind::Path, .written = written};
    if (inside.starts_with(kVariable)) {
        piece.kind = Piece::Kind::Variable;
        inside.remove_prefix(kVariable.size());
    }
    if (const auto alternative = inside.find(":-"); alternative != std::string_view::npos) {
        piece.alternative = inside.substr(alternative + 2);
        inside = inside.substr(0, alternative);
    }
    piece.name = inside;
    const bool is_name = piece.kind == Piece::Kind::Variable ? is_variable_name(inside) : is_path(inside);
    const bool is_nested = piece.alternative && piece.alternative->contains("${");
    return is_name && !is_nested ? std::optional{piece} : std::nullopt;
}

}  // namespace

std::optional<std::vector<Piece>> split_placeholders(std::string_view text, std::string_view& wrong) {
    std::vector<Piece> pieces;
    const auto add_text = [&](std::string_view literal) {
        if (!literal.empty()) {
            pieces.push_back({.kind = Piece::Kind::Text, .name = literal});
        }
    };
    while (!text.empty()) {
        const std::size_t dollar = std::min(text.find('$'), text.size());
        const std::string_view rest = text.substr(dollar);
        if (rest.starts_with("$$")) {
            add_text(text.substr(0, dollar + 1));
            text = rest.substr(2);
        } else if (rest.starts_with("${")) {
            add_text(text.substr(0, dollar));
            const std::size_t close = rest.find('}');
            const auto piece =
                close == std::string_view::npos ? std::nullopt : read_reference(rest.substr(0, close + 1));
            if (!piece) {
                wrong = rest.substr(0, close == std::string_view::npos ? close : close + 1);
                return std::nullopt;
            }
            pieces.push_back(*piece);
            text = rest.substr(close + 1);
        } else {
            const std::size_t end = std::min(dollar + 1, text.size());
            add_text(text.substr(0, end));
            text = text.substr(end);
        }
    }
    return pieces;
}

}  // namespace quantconf::layers
