#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layers/load.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/error.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// One layer that exists as a file.
struct LayerFile {
    std::string name;  ///< base, environment, local.
    std::shared_ptr<Source> source;
    /// nullptr if nothing of it could be understood; a broken one may still have a part of its tree.
    std::shared_ptr<value::Document> document;
    bool is_broken = false;
};

/// Finds, reads and parses base, <environment> and local, in this order. Spelled .yaml, .yml or .json; two
/// spellings of one layer, a forbidden local layer, one that is too large and none at all are diagnostics. An
/// Error means that a file is there but cannot be read.
[[nodiscard]] Outcome<std::vector<LayerFile>> read_layer_files(const Inputs& inputs,
                                                               Diagnostics& diagnostics);

/// The shared overrides, if Inputs names a file and it is there. The layer is called "shared".
[[nodiscard]] Outcome<std::optional<LayerFile>> read_shared_overrides(const Inputs& inputs,
                                                                      Diagnostics& diagnostics);

/// "config/base.yaml", as messages call it.
[[nodiscard]] std::string name_of_file(const std::filesystem::path& path);

}  // namespace quantconf::layers
