#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quantconf::format {

/// What is taken out of a text, and what is put in. Every other byte stays.
class Changes {
public:
    /// Bytes [begin, end) give way to `text`.
    void replace(std::size_t begin, std::size_t end, std::string text);
    void insert(std::size_t at, std::string text) { replace(at, at, std::move(text)); }
    void remove(std::size_t begin, std::size_t end) { replace(begin, end, {}); }

    [[nodiscard]] bool empty() const noexcept { return changes_.empty(); }
    /// The changed text. What is put in at the same place appears in the order of the calls.
    [[nodiscard]] std::string apply(std::string_view text) const;

private:
    struct Change {
        std::size_t begin;
        std::size_t end;
        std::string text;
    };
    std::vector<Change> changes_;
};

}  // namespace quantconf::format
