#include "schema/pattern.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/assert.hpp"

namespace quantconf::schema {

namespace {

constexpr std::int64_t kPatternBytesMax = 1
                                          << 20;  // Of one compiled pattern; real ones need a few kilobytes.
constexpr std::size_t kPatternTextMax = 4096;
constexpr std::size_t kPatternsMax = 256;  // Of a cache; more than any schema has.

using Compiled = std::shared_ptr<const RE2>;

Compiled compile(std::string_view pattern) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kPatternBytesMax);
    return std::make_shared<const RE2>(re2::StringPiece{pattern.data(), pattern.size()}, options);
}

/// Looks up by std::string_view, so that a hit allocates nothing.
struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
};

class Cache {
public:
    Compiled get(std::string_view pattern) {
        {
            const std::shared_lock lock{mutex_};
            if (const auto found = patterns_.find(pattern); found != patterns_.end()) {
                return found->second;
            }
        }
        Compiled compiled = compile(pattern);
        const std::unique_lock lock{mutex_};
        if (patterns_.size() >= kPatternsMax) {
            patterns_.clear();  // Those in use live on with their users.
        }
        return patterns_.try_emplace(std::string{pattern}, std::move(compiled)).first->second;
    }

private:
    std::shared_mutex mutex_;
    std::unordered_map<std::string, Compiled, Hash, std::equal_to<>> patterns_;
};

Cache& cache() {
    static Cache instance;
    return instance;
}

}  // namespace

bool valid_pattern(std::string_view pattern, std::string& error) {
    if (pattern.size() > kPatternTextMax) {  // RE2 parses before it looks at its budget, and logs on the way.
        error = fmt::format("expected at most {} bytes, found more", kPatternTextMax);
        return false;
    }
    const Compiled compiled = compile(pattern);
    if (!compiled->ok()) {
        error = compiled->error();
    }
    return compiled->ok();
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
    const Compiled compiled = cache().get(pattern);
    QC_ASSERT(compiled->ok());
    return RE2::FullMatch(re2::StringPiece{text.data(), text.size()}, *compiled);
}

}  // namespace quantconf::schema
