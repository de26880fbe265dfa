#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantconf/diagnostic.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/error.hpp"
#include "quantconf/schema.hpp"
#include "quantconf/value.hpp"

namespace quantconf {

/// What a load reads. Every member has a default that suits a program with a folder `config` beside it.
struct LoadOptions {
    /// "production" or "prod"; without it <PREFIX>_ENVIRONMENT, ENVIRONMENT or ENV choose, else development.
    std::optional<std::string> environment{};
    std::filesystem::path config_dir = "config";
    std::vector<std::string> settings{};  ///< "path=value", as of a command line's --set; later ones win.
    /// "NAME=value" texts. Without them, the environment of this process.
    std::optional<std::vector<std::string>> variables{};
    bool use_dotenv = true;
};

namespace layers {
struct Candidate;
}

namespace detail {

/// A valid configuration before it becomes a struct.
struct LoadedTree {
    Value root;
    Environment environment = Environment::Development;
    std::string hash;
    Diagnostics notes;
    std::shared_ptr<const layers::Candidate> memory;  ///< Everything that `root` points into.
};

[[nodiscard]] std::expected<LoadedTree, Failure> load_tree(const Schema& schema, LoadOptions options);
[[nodiscard]] Origin origin_of(const layers::Candidate& candidate, std::string_view path);

}  // namespace detail

/// A configuration that has passed every check. A value like any other: copy it, move it, share it.
template <typename T>
struct Loaded {
    T config;
    Environment environment = Environment::Development;
    std::string hash;   ///< SHA-256 of what the program sees, 64 hexadecimal digits: equal means the same.
    Diagnostics notes;  ///< Warnings and notes; nothing that makes it invalid.
    std::shared_ptr<const layers::Candidate> memory;

    /// Who set the value at a path such as "trading.max_position_size". Without a source where it is the
    /// default, or where there is no such value.
    [[nodiscard]] Origin origin_of(std::string_view path) const { return detail::origin_of(*memory, path); }
};

/// Reads the layers from disk, merges and validates them, and fills a T from `T::schema()`.
///
/// All or nothing: either everything is right, or the failure holds every diagnostic of every layer, or the
/// one reason why a file could not be read. Safe to call from any thread.
template <detail::Described T>
[[nodiscard]] std::expected<Loaded<T>, Failure> load(LoadOptions options = {}) {
    auto tree = detail::load_tree(T::schema(), std::move(options));
    if (!tree) {
        return std::unexpected{std::move(tree).error()};
    }
    return Loaded<T>{.config = decode<T>(tree->root),
                     .environment = tree->environment,
                     .hash = std::move(tree->hash),
                     .notes = std::move(tree->notes),
                     .memory = std::move(tree->memory)};
}

}  // namespace quantconf
