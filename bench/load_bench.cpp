// How long a load takes: the bot's own configuration, and 100,000 keys beside the bare events of libyaml.
//
//   cmake --preset release -DQUANTCONF_BUILD_BENCH=ON && cmake --build --preset release
//   build/release/bin/load_bench

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <yaml.h>

#include "format/parse.hpp"
#include "layers/load.hpp"
#include "quantconf/quantbot.hpp"

namespace {

using quantconf::Environment;
using quantconf::field;
using quantconf::Fields;
using quantconf::MemoryFiles;
using quantconf::Schema;

/// One traded instrument: five leaves, so 20,000 of them are 100,000 keys.
struct Instrument {
    double max_position = 1.0;
    int lot = 100;
    std::string venue = "XNAS";
    bool enabled = true;
    quantconf::Duration refresh = std::chrono::seconds{1};
    static Fields fields() {
        return {field<&Instrument::max_position>("max_position", {.min = 0.0, .max = 1e6}),
                field<&Instrument::lot>("lot", {.min = 1, .max = 10'000}), field<&Instrument::venue>("venue"),
                field<&Instrument::enabled>("enabled"), field<&Instrument::refresh>("refresh")};
    }
};

struct Universe {
    std::map<std::string, Instrument> instruments;
    static Fields fields() { return {field<&Universe::instruments>("instruments")}; }
    static const Schema& schema() {
        static const Schema kSchema = Schema::of<Universe>({.app = "universe", .env_prefix = "UNIVERSE"});
        return kSchema;
    }
};

std::string universe(std::size_t keys) {
    std::string text = "instruments:\n";
    for (std::size_t i = 0; i < keys / 5; ++i) {
        text += fmt::format(
            "  symbol_{}:\n    max_position: {}.5\n    lot: {}\n    venue: XNAS\n    enabled: {}\n    "
            "refresh: {}ms\n",
            i, i % 1000, i % 9999 + 1, i % 2 == 0, i % 900 + 100);
    }
    return text;
}

std::string example(const std::string& name) {
    const std::ifstream file{std::string{QUANTCONF_SOURCE_DIR "/examples/config/"} + name};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The example of the bot: base, development, local and variables.
void bot_of_four_layers(benchmark::State& state) {
    const MemoryFiles files{{{"config/base.yaml", example("base.yaml")},
                             {"config/development.yaml", example("development.yaml")},
                             {"config/local.yaml", "debug: true\ntrading:\n  max_position_size: 0.02\n"}}};
    const Schema& schema = quantconf::quantbot::Config::schema();
    const quantconf::layers::Inputs inputs{
        .schema = &schema,
        .files = &files,
        .environment = Environment::Development,
        .variables = {"QUANTBOT_TRADING_MAX_POSITION_SIZE=0.03", "PATH=/bin"}};
    for (auto _ : state) {
        const auto candidate = quantconf::layers::load(inputs);
        if (!candidate || !(*candidate)->ok) {
            state.SkipWithError("the example is not valid");
            return;
        }
        benchmark::DoNotOptimize(quantconf::decode<quantconf::quantbot::Config>((*candidate)->root));
    }
    state.counters["leaves"] = static_cast<double>(schema.variables().size());
}
BENCHMARK(bot_of_four_layers)->Unit(benchmark::kMillisecond);

void bare_libyaml_events(benchmark::State& state) {
    const std::string text = universe(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        yaml_parser_t parser;
        yaml_parser_initialize(&parser);
        yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
        for (bool goes_on = true; goes_on;) {
            yaml_event_t event;
            if (yaml_parser_parse(&parser, &event) == 0) {
                state.SkipWithError("libyaml does not accept the text");
                break;
            }
            goes_on = event.type != YAML_STREAM_END_EVENT;
            yaml_event_delete(&event);
        }
        yaml_parser_delete(&parser);
    }
}
BENCHMARK(bare_libyaml_events)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void parse_alone(benchmark::State& state) {
    const std::string text = universe(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        const auto source = quantconf::Source::make(quantconf::Source::Kind::File, "base", "base.yaml", text);
        benchmark::DoNotOptimize(quantconf::format::parse_yaml(source));
    }
}
BENCHMARK(parse_alone)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// Load, merge, validate, hash and decode.
void whole_load(benchmark::State& state) {
    const MemoryFiles files{{{"config/base.yaml", universe(static_cast<std::size_t>(state.range(0)))},
                             {"config/development.yaml", "instruments:\n  symbol_7: {lot: 3}\n"}}};
    const quantconf::layers::Inputs inputs{.schema = &Universe::schema(), .files = &files};
    for (auto _ : state) {
        const auto candidate = quantconf::layers::load(inputs);
        if (!candidate || !(*candidate)->ok) {
            state.SkipWithError("the universe is not valid");
            return;
        }
        benchmark::DoNotOptimize(quantconf::decode<Universe>((*candidate)->root));
    }
}
BENCHMARK(whole_load)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
