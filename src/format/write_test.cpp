#include "format/write.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "format/test_support.hpp"
#include "format/yaml_text.hpp"

namespace quantconf::format {
namespace {

using namespace std::chrono_literals;

struct Sample {
    std::vector<Value> hosts{Value::text("db1"), Value::text("db2:5432")};
    std::vector<Member> polygon{{"per_minute", Value::integer(300)}, {"window", Value::duration(90min)}};
    std::vector<Value> pairs_inner{Value::integer(1), Value::integer(2)};
    std::vector<Value> pairs{Value::list(pairs_inner), Value::list({}), Value::map(polygon)};
    std::vector<Member> members{{"debug", Value::boolean(false)},
                                {"size", Value::number(5.0)},
                                {"name", Value::text("yes")},
                                {"cache", Value::size({512ULL << 20U})},
                                {"key", Value::secret("SECURE:polygon_key", true)},
                                {"password", Value::secret("hunter2", false)},
                                {"no_key", Value::secret("", false)},
                                {"none", Value::absent()},
                                {"hosts", Value::list(hosts)},
                                {"limits", Value::map(polygon)},
                                {"pairs", Value::list(pairs)},
                                {"empty", Value::map({})}};
    Value root = Value::map(members);
};

TEST(Write, yaml_has_blocks_and_quotes_only_where_they_are_needed) {
    EXPECT_EQ(to_yaml(Sample{}.root), R"(debug: false
size: 5.0
name: "yes"
cache: 512MiB
key: SECURE:polygon_key
password: "<plain text, not shown>"
no_key: ""
none: null
hosts:
  - db1
  - db2:5432
limits:
  per_minute: 300
  window: 1h30m
pairs:
  -
    - 1
    - 2
  - []
  - per_minute: 300
    window: 1h30m
empty: {}
)");
}

TEST(Write, comments_stand_behind_leaves) {
    const auto comment = [](std::string_view path, const Value&) {
        return path == "a" ? "" : fmt::format("at {}\n", path);
    };
    const std::vector<Value> items{Value::integer(1)};
    const std::vector<Member> inner{{"c", Value::integer(2)}};
    const std::vector<Member> members{
        {"a", Value::integer(1)}, {"b", Value::map(inner)}, {"d", Value::list(items)}};

    EXPECT_EQ(to_yaml(Value::map(members), comment), "a: 1\nb:\n  c: 2  # at b.c\\n\nd:  # at d\\n\n  - 1\n");
}

TEST(Write, roots_of_every_kind_are_written) {
    const std::vector<Value> items{Value::integer(1), Value::text("no")};
    EXPECT_EQ(to_yaml(Value::map({})), "{}\n");
    EXPECT_EQ(to_yaml(Value::list(items)), "- 1\n- \"no\"\n");
    EXPECT_EQ(to_yaml(Value::integer(5)), "5\n");
    EXPECT_EQ(to_flat(Value::map({})), "");
    EXPECT_EQ(to_flat(Value::list(items)), "[1,\"no\"]\n");
}

TEST(Write, json_has_units_as_texts_and_never_a_secret) {
    EXPECT_EQ(to_json(Sample{}.root), R"({
  "debug": false,
  "size": 5,
  "name": "yes",
  "cache": "512MiB",
  "key": "SECURE:polygon_key",
  "password": "<plain text, not shown>",
  "no_key": "",
  "none": null,
  "hosts": [
    "db1",
    "db2:5432"
  ],
  "limits": {
    "per_minute": 300,
    "window": "1h30m"
  },
  "pairs": [
    [
      1,
      2
    ],
    [],
    {
      "per_minute": 300,
      "window": "1h30m"
    }
  ],
  "empty": {}
}
)");
}

TEST(Write, flat_has_a_line_for_each_leaf) {
    EXPECT_EQ(to_flat(Sample{}.root), R"(debug = false
size = 5
name = "yes"
cache = "512MiB"
key = "SECURE:polygon_key"
password = "<plain text, not shown>"
no_key = ""
none = null
hosts = ["db1","db2:5432"]
limits.per_minute = 300
limits.window = "1h30m"
pairs = [[1,2],[],{"per_minute":300,"window":"1h30m"}]
empty = {}
)");
}

TEST(Write, display_is_what_a_person_reads) {
    EXPECT_EQ(to_display(Value::text("yes: no")), "yes: no");
    EXPECT_EQ(to_display(Value::duration(250ms)), "250ms");
    EXPECT_EQ(to_display(Value::secret("hunter2", false)), "<plain text, not shown>");
    EXPECT_EQ(to_display(Value::secret("SECURE:x", true)), "SECURE:x");
    EXPECT_EQ(to_display(Value::absent()), "null");
    EXPECT_EQ(to_display(Value::invalid(nullptr)), "<invalid>");
    EXPECT_EQ(to_display(Value::unsigned_integer(18446744073709551615ULL)), "18446744073709551615");
    EXPECT_EQ(to_display(Sample{}.root.find("hosts")[0]), R"(["db1","db2:5432"])");
}

TEST(Write, not_finite_numbers_have_their_yaml_spelling_and_are_texts_in_json) {
    const std::vector<Member> members{{"a", Value::number(std::numeric_limits<double>::infinity())},
                                      {"b", Value::number(std::numeric_limits<double>::quiet_NaN())},
                                      {"c", Value::number(1e20)}};
    EXPECT_EQ(to_yaml(Value::map(members)), "a: .inf\nb: .nan\nc: 1.0e+20\n");
    EXPECT_EQ(to_flat(Value::map(members)), "a = \".inf\"\nb = \".nan\"\nc = 1e+20\n");
}

TEST(Write, texts_that_some_yaml_takes_for_something_else_are_quoted) {
    for (const std::string_view text :
         {"",     "yes",  "No",   "ON",  "off",   "y",     "N",          "true",   "FALSE",     "null",
          "Null", "~",    "012",  "08",  "1_000", "0x1F",  "5",          "-5",     "5.0",       "1e3",
          ".5",   ".inf", ".nan", "inf", "NaN",   "12:30", "2024-01-15", "=",      "<<",        " x",
          "x ",   "a: b", "a #b", "a:",  "- a",   "? a",   "!a",         "&a",     "*a",        "@a",
          "`a",   "%a",   "|",    ">",   "[a]",   "{a}",   "a, b",       "'a'",    "\"a\"",     "a\nb",
          "a\tb", "---",  "...",  "#a",  "1h30m", "512MB", "a\\b",       "\u00a0", "caf\u00e9", "C:\temp"}) {
        EXPECT_EQ(yaml_scalar(text).front(), '"') << text;
        const Parsed parsed = testing::yaml(fmt::format("a: {}\n", yaml_scalar(text)));
        ASSERT_NE(parsed.document, nullptr) << text;
        EXPECT_TRUE(parsed.diagnostics.empty()) << testing::rendered(parsed.diagnostics);
        EXPECT_EQ(parsed.document->root.map()[0].value.scalar(), text);
    }
    for (const std::string_view text : {"INFO", "US/Eastern", "https://example.com/a?b", "db1.internal",
                                        "/var/log/x.log", "SECURE:polygon_key", "snake_case", "two words"}) {
        EXPECT_EQ(yaml_scalar(text).front() == '"', text.contains('?')) << text;
    }
}

TEST(Write, our_own_references_are_escaped) {
    EXPECT_EQ(escape_references("SECURE:x"), "SECURE::x");
    EXPECT_EQ(escape_references("${a} $b $$ c$"), "$${a} $b $$$ c$");
    EXPECT_EQ(to_yaml(Value::text("SECURE:x")), "SECURE::x\n");
    EXPECT_EQ(to_json(Value::text("SECURE:x")), "\"SECURE:x\"\n");
}

/// Random trees of texts, written and read again.
class Generator {
public:
    explicit Generator(std::uint32_t seed) : random_{seed} {}

