#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quantconf/environment.hpp"
#include "quantconf/error.hpp"
#include "sources/key_state.hpp"

namespace quantconf::sources {

/// A verdict, and which key it is about.
struct Heard {
    const Source* source = nullptr;
    std::string fingerprint = {};
    Verdict verdict = {};
    Evidence evidence = Evidence::Check;
};

/// What is known of the keys that this process uses, kept in state.db for the next one and for those beside
/// it.
///
/// Never in the way: where state.db cannot be written (a full or read-only disk, damage, somebody who holds
/// its lock) the records live on in memory, problem() says why, and every later change tries again. Any
/// thread; any number of processes. After fork() the child opens its own.
class VerdictStore {
public:
    struct Options {
        std::filesystem::path database = {};                 ///< DIR/state.db; empty: in memory alone.
        Environment environment = Environment::Development;  ///< That uses the keys.
        bool may_create = true;                              ///< Make state.db if there is none.
    };
    /// `timeline` outlives it.
    VerdictStore(Options options, const quota::Timeline& timeline);
    VerdictStore(const VerdictStore&) = delete;
    VerdictStore& operator=(const VerdictStore&) = delete;
    ~VerdictStore();

    /// apply() for each, with what other processes have found out taken into account; those that are_news()
    /// are written down in one transaction. What is known afterwards, in the same order.
    std::vector<KeyRecord> record(std::span<const Heard> heard);
    KeyRecord record(const Heard& heard);
    /// The record of a key, also as other processes wrote it; a new one if there is none.
    [[nodiscard]] KeyRecord find(quantbot::Provider provider, const std::string& fingerprint);

    [[nodiscard]] Moment now() const;
    /// Why the last change or look did not reach state.db; nothing: it did.
    [[nodiscard]] std::optional<Error> problem() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace quantconf::sources
