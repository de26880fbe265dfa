#pragma once

#include <memory>

#include "quota/ledger.hpp"
#include "quota/memory.hpp"

namespace quantconf::quota {

/// What a ledger owns.
struct Ledger::Impl {
    std::unique_ptr<Memory> memory;
    const Timeline* timeline;

    /// A ledger over this memory, which initialise() or recover() has seen. For tests too.
    static Ledger wrap(std::unique_ptr<Memory> memory, const Timeline& timeline) {
        return Ledger{std::unique_ptr<Impl>{new Impl{std::move(memory), &timeline}}};
    }
};

}  // namespace quantconf::quota
