#pragma once

#include <vector>

#include "layers/own_maps.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/schema.hpp"
#include "schema/typing.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// Moves values that one layer has under a deprecated alias to where they live now, with a note that says so.
///
/// Layer by layer, before merging: so an old spelling in a higher layer still wins over the new one in a
/// lower. Both spellings in one layer are an error unless they say the same. Secrets that go no further are
/// put into `secrets`.
[[nodiscard]] value::Node fold_aliases(const value::Node& layer, const Schema& schema, OwnMaps& own,
                                       Diagnostics& diagnostics, std::vector<schema::SecretSpan>& secrets);

}  // namespace quantconf::layers
