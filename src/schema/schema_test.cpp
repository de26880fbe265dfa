#include "quantconf/schema.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "schema/test_bot.hpp"

namespace quantconf::schema {
namespace {

Field leaf(std::string name, Type type = Type::String, Options options = {}) {
    Field field;
    field.name = std::move(name);
    field.type = type;
    field.options = std::move(options);
    return field;
}

Field section(std::string name, Fields members) {
    Field field = leaf(std::move(name), Type::Struct);
    field.children = std::move(members);
    return field;
}

Field container(std::string name, Type type, Field element, Options options = {}) {
    Field field = leaf(std::move(name), type, std::move(options));
    field.children.push_back(std::move(element));
    return field;
}

SchemaOptions options(std::vector<Rule> rules = {}) {
    SchemaOptions result;
    result.app = "bot";
    result.env_prefix = "BOT";
    result.rules = std::move(rules);
    return result;
}

/// "path: message" of everything that is wrong with a schema of these fields.
std::vector<std::string> complaints(Fields members, SchemaOptions schema_options = options()) {
    const auto built = Schema::build(section("", std::move(members)), std::move(schema_options));
    std::vector<std::string> texts;
    if (!built) {
        for (const Diagnostic& diagnostic : built.error()) {
            texts.push_back(diagnostic.path + ": " + diagnostic.message);
        }
    }
    return texts;
}

using Texts = std::vector<std::string>;

TEST(Schema, finds_fields_by_path) {
    const Schema schema = test::bot_schema();
    EXPECT_EQ(schema.find("trading.max_orders")->name, "max_orders");
    EXPECT_EQ(schema.find("limits.polygon.per_day")->name, "per_day");
    EXPECT_EQ(schema.find("weights.anything")->type, Type::Integer);
    EXPECT_EQ(schema.find("hosts[2].port")->type, Type::Port);
    EXPECT_EQ(schema.find("hosts[0]")->type, Type::Struct);
    EXPECT_EQ(schema.find("alert.to")->name, "to");
    EXPECT_EQ(schema.find(""), &schema.root());
}

TEST(Schema, finds_nothing_at_paths_that_lead_nowhere) {
    const Schema schema = test::bot_schema();
    for (const auto* path : {"tradin",
                             "trading.",
                             ".trading",
                             "trading..max_orders",
                             "trading.max_orders.x",
                             "limits.polygo.per_day",
                             "hosts.port",
                             "hosts[].port",
                             "hosts[x]",
                             "hosts[1",
                             "hosts[1]port",
                             "hosts[1].",
                             "hosts.[1]",
                             "trading[0]",
                             "debug[0]",
                             "weights[0]",
                             "[0]",
                             "]",
                             "[",
                             "."}) {
        EXPECT_EQ(schema.find(path), nullptr) << path;
    }
}

TEST(Schema, finds_every_member_of_a_section_whatever_their_order) {
    const auto built = Schema::build(section("", {leaf("c"), leaf("a"), leaf("b_b"), leaf("b")}), options());
    ASSERT_TRUE(built.has_value());
    for (const auto* name : {"a", "b", "b_b", "c"}) {
        ASSERT_NE(built->root().member(name), nullptr) << name;
        EXPECT_EQ(built->root().member(name)->name, name);
    }
    EXPECT_EQ(built->root().member("bb"), nullptr);
}

TEST(Schema, knows_what_nobody_has_configured) {
    const Schema schema = test::bot_schema();
    EXPECT_EQ(schema.defaults().at("trading.timeout")->as_duration(), std::chrono::seconds{30});
    EXPECT_EQ(schema.defaults().at("limits.polygon.per_minute")->as_integer(), 5);
    EXPECT_EQ(schema.find("limits.polygon")->default_value.at("per_minute")->as_integer(), 10);
    EXPECT_TRUE(schema.defaults().at("alert")->is_absent());
}

TEST(Schema, completes_defaults_of_a_schema_without_structs) {
    Field timeout = leaf("timeout", Type::Duration);
    timeout.default_value = Value::duration(std::chrono::seconds{1});
    Field optional = section("optional", {timeout});
    optional.nullable = true;
    const auto built =
        Schema::build(section("", {section("net", {leaf("proxy"), timeout}), optional}), options());
    ASSERT_TRUE(built.has_value());
    EXPECT_EQ(built->defaults().at("net.timeout")->as_duration(), std::chrono::seconds{1});
    EXPECT_TRUE(built->defaults().at("net.proxy")->is_absent());
    EXPECT_TRUE(built->defaults().at("optional")->is_absent());
    EXPECT_EQ(built->find("optional")->default_value.at("timeout")->as_duration(), std::chrono::seconds{1});
}

TEST(Schema, lists_aliases_in_order) {
    const Schema schema = test::bot_schema();
    const std::vector<std::pair<std::string, std::string>> expected = {{"database.password", "password"}};
    EXPECT_EQ(schema.aliases(), expected);
}

TEST(Schema, refuses_bad_and_double_names) {
    const std::string form = " is not of the form [a-z][a-z0-9_-]* with _ and - alone and not at the end";
    for (const auto* name :
         {"", "A", "1a", "_a", "-a", "a__b", "a_-b", "a_", "a-", "a.b", "a b", "\xc3\xa4"}) {
        const auto found = complaints({leaf(name)});
        ASSERT_EQ(found.size(), 1U) << name;
        EXPECT_EQ(found[0], ": the name of a member, \"" + std::string{name} + "\"," + form);
    }
    EXPECT_TRUE(complaints({leaf("a"), leaf("a1"), leaf("a-b_c2")}).empty());
    EXPECT_EQ(complaints({leaf("a"), leaf("a")}).front(), ": two members are called a");
    EXPECT_EQ(complaints({leaf("x-a")}).size(), 1U);
}

TEST(Schema, refuses_bad_and_double_keys_of_a_map) {
    EXPECT_EQ(complaints({container("m", Type::Map, leaf(""), {.keys = {"Bad"}})}).size(), 1U);
    EXPECT_EQ(complaints({container("m", Type::Map, leaf(""), {.keys = {"a", "a"}})}).front(),
              "m: the key a stands twice");
}

TEST(Schema, refuses_bounds_that_leave_no_value) {
    EXPECT_EQ(complaints({leaf("n", Type::Integer, {.min = 5, .max = 4})}),
              Texts{"n: min 5 and max 4 leave no value"});
    EXPECT_EQ(complaints({leaf("n", Type::Integer, {.min = 5, .max = 5})}), Texts{});
    EXPECT_EQ(complaints({leaf("n", Type::Integer, {.min = 5, .max = 5, .exclusive_max = true})}).size(), 1U);
    EXPECT_EQ(complaints({leaf("n", Type::Integer,
                               {.min = 5, .max = 6, .exclusive_min = true, .exclusive_max = true})})
                  .size(),
              1U);
    EXPECT_EQ(complaints({leaf("n", Type::Float,
                               {.min = 5, .max = 6, .exclusive_min = true, .exclusive_max = true})}),
              Texts{});
    EXPECT_EQ(complaints({leaf("n", Type::Float, {.min = 5, .max = 5, .exclusive_min = true})}).size(), 1U);
    EXPECT_EQ(complaints({leaf("n", Type::Float, {.min = 5, .max = 5})}), Texts{});
    EXPECT_EQ(complaints({leaf("n", Type::Integer, {.min = -1, .max = std::uint64_t{1} << 63U})}), Texts{});
    EXPECT_EQ(complaints({leaf("n", Type::Size, {.min = ByteSize{2}, .max = ByteSize{1}})}).size(), 1U);
    EXPECT_EQ(complaints({leaf("n", Type::Integer, {.exclusive_min = true})}),
              Texts{"n: an exclusive bound needs the bound itself"});
    EXPECT_EQ(complaints({leaf("s", Type::String, {.min_length = 3, .max_length = 2})}).size(), 1U);
}

TEST(Schema, refuses_bounds_of_another_kind) {
    EXPECT_EQ(complaints({leaf("n", Type::Integer, {.min = 0.5})}),
              Texts{"n: min 0.5 does not fit a field of type integer"});
    EXPECT_EQ(complaints({leaf("n", Type::Duration, {.max = 5})}),
              Texts{"n: max 5 does not fit a field of type duration"});
    EXPECT_EQ(complaints({leaf("n", Type::Size, {.max = std::chrono::seconds{5}})}).size(), 1U);
    EXPECT_EQ(complaints({leaf("n", Type::Port, {.max = 65536})}),
              Texts{"n: max 65536 is outside of what the field's type can hold"});
}

TEST(Schema, refuses_bounds_that_the_type_cannot_hold) {
    Field small = leaf("n", Type::Integer, {.max = 256});
    small.type_min = 0;
    small.type_max = 255;
    EXPECT_EQ(complaints({small}).size(), 1U);
    small.options.max = 255;
    EXPECT_TRUE(complaints({small}).empty());
}

TEST(Schema, refuses_looser_bounds_of_an_environment) {
    const auto with = [](EnvironmentBounds bounds) {
        return complaints({leaf("n", Type::Integer, {.min = 1, .max = 9, .stricter = {bounds}})});
    };
    EXPECT_EQ(with({.environment = Environment::Production, .max = 10}),
              Texts{"n: max 10 of production is looser than the field's own bounds"});
    EXPECT_EQ(with({.environment = Environment::Staging, .min = 0}).size(), 1U);
    EXPECT_EQ(with({.environment = Environment::Staging, .min = 5, .max = 4}).size(), 1U);
    EXPECT_EQ(with({.environment = Environment::Production, .min = 2, .max = 8}), Texts{});
    EXPECT_EQ(complaints({leaf("n", Type::Integer,
                               {.stricter = {{.environment = Environment::Production, .max = 5},
                                             {.environment = Environment::Production, .max = 6}}})}),
              Texts{"n: the bounds for production stand twice"});
}

TEST(Schema, refuses_options_that_its_type_would_ignore) {
    const auto count = [](Type type, Options field_options) {
        return complaints({leaf("f", type, std::move(field_options))}).size();
    };
    EXPECT_EQ(count(Type::Integer, {.pattern = "a"}), 1U);
    EXPECT_EQ(count(Type::String, {.min = 1}), 1U);
    EXPECT_EQ(count(Type::String, {.merge = ListMerge::Append}), 1U);
    EXPECT_EQ(count(Type::String, {.keys = {"a"}}), 1U);
    EXPECT_EQ(count(Type::String, {.unit = "USD"}), 1U);
    EXPECT_EQ(count(Type::Duration, {.unit = "s"}), 1U);
    EXPECT_EQ(count(Type::String, {.schemes = {"https"}}), 1U);
    EXPECT_EQ(count(Type::Boolean, {.min_length = 1}), 1U);
    EXPECT_EQ(count(Type::Boolean, {.max_length = 1}), 1U);
    EXPECT_EQ(count(Type::Integer, {.allow_empty = true}), 1U);
    EXPECT_EQ(count(Type::Integer, {.allow_non_finite = true}), 1U);
    EXPECT_EQ(count(Type::String, {.allow_plain_text = true}), 1U);
    EXPECT_EQ(count(Type::String, {.allow_variable = true}), 1U);
    EXPECT_EQ(count(Type::String, {.risk = Risk::Up}), 1U);
    EXPECT_EQ(count(Type::String, {.as = Type::Port}), 1U);
    EXPECT_EQ(count(Type::String, {.merge_key = "id"}), 1U);
    EXPECT_EQ(count(Type::Float, {.unit = "USD", .allow_non_finite = true, .risk = Risk::Down}), 0U);
}

TEST(Schema, says_which_option_means_nothing) {
    EXPECT_EQ(complaints({section("a", {leaf("b", Type::Integer, {.pattern = "x"})})}),
              Texts{"a.b: pattern means nothing for a field of type integer"});
}

TEST(Schema, refuses_a_merge_key_that_cannot_identify_an_item) {
    const Options by_id = {.merge = ListMerge::ByKey, .merge_key = "id"};
    const auto with = [&by_id](Field item) {
        return complaints({container("l", Type::List, std::move(item), by_id)});
    };
    EXPECT_EQ(with(section("", {leaf("id")})), Texts{});
    EXPECT_EQ(with(section("", {leaf("name")})), Texts{"l: merge_key \"id\" is not a member of the items"});
    EXPECT_EQ(with(leaf("")).size(), 1U);
    EXPECT_EQ(with(section("", {leaf("id", Type::Secret)})).size(), 1U);
    EXPECT_EQ(complaints({container("l", Type::List, section("", {leaf("a")}), {.merge = ListMerge::Unique})})
                  .size(),
              1U);
}

TEST(Schema, refuses_a_pattern_that_re2_does_not_know) {
    EXPECT_EQ(complaints({leaf("s", Type::String, {.pattern = "("})}).size(), 1U);
    EXPECT_EQ(complaints({leaf("s", Type::String, {.pattern = "[a-z]+"})}).size(), 0U);
}

TEST(Schema, refuses_an_enum_without_names_or_with_double_ones) {
    Field side = leaf("side", Type::Enum);
    EXPECT_EQ(complaints({side}).size(), 1U);
    side.names = {"a", "a"};
    EXPECT_EQ(complaints({side}).size(), 1U);
    side.names = {"a", "b"};
    EXPECT_TRUE(complaints({side}).empty());
}

TEST(Schema, refuses_a_list_without_a_description_of_its_items) {
    EXPECT_EQ(complaints({leaf("l", Type::List)}), Texts{"l: a list needs one description of its items"});
    EXPECT_EQ(complaints({container("s", Type::String, leaf(""))}),
              Texts{"s: a text cannot contain anything"});
    EXPECT_FALSE(Schema::build(leaf(""), options()).has_value());
}

TEST(Schema, refuses_aliases_that_mean_something_else) {
    const auto with = [](std::string alias) {
        return complaints(
            {section("net", {leaf("port", Type::Port, {.aliases = {std::move(alias)}})}), leaf("debug")});
    };
    EXPECT_EQ(with("port"), Texts{});
    EXPECT_EQ(with("old.section.port"), Texts{});
    EXPECT_EQ(with("debug"), Texts{"net.port: the alias debug is the path of another field"});
    EXPECT_EQ(with("net.port").size(), 1U);
    EXPECT_EQ(with("debug.port"),
              Texts{"net.port: the alias debug.port lies inside debug, which is no section"});
    EXPECT_EQ(with("Port").size(), 1U);
    EXPECT_EQ(with("").size(), 1U);
    EXPECT_EQ(with("a..b").size(), 1U);
}

TEST(Schema, refuses_aliases_that_collide_with_each_other) {
    const auto aliased = [](std::string name, std::string alias) {
        return leaf(std::move(name), Type::String, {.aliases = {std::move(alias)}});
    };
    EXPECT_EQ(complaints({aliased("a", "old"), aliased("b", "old")}),
              Texts{"b: the alias old collides with the alias old of a"});
    EXPECT_EQ(complaints({aliased("a", "old"), aliased("b", "old.b")}).size(), 1U);
    EXPECT_EQ(complaints({leaf("a", Type::String, {.aliases = {"old", "old"}})}).size(), 1U);
    EXPECT_EQ(complaints({container("l", Type::List, section("", {aliased("a", "old")}))}).size(), 1U);
}

TEST(Schema, refuses_rules_that_contradict_the_schema) {
    const auto nothing = [](const RuleView&) { return std::vector<Finding>{}; };
    const auto with = [&](std::string name, std::string path) {
        Rule rule;
        rule.name = std::move(name);
        rule.paths = {std::move(path)};
        rule.check = nothing;
        return rule;
    };
    EXPECT_EQ(complaints({leaf("a")}, options({with("good", "a")})), Texts{});
    EXPECT_EQ(complaints({leaf("a")}, options({with("bad_path", "b")})),
              Texts{": rule \"bad_path\": it reads b, which does not exist"});
    EXPECT_EQ(complaints({leaf("a")}, options({with("good", "a"), with("good", "a")})).size(), 1U);
    EXPECT_EQ(complaints({leaf("a")}, options({with("Bad name", "a")})).size(), 1U);
    Rule empty = with("empty", "a");
    empty.check = nullptr;
    EXPECT_EQ(complaints({leaf("a")}, options({empty})).size(), 1U);
}

TEST(Schema, refuses_a_prefix_that_is_no_variable_name) {
    for (const auto* prefix : {"", "bot", "1BOT", "BOT_", "_BOT", "BO-T", "B__T"}) {
        SchemaOptions with_prefix = options();
        with_prefix.env_prefix = prefix;
        EXPECT_EQ(complaints({leaf("a")}, with_prefix).size(), 1U) << prefix;
    }
}

TEST(Schema, reports_everything_at_once) {
    const auto found =
        complaints({leaf("A"), leaf("n", Type::Integer, {.min = 2, .max = 1}), leaf("a-b"), leaf("a_b")},
                   SchemaOptions{});
    EXPECT_EQ(found.size(), 4U);
}

// What a default may be. The structs below are wrong on purpose.

struct Defaults {
    int size = 5;
    std::string zone = "US/Eastern";
    std::string code = "AB";
    Secret password;
};

Fields default_fields(const Defaults& defaults, Options size, Options zone, Options code) {
    Fields fields = {field<&Defaults::size>("size", std::move(size)),
                     field<&Defaults::zone>("zone", std::move(zone)),
                     field<&Defaults::code>("code", std::move(code)), field<&Defaults::password>("password")};
    static Arena arena;
    for (Field& field : fields) {
        field.default_value = field.encode(&defaults, arena);
    }
    return fields;
}

TEST(Schema, accepts_defaults_inside_of_their_bounds) {
    EXPECT_EQ(
        complaints(default_fields({}, {.min = 5, .max = 5}, {.as = Type::TimeZone}, {.pattern = "[A-Z]+"})),
        Texts{});
}

TEST(Schema, refuses_a_default_outside_of_its_bounds) {
    EXPECT_EQ(complaints(default_fields({}, {.min = 6, .max = 9}, {}, {})),
              Texts{"size: its default does not fit: expected 6..9, found 5"});
    EXPECT_EQ(complaints(default_fields({}, {}, {}, {.pattern = "[a-z]+"})).size(), 1U);
    EXPECT_EQ(complaints(default_fields({}, {}, {}, {.min_length = 3})).size(), 1U);
    EXPECT_EQ(
        complaints(default_fields({.zone = "Mars/Olympus", .password = {}}, {}, {.as = Type::TimeZone}, {}))
            .size(),
        1U);
}

TEST(Schema, does_not_look_at_the_default_of_a_required_field) {
    EXPECT_EQ(complaints(default_fields({}, {.min = 6, .required = true}, {}, {})), Texts{});
}

TEST(Schema, refuses_a_default_that_one_environment_forbids) {
    EXPECT_EQ(complaints(default_fields(
                  {}, {.stricter = {{.environment = Environment::Production, .max = 4}}}, {}, {})),
              Texts{"size: its default does not fit in production: expected <= 4, found 5"});
    EXPECT_EQ(complaints(default_fields(
                  {}, {.stricter = {{.environment = Environment::Production, .max = 4, .required = true}}},
                  {}, {})),
              Texts{});
}

TEST(Schema, refuses_a_secret_as_a_default_without_showing_it) {
    const auto found = complaints(default_fields({.password = Secret::plain("hunter2")}, {}, {}, {}));
    EXPECT_EQ(found, Texts{"password: a built-in default must not contain a secret in plain text"});
    EXPECT_EQ(complaints(default_fields({.password = Secret::reference("SECURE:db")}, {}, {}, {})), Texts{});
}

struct FreshItem {
    int size = 0;  // Outside of its bounds.
    static Fields fields() { return {field<&FreshItem::size>("size", {.min = 1})}; }
};

TEST(Schema, refuses_a_fresh_item_outside_of_its_bounds) {
    const auto text = "its default does not fit: expected >= 1, found 0";
    EXPECT_EQ(complaints({container("items", Type::List, detail::element_field<FreshItem>())}),
              Texts{std::string{"items[].size: "} + text});
    EXPECT_EQ(complaints({container("items", Type::Map, detail::element_field<FreshItem>())}),
              Texts{std::string{"items.*.size: "} + text});
    Field optional = detail::element_field<std::optional<FreshItem>>();
    optional.name = "item";
    EXPECT_EQ(complaints({optional}), Texts{std::string{"item.size: "} + text});
}

TEST(Schema, refuses_default_lists_and_maps_that_break_their_own_rules) {
    Field list = container("l", Type::List, leaf(""), {.min_length = 1});
    list.default_value = Value::list({});
    EXPECT_EQ(complaints({list}).size(), 1U);
    const std::vector<Member> members = {{.name = "b", .value = Value::text("x")}};
    Field map = container("m", Type::Map, leaf(""), {.keys = {"a"}});
    map.default_value = Value::map(members);
    EXPECT_EQ(complaints({map}), Texts{"m: its default has the key b, which is not allowed"});
}

struct Colliding {
    int a_b = 0;
    struct Inner {
        int b = 0;
        static Fields fields() { return {field<&Inner::b>("b")}; }
    } a;
    static Fields fields() { return {field<&Colliding::a_b>("a_b"), field<&Colliding::a>("a")}; }
};

TEST(SchemaDeathTest, a_contradictory_struct_stops_the_process_and_says_why) {
    EXPECT_DEATH(static_cast<void>(Schema::of<Colliding>(options())),
                 "the schema of bot contradicts itself:(.|\n)*BOT_A_B would mean both a_b and a.b");
}

}  // namespace
}  // namespace quantconf::schema
