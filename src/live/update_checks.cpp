#include "live/update_checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "layers/explain.hpp"
#include "live/problem.hpp"

namespace quantconf::live {
namespace {

constexpr std::size_t kTextBytes = 1'000;  ///< Of a reason or an author.

}  // namespace

std::optional<Error> check_request(std::span<const Setting> settings, const std::string& reason,
                                   const std::string& author) {
    if (settings.empty()) {
        return Error{.operation = "update",
                     .subject = "the configuration",
                     .cause = make_error_code(Problem::NothingToSet),
                     .hint = {}};
    }
    for (const auto& [what, text] : {std::pair{"reason", &reason}, std::pair{"author", &author}}) {
        if (text->size() > kTextBytes) {
            return Error{.operation = "record",
                         .subject = fmt::format("the {} of a change", what),
                         .cause = make_error_code(Problem::TextTooLong),
                         .hint = fmt::format("it has {} bytes; the limit is {}", text->size(), kTextBytes)};
        }
    }
    return std::nullopt;
}

/// Where a path leads today.
std::string current_path(const Schema& schema, const std::string& path) {
    const auto alias = std::ranges::find(schema.aliases(), path, &std::pair<std::string, std::string>::first);
    return alias == schema.aliases().end() ? path : alias->second;
}

/// The name of the layer whose value of `path` wins, and how it is called.
std::pair<std::string, std::string> winner_of(const layers::Candidate& candidate, std::string_view path) {
    const auto set_by = layers::explain(candidate, *candidate.schema, path);
    if (!set_by || set_by->empty()) {
        return {};
    }
    const auto wins = std::ranges::find_if(*set_by, &layers::SetBy::wins);
    return wins == set_by->end()
               ? std::pair<std::string, std::string>{}
               : std::pair{wins->layer, wins->location.empty() ? wins->layer : wins->location};
}

Diagnostic shadowed(const std::string& path, const std::string& file, const std::string& by) {
    return {.code = Code::ChangeShadowed,
            .path = path,
            .message = fmt::format("{} wins over {}, so the change would change nothing", by, file),
            .hint = fmt::format("change it there; `quantconf explain {}` shows every layer", path)};
}

}  // namespace quantconf::live
