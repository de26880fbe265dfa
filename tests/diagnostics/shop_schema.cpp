#include "diagnostics/shop_schema.hpp"

namespace quantconf {

template <>
struct EnumTable<tests::Mode> {
    static constexpr std::array names = {EnumName{tests::Mode::Paper, "paper"},
                                         EnumName{tests::Mode::Live, "live"}};
};

namespace tests {

Fields Shelf::fields() {
    return {field<&Shelf::name>("name", {.required = true}), field<&Shelf::size>("size")};
}

Fields Server::fields() {
    return {field<&Server::host>("host", {.as = Type::Host}),
            field<&Server::port>("port", {.as = Type::Port, .aliases = {"port"}})};
}

Fields Shop::fields() {
    return {
        field<&Shop::environment>("environment"),
        field<&Shop::limit>(
            "limit", {.help = "Most that may be sold at once.", .min = 1, .max = 1000, .required = true}),
        field<&Shop::reserve>("reserve", {.min = 0}),
        field<&Shop::fraction>("fraction", {.min = 0.01, .max = 1.0}),
        field<&Shop::weight>("weight"),
        field<&Shop::open>("open"),
        field<&Shop::name>("name", {.pattern = "[a-z0-9./-]+"}),
        field<&Shop::mode>("mode"),
        field<&Shop::timeout>("timeout",
                              {.min = std::chrono::milliseconds{1}, .max = std::chrono::minutes{5}}),
        field<&Shop::cache>("cache"),
        field<&Shop::zone>("zone", {.as = Type::TimeZone}),
        field<&Shop::hook>("hook", {.as = Type::Url}),
        field<&Shop::token>("token"),
        field<&Shop::notes>("notes", {.max_length = 3}),
        field<&Shop::shelves>("shelves", {.merge = ListMerge::ByKey, .merge_key = "name"}),
        field<&Shop::server>("server"),
    };
}

const Schema& Shop::schema() {
    static const Schema schema = Schema::of<Shop>({
        .app = "shop",
        .env_prefix = "SHOP",
        .rules =
            {
                {.name = "reserve_within_limit",
                 .text = "reserve is at most limit",
                 .paths = {"reserve", "limit"},
                 .check = [](const RuleView& view) -> std::vector<Finding> {
                     if (view.at("reserve").as_integer() <= view.at("limit").as_integer()) {
                         return {};
                     }
                     return {{.path = "reserve",
                              .message = "the reserve is larger than the limit",
                              .expected = "at most limit",
                              .hint = "lower reserve or raise limit"}};
                 }},
                {.name = "generous_limit",
                 .text = "a limit above 500 deserves a second look",
                 .paths = {"limit"},
                 .severity = Severity::Warning,
                 .check = [](const RuleView& view) -> std::vector<Finding> {
                     if (view.at("limit").as_integer() <= 500) {
                         return {};
                     }
                     return {
                         {.path = "limit", .message = "a limit above 500 is unusual", .hint = "500 or less"}};
                 }},
            },
    });
    return schema;
}

}  // namespace tests
}  // namespace quantconf
