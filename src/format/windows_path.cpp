#include "format/windows_path.hpp"

namespace quantconf::format {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// `"C:\`, or `"\\server\`.
bool begins_like_path(std::string_view written) {
    return (written.size() > 4 && is_letter(written[1]) && written[2] == ':' && written[3] == '\\') ||
           written.substr(1).starts_with("\\\\");
}

}  // namespace

bool looks_like_broken_path(std::string_view written) {
    if (written.size() < 5 || !begins_like_path(written)) {
        return false;
    }
    constexpr std::string_view kControlEscapes = "tnbfrave0";
    for (std::size_t at = 1; at + 2 < written.size(); ++at) {
        if (written[at] != '\\') {
            continue;
        }
        ++at;
        if (kControlEscapes.contains(written[at]) && is_letter(written[at + 1])) {
            return true;
        }
    }
    return false;
}

}  // namespace quantconf::format
