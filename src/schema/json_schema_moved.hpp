#pragma once

#include <map>
#include <string>

#include "quantconf/schema.hpp"

namespace quantconf {
class JsonWriter;
}

namespace quantconf::schema {

/// Deprecated paths below one section, by their next segment. A leaf knows where its value lives now.
struct OldPaths {
    std::map<std::string, OldPaths> below;
    std::string moved_to;
};

[[nodiscard]] OldPaths old_paths_of(const Schema& schema);

/// A spelling that still works but should not be used: the editor strikes it through and says what to write.
void write_moved(JsonWriter& json, const Schema& schema, const OldPaths& old);

}  // namespace quantconf::schema
