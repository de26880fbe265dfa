#include "secrets/recognise.hpp"

#include <system_error>
#include <utility>

#include "audit/read.hpp"
#include "secrets/head.hpp"
#include "secrets/problem.hpp"
#include "secrets/uuid.hpp"

namespace quantconf::secrets {

Outcome<std::string> read_uuid(StoreFile& file) {
    auto bytes = file.read();
    if (!bytes && bytes.error().cause != std::errc::no_such_file_or_directory) {
        return std::unexpected{std::move(bytes).error()};
    }
    if (!bytes || !*bytes) {  // Also where there is no folder for it.
        return std::unexpected{
            Error{.operation = "open",
                  .subject = file.name(),
                  .cause = Problem::StoreMissing,
                  .hint = "`quantconf secret init` makes one; if there was one, restore it from a backup"}};
    }
    const auto layout = parse_layout(**bytes);
    if (!layout) {
        return std::unexpected{Error{
            .operation = "open",
            .subject = file.name(),
            .cause = layout.error(),
            .hint = "restore it from a backup; the generation before it is kept beside it, with .prev"}};
    }
    return text_of(layout->header.uuid);
}

Outcome<bool> has_keyed_record(state::Database& database) {
    bool has_keyed = false;
    const auto walked = audit::walk_back(database, [&has_keyed](const audit::StoredRecord& stored) {
        has_keyed = stored.record && stored.record->is_keyed;
        return !has_keyed;
    });
    return walked ? Outcome<bool>{has_keyed} : std::unexpected{walked.error()};
}

}  // namespace quantconf::secrets
