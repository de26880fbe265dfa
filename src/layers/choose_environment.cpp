#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "layers/load.hpp"
#include "layers/report.hpp"

namespace quantconf::layers {
namespace {

/// The value of a variable that is set to something. A name that stands twice is reported by the load.
std::optional<std::string_view> variable(const std::vector<std::string>& variables, std::string_view name) {
    for (const std::string& entry : variables) {
        const std::string_view text = entry;
        if (text.starts_with(name) && text.size() > name.size() + 1 && text[name.size()] == '=') {
            return text.substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

Diagnostics unknown_environment(Source::Kind kind, std::string_view name, std::string_view text) {
    const std::vector<std::string> names{"development", "staging", "production", "testing"};
    const auto source = Source::make(kind, kind == Source::Kind::Option ? "option" : "variable",
                                     std::string{name}, std::string{text});
    Diagnostics diagnostics;
    Diagnostic& diagnostic =
        report_expected(diagnostics, Code::UnknownEnvironment, {}, join_or(names), quoted(text),
                        {.source = source, .begin = 0, .end = static_cast<std::uint32_t>(text.size())});
    const std::string suggestion = did_you_mean(nearest(text, names));
    diagnostic.hint = suggestion.empty() ? "dev, stage, prod and test are understood as well" : suggestion;
    return diagnostics;
}

}  // namespace

Checked<ChosenEnvironment> choose_environment(const std::optional<std::string>& requested,
                                              std::string_view env_prefix,
                                              const std::vector<std::string>& variables) {
    if (requested) {
        if (const auto environment = parse_environment(*requested)) {
            return ChosenEnvironment{.environment = *environment, .by = "--env"};
        }
        return std::unexpected{unknown_environment(Source::Kind::Option, "--env", *requested)};
    }
    const std::string own_name = fmt::format("{}_ENVIRONMENT", env_prefix);
    for (const std::string_view name :
         {std::string_view{own_name}, std::string_view{"ENVIRONMENT"}, std::string_view{"ENV"}}) {
        const auto text = variable(variables, name);
        const bool is_for_others =
            name != own_name && text && text->contains('/');  // ENV=/etc/shrc of a shell.
        if (!text || is_for_others) {
            continue;
        }
        if (const auto environment = parse_environment(*text)) {
            return ChosenEnvironment{.environment = *environment, .by = std::string{name}};
        }
        return std::unexpected{unknown_environment(Source::Kind::Variable, name, *text)};
    }
    return ChosenEnvironment{.environment = Environment::Development, .by = "default"};
}

}  // namespace quantconf::layers
