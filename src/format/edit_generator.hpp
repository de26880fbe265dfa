#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include <fmt/format.h>

// Random layer files in every shape that people write, for the laws of edits.
namespace quantconf::format::testing {

/// The seed of QUANTCONF_TEST_SEED, or another one each time.
inline std::uint32_t chosen_seed() {
    const char* given = std::getenv("QUANTCONF_TEST_SEED");
    return given == nullptr ? std::random_device{}()
                            : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

class FileGenerator {
public:
    explicit FileGenerator(std::uint32_t from) : seed{from}, random{from} {}

    std::size_t pick(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>{0, count - 1}(random);
    }
    bool one_in(std::size_t count) { return pick(count) == 0; }
    template <std::size_t N>
    std::string any_of(const char* const (&texts)[N]) {
        return texts[pick(N)];
    }

    std::string file() {
        comments = 0;
        step = 1 + pick(4);
        std::string out = one_in(4) ? comment() + "\n\n" : "";
        out += one_in(6) ? "---\n" : "";
        out += one_in(12) ? "" : one_in(10) ? flow_map(2) + "\n" : map(0, 3);
        out += one_in(4) ? comment() + "\n" : "";
        if (one_in(6)) {
            const std::size_t end = out.find_last_not_of('\n');
            out.resize(end == std::string::npos ? 0 : end + 1);
        }
        if (one_in(5)) {
            for (std::size_t at = 0; (at = out.find('\n', at)) != std::string::npos; at += 2) {
                out.replace(at, 1, "\r\n");
            }
        }
        return (one_in(8) ? "\xEF\xBB\xBF" : "") + out;
    }

    std::uint32_t seed;
    std::mt19937 random;

private:
    /// Numbered, so that each can be found again.
    std::string comment() { return fmt::format("# c{};", comments++); }
    std::string behind() { return one_in(4) ? std::string(1 + pick(3), ' ') + comment() : std::string{}; }

    std::string scalar(bool is_flow) {
        static constexpr const char* kFlow[] = {"1",
                                                "-20",
                                                "0.5",
                                                "true",
                                                "word",
                                                "two words",
                                                "\"quoted # no\"",
                                                "'single: x'",
                                                "null",
                                                "https://x.y:1/z",
                                                "30s",
                                                "\"\\n\""};
        static constexpr const char* kBlock[] = {"a, b", "~",  "[1, 2]",     "{p: 1, q: {r: x}}",
                                                 "[]",   "{}", "[{s: 1}, 2]"};
        return is_flow || !one_in(3) ? any_of(kFlow) : any_of(kBlock);
    }

    std::string flow_map(int depth) {
        std::string out;
        const std::size_t count = pick(4);
        const bool is_long = one_in(3);
        for (std::size_t i = 0; i < count; ++i) {
            out += is_long ? "\n" + std::string(12, ' ') : std::string(i == 0 ? 0 : 1, ' ');
            out += fmt::format("f{}: {}", i, depth > 0 && one_in(3) ? flow_map(depth - 1) : scalar(true));
            out += i + 1 < count || one_in(6) ? "," : "";
            out += is_long && one_in(3) ? " " + comment() : "";
        }
        return "{" + out + (is_long && count > 0 ? "\n" + std::string(12, ' ') + "}" : "}");
    }

    std::string block_scalar(std::size_t indent) {
        static constexpr const char* kHeads[] = {"|", ">", "|-", ">-", "|+"};
        std::string out = any_of(kHeads) + behind() + "\n";
        for (std::size_t i = 1 + pick(3); i > 0; --i) {
            out += std::string(indent, ' ') + "text # no comment\n" + (one_in(3) ? "\n" : "");
        }
        return out + std::string(indent, ' ') + "end\n";
    }

    std::string list(std::size_t indent, int depth) {
        std::string out;
        for (std::size_t i = 1 + pick(3); i > 0; --i) {
            out += one_in(5) ? std::string(indent, ' ') + comment() + "\n" : "";
            out += std::string(indent, ' ') + "- ";
            if (depth > 0 && one_in(3)) {
                out += map(indent + 2, depth - 1).substr(indent + 2);
            } else {
                out += scalar(false) + behind() + "\n";
            }
        }
        return out;
    }

    std::string value_of_key(std::size_t indent, int depth) {
        const std::size_t inner = indent + step;
        switch (pick(10)) {
            case 0:
                return " " + block_scalar(inner);
            case 1:
                return behind() + "\n" + list(one_in(2) ? indent : inner, depth);
            case 2:
                return " " + flow_map(1) + behind() + "\n";
            case 3:
                return behind() + "\n";
            case 4:
            case 5:
            case 6:
                return depth == 0 ? " 7\n" : behind() + "\n" + map(inner, depth - 1);
            default:
                return " " + scalar(false) + behind() + "\n";
        }
    }

    /// Its first line has its key at once: the first key of a list item stands behind a dash.
    std::string map(std::size_t indent, int depth) {
        std::string out;
        const std::size_t count = 1 + pick(4);
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0) {
                out += one_in(6) ? "\n" : "";
                out += one_in(4) ? std::string(indent, ' ') + comment() + "\n" : "";
                out += one_in(12) ? "\n" : "";
            }
            const std::string key = fmt::format("{}{}", one_in(8) ? "K " : "k", i);
            out += std::string(indent, ' ') + (one_in(8) ? "\"" + key + "\"" : key) + ":" +
                   value_of_key(indent, depth);
        }
        return out;
    }

    std::size_t comments = 0;
    std::size_t step = 2;
};

}  // namespace quantconf::format::testing
