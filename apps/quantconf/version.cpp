#include "quantconf/version.hpp"

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "base/json_writer.hpp"

namespace quantconf::app {

int run_version(const Arguments& arguments) {
    const Terminal out{stdout};
    if (arguments.format == "json") {
        JsonWriter json;
        json.begin_object().member("name", "quantconf").member("version", kVersion).end_object();
        out.print(json.take());
    } else {
        out.print(fmt::format("quantconf {}\n", kVersion));
    }
    return kFine;
}

}  // namespace quantconf::app
