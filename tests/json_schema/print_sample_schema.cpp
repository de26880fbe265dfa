#include <cstdio>

#include "json_schema/sample.hpp"
#include "schema/json_schema.hpp"

/// Prints the exported schema of sample.hpp, for validators in other languages.
int main() {
    return std::fputs(quantconf::schema::to_json_schema(quantconf::sample::schema()).c_str(), stdout) < 0 ? 1
                                                                                                          : 0;
}
