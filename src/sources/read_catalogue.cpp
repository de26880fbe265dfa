#include "sources/read_catalogue.hpp"

#include <map>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "format/parse.hpp"
#include "layers/merge.hpp"
#include "schema/typing.hpp"
#include "sources/catalogue_text.hpp"

namespace quantconf::sources {
namespace {

constexpr std::uint32_t kRulesMax = 100;

std::vector<std::string> provider_names() {
    std::vector<std::string> names;
    for (const auto& [provider, text] : EnumTable<quantbot::Provider>::names) {
        names.emplace_back(text);
    }
    return names;
}

/// The file as it is written.
struct CatalogueFile {
    std::vector<Rule> before{};
    std::map<std::string, Source> sources{};
    std::vector<Rule> behind{};

    static Fields fields() {
        using F = CatalogueFile;
        return {
            field<&F::before>("before",
                              {.help = "Rules for every answer, before those of the provider: what the "
                                       "network in front of it says.",
                               .max_length = kRulesMax}),
            field<&F::sources>("sources", {.help = "The providers.", .keys = provider_names()}),
            field<&F::behind>("behind", {.help = "Rules for every answer that the provider's leave open.",
                                         .max_length = kRulesMax}),
        };
    }
};

/// One reading: both texts, merged and typed.
class Reading {
public:
    void add(std::string_view text, std::string_view file_name) {
        format::Parsed parsed = format::parse_yaml(
            Source_::make(Source_::Kind::File, "sources", std::string{file_name}, std::string{text}));
        std::ranges::move(parsed.diagnostics, std::back_inserter(diagnostics_));
        if (parsed.document == nullptr) {
            return;
        }
        documents_.push_back(parsed.document);
        merged_ =
            layers::merge(merged_, parsed.document->root, &catalogue_schema().root(), own_, diagnostics_);
    }

    [[nodiscard]] Checked<CatalogueFile> finish() {
        Value root;
        if (!has_errors(diagnostics_)) {
            std::vector<schema::SecretSpan> no_secrets;
            schema::Typing typing{.schema = catalogue_schema(),
                                  .environment = Environment::Production,
                                  .arena = arena_,
                                  .diagnostics = diagnostics_,
                                  .secrets = no_secrets};
            root = schema::type_tree(typing, merged_);
            // Compiling 300 patterns takes longer than all the rest; a test holds those of our own text
            // right.
            if (documents_.size() > 1) {
                schema::run_rules(typing, root);
            }
        }
        tidy(diagnostics_);
        if (has_errors(diagnostics_)) {
            return std::unexpected{std::move(diagnostics_)};
        }
        return decode<CatalogueFile>(root);
    }

private:
    using Source_ = quantconf::Source;  // Ours is a provider.

    Arena arena_;
    layers::OwnMaps own_{arena_};
    value::Node merged_ = value::map_node({}, nullptr, 0, 0);
    std::vector<std::shared_ptr<const value::Document>> documents_;
    Diagnostics diagnostics_;
};

/// What rules and answers are compared with is lower case.
void lower(std::vector<std::string>& texts) {
    for (std::string& text : texts) {
        text = ascii_lower(text);
    }
}

void lower(std::vector<Rule>& rules) {
    for (Rule& rule : rules) {
        for (auto* texts :
             {&rule.when.raw, &rule.when.equals, &rule.when.has, &rule.when.lacks, &rule.when.header_has}) {
            lower(*texts);
        }
        for (auto* text : {&rule.when.field, &rule.when.header, &rule.when.url_has}) {
            if (*text) {
                **text = ascii_lower(**text);
            }
        }
    }
}

}  // namespace

const Schema& catalogue_schema() {
    static const Schema schema = Schema::of<CatalogueFile>({
        .app = "sources",
        .env_prefix = "QUANTCONF_SOURCES",
        .title = "The providers",
        .help = "How to talk to each provider and how to read its answers.",
        .rules = catalogue_rules(),
        .is_proved = true,  // By catalogue_test.cpp.
    });
    return schema;
}

Checked<Catalogue> read_catalogue(std::string_view overrides, std::string_view file_name) {
    Reading reading;
    reading.add(catalogue_text(), "built-in catalogue");
    if (!overrides.empty()) {
        reading.add(overrides, file_name);
    }
    Checked<CatalogueFile> file = reading.finish();
    if (!file) {
        return std::unexpected{std::move(file).error()};
    }
    Catalogue catalogue;
    catalogue.before_ = std::move(file->before);
    catalogue.behind_ = std::move(file->behind);
    lower(catalogue.before_);
    lower(catalogue.behind_);
    for (const auto& [provider, name] : EnumTable<quantbot::Provider>::names) {
        Source& source = catalogue.sources_.emplace_back(std::move(file->sources[std::string{name}]));
        source.provider = provider;
        source.name = name;
        lower(source.hosts);
        lower(source.body_status);
        lower(source.echoes);
        lower(source.rules);
    }
    return catalogue;
}

}  // namespace quantconf::sources
