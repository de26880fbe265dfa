// One input for every diagnostic code, and a golden file with what the user then reads.
// UPDATE_GOLDEN=1 accepts a change; read the difference before you commit it.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/catalogue.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "diagnostics/shop_schema.hpp"
#include "format/edit.hpp"
#include "format/parse.hpp"
#include "golden/golden.hpp"
#include "layers/load.hpp"
#include "quantconf/manager.hpp"
#include "schema/json_schema.hpp"

namespace quantconf {
namespace {

struct Case {
    Code code;
    std::map<std::string, std::string> files = {};  ///< Below config/; base.yaml is complete unless given.
    std::vector<std::string> variables = {};
    std::vector<std::string> settings = {};
    Environment environment = Environment::Development;
    std::map<std::string, std::uint32_t> modes = {};
    /// What the store answers to every reference; nothing: it is not asked.
    std::optional<layers::SecretRefusal> refusal = {};
    bool secret_has_expired = false;
};

/// A store that gives every reference the answer of the case.
class CaseResolver final : public layers::SecretResolver {
public:
    explicit CaseResolver(const Case& what) : what_{what} {}
    std::vector<layers::SecretAnswer> resolve(std::span<const layers::SecretWanted> wanted,
                                              Environment /*environment*/) override {
        std::vector<layers::SecretAnswer> answers;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (what_.refusal) {
                answers.emplace_back(std::unexpected{*what_.refusal});
            } else {
                answers.emplace_back(
                    layers::SecretFound{.version = 1,
                                        .plain = crypto::SecretBytes::copy_of("hunter2-canary"),
                                        .warning = "the secret shop_token has expired on 2026-01-31"});
            }
        }
        return answers;
    }

private:
    const Case& what_;
};

void PrintTo(const Case& what,
             std::ostream* out) {  // NOLINT(readability-identifier-naming): GoogleTest's name.
    *out << to_string(what.code);
}

std::string complete_base(const std::string& rest = {}) {
    return "limit: 10\n" + rest;
}

std::string nested(std::size_t depth) {
    return "notes: " + std::string(depth, '[') + std::string(depth, ']') + "\n";
}

std::string alias_bomb() {
    std::string text = "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    for (char name = 'b'; name <= 'i'; ++name) {
        text += std::string{"x-"} + name + ": &" + name + " [";
        for (int i = 0; i < 9; ++i) {
            text += std::string{i == 0 ? "*" : ", *"} + static_cast<char>(name - 1);
        }
        text += "]\n";
    }
    return text;
}

std::string many_mistakes() {
    std::string text;
    for (int i = 0; i < 150; ++i) {
        text += "unknown" + std::to_string(i) + ": 1\n";
    }
    return text;
}