    Value tree(int depth, Arena& arena) {
        switch (depth == 0 ? 0 : pick(4)) {
            case 1: {
                std::vector<Value> items;
                for (std::uint32_t i = pick(4); i > 0; --i) {
                    items.push_back(tree(depth - 1, arena));
                }
                return Value::list(arena.copy<Value>(items));
            }
            case 2:
                return map(depth, arena);
            default:
                return Value::text(arena.copy(text()));
        }
    }

    Value map(int depth, Arena& arena) {
        std::vector<Member> members;
        for (std::uint32_t i = pick(5); i > 0; --i) {
            members.push_back(
                {arena.copy(fmt::format("{}_{}", pick(2) == 0 ? "key" : "1k", i)), tree(depth - 1, arena)});
        }
        return Value::map(arena.copy<Member>(members));
    }

private:
    std::uint32_t pick(std::uint32_t count) {
        return std::uniform_int_distribution<std::uint32_t>{0, count - 1}(random_);
    }

    std::string text() {
        static constexpr std::string_view kParts[] = {
            "a",      "Z",      "0",      "7",      ".",      "-",      "_",          ":",    " ",
            "#",      "\"",     "'",      "\\",     "\n",     "\t",     "\r",         "[",    "]",
            "{",      "}",      ",",      "&",      "*",      "!",      "|",          ">",    "%",
            "@",      "`",      "?",      "=",      "<",      "~",      "yes",        "null", "1e",
            "\u00e9", "\u00a0", "\u200b", "\u2028", "\u0085", "\ufeff", "\U0001F600", "\x7f", "\x01",
            "\u20ac", "true",   "  ",     "\n\n",   "$"};
        std::string result;
        for (std::uint32_t i = pick(6); i > 0; --i) {
            result += kParts[pick(std::size(kParts))];
        }
        return result;
    }

    std::mt19937 random_;
};

void expect_same(const value::Node& node, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::List:
            ASSERT_EQ(node.kind, value::NodeKind::List);
            ASSERT_EQ(node.size, value.items().size());
            for (std::size_t i = 0; i < node.size; ++i) {
                expect_same(node.list()[i], value.items()[i]);
            }
            return;
        case Value::Kind::Map:
            ASSERT_EQ(node.kind, value::NodeKind::Map);
            ASSERT_EQ(node.size, value.members().size());
            for (std::size_t i = 0; i < node.size; ++i) {
                EXPECT_EQ(node.map()[i].key(), value.members()[i].name);
                expect_same(node.map()[i].value, value.members()[i].value);
            }
            return;
        default:
            EXPECT_EQ(node.scalar(), escape_references(value.as_text()));
            EXPECT_FALSE(node.is_null());
    }
}

TEST(Write, what_is_written_as_yaml_or_json_is_read_back_as_the_same_texts) {
    for (std::uint32_t seed = 1; seed <= 500; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Arena arena;
        const Value root = Generator{seed}.map(4, arena);

        const Parsed yaml = testing::yaml(to_yaml(root));
        ASSERT_NE(yaml.document, nullptr) << to_yaml(root) << testing::rendered(yaml.diagnostics);
        EXPECT_TRUE(yaml.diagnostics.empty()) << to_yaml(root) << testing::rendered(yaml.diagnostics);
        expect_same(yaml.document->root, root);

        const Parsed json = parse_json(testing::file(to_json(root)));
        ASSERT_NE(json.document, nullptr) << to_json(root) << testing::rendered(json.diagnostics);
        EXPECT_TRUE(json.diagnostics.empty());
    }
}

}  // namespace
}  // namespace quantconf::format
