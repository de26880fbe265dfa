#include "apps/unlock/key_options.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "live/places.hpp"
#include "secrets/ask_passphrase.hpp"

namespace quantconf::app {

std::optional<secrets::KeySource> key_by_option(const Session& session) {
    const Arguments& arguments = session.arguments();
    if (arguments.key_file) {
        return secrets::KeyFile{live::real_path(*arguments.key_file), "--key-file names it"};
    }
    if (arguments.key_fd >= 0) {
        return secrets::KeyDescriptor{arguments.key_fd};
    }
    if (arguments.passphrase) {
        return secrets::Passphrase{
            [prompt = fmt::format("passphrase of the store {}: ", escaped(session.store_file().string()))] {
                return secrets::ask_passphrase(prompt);
            }};
    }
    return std::nullopt;
}

}  // namespace quantconf::app