const std::vector<Case>& cases() {
    using enum Code;
    static const std::vector<Case> kCases = {
        {.code = NoLayerFound, .files = {{"base.yaml", "-"}}},
        {.code = LayerSpelledTwice, .files = {{"base.yml", "limit: 5\n"}}},
        {.code = LayerTooLarge, .files = {{"development.yaml", std::string(limits::kFileBytes + 1, '#')}}},
        {.code = LocalLayerForbidden,
         .files = {{"local.yaml", "limit: 5\n"}},
         .environment = Environment::Production},
        {.code = EnvironmentMismatch, .files = {{"development.yaml", "environment: production\n"}}},
        {.code = EmptyLayer, .files = {{"development.yaml", "# nothing yet\n"}}},
        {.code = Syntax, .files = {{"base.yaml", "limit: 10\nnotes: [a, b\nzone: UTC\n"}}},
        {.code = DuplicateKey, .files = {{"base.yaml", "limit: 10\nzone: UTC\nlimit: 20\n"}}},
        {.code = KeysDifferInCase, .files = {{"base.yaml", "limit: 10\nLimit: 20\n"}}},
        {.code = KeyNotText, .files = {{"base.yaml", "limit: 10\n~: 20\n"}}},
        {.code = KeyCharacters, .files = {{"base.yaml", "limit: 10\nl\u0456mit: 20\n"}}},
        {.code = DottedKey, .files = {{"base.yaml", complete_base("server.port: 80\n")}}},
        {.code = TabIndentation, .files = {{"base.yaml", "limit: 10\nserver:\n\tport: 80\n"}}},
        {.code = InvalidUtf8, .files = {{"base.yaml", complete_base("name: caf\xe9\n")}}},
        {.code = ControlCharacter, .files = {{"base.yaml", complete_base("name: a\x01z\n")}}},
        {.code = InvisibleCharacter, .files = {{"base.yaml", "limit:\u00a010\n"}}},
        {.code = SeveralDocuments, .files = {{"base.yaml", "limit: 10\n---\nlimit: 20\n"}}},
        {.code = RootNotMapping, .files = {{"base.yaml", "- limit\n- 10\n"}}},
        {.code = TooDeep, .files = {{"base.yaml", complete_base(nested(100))}}},
        {.code = TooManyNodes,
         .files = {{"base.yaml", complete_base("x-a: [" +
                                               [] {
                                                   std::string items;
                                                   for (std::size_t i = 0;
                                                        i <= limits::kNodes + limits::kNodes / 4; ++i) {
                                                       items += "1,";
                                                   }
                                                   return items;
                                               }() +
                                               "]\n")}}},
        {.code = AliasBomb, .files = {{"base.yaml", complete_base(alias_bomb())}}},
        {.code = AliasInsideItself, .files = {{"base.yaml", complete_base("x-a: &a {b: *a}\n")}}},
        {.code = UndefinedAlias, .files = {{"base.yaml", complete_base("notes: *nowhere\n")}}},
        {.code = DuplicateAnchor, .files = {{"base.yaml", complete_base("x-a: &a 1\nx-b: &a 2\n")}}},
        {.code = BadMergeKey, .files = {{"base.yaml", complete_base("server:\n  <<: 5\n")}}},
        {.code = YamlVersion, .files = {{"base.yaml", "%YAML 1.1\n---\nlimit: 10\n"}}},
        {.code = UnknownTag, .files = {{"base.yaml", complete_base("name: !shout hello\n")}}},
        {.code = MisplacedOperator, .files = {{"base.yaml", complete_base("name: !append hello\n")}}},
        {.code = NotJson, .files = {{"development.json", "{\"limit\": 10, // ten\n \"zone\": \"UTC\"}\n"}}},
        {.code = EscapeInPath, .files = {{"base.yaml", complete_base("notes: [\"C:\\temp\"]\n")}}},
        {.code = LostCommentTail,
         .files = {{"base.yaml", complete_base("hook: https://example.com/a #b\n")}}},
        {.code = DotenvSyntax, .files = {{".env", "SHOP_LIMIT\n"}}},
        {.code = WrongType, .files = {{"base.yaml", "limit: many\n"}}},
        {.code = QuotedScalar, .files = {{"base.yaml", "limit: \"10\"\n"}}},
        {.code = OutOfRange, .files = {{"base.yaml", "limit: 10\nfraction: 5\n"}}},
        {.code = LeadingZero, .files = {{"base.yaml", "limit: 012\n"}}},
        {.code = NotFinite, .files = {{"base.yaml", complete_base("fraction: .nan\n")}}},
        {.code = Overflow, .files = {{"base.yaml", complete_base("fraction: 1e400\n")}}},
        {.code = NotExact, .files = {{"base.yaml", complete_base("weight: 9007199254740993\n")}}},
        {.code = MissingUnit, .files = {{"base.yaml", complete_base("timeout: 30\n")}}},
        {.code = UnknownUnit, .files = {{"base.yaml", complete_base("cache: 64KB\n")}}},
        {.code = PatternMismatch, .files = {{"base.yaml", complete_base("name: Shop 1\n")}}},
        {.code = NotInEnum, .files = {{"base.yaml", complete_base("mode: lvie\n")}}},
        {.code = Length, .files = {{"base.yaml", complete_base("notes: [a, b, c, d]\n")}}},
        {.code = BadUrl, .files = {{"base.yaml", complete_base("hook: ftp://example.com\n")}}},
        {.code = BadHost, .files = {{"base.yaml", complete_base("server: {host: -shop.example}\n")}}},
        {.code = UnknownTimeZone, .files = {{"base.yaml", complete_base("zone: US/Easter\n")}}},
        {.code = NullNotAllowed,
         .files = {{"base.yaml", complete_base("zone: UTC\n")}, {"development.yaml", "zone: ~\n"}}},
        {.code = EscapedNul, .files = {{"base.yaml", complete_base("name: \"a\\0z\"\n")}}},
        {.code = BooleanSpelling, .files = {{"base.yaml", complete_base("open: yes\n")}}},
        {.code = NumberSpelling, .files = {{"base.yaml", "limit: 0b11\n"}}},
        {.code = WrongShape, .files = {{"base.yaml", complete_base("notes: {a: b}\n")}}},
        {.code = UnknownKey, .files = {{"base.yaml", complete_base("server:\n  prot: 80\n")}}},
        {.code = MissingKey, .files = {{"base.yaml", "zone: UTC\n"}}},
        {.code = DeprecatedKey, .files = {{"base.yaml", complete_base("port: 80\n")}}},
        {.code = AliasConflict, .files = {{"base.yaml", complete_base("port: 80\nserver:\n  port: 81\n")}}},
        {.code = ShapeConflict,
         .files = {{"base.yaml", complete_base("server:\n  port: 80\n")},
                   {"development.yaml", "server: off\n"}}},
        {.code = NothingToDelete,
         .files = {{"base.yaml", complete_base()}, {"development.yaml", "zone: !delete\n"}}},
        {.code = NothingToRemove,
         .files = {{"base.yaml", complete_base("notes: [a]\n")},
                   {"development.yaml", "notes: !remove [b]\n"}}},
        {.code = EmptyMapChangesNothing,
         .files = {{"base.yaml", complete_base("server:\n  port: 80\n")},
                   {"development.yaml", "server: {}\n"}}},
        {.code = DuplicateListKey,
         .files = {{"base.yaml", complete_base("shelves:\n  - {name: a}\n  - {name: a}\n")}}},
        {.code = UnknownVariable, .variables = {"SHOP_LIMITT=5"}},
        {.code = VariableCase, .variables = {"shop_limit=5"}},
        {.code = VariableSetTwice, .variables = {"SHOP_LIMIT=5", "SHOP_LIMIT=6"}},
        {.code = ListGap, .variables = {"SHOP_NOTES__0=a", "SHOP_NOTES__2=c"}},
        {.code = EmptyVariable, .variables = {"SHOP_LIMIT="}},
        {.code = KubernetesLink, .variables = {"SHOP_WEB_PORT_80_TCP=tcp://10.0.0.1:80"}},
        {.code = VariableFileUnreadable, .variables = {"SHOP_LIMIT_FILE=run/limit"}},
        {.code = VariableFileExposed,
         .files = {{"../run/token", "hunter2-canary\n"}},
         .variables = {"SHOP_TOKEN_FILE=run/token"},
         .environment = Environment::Production,
         .modes = {{"run/token", 0644}}},
        {.code = VariableNotUtf8, .variables = {"SHOP_NAME=caf\xe9"}},
        {.code = VariableIsSection, .variables = {"SHOP_SERVER=80"}},
        {.code = BadListSyntax, .variables = {"SHOP_NOTES=[a, b"}},
        {.code = BadSecretReference, .files = {{"base.yaml", complete_base("token: \"SECURE:\"\n")}}},
        {.code = MisplacedSecretReference, .files = {{"base.yaml", complete_base("name: SECURE:name\n")}}},
        {.code = PlainTextSecret,
         .files = {{"base.yaml", complete_base("token: hunter2-canary\n")}},
         .environment = Environment::Production},
        {.code = SecretInVariable, .variables = {"SHOP_TOKEN=hunter2-canary"}},
        {.code = UnresolvedReference, .files = {{"base.yaml", complete_base("name: ${server.hots}\n")}}},
        {.code = ReferenceCycle, .files = {{"base.yaml", complete_base("name: ${zone}\nzone: ${name}\n")}}},
        {.code = BadInterpolation, .files = {{"base.yaml", complete_base("name: ${server.host\n")}}},
        {.code = MissingSecret,
         .files = {{"base.yaml", complete_base("token: SECURE:shop_token\n")}},
         .refusal = {{layers::SecretTrouble::NotFound, "the store has no secret shop_token",
                      "`quantconf secret set shop_token`"}}},
        {.code = UnreadableSecret,
         .files = {{"base.yaml", complete_base("token: SECURE:shop_token\n")}},
         .refusal = {{layers::SecretTrouble::Unreadable, "the secret shop_token cannot be decrypted",
                      "`quantconf secret verify` names every bad record"}}},
        {.code = SecretNotForEnvironment,
         .files = {{"base.yaml", complete_base("token: SECURE:shop_token\n")}},
         .refusal = {{layers::SecretTrouble::NotForEnvironment,
                      "the secret shop_token is for production, not for development",
                      "refer to the secret of this environment"}}},
        {.code = SecretStoreUnavailable,
         .files = {{"base.yaml", complete_base("token: SECURE:shop_token\n")}},
         .refusal = {{layers::SecretTrouble::StoreUnavailable, "cannot open state/secrets.qcs: wrong key",
                      "`quantconf doctor` says more"}}},
        {.code = SecretExpired,
         .files = {{"base.yaml", complete_base("token: SECURE:shop_token\n")}},
         .secret_has_expired = true},
        {.code = RuleViolated, .files = {{"base.yaml", "limit: 10\nreserve: 20\n"}}},
        {.code = RuleWarning, .files = {{"base.yaml", "limit: 900\n"}}},
        {.code = TooManyDiagnostics, .files = {{"base.yaml", complete_base(many_mistakes())}}},
    };
    return kCases;
}

