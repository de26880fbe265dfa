// Texts that are made to hurt: each must end quickly and in little memory.

#include <functional>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.hpp"
#include "format/test_support.hpp"
#include "format/tree_builder.hpp"

namespace quantconf::format {
namespace {

using testing::file;
using testing::yaml;

std::string repeated(std::string_view part, std::size_t times, std::string_view begin = "",
                     std::string_view end = "") {
    std::string text{begin};
    text.reserve(begin.size() + part.size() * times + end.size());
    for (std::size_t i = 0; i < times; ++i) {
        text += part;
    }
    return text += end;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // As g++ says it.
constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
constexpr bool kIsSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kIsSanitized = false;
#endif

struct Cost {
    bool is_fine = false;  ///< The work ended, and said true.
    double cpu_seconds = 0;
    long bytes = 0;  ///< At the peak.
};

/// Runs in a process of its own, so that its peak memory and its time are its own, however busy the machine
/// is.
Cost cost_of(const std::function<bool()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        _exit(work() ? 0 : 1);
    }
    int status = 0;
    rusage usage{};
    Cost cost;
    cost.is_fine = wait4(child, &status, 0, &usage) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    cost.cpu_seconds =
        static_cast<double>(usage.ru_utime.tv_sec) + static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
    cost.bytes = usage.ru_maxrss * 1024;
    return cost;
}

/// What a child costs that does nothing: it begins with the memory of its parent.
long idle_bytes() {
    return cost_of([] { return true; }).bytes;
}

struct Hostile {
    std::string_view name;
    std::string text;
};

std::vector<Hostile> hostile_texts() {
    constexpr std::size_t kMany = 100'000;
    std::string anchors;
    std::string long_key = "? ";
    std::string directives;
    for (std::size_t i = 0; i < kMany; ++i) {
        anchors += fmt::format("k{0}: &a{0} 1\n", i);
        directives += fmt::format("%TAG !t{}! x\n", i);
    }
    return {
        {"open lists", repeated("[", kMany)},
        {"open lists in a key", repeated("[", kMany, "a: ")},
        {"open maps", repeated("{a: ", kMany)},
        {"open maps without blanks", repeated("{", kMany)},
        {"complex keys in lists", repeated("[? ", kMany)},
        {"question marks", repeated("? ", kMany)},
        {"dashes", repeated("- ", kMany)},
        {"colons", repeated(": ", kMany)},
        {"deeper and deeper",
         [] {
             std::string text;
             for (std::size_t i = 0; i < 3000; ++i) {
                 text += std::string(i, ' ') + "a:\n";
             }
             return text;
         }()},
        {"one long indentation", repeated(" ", 1'000'000, "a:\n", "b: 1\n")},
        {"indented blank lines", repeated("        \n", 500'000, "a:\n", "  b: 1\n")},
        {"blank lines in a literal", repeated("\n", 1'000'000, "a: |\n  x\n", "  y\n")},
        {"blank lines in a plain text", repeated("\n", 1'000'000, "a: x\n", "  y\n")},
        {"blank lines in quotes", repeated("\n", 1'000'000, "a: \"x\n", "  y\"\n")},
        {"a long text", repeated("x", 5'000'000, "a: ")},
        {"a long quoted text with escapes", repeated("\\n", 2'000'000, "a: \"", "\"")},
        {"a long key", repeated("x", 5'000'000, "", ": 1\n")},
        {"a long key of combining marks", repeated("\u0301\u0323", 500'000, "? ", "\n: 1\n")},
        {"a long comment", repeated("#", 5'000'000)},
        {"many anchors", anchors},
        {"many directives", directives},
        {"directives behind the document", "a: 1\n...\n" + directives},
        {"many documents", repeated("---\n", kMany)},
        {"many ends of documents", repeated("...\n", kMany, "a: 1\n")},
        {"the same key", repeated("a:\n", 500'000)},
        {"the same key on one line", repeated("a: 1, ", 300'000, "{", "}")},
        {"bad keys", repeated("~: 1\n", 1'000'000)},
        {"bad tags on one line", repeated("!x 1, ", 500'000, "a: [", "]")},
        {"small values", repeated("1,", 2'000'000, "a: [", "]")},
        {"small values in two million bytes", repeated("1,", 700'000, "a: [", "]")},
        {"small maps", repeated("{a},", 500'000, "a: [", "]")},
        {"empty lists", repeated("[],", 1'000'000, "a: [", "]")},
        {"aliases", repeated("*a,", 1'000'000, "a: &a 1\nb: [", "]")},
        {"aliases in maps", repeated("- *a\n", 1'000'000, "a: &a 1\nb:\n")},
        {"merges", repeated("- {<<: *a}\n", 200'000, "a: &a {x: 1, y: 2}\nb:\n")},
        {"two merge keys", repeated("<<: *a\n", 500'000, "a: &a {x: 1}\n")},
        {"a scalar behind a merge key", repeated("x", 5'000'000, "<<: ")},
        {"carriage returns", repeated("\r", 1'000'000, "a: 1")},
        {"characters of four bytes", repeated("\U0001F600", 1'000'000, "a: ")},
        {"values of two bytes", repeated("- \u00e9\n", 500'000)},
    };
}

TEST(Bounds, t57_no_text_takes_long_or_more_than_64_mib_beyond_ten_times_its_size) {
    for (const Hostile& hostile : hostile_texts()) {
        const long idle = idle_bytes();
        const Cost cost = cost_of([&] {
            const Parsed parsed = yaml(hostile.text);
            return parsed.document != nullptr || has_errors(parsed.diagnostics);
        });
        EXPECT_TRUE(cost.is_fine) << hostile.name;
        // Generous, for debug builds and sanitizers; what is quadratic takes minutes.
        EXPECT_LT(cost.cpu_seconds, 10.0) << hostile.name;
        if (!kIsSanitized) {  // Their shadow memory is not ours.
            EXPECT_LE(cost.bytes - idle, static_cast<long>(64 * 1024 * 1024 + 10 * hostile.text.size()))
                << hostile.name;
        }
    }
}

TEST(Bounds, t57_json_is_bounded_by_the_same_limits) {
    EXPECT_EQ(parse_json(file(repeated("[", 100'000))).diagnostics.at(0).code, Code::TooDeep);
    EXPECT_EQ(parse_json(file(repeated("{\"a\":", 100'000))).diagnostics.at(0).code, Code::TooDeep);
    EXPECT_EQ(parse_json(file(repeated("1,", 2'000'000, "{\"a\":["))).diagnostics.at(0).code,
              Code::TooManyNodes);
    EXPECT_EQ(parse_json(file(repeated("x", limits::kFileBytes, "\"", "\""))).diagnostics.at(0).code,
              Code::LayerTooLarge);
}

TEST(Bounds, dotenv_is_bounded_as_well) {
    const std::string text = repeated("A=\n", 1'000'000);
    const long idle = idle_bytes();
    const Cost cost = cost_of([&] { return has_errors(parse_dotenv(file(text)).diagnostics); });
    EXPECT_TRUE(cost.is_fine);
    if (!kIsSanitized) {
        EXPECT_LE(cost.bytes - idle, static_cast<long>(64 * 1024 * 1024 + 10 * text.size()));
    }
}

TEST(Bounds, a_file_may_have_16_mib_and_not_a_byte_more) {
    std::string text = repeated("#", limits::kFileBytes - 6, "", "\na: 1\n");
    ASSERT_EQ(text.size(), limits::kFileBytes);
    EXPECT_FALSE(has_errors(yaml(text).diagnostics));
    text += '\n';
    EXPECT_EQ(testing::found(yaml(text).diagnostics), testing::Texts{"QC1003 1:1"});
}

TEST(Bounds, the_number_of_values_has_both_sides) {
    const std::size_t fits = 340'000;
    const std::string text = repeated("1,", fits, "a: [", "]\n");
    ASSERT_GT(nodes_max(text.size()), fits + 2);
    EXPECT_EQ(testing::found(yaml(text).diagnostics), testing::Texts{});
    const std::string more = repeated("1,", 345'000, "a: [", "]\n");
    ASSERT_LT(nodes_max(more.size()), 345'000U);
    EXPECT_EQ(yaml(more).diagnostics.at(0).code, Code::TooManyNodes);
    EXPECT_EQ(nodes_max(limits::kFileBytes), 1'348'576U);
}

TEST(Bounds, a_map_of_twenty_thousand_keys_is_ordinary) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += fmt::format("key_{}: value {}\n", i, i);
    }
    const Parsed parsed = yaml(text);
    EXPECT_TRUE(parsed.diagnostics.empty());
    EXPECT_EQ(parsed.document->root.size, 20'000U);
}

TEST(Bounds, a_flood_of_mistakes_is_cut) {
    const Parsed parsed = yaml(repeated("~: 1\n", 10'000));
    EXPECT_GT(parsed.diagnostics.size(), kDiagnosticsMax);
    EXPECT_LT(parsed.diagnostics.size(), 1000U);
}

}  // namespace
}  // namespace quantconf::format
