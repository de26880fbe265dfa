#include "quantconf/error.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace quantconf {

std::string to_text(const Error& error) {
    std::string text = fmt::format("cannot {} {}", escaped(error.operation), escaped(error.subject));
    if (error.cause) {
        text += ": " + error.cause.message();
    }
    if (!error.hint.empty()) {
        text += "\n  hint: " + escaped(error.hint);
    }
    return text;
}

std::string to_text(const Failure& failure) {
    if (const Error* error = std::get_if<Error>(&failure)) {
        return to_text(*error);
    }
    std::string text;
    for (const Diagnostic& diagnostic : std::get<Diagnostics>(failure)) {
        text += (text.empty() ? "" : "\n") + to_text(diagnostic);
    }
    return text;
}

}  // namespace quantconf
