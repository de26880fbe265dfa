#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantconf/detail/codec.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/field.hpp"
#include "quantconf/value.hpp"

namespace quantconf {

/// What a rule may look at: the typed values, and for which environment they are.
struct RuleView {
    const Value& root;
    Environment environment;

    /// The value at a path; a value of kind Absent if there is none.
    [[nodiscard]] const Value& at(std::string_view path) const;
};

/// What a rule found wrong.
struct Finding {
    std::string path = {};     ///< The value to point at.
    std::string message = {};  ///< The rule's own words; never contains a secret.
    std::string expected = {};
    std::string found = {};
    std::string hint = {};
};

/// A condition over several fields, or for some environments only.
struct Rule {
    std::string name = {};  ///< snake_case and unique: "production_forbids_debug".
    std::string text = {};  ///< One sentence for the documents and the exported JSON Schema.
    /// What it reads. The rule is skipped where one of these is itself wrong: one mistake, one diagnostic.
    std::vector<std::string> paths = {};
    std::vector<Environment> environments = {};  ///< Empty: all.
    Severity severity = Severity::Error;
    std::function<std::vector<Finding>(const RuleView&)> check = {};
};

/// What belongs to a schema as a whole.
struct SchemaOptions {
    std::string app = {};         ///< Short name of the program: "quantbot".
    std::string env_prefix = {};  ///< Of its variables, upper case, without the underscore: "QUANTBOT".
    std::string title = {};
    std::string help = {};
    /// Where `local.yaml` may be used.
    std::vector<Environment> local_yaml = {Environment::Development, Environment::Staging,
                                           Environment::Testing};
    std::vector<Rule> rules = {};
    /// A test of the program builds the same schema with `false`: then each start saves the time of proving
    /// once more that it does not contradict itself.
    bool is_proved = false;
};

/// One name of the environment table.
struct Variable {
    std::string name;  ///< "QUANTBOT_TRADING_MAX_POSITION_SIZE".
    std::string path;  ///< "trading.max_position_size"; a segment * stands for a key that the user chooses.
    const Field* field = nullptr;
};

/// Everything known about a program's configuration: fields, bounds, defaults, rules, variable names.
///
/// Immutable and cheap to copy; any number of threads may use one. Fields keep their addresses.
class Schema {
public:
    /// The schema of a C++ struct that has `static Fields fields()`. A schema that contradicts itself (two
    /// fields with one variable name, a default outside its bounds) is a bug of the program: the process
    /// stops and says which, unless SchemaOptions::is_proved.
    template <typename T>
    [[nodiscard]] static Schema of(SchemaOptions options) {
        return build_or_stop(detail::root_field<T>(), std::move(options));
    }

    /// The same for a description that came from elsewhere. `memory` holds the texts of its default values.
    [[nodiscard]] static Checked<Schema> build(Field root, SchemaOptions options,
                                               std::shared_ptr<Arena> memory = nullptr);

    [[nodiscard]] const Field& root() const noexcept;  ///< A Struct.
    [[nodiscard]] const SchemaOptions& options() const noexcept;
    /// The whole configuration as it is when nobody has set anything.
    [[nodiscard]] const Value& defaults() const noexcept { return root().default_value; }
    /// The field at a dotted path; any key fits a map without fixed keys. nullptr if there is none.
    [[nodiscard]] const Field* find(std::string_view path) const noexcept;
    /// The environment table: every leaf, in the order of the schema. Free of collisions, or build() failed.
    [[nodiscard]] const std::vector<Variable>& variables() const noexcept;
    /// Alias path -> path. Sorted by alias.
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& aliases() const noexcept;

private:
    struct Data;

    [[nodiscard]] static Schema build_or_stop(Field root, SchemaOptions options);
    explicit Schema(std::shared_ptr<Data> data) : data_{std::move(data)} {}

    std::shared_ptr<Data> data_;  ///< Constant but for the table that is made when somebody asks.
};

/// Fills a struct from the typed values of a validated configuration.
template <typename T>
[[nodiscard]] T decode(const Value& root) {
    T result{};
    detail::Codec<T>::decode(root, result);
    return result;
}

}  // namespace quantconf
