// A .env file: most of its values are secrets, so no diagnostic may show one.

#include <string>
#include <string_view>

#include "format/parse.hpp"
#include "fuzz/invariants.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quantconf;
    constexpr std::string_view kCanary = "Zq9-canary-7Kx";
    std::string text{reinterpret_cast<const char*>(data), size};
    if (text.contains(kCanary)) {
        return -1;  // The input itself would be found.
    }
    // The last line never ends, so that there is always an error beside a secret.
    text += "\nQUANTBOT_PLANTED=\"Zq9-canary-7Kx";

    const auto source = Source::make(Source::Kind::File, "dotenv", ".env", text);
    const format::ParsedDotenv parsed = format::parse_dotenv(source);

    for (const format::DotenvEntry& entry : parsed.entries) {
        fuzz::require(entry.name_begin < entry.name_end && entry.name_end <= entry.value_begin &&
                          entry.value_begin <= entry.value_end && entry.value_end <= text.size(),
                      "name and value lie inside the file, in this order");
    }
    fuzz::require_absent(kCanary, fuzz::check_and_render(parsed.diagnostics));
    return 0;
}
