#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/vault.hpp"
#include "base/diagnostic_report.hpp"
#include "base/utf8.hpp"
#include "quantconf/version.hpp"

namespace quantconf::app {
namespace {

struct Verdict {
    Environment environment;
    CandidatePointer candidate;
};

using Verdicts = std::vector<Verdict>;

/// One environment, as a program started here would get it, includes its secrets. What files say (--all) is
/// the same on every machine, also on those that have no key.
Session::Result<Verdicts> load_all(const Session& session) {
    LazyVault vault{session};
    secrets::StoreResolver store{std::ref(vault), secrets::Purpose::Check};
    secrets::StoreResolver* const resolver = expects_store(session) ? &store : nullptr;
    Verdicts verdicts;
    const auto add = [&](Environment environment, Session::Result<CandidatePointer> candidate) {
        if (candidate) {
            verdicts.push_back({environment, *std::move(candidate)});
            return int{kFine};
        }
        return candidate.error();
    };
    if (!session.arguments().all) {
        const auto chosen = session.environment();
        if (!chosen) {
            return std::unexpected{chosen.error()};
        }
        if (const int code = add(chosen->environment, session.load(*chosen, resolver)); code != kFine) {
            return std::unexpected{code};
        }
        return verdicts;
    }
    for (const Environment environment : kEnvironments) {
        const int code =
            add(environment, session.arguments().with_env
                                 ? session.load({environment, "--all"}, resolver)
                                 : session.load_files(environment, session.arguments().config_dir));
        if (code != kFine) {
            return std::unexpected{code};
        }
    }
    return verdicts;
}

/// Each diagnostic once, although base.yaml is part of every environment.
struct Shared {
    const Diagnostic* diagnostic;
    std::string text;
    std::vector<Environment> environments;
};

std::vector<Shared> each_once(const Verdicts& verdicts, bool colour) {
    std::vector<Shared> result;
    for (const auto& [environment, candidate] : verdicts) {
        for (const Diagnostic& diagnostic : candidate->diagnostics) {
            std::string text = to_text(diagnostic, colour);
            const auto known = std::ranges::find(result, text, &Shared::text);
            if (known != result.end()) {
                known->environments.push_back(environment);
            } else {
                result.push_back({&diagnostic, std::move(text), {environment}});
            }
        }
    }
    return result;
}

Diagnostics flatten(const Verdicts& verdicts) {
    Diagnostics result;
    for (const Shared& shared : each_once(verdicts, false)) {
        result.push_back(*shared.diagnostic);
    }
    return result;
}

std::string count(std::size_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::size_t count_references(const Value& value) {
    std::size_t sum = 0;
    if (value.kind() == Value::Kind::Map) {
        for (const Member& member : value.members()) {
            sum += count_references(member.value);
        }
    } else if (value.kind() == Value::Kind::List) {
        for (const Value& item : value.items()) {
            sum += count_references(item);
        }
    } else if (value.kind() == Value::Kind::Secret && !value.secret_reference().empty()) {
        sum = 1;
    }
    return sum;
}

/// Without a store "ok" says nothing about the secrets, and nobody should take it for more.
void print_untried(const Session& session, const Verdicts& verdicts) {
    if (expects_store(session) || (session.arguments().all && !session.arguments().with_env)) {
        return;
    }
    std::size_t most = 0;
    for (const Verdict& verdict : verdicts) {
        if (verdict.candidate->ok) {
            most = std::max(most, count_references(verdict.candidate->root));
        }
    }
    if (most > 0) {
        const Terminal& err = session.err();
        err.print(
            fmt::format("{} {} {} not looked up: this folder has no secret store (`quantconf secret init` "
                        "makes one)\n",
                        err.cyan("note:"), count(most, "secret reference"), most == 1 ? "was" : "were"));
    }
}

void print_text(const Session& session, const Verdicts& verdicts) {
    const Terminal& err = session.err();
    for (const Shared& shared : each_once(verdicts, err.colour())) {
        err.print(shared.text + "\n");
        const auto& source = shared.diagnostic->origin.source;
        const bool place_says_it = source != nullptr && source->layer() == "environment";
        if (shared.environments.size() < verdicts.size() && !place_says_it) {
            std::string names;
            for (const Environment environment : shared.environments) {
                names += fmt::format("{}{}", names.empty() ? "" : ", ", name_of(environment));
            }
            err.print(fmt::format("  {} only in {}\n", err.cyan("note:"), names));
        }
    }
    print_untried(session, verdicts);
    const Terminal& out = session.out();
    for (const auto& [environment, candidate] : verdicts) {
        const auto number_of = [&found = candidate->diagnostics](Severity severity) {
            return static_cast<std::size_t>(std::ranges::count(found, severity, &Diagnostic::severity));
        };
        std::string detail = candidate->ok ? out.dim(candidate->hash.substr(0, 12))
                                           : out.red(count(number_of(Severity::Error), "error"));
        if (const auto warnings = number_of(Severity::Warning); warnings > 0) {
            detail += ", " + out.yellow(count(warnings, "warning"));
        }
        std::string layer_names;
        for (const layers::Layer& layer : candidate->layers) {
            const std::string word =
                layer.source->kind() == Source::Kind::File ? escaped(layer.source->name()) : layer.name;
            if (!layer_names.ends_with(word)) {
                layer_names += fmt::format("{}{}", layer_names.empty() ? "" : " < ", word);
            }
        }
        out.print(fmt::format("{} {:<12} {}  {}\n", candidate->ok ? out.green("ok     ") : out.red("invalid"),
                              name_of(environment), detail, out.dim(layer_names)));
    }
}

std::string to_json(const Verdicts& verdicts, bool ok) {
    JsonWriter json;
    json.begin_object().member("ok", ok).key("environments").begin_object();
    for (const auto& [environment, candidate] : verdicts) {
        json.key(name_of(environment));
        write_verdict(json, *candidate);
    }
    json.end_object().end_object();
    return json.take();
}

}  // namespace

int run_check(const Session& session) {
    const auto verdicts = load_all(session);
    if (!verdicts) {
        return verdicts.error();
    }
    const bool ok = std::ranges::all_of(*verdicts, [](const Verdict& v) { return v.candidate->ok; });
    const std::string& format = session.arguments().format;
    if (format == "json") {
        session.out().print(to_json(*verdicts, ok));
    } else if (format == "sarif") {
        session.out().print(to_sarif(flatten(*verdicts), kVersion));
    } else if (format == "github") {
        session.out().print(to_github(flatten(*verdicts)));
    } else {
        print_text(session, *verdicts);
    }
    return ok ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
