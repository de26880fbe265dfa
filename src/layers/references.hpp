#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "layers/interpolate.hpp"
#include "layers/placeholder.hpp"
#include "quantconf/field.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// Whether the text of a node may contain ${...}: a scalar of a file, for a field that is no secret.
[[nodiscard]] bool may_refer(const value::Node& node, const Field* field);

/// Follows ${...} from value to value, each path once.
class References {
public:
    explicit References(const Interpolation& interpolation) : interpolation_{interpolation} {}

    /// The scalar with everything replaced. Nothing if it stays as it is: there was nothing to replace, or
    /// something is wrong and has been reported.
    [[nodiscard]] std::optional<value::Node> expand(const value::Node& node, const std::string& path);

private:
    struct Result {
        bool is_done = false;
        std::optional<std::string> text;  ///< Nothing: failed.
    };

    [[nodiscard]] const Result& result_of(const value::Node& node, const std::string& path);
    [[nodiscard]] std::optional<std::string> text_of(const value::Node& node, const std::string& path);
    [[nodiscard]] std::optional<std::string> value_of(const Piece& piece, const value::Node& node,
                                                      const std::string& path);
    [[nodiscard]] std::optional<std::string> variable(const Piece& piece, const value::Node& node,
                                                      const std::string& path);
    [[nodiscard]] std::optional<std::string> configured(const Piece& piece, const value::Node& node,
                                                        const std::string& path);
    [[nodiscard]] std::optional<std::string> default_of(const Piece& piece, const value::Node& node,
                                                        const std::string& path, const value::Node* unset);
    [[nodiscard]] bool is_secret_variable(std::string_view name) const;

    Diagnostic& report_here(Code code, std::string_view written, const value::Node& node,
                            const std::string& path, std::string message);
    void report_cycle(const Piece& piece, const value::Node& node, const std::string& path);

    const Interpolation& interpolation_;
    std::unordered_map<std::string, Result> results_;
    std::size_t references_ = 0;
    bool has_reported_too_many_ = false;
    std::vector<std::string> chain_;  ///< The paths being followed, outermost first.
};

}  // namespace quantconf::layers
