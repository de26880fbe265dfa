#pragma once

#include <string>
#include <string_view>

#include "quantconf/error.hpp"
#include "secrets/contents.hpp"
#include "secrets/problem.hpp"
#include "secrets/store_file.hpp"

namespace quantconf::secrets {

/// A problem of the store's file, with the file's name and what to do about it.
[[nodiscard]] Error store_error(const StoreFile& file, std::string_view operation, Problem problem);

/// A problem of one secret in it. Never says anything about a value.
[[nodiscard]] Error secret_error(const StoreFile& file, std::string_view operation, std::string_view name,
                                 Problem problem, std::string hint = {});

/// There is no secret of this name, or none of its versions is meant by `which`; the hint says what there is.
[[nodiscard]] Error not_found_error(const StoreFile& file, std::string_view operation, const Index& index,
                                    std::string_view name, VersionSelector which = Label::Current);

/// Gives an error from below (a cause, and perhaps no more) the operation, the file and a hint.
[[nodiscard]] Error with_place(Error error, const StoreFile& file, std::string_view operation);

}  // namespace quantconf::secrets
