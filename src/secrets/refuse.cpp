#include "secrets/refuse.hpp"

#include <cerrno>
#include <utility>

#include "secrets/problem.hpp"

namespace quantconf::secrets {

std::unexpected<Error> refuse(std::string operation, const std::filesystem::path& path, std::error_code cause,
                              std::string hint) {
    return std::unexpected{Error{.operation = std::move(operation),
                                 .subject = path.string(),
                                 .cause = cause,
                                 .hint = std::move(hint)}};
}

std::unexpected<Error> refuse_errno(std::string operation, const std::filesystem::path& path, int number,
                                    std::string hint) {
    std::error_code cause{number, std::generic_category()};
    std::string ours;
    switch (number) {
        case ELOOP:
            cause = Problem::Linked;
            ours = "no part of the path may be a symbolic link; name the real place";
            break;
        case EROFS:
            cause = Problem::ReadOnly;
            ours = "reading goes on; name another place with --state-dir to write";
            break;
        case ENOSPC:
        case EDQUOT:
            ours = "free some space and try again";
            break;
        case EPERM:
            ours = "is it marked immutable? lsattr shows that";
            break;
        default:
            break;
    }
    return refuse(std::move(operation), path, cause, hint.empty() ? std::move(ours) : std::move(hint));
}

}  // namespace quantconf::secrets
