// A market maker of your own: a plain struct, a table of its fields, one rule. Nothing to register or
// generate.
#include <iostream>

#include <quantconf/load.hpp>

using quantconf::field;
enum class Venue { Paper, Kraken };
template <>
struct quantconf::EnumTable<Venue> {
    static constexpr std::array names = {EnumName{Venue::Paper, "paper"}, EnumName{Venue::Kraken, "kraken"}};
};

struct Quote {
    double bid = 0.99;  // Of the mid price.
    double ask = 1.01;
    std::chrono::nanoseconds refresh = std::chrono::seconds{1};
    static quantconf::Fields fields() {
        return {field<&Quote::bid>("bid", {.min = 0.5}), field<&Quote::ask>("ask", {.max = 2.0}),
                field<&Quote::refresh>("refresh", {.min = std::chrono::milliseconds{50}})};
    }
};

std::vector<quantconf::Finding> check_spread(const quantconf::RuleView& view) {
    if (view.at("quote.bid").as_number() < view.at("quote.ask").as_number()) {
        return {};
    }
    return {{.path = "quote.ask", .message = "the ask must lie above the bid"}};
}

struct Maker {
    Venue venue = Venue::Paper;
    quantconf::Secret api_key;
    Quote quote;
    static quantconf::Fields fields() {
        return {field<&Maker::venue>("venue", {.required = true}), field<&Maker::api_key>("api_key"),
                field<&Maker::quote>("quote")};
    }
    static const quantconf::Schema& schema() {
        static const auto kSchema = quantconf::Schema::of<Maker>(
            {.env_prefix = "MAKER",
             .rules = {{.name = "spread", .text = "ask > bid", .paths = {"quote"}, .check = check_spread}}});
        return kSchema;
    }
};

int main(int count, char** arguments) {  // own_schema [CONFIG_DIR [ENVIRONMENT [PATH=VALUE...]]]
    quantconf::LoadOptions options{.config_dir = count > 1 ? arguments[1] : "config"};
    options.environment = count > 2 ? arguments[2] : "development";
    options.settings.assign(arguments + std::min(count, 3), arguments + count);
    const auto loaded = quantconf::load<Maker>(options);
    if (!loaded) {
        std::cerr << to_text(loaded.error());
        return 1;
    }
    const auto source = loaded->origin_of("quote.refresh").source;
    std::cout << "quoting every " << loaded->config.quote.refresh.count() << " ns, says "
              << (source ? source->name() : "the program itself") << '\n';
}
