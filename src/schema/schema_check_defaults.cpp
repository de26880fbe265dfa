#include "schema/schema_build.hpp"

namespace quantconf::schema {

void check_defaults(const Schema& /*schema*/, Diagnostics& /*diagnostics*/) {}

}  // namespace quantconf::schema
