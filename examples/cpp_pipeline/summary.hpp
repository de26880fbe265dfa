#pragma once

#include <ostream>
#include <vector>

#include <quantconf/live.hpp>
#include <quantconf/sources.hpp>

#include "tally.hpp"

/// What a run has come to.
struct Summary {
    const Tally& tally;
    std::vector<quantconf::sources::SourceReport> sources;
    quantconf::ConfigChanges limit_changes;
};

/// For people.
void print_tables(std::ostream& out, const Summary& summary);
/// For programs: one object on one line.
void print_json(std::ostream& out, const Summary& summary);
