#pragma once

#include <string>
#include <utility>

#include "base/diagnostic_report.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::layers {

/// Adds a diagnostic and returns it, so that the caller can add what else is known: hint, related places.
inline Diagnostic& report(Diagnostics& diagnostics, Severity severity, Code code, std::string path,
                          std::string message, Origin origin) {
    make_room(diagnostics);
    Diagnostic& diagnostic = diagnostics.emplace_back();
    diagnostic.severity = severity;
    diagnostic.code = code;
    diagnostic.path = std::move(path);
    diagnostic.message = std::move(message);
    diagnostic.origin = std::move(origin);
    return diagnostic;
}

/// An error, in most cases.
inline Diagnostic& report(Diagnostics& diagnostics, Code code, std::string path, std::string message,
                          Origin origin) {
    return report(diagnostics, Severity::Error, code, std::move(path), std::move(message), std::move(origin));
}

/// The same for "expected X, found Y".
inline Diagnostic& report_expected(Diagnostics& diagnostics, Code code, std::string path,
                                   std::string expected, std::string found, Origin origin) {
    Diagnostic& diagnostic = report(diagnostics, code, std::move(path), {}, std::move(origin));
    diagnostic.message = "expected " + expected + ", found " + found;
    diagnostic.expected = std::move(expected);
    diagnostic.found = std::move(found);
    return diagnostic;
}

}  // namespace quantconf::layers