/// Codes that no load produces: each has a test of its own below.
constexpr std::array kElsewhere = {
    Code::UnknownEnvironment,   Code::LayerVanished,   Code::ChangeVetoed,         Code::ChangeShadowed,
    Code::CannotRollBack,       Code::EditOfAlias,     Code::EditOfAnchor,         Code::EditOfOperator,
    Code::EditThroughValue,     Code::EditsContradict, Code::EditNotWritable,      Code::EditRefused,
    Code::UnknownSchemaKeyword, Code::BadSchema,       Code::VariableNameCollision};

std::string rendered(const Diagnostics& diagnostics, Code code) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.code == code) {
            text += to_text(diagnostic);
        }
    }
    return text;
}

Diagnostics load(const Case& what) {
    MemoryFiles files;
    auto texts = what.files;
    texts.try_emplace("base.yaml", complete_base());
    for (const auto& [name, text] : texts) {
        const std::string path = name.starts_with("../") ? name.substr(3) : "config/" + name;
        if (text != "-") {
            const auto mode = what.modes.find(path);
            files.put(path, text, mode == what.modes.end() ? 0644U : mode->second);
        }
    }
    const Schema& schema = tests::Shop::schema();
    CaseResolver resolver{what};
    const bool asks_store = what.refusal || what.secret_has_expired;
    const auto candidate = layers::load({.schema = &schema,
                                         .files = &files,
                                         .config_dir = "config",
                                         .environment = what.environment,
                                         .environment_chosen_by = "--env",
                                         .variables = what.variables,
                                         .settings = what.settings,
                                         .resolver = asks_store ? &resolver : nullptr});
    EXPECT_TRUE(candidate);
    return candidate ? (*candidate)->diagnostics : Diagnostics{};
}

