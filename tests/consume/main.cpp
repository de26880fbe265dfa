// An outside program with a configuration of its own, and the bot's. It sees public headers only.

#include <cstdio>
#include <string>

#include <quantconf/load.hpp>
#include <quantconf/quantbot.hpp>

namespace {

struct Feed {
    std::string name = "ticks";
    int port = 4000;

    static quantconf::Fields fields() {
        return {quantconf::field<&Feed::name>("name", {.help = "Name of the feed.", .min_length = 1}),
                quantconf::field<&Feed::port>("port",
                                              {.help = "Where it listens.", .as = quantconf::Type::Port})};
    }
};

void print(const quantconf::Failure& failure) {
    std::fputs(quantconf::to_text(failure).c_str(), stderr);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: consumer CONFIG_DIR\n", stderr);
        return 2;
    }
    const auto feed = quantconf::Schema::of<Feed>({.app = "feed", .env_prefix = "FEED"});
    std::printf("%s has %zu variables\n", feed.options().app.c_str(), feed.variables().size());

    const auto loaded = quantconf::load<quantconf::quantbot::Config>(
        {.environment = "production", .config_dir = argv[1], .variables = std::vector<std::string>{}});
    if (!loaded) {
        print(loaded.error());
        return 1;
    }
    std::printf("max_position_size is %g, hash %s\n", loaded->config.trading.max_position_size,
                loaded->hash.c_str());
    return feed.variables().size() == 2 && loaded->hash.size() == 64 ? 0 : 1;
}
