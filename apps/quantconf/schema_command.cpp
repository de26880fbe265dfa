#include <algorithm>
#include <string>
#include <string_view>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "base/utf8.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::app {
namespace {

/// Titles and descriptions come from a schema file.
std::string escaped_lines(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        result += escaped(text.substr(0, end));
        result += end < text.size() ? "\n" : "";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

}  // namespace

int run_schema(const Session& session) {
    const std::string& topic = session.arguments().topic;
    if (topic == "docs") {
        session.out().print(escaped_lines(schema::to_markdown(session.schema())));
    } else if (topic == "paths") {
        for (const std::string& path : session.paths()) {
            session.out().print(path + "\n");
        }
    } else {
        session.out().print(schema::to_json_schema(session.schema()));
    }
    return kFine;
}

}  // namespace quantconf::app