class EveryDiagnostic : public testing::TestWithParam<Case> {};

TEST_P(EveryDiagnostic, reads_as_its_golden_file) {
    const Diagnostics diagnostics = load(GetParam());
    const std::string text = rendered(diagnostics, GetParam().code);
    ASSERT_FALSE(text.empty()) << "the input does not cause it";
    EXPECT_FALSE(text.contains("hunter2")) << "a secret is shown";
    golden::expect_golden(to_string(GetParam().code), text);
}

/// One mistake is one diagnostic: nothing but notes and the expected code may appear.
TEST_P(EveryDiagnostic, is_not_followed_by_others_for_the_same_mistake) {
    for (const Diagnostic& diagnostic : load(GetParam())) {
        if (diagnostic.severity == Severity::Error && GetParam().code != Code::TooManyDiagnostics) {
            EXPECT_EQ(to_string(diagnostic.code), to_string(GetParam().code)) << to_text(diagnostic);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Codes, EveryDiagnostic, testing::ValuesIn(cases()),
                         [](const auto& current) { return to_string(current.param.code); });

TEST(EveryDiagnostic, has_an_input_here) {
    for (const CatalogueEntry& entry : catalogue()) {
        const bool elsewhere = std::ranges::find(kElsewhere, entry.code) != kElsewhere.end();
        const bool here = std::ranges::find(cases(), entry.code, &Case::code) != cases().end();
        EXPECT_NE(here, elsewhere) << to_string(entry.code);
    }
}

/// Nothing is missing, and nothing is left of a code that no longer exists.
TEST(EveryDiagnostic, has_a_golden_file_and_every_golden_file_a_diagnostic) {
    std::vector<std::string> committed;
    const auto folder = std::filesystem::path{QUANTCONF_SOURCE_DIR} / "tests/golden/files";
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().filename().string().starts_with("QC")) {
            committed.push_back(entry.path().stem().string());
        }
    }
    std::ranges::sort(committed);
    std::vector<std::string> codes;
    for (const CatalogueEntry& entry : catalogue()) {
        codes.push_back(to_string(entry.code));
    }
    EXPECT_EQ(committed, codes);
}

