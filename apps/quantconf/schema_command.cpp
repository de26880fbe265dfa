#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::app {

int run_schema(const Session& session) {
    const std::string& topic = session.arguments().topic;
    if (topic == "docs") {
        session.out().print(schema::to_markdown(session.schema()));
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
