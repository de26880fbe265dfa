#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/hmac.hpp"
#include "crypto/random.hpp"
#include "secrets/problem.hpp"
#include "secrets/store.hpp"
#include "secrets/store_file.hpp"

/// What tests of the store share. Deterministic, and without a disk.
namespace quantconf::secrets::testing {

/// Different bytes each time, the same for each run.
class CountingRandom final : public crypto::Random {
public:
    explicit CountingRandom(std::string seed = "a fixed seed for tests") : seed_{std::move(seed)} {}

    [[nodiscard]] Outcome<void> fill(std::span<char> out) override {
        if (fails) {
            return std::unexpected{Error{.operation = "read",
                                         .subject = "random bytes",
                                         .cause = std::make_error_code(std::errc::function_not_supported)}};
        }
        while (!out.empty()) {
            const crypto::Mac block = crypto::hmac_sha256(seed_, {std::to_string(repeats ? 0 : ++count_)});
            const std::size_t size = std::min(out.size(), block.size());
            std::ranges::copy(crypto::view_of(block).substr(0, size), out.begin());
            out = out.subspan(size);
        }
        return {};
    }

    bool fails = false;
    bool repeats = false;  ///< The same bytes again and again, as after the clone of a machine.

private:
    std::string seed_;
    std::uint64_t count_ = 0;
};

/// A file that exists only in memory. Copies of the shared pointer are processes that use the same file.
class MemoryStoreFile : public StoreFile {
public:
    [[nodiscard]] std::string name() const override { return "state/secrets.qcs"; }
    [[nodiscard]] Outcome<std::optional<std::string>> read() override {
        if (before_read) {
            before_read();
        }
        return bytes;
    }
    [[nodiscard]] Outcome<bool> has_previous() override { return previous.has_value(); }
    [[nodiscard]] Outcome<std::unique_ptr<StoreLock>> lock() override {
        if (lock_problem) {
            return std::unexpected{Error{.cause = *lock_problem}};
        }
        return std::make_unique<StoreLock>();
    }
    [[nodiscard]] Outcome<void> replace(std::string_view fresh,
                                        const std::function<bool(std::string_view)>& is_right) override {
        if (writes_left == 0) {
            return std::unexpected{Error{.cause = std::make_error_code(std::errc::no_space_on_device)}};
        }
        --writes_left;
        std::string read_back{fresh};
        if (damage_read_back) {
            damage_read_back(read_back);
        }
        if (!is_right(read_back)) {
            return std::unexpected{Error{.cause = Problem::WriteNotVerified}};
        }
        previous = bytes;
        bytes = fresh;
        generations.emplace_back(fresh);
        if (is_durability_unknown) {
            return std::unexpected{Error{.cause = Problem::DurabilityUnknown}};
        }
        return {};
    }
    [[nodiscard]] Outcome<std::optional<std::uint64_t>> high_water(std::string_view uuid) override {
        const auto found = marks.find(std::string{uuid});
        return found == marks.end() ? std::optional<std::uint64_t>{} : found->second;
    }
    [[nodiscard]] Outcome<void> raise_high_water(std::string_view uuid, std::uint64_t generation) override {
        auto& mark = marks[std::string{uuid}];
        mark = std::max(mark, generation);
        return {};
    }

    std::optional<std::string> bytes;
    std::optional<std::string> previous;
    std::vector<std::string> generations;  ///< Everything that was ever in place.
    std::map<std::string, std::uint64_t> marks;
    std::uint64_t writes_left =
        ~std::uint64_t{0};  ///< Then the disk is full, as it is at a crash before rename.
    bool is_durability_unknown = false;
    std::optional<Problem> lock_problem;
    std::function<void(std::string&)> damage_read_back;
    std::function<void()> before_read;
};

/// Remembers what it was told.
class RecordingAudit final : public AuditSink {
public:
    void use_key(std::string_view audit_key) override { key = audit_key; }
    [[nodiscard]] Outcome<std::uint64_t> intend(const AuditEvent& event) override {
        if (refuses) {
            return std::unexpected{Error{.operation = "write", .subject = "state.db"}};
        }
        events.push_back(event);
        intended = std::max(intended, event.generation);
        lines.push_back("intend " + event.action + " " + event.target);
        return events.size();
    }
    [[nodiscard]] Outcome<void> finish(std::uint64_t intent, AuditResult result, std::error_code) override {
        static constexpr std::array<std::string_view, 3> kNames{"done", "failed", "unknown"};
        lines.push_back(std::string{kNames.at(static_cast<std::size_t>(result))} + " " +
                        events.at(intent - 1).action);
        if (result != AuditResult::Failed) {
            generation = std::max(generation.value_or(0), events.at(intent - 1).generation);
        }
        return {};
    }
    [[nodiscard]] Outcome<void> refused(const AuditEvent& event) override {
        events.push_back(event);
        lines.push_back("refused " + event.action + " " + event.target);
        return {};
    }
    [[nodiscard]] Outcome<AuditAnchor> head() override {
        AuditAnchor anchor{.sequence = events.size()};
        anchor.mac.fill('m');
        return anchor;
    }
    [[nodiscard]] Outcome<bool> contains(const AuditAnchor&) override { return !is_cut; }
    [[nodiscard]] Outcome<std::optional<std::uint64_t>> last_generation() override { return generation; }
    [[nodiscard]] Outcome<std::uint64_t> highest_intended() override { return intended; }
    [[nodiscard]] Outcome<bool> was_undone(const AuditAnchor&) override { return is_undone; }
    [[nodiscard]] Outcome<void> settle(const AuditAnchor&) override { return {}; }

    bool refuses = false;
    bool is_undone = false;  ///< The file comes from a change that did not happen.
    std::uint64_t intended = 0;
    bool is_cut = false;  ///< What the store remembers of the log is gone.
    std::string key;
    std::vector<AuditEvent> events;
    std::vector<std::string> lines;
    std::optional<std::uint64_t> generation;
};

inline UnlockKey key_of(char fill) {
    return {.kind = SlotKind::Key, .bytes = crypto::SecretBytes::copy_of(std::string(32, fill))};
}

/// The cheapest that is accepted: tests look at what happens, not at how long it takes.
inline UnlockKey passphrase_of(std::string_view words, KdfCost cost = {.passes = 1, .memory_kib = 8}) {
    return {.kind = SlotKind::Passphrase, .bytes = crypto::SecretBytes::copy_of(words), .cost = cost};
}

/// One place for a store, and everything around it.
struct Bench {
    std::shared_ptr<MemoryStoreFile> file = std::make_shared<MemoryStoreFile>();
    ManualClock clock{Time{std::chrono::seconds{1'800'000'000}}};
    CountingRandom random;
    RecordingAudit audit;

    [[nodiscard]] StoreTools tools() { return {clock, random, audit, "tester (1000)"}; }
    [[nodiscard]] Store create(UnlockKey key = key_of('k')) {
        return Store::create(file, std::move(key), tools()).value();
    }
    [[nodiscard]] Outcome<Store> open(UnlockKey key = key_of('k'), OpenOptions options = {}) {
        return Store::open(file, std::move(key), tools(), options);
    }
};

inline std::string text_of(const Outcome<crypto::SecretBytes>& value) {
    return value ? std::string{value->view()} : "error: " + value.error().cause.message();
}

template <typename T>
[[nodiscard]] std::error_code cause_of(const Outcome<T>& outcome) {
    return outcome ? std::error_code{} : outcome.error().cause;
}

}  // namespace quantconf::secrets::testing
