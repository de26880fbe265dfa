// A .env file: most of its values are secrets, so no diagnostic may show one.

#include <string>
#include <string_view>

#include "format/parse.hpp"
#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"

namespace quantconf::fuzz {

Verdict run_target(std::string_view input) {
    constexpr std::string_view kCanary = "Zq9-canary-7Kx";
    std::string text{input};
    if (text.contains(kCanary)) {
        return Verdict::Useless;  // The input itself would be found.
    }
    // The last line never ends, so that there is always an error beside a secret.
    text += "\nQUANTBOT_PLANTED=\"Zq9-canary-7Kx";

    const auto source = Source::make(Source::Kind::File, "dotenv", ".env", text);
    const format::ParsedDotenv parsed = format::parse_dotenv(source);

    for (const format::DotenvEntry& entry : parsed.entries) {
        require(entry.name_begin < entry.name_end && entry.name_end <= entry.value_begin &&
                    entry.value_begin <= entry.value_end && entry.value_end <= text.size(),
                "name and value lie inside the file, in this order");
    }
    require_absent(kCanary, check_and_render(parsed.diagnostics));
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
