#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quantconf/schema.hpp"

/// A small schema with a field of every kind that a diagnostic can be about.
namespace quantconf::tests {

enum class Mode { Paper, Live };

struct Shelf {
    std::string name;
    int size = 1;
    static Fields fields();
};

struct Server {
    std::string host = "localhost";
    int port = 8080;
    static Fields fields();
};

struct Shop {
    Environment environment = Environment::Development;
    int limit = 0;
    int reserve = 0;
    double fraction = 0.5;
    double weight = 1.0;
    bool open = false;
    std::string name = "shop";
    Mode mode = Mode::Paper;
    Duration timeout = std::chrono::seconds{30};
    ByteSize cache{1024};
    std::string zone = "UTC";
    std::optional<std::string> hook;
    Secret token;
    std::vector<std::string> notes;
    std::vector<Shelf> shelves;
    Server server;

    static Fields fields();
    static const Schema& schema();
};

}  // namespace quantconf::tests
