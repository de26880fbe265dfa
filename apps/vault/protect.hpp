#pragma once

namespace quantconf::app {

/// From here on this process may hold plain text: no core file, and no other process of the user may look
/// into its memory. For programs of ours; a library never decides this.
void protect_plain_text();
/// The limit of core files as it was, for a program that takes our place.
void restore_core_limit();

}  // namespace quantconf::app
