#pragma once

#include <memory>
#include <string>

#include "layers/load.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::layers {

/// NAME_FILE=path: the value of NAME stands in a file, as container platforms hand over secrets.
struct FileVariable {
    std::string name;  ///< "QUANTBOT_DATABASE_PASSWORD_FILE".
    std::string file;
    std::string layer;
    std::string path;  ///< Of the configuration.
    bool is_secret = false;
    Origin place;  ///< Where messages point.
};

/// The content without the one newline (LF or CRLF) that editors put at its end, as a source that carries the
/// name of the variable; a secret is concealed. nullptr, with a diagnostic, if it cannot be used. A secret
/// that everybody on the machine can read is an error in production and a warning elsewhere.
[[nodiscard]] std::shared_ptr<Source> read_variable_file(const FileVariable& variable, const Inputs& inputs,
                                                         Diagnostics& diagnostics);

}  // namespace quantconf::layers
