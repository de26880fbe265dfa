// Runs a fuzz target over files instead of random inputs: every seed and every former finding, with any
// compiler.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"

namespace {

void replay(const std::filesystem::path& path) {
    std::printf("%s\n", path.c_str());
    std::fflush(stdout);  // So that the last line names the file that stopped us.
    std::ifstream file{path, std::ios::binary};
    quantconf::fuzz::require(file.good(), "an input can be read");
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto verdict = quantconf::fuzz::run_target(text);
    quantconf::fuzz::require(verdict == quantconf::fuzz::Verdict::Used, "a kept input is of use");
}

}  // namespace

int main(int argc, char** argv) {
    int replayed = 0;
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::exists(argv[i])) {
            continue;  // git keeps no empty folder, and a target without former findings has none.
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator{argv[i]}) {
            if (entry.is_regular_file()) {
                replay(entry.path());
                ++replayed;
            }
        }
    }
    std::printf("%d passed, 0 failed\n", replayed);  // One that fails stops the process.
    return replayed > 0 ? 0 : 1;
}
