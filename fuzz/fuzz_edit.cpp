// Edits of a layer file. The first part of an input is the file, `-- json --` a JSON one instead; `-- edits
// --` has one edit a line: `a.b = 5` sets, `a.b` removes. Whatever the file is: no edit is wrong, and an
// accepted one is exact.

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "format/edit.hpp"
#include "format/parse.hpp"
#include "fuzz/archive.hpp"
#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"

namespace quantconf::fuzz {
namespace {

using format::Edit;

constexpr std::size_t kEditsMax = 16;

std::vector<std::string> keys_of(std::string_view dotted) {
    std::vector<std::string> keys;
    for (std::size_t dot = dotted.find('.'); dot != std::string_view::npos; dot = dotted.find('.')) {
        keys.emplace_back(dotted.substr(0, dot));
        dotted.remove_prefix(dot + 1);
    }
    keys.emplace_back(dotted);
    return keys;
}

/// Numbers, true and false, null; `[a b` a list of two texts, `{a b` a map of two keys; anything else is a
/// text.
Value value_of(std::string_view text, Arena& arena) {
    if (text == "null") {
        return Value::absent();
    }
    if (text == "true" || text == "false") {
        return Value::boolean(text == "true");
    }
    if (text.starts_with('[') || text.starts_with('{')) {
        std::vector<Value> items;
        std::vector<Member> members;
        for (std::string_view rest = text.substr(1); !rest.empty();) {
            const std::size_t blank = std::min(rest.find(' '), rest.size());
            items.push_back(value_of(rest.substr(0, blank), arena));
            members.push_back({.name = rest.substr(0, blank), .value = items.back()});
            rest.remove_prefix(std::min(blank + 1, rest.size()));
        }
        return text.front() == '[' ? Value::list(arena.copy(std::span<const Value>{items}))
                                   : Value::map(arena.copy(std::span<const Member>{members}));
    }
    const std::string digits{text};
    char* end = nullptr;
    const double number = std::strtod(digits.c_str(), &end);
    if (!digits.empty() && *end == '\0') {
        return digits.find_first_not_of("-0123456789") == std::string::npos && digits.size() < 18
                   ? Value::integer(std::strtoll(digits.c_str(), nullptr, 10))
                   : Value::number(number);
    }
    std::string lines = digits;
    for (char& c : lines) {
        c = c == '|' ? '\n' : c;
    }
    return Value::text(arena.copy(lines));
}

struct Scene {
    std::string name = "base.yaml";
    std::string text;
    std::vector<std::string> lines;
};

Scene read_scene(std::string_view input) {
    Scene scene;
    for (Part& part : split(input)) {
        if (part.name == "edits") {
            scene.lines = lines_of(part.text);
        } else {
            scene.name = part.name == "json" ? "base.json" : "base.yaml";
            scene.text = std::move(part.text);
        }
    }
    scene.lines.resize(std::min(scene.lines.size(), kEditsMax));
    return scene;
}

Checked<std::string> edited(const Scene& scene, const std::string& text, std::span<const Edit> edits) {
    return format::edit(Source::make(Source::Kind::File, "base", scene.name, text), edits);
}

}  // namespace

Verdict run_target(std::string_view input) {
    constexpr std::string_view kCanary = "Zq9-canary-7Kx";
    Arena arena;
    const Scene scene = read_scene(input);
    std::vector<std::string> lines = scene.lines;
    std::vector<Edit> edits;
    for (const std::string& line : lines) {
        const std::size_t equals = line.find(" = ");
        edits.push_back({.path = keys_of(std::string_view{line}.substr(0, equals)), .value = std::nullopt});
        if (equals != std::string::npos) {
            edits.back().value = value_of(std::string_view{line}.substr(equals + 3), arena);
        }
    }
    if (edits.empty()) {
        return Verdict::Useless;
    }
    const auto once = edited(scene, scene.text, edits);
    if (!once) {
        require(has_errors(once.error()), "a refusal says why");
        static_cast<void>(check_and_render(once.error()));
        return Verdict::Used;
    }
    const auto twice = edited(scene, *once, edits);
    require(twice && *twice == *once, "editing twice is editing once");
    const auto none = edited(scene, scene.text, {});
    require(none && *none == scene.text, "no edit changes nothing");
    require(once->starts_with("\xEF\xBB\xBF") == scene.text.starts_with("\xEF\xBB\xBF"),
            "a byte order mark stays");
    const Edit secret{.path = {"a"}, .value = Value::secret(kCanary, false)};
    const auto refused = edited(scene, scene.text, std::span{&secret, 1});
    require(!refused, "a secret is never written");
    require_absent(kCanary, check_and_render(refused.error()));
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
