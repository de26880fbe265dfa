#pragma once

#include <string_view>

namespace quantconf::layers {

/// Kubernetes gives every container variables for each service of its namespace: a service called
/// "quantbot-database" makes QUANTBOT_DATABASE_PORT=tcp://10.0.0.1:5432. Nobody has written them, so they are
/// not mistakes.

/// Whether name and value are such a link. For names that mean nothing else.
[[nodiscard]] bool is_kubernetes_link(std::string_view name, std::string_view value);

/// The same for a name that also is a field of ours: only the form tcp://... can be nothing else.
[[nodiscard]] bool is_kubernetes_url(std::string_view name, std::string_view value);

}  // namespace quantconf::layers