TEST(UnknownEnvironment, reads_as_its_golden_file) {
    const auto chosen = layers::choose_environment("prodution", "SHOP", {});
    ASSERT_FALSE(chosen);
    golden::expect_golden("QC1005", rendered(chosen.error(), Code::UnknownEnvironment));
}

/// What an edit of config/base.yaml is refused with.
std::string refusal(const std::string& text, const std::vector<format::Edit>& edits) {
    const auto source = Source::make(Source::Kind::File, "base", "config/base.yaml", text);
    const auto edited = format::edit(source, edits);
    EXPECT_FALSE(edited) << *edited;
    std::string rendered;
    for (const Diagnostic& diagnostic : edited ? Diagnostics{} : edited.error()) {
        rendered += to_text(diagnostic);
    }
    return rendered;
}

TEST(Edits, are_refused_as_the_golden_files_say) {
    const Value value = Value::integer(30);
    golden::expect_golden("QC1711",
                          refusal("x-a: &a {port: 80}\nserver: *a\n", {{{"server", "port"}, value}}));
    golden::expect_golden("QC1712", refusal("limit: &a 10\nreserve: *a\n", {{{"limit"}, value}}));
    golden::expect_golden("QC1713", refusal("notes: !append [hunter2]\n", {{{"notes"}, std::nullopt}}));
    golden::expect_golden("QC1714", refusal("server: hunter2\n", {{{"server", "port"}, value}}));
    golden::expect_golden("QC1715", refusal("limit: 10\n", {{{"limit"}, value}, {{"limit"}, std::nullopt}}));
    golden::expect_golden("QC1716",
                          refusal("token: SECURE:shop\n", {{{"token"}, Value::secret("hunter2", false)}}));
    golden::expect_golden("QC1717", refusal("limit: 10\n", {{{"Limit"}, value}}));
}

