#include "secrets/head.hpp"

#include <algorithm>

#include "crypto/sha256.hpp"
#include "secrets/byte_reader.hpp"
#include "secrets/byte_writer.hpp"
#include "secrets/limits.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::string_view kMagic = "QCSTORE1";
constexpr std::uint32_t kFormat = 1;

void write_slot_identity(ByteWriter& out, const Slot& slot) {
    out.u32(slot.id);
    out.u8(static_cast<std::uint8_t>(slot.kind));
    out.u32(slot.cost.passes);
    out.u32(slot.cost.memory_kib);
    out.short_text(slot.label);
    out.zeros(limits::kSlotLabelBytes - slot.label.size());
}

void write_head(ByteWriter& out, const Header& header, const std::vector<Slot>& slots, std::size_t index_size,
                std::size_t records_size) {
    out.bytes(kMagic);
    out.u32(kFormat);
    out.bytes({header.uuid.data(), header.uuid.size()});
    out.u64(header.generation);
    out.u32(header.term);
    out.i64(header.created);
    out.i64(header.updated);
    out.u64(header.anchor.sequence);
    out.bytes(crypto::view_of(header.anchor.mac));
    out.bytes(crypto::view_of(header.index_salt));
    out.u32(index_size);
    out.u32(records_size);
    out.u8(slots.size());
    for (const Slot& slot : slots) {
        write_slot_identity(out, slot);
        out.bytes(crypto::view_of(slot.salt));
        out.bytes(crypto::view_of(slot.commitment));
        out.bytes({slot.wrapped.data(), slot.wrapped.size()});
    }
}

bool is_visible_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Before anything is allocated or computed: whoever can write the file chooses these.
Parsed<void> check_cost(const Slot& slot) {
    if (slot.kind == SlotKind::Key) {
        return slot.cost == KdfCost{.passes = 0, .memory_kib = 0} ? Parsed<void>{}
                                                                  : std::unexpected{Problem::Damaged};
    }
    if (slot.cost.passes > limits::kKdfPassesMax || slot.cost.memory_kib > limits::kKdfMemoryKibMax) {
        return std::unexpected{Problem::KdfTooExpensive};
    }
    if (slot.cost.passes < limits::kKdfPassesMin || slot.cost.memory_kib < limits::kKdfMemoryKibMin) {
        return std::unexpected{Problem::Damaged};
    }
    return {};
}

Parsed<Slot> read_slot(ByteReader& in) {
    Slot slot;
    slot.id = in.u32();
    const std::uint8_t kind = in.u8();
    slot.cost = {.passes = in.u32(), .memory_kib = in.u32()};
    const std::size_t label_size = in.u8();
    const std::string_view label = in.bytes(limits::kSlotLabelBytes);
    in.into(slot.salt);
    in.into(slot.commitment);
    in.into(slot.wrapped);
    const bool is_right = in.is_good() && slot.id != 0 && (kind == 1 || kind == 2) &&
                          label_size <= label.size() && is_visible_ascii(label.substr(0, label_size)) &&
                          std::ranges::all_of(label.substr(label_size), [](char c) { return c == '\0'; });
    if (!is_right) {
        return std::unexpected{Problem::Damaged};
    }
    slot.kind = static_cast<SlotKind>(kind);
    slot.label = label.substr(0, label_size);
    if (const auto cost = check_cost(slot); !cost) {
        return std::unexpected{cost.error()};
    }
    return slot;
}

}  // namespace

std::string encode_head(const Header& header, const std::vector<Slot>& slots, std::size_t index_size,
                        std::size_t records_size) {
    std::string head(kHeadBytesMin + slots.size() * kSlotBytes, '\0');
    ByteWriter out{head};
    write_head(out, header, slots, index_size, records_size);
    QC_ASSERT(out.size() == head.size());
    return head;
}

std::string slot_context(const Header& header, const Slot& slot) {
    ByteWriter count;
    write_slot_identity(count, slot);
    std::string context(header.uuid.size() + 4 + count.size(), '\0');
    ByteWriter out{context};
    out.bytes({header.uuid.data(), header.uuid.size()});
    out.u32(header.term);
    write_slot_identity(out, slot);
    return context;
}

Parsed<Layout> parse_layout(std::string_view file) {
    if (!file.starts_with(kMagic)) {
        return std::unexpected{Problem::UnknownFormat};
    }
    if (file.size() > limits::kFileBytes) {
        return std::unexpected{Problem::TooLarge};
    }
    ByteReader in{file};
    (void)in.bytes(kMagic.size());
    if (in.u32() != kFormat && in.is_good()) {
        return std::unexpected{Problem::UnknownFormat};
    }
    Layout layout;
    Header& header = layout.header;
    in.into(header.uuid);
    header.generation = in.u64();
    header.term = in.u32();
    header.created = in.i64();
    header.updated = in.i64();
    header.anchor.sequence = in.u64();
    in.into(header.anchor.mac);
    in.into(header.index_salt);
    const std::size_t index_size = in.u32();
    const std::size_t records_size = in.u32();
    const std::size_t slots = in.u8();
    if (!in.is_good() || header.generation == 0 || header.term == 0 || slots == 0 || slots > limits::kSlots) {
        return std::unexpected{Problem::Damaged};
    }
    for (std::size_t i = 0; i < slots; ++i) {
        auto slot = read_slot(in);
        if (!slot) {
            return std::unexpected{slot.error()};
        }
        if (!layout.slots.empty() && slot->id <= layout.slots.back().id) {
            return std::unexpected{Problem::Damaged};
        }
        layout.slots.push_back(*std::move(slot));
    }
    layout.head = file.substr(0, in.position());
    layout.index = in.bytes(index_size);
    layout.records = in.bytes(records_size);
    layout.mac = in.bytes(kFileMacBytes);
    (void)in.bytes(kTrailerBytes);
    if (!in.is_good() || !in.is_at_end()) {
        return std::unexpected{Problem::Damaged};
    }
    return layout;
}

std::string trailer_of(std::string_view everything_before) {
    return crypto::sha256_hex(everything_before);
}

bool has_right_trailer(std::string_view file) {
    return file.size() >= kTrailerBytes && trailer_of(file.substr(0, file.size() - kTrailerBytes)) ==
                                               file.substr(file.size() - kTrailerBytes);
}

}  // namespace quantconf::secrets
