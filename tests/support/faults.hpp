#pragma once

#include <cerrno>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace quantconf::secrets {

/// Between our code and the kernel while a test looks: every system call of the write protocols passes here,
/// is recorded, and the one numbered `failing` goes wrong. One thread.
struct Faults {
    enum class Kind : std::uint8_t {
        Error,    ///< The call does nothing and fails with `error`.
        Half,     ///< Reads and writes move half of the bytes; other calls are as ever.
        Nothing,  ///< Reads and writes move nothing and say so; other calls are as ever.
    };
    int failing = -1;
    Kind kind = Kind::Error;
    int error = EIO;
    std::function<bool(const std::string&)> fails_too = {};  ///< By name: "fsync folder".

    struct Step {
        std::string what;  ///< "fsync file", "renameat"
        ino_t inode = 0;   ///< Of the descriptor, where there is one.
        bool failed = false;
    };
    std::vector<Step> steps = {};

    [[nodiscard]] std::vector<std::string> names() const;
    /// Whether there were enough calls for the failing one to be reached.
    [[nodiscard]] bool was_reached() const { return failing < static_cast<int>(steps.size()); }
};

/// Puts `faults` in between as long as this lives.
class Interposed {
public:
    explicit Interposed(Faults& faults);
    Interposed(const Interposed&) = delete;
    Interposed& operator=(const Interposed&) = delete;
    ~Interposed();
};

}  // namespace quantconf::secrets
