#include "secrets/high_water.hpp"

#include <charconv>
#include <string>

#include <fmt/format.h>

#include "quantconf/detail/try.hpp"
#include "secrets/durable_replace.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"
#include "secrets/secure_file.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kUuidCharacters = 36;
constexpr std::size_t kTextMax = 21;  ///< Twenty digits and a newline.

Outcome<fs::path> place_of(const fs::path& folder, std::string_view uuid) {
    if (uuid.size() != kUuidCharacters ||
        uuid.find_first_not_of("0123456789abcdef-") != std::string_view::npos) {
        return refuse("find", folder / uuid, Problem::BadName, "a store is named by 36 characters of a UUID");
    }
    return folder / (std::string{uuid} + ".generation");
}

}  // namespace

Outcome<std::optional<HighWater>> read_high_water(const fs::path& folder, std::string_view uuid) {
    QC_TRY(const auto path, place_of(folder, uuid));
    QC_TRY(const auto read, read_secure_file(path, kTextMax));
    if (!read) {
        return std::nullopt;
    }
    const std::string& text = read->bytes;
    std::uint64_t generation = 0;
    const auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), generation);
    // One spelling only: what is not written by us is not believed.
    if (why != std::errc{} || text != fmt::format("{}\n", generation)) {
        return refuse("read", path, Problem::Damaged,
                      "it holds the highest generation of the store as a number; restore it from a backup");
    }
    return HighWater{.generation = generation};
}

Outcome<void> raise_high_water(const fs::path& folder, std::string_view uuid, std::uint64_t generation) {
    QC_TRY(const auto path, place_of(folder, uuid));
    QC_TRY(const auto mark, read_high_water(folder, uuid));
    if (mark && mark->generation >= generation) {
        return {};
    }
    const std::string text = fmt::format("{}\n", generation);
    return replace_durably({.path = path, .bytes = text});
}

}  // namespace quantconf::secrets
