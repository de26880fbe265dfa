#pragma once

#include "quantconf/sources/client.hpp"
#include "quota/limits.hpp"

namespace quantconf::sources {

/// What an urgency is called in the ledger.
[[nodiscard]] inline quota::Class class_of(Urgency urgency) {
    switch (urgency) {
        case Urgency::Execution:
            return quota::Class::Execution;
        case Urgency::Risk:
            return quota::Class::Risk;
        case Urgency::Signal:
            return quota::Class::Signal;
        case Urgency::Backfill:
            return quota::Class::Backfill;
        case Urgency::Probe:
            break;
    }
    return quota::Class::Probe;
}

}  // namespace quantconf::sources