/// A program whose configuration changes while it runs.
struct Shop {
    int limit = 10;
    static Fields fields() { return {field<&Shop::limit>("limit")}; }
    static const Schema& schema() {
        static const Schema kSchema = Schema::of<Shop>({.app = "shop", .env_prefix = "SHOP"});
        return kSchema;
    }
};

/// In a folder of its own, which is the current one: messages have relative paths.
class Changes : public testing::Test {
protected:
    void SetUp() override {
        std::string text = (std::filesystem::temp_directory_path() / "quantconf-changes-XXXXXX").string();
        ASSERT_NE(::mkdtemp(text.data()), nullptr);
        folder_ = text;
        before_ = std::filesystem::current_path();
        std::filesystem::current_path(folder_);
        std::filesystem::create_directory("config");
        put("limit: 10\n");
    }
    void TearDown() override {
        std::filesystem::current_path(before_);
        std::filesystem::remove_all(folder_);
    }
    static void put(std::string_view text) { std::ofstream{"config/base.yaml"} << text; }
    static std::expected<ConfigManager<Shop>, Failure> open(std::vector<std::string> variables = {}) {
        return ConfigManager<Shop>::open({.auto_reload = false, .variables = std::move(variables)});
    }
    static std::string refusal(const std::expected<ChangeReport, Failure>& result) {
        return result ? "(it succeeded)" : to_text(result.error());
    }

    std::filesystem::path folder_;
    std::filesystem::path before_;
};

TEST_F(Changes, are_refused_as_the_golden_files_say) {
    auto manager = open();
    ASSERT_TRUE(manager.has_value());
    put("");
    golden::expect_golden("QC1721", refusal(manager->reload()));
    put("limit: 20\n");
    const auto refusing = manager->watch("limit", {.prepare = [](const Transition<Shop>&) {
                                             return std::optional<std::string>{"orders are open"};
                                         }});
    golden::expect_golden("QC1722", refusal(manager->reload()));
    auto shadowed = open({"SHOP_LIMIT=5"});
    ASSERT_TRUE(shadowed.has_value());
    golden::expect_golden("QC1723", refusal(shadowed->update({{"limit", 7}}, {.persist = true})));
    golden::expect_golden("QC1724", refusal(shadowed->rollback(1)));
}

Diagnostics read_schema(const std::string& text) {
    const auto source = Source::make(Source::Kind::File, "schema", "shop.schema.json", text);
    const auto parsed = format::parse_json(source);
    EXPECT_TRUE(parsed.document != nullptr);
    const auto schema = schema::from_json_schema(*parsed.document);
    return schema ? Diagnostics{} : schema.error();
}

TEST(UnknownSchemaKeyword, reads_as_its_golden_file) {
    golden::expect_golden("QC1901", rendered(read_schema("{\"type\": \"object\", \"propertys\": {}}"),
                                             Code::UnknownSchemaKeyword));
}

TEST(BadSchema, reads_as_its_golden_file) {
    golden::expect_golden(
        "QC1902",
        rendered(read_schema(
                     "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\", \"minimum\": 5, "
                     "\"maximum\": 1}}}"),
                 Code::BadSchema));
}

TEST(VariableNameCollision, reads_as_its_golden_file) {
    golden::expect_golden(
        "QC1903",
        rendered(read_schema(
                     "{\"type\": \"object\", \"x-quantconf\": {\"app\": \"shop\", \"env_prefix\": \"SHOP\"}, "
                     "\"properties\": {\"a_b\": {\"type\": \"integer\"}, \"a\": {\"type\": \"object\", "
                     "\"properties\": {\"b\": {\"type\": \"integer\"}}}}}"),
                 Code::VariableNameCollision));
}

}  // namespace
}  // namespace quantconf
