#include "audit/record.hpp"

#include <array>

#include "base/assert.hpp"
#include "base/limits.hpp"

namespace quantconf::audit {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kKeyedFlag = 1;

/// The texts in the order of the bytes.
constexpr std::array<std::string Record::*, 5> kTexts{&Record::action, &Record::target, &Record::from,
                                                      &Record::to, &Record::detail};
constexpr std::array<std::string Actor::*, 3> kActorTexts{&Actor::host, &Actor::user, &Actor::program};

/// Big endian.
void put(std::string& bytes, std::uint64_t number, int width) {
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xffU));
    }
}

void put(std::string& bytes, const std::string& text) {
    QC_ASSERT(text.size() <= limits::kAuditFieldBytes);
    put(bytes, text.size(), 2);
    bytes += text;
}

class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_{bytes} {}

    std::uint64_t number(std::size_t width) {
        const std::string_view part = take(width);
        std::uint64_t value = 0;
        for (const char byte : part) {
            value = value << 8U | static_cast<unsigned char>(byte);
        }
        return value;
    }
    std::string text() {
        const std::uint64_t size = number(2);
        is_good_ = is_good_ && size <= limits::kAuditFieldBytes;
        return std::string{take(size)};
    }
    /// For a byte that has few values.
    std::uint8_t byte_between(std::uint8_t min, std::uint8_t max) {
        const std::uint64_t value = number(1);
        is_good_ = is_good_ && value >= min && value <= max;
        return static_cast<std::uint8_t>(value);
    }
    [[nodiscard]] bool is_done() const { return is_good_ && bytes_.empty(); }

private:
    /// Nothing once something was missing.
    std::string_view take(std::size_t size) {
        is_good_ = is_good_ && size <= bytes_.size();
        if (!is_good_) {
            return {};
        }
        const std::string_view part = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return part;
    }

    std::string_view bytes_;
    bool is_good_ = true;
};

}  // namespace

std::string encode(const Record& record) {
    std::string bytes;
    put(bytes, kFormat, 1);
    put(bytes, static_cast<std::uint8_t>(record.phase), 1);
    put(bytes, static_cast<std::uint8_t>(record.result), 1);
    put(bytes, record.is_keyed ? kKeyedFlag : 0, 1);
    put(bytes, record.seq, 8);
    put(bytes, record.refers_to, 8);
    put(bytes, static_cast<std::uint64_t>(record.at.time_since_epoch().count()), 8);
    put(bytes, record.actor.uid, 4);
    put(bytes, record.actor.pid, 4);
    for (const auto text : kActorTexts) {
        put(bytes, record.actor.*text);
    }
    for (const auto text : kTexts) {
        put(bytes, record.*text);
    }
    return bytes;
}

std::optional<Record> decode(std::string_view bytes) {
    Reader reader{bytes};
    Record record;
    reader.byte_between(kFormat, kFormat);
    record.phase = static_cast<Phase>(reader.byte_between(1, 4));
    record.result = static_cast<Result>(reader.byte_between(0, 6));
    record.is_keyed = reader.byte_between(0, kKeyedFlag) == kKeyedFlag;
    record.seq = reader.number(8);
    record.refers_to = reader.number(8);
    record.at = Time{Time::duration{static_cast<std::int64_t>(reader.number(8))}};
    record.actor.uid = static_cast<std::uint32_t>(reader.number(4));
    record.actor.pid = static_cast<std::uint32_t>(reader.number(4));
    for (const auto text : kActorTexts) {
        record.actor.*text = reader.text();
    }
    for (const auto text : kTexts) {
        record.*text = reader.text();
    }
    const bool is_whole = reader.is_done() && record.seq > 0;
    const bool refers_rightly = record.phase == Phase::Result
                                    ? record.refers_to > 0 && record.refers_to < record.seq
                                    : record.refers_to == 0;
    const bool is_open = record.result == Result::Unfinished;
    if (!is_whole || !refers_rightly || is_open != (record.phase == Phase::Intent)) {
        return std::nullopt;
    }
    return record;
}

std::string_view to_text(Phase phase) {
    switch (phase) {
        case Phase::Single:
            return "single";
        case Phase::Intent:
            return "intent";
        case Phase::Result:
            return "result";
        case Phase::Seal:
            return "seal";
    }
    return "";
}

std::string_view to_text(Result result) {
    switch (result) {
        case Result::Unfinished:
            return "unfinished";
        case Result::Done:
            return "done";
        case Result::Refused:
            return "refused";
        case Result::Failed:
            return "failed";
        case Result::RecoveredDone:
            return "recovered_done";
        case Result::RecoveredUndone:
            return "recovered_undone";
        case Result::DurabilityUnknown:
            return "durability_unknown";
    }
    return "";
}

}  // namespace quantconf::audit
