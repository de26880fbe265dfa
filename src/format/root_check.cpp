#include "format/root_check.hpp"

#include <fmt/format.h>

namespace quantconf::format {

void report_root(const value::Node& root, Report& report) {
    const bool is_list = root.kind == value::NodeKind::List;
    const std::string found = is_list ? "sequence" : "scalar";
    report.add({.code = Code::RootNotMapping,
                .message = fmt::format("top level must be a mapping, found {}", found),
                .expected = "mapping",
                .found = found,
                .hint = is_list ? "give the list a name: `name:` above it"
                                : "write `key: value`, with a blank behind the colon",
                .origin = report.at(root.begin, root.end)});
}

}  // namespace quantconf::format
