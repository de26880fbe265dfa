// change_once FOLDER FROM TO: three files of FOLDER change together, one is removed, and the version is
// recorded; "done" once all of it is on disk. change_once FOLDER recover: what the next start does; says
// "finished", "undone" or "nothing". change_once FOLDER show: the head's canonical form. What the kill tests
// kill before there are whole verbs to kill.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

#include "crypto/sha256.hpp"
#include "history/file_change.hpp"
#include "history/history.hpp"
#include "state/database.hpp"

namespace {

namespace fs = std::filesystem;
using namespace quantconf;
using namespace quantconf::history;

int say(std::string text) {
    text += '\n';
    return ::write(STDOUT_FILENO, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 3;
}

int fail(const Error& error) {
    std::fprintf(stderr, "%s\n", to_text(error).c_str());
    return 3;
}

/// One file in a second folder, so that the order between folders counts; one that is there only before TO.
FileChange change_of(const fs::path& folder, const std::string& from, const std::string& to) {
    const fs::path config = folder / "config";
    FileChange change{
        .edits = {{.path = config / "base.yaml", .before = "a: " + from, .after = "a: " + to},
                  {.path = config / "production.yaml", .before = "b: " + from, .after = "b: " + to},
                  {.path = folder / "state" / "overrides.yaml", .before = "o: " + from, .after = "o: " + to},
                  {.path = config / ("local-" + from + ".yaml"), .before = "l"},
                  {.path = config / ("local-" + to + ".yaml"), .after = "l"}},
        .note = to};
    return change;
}

class Bot {
public:
    explicit Bot(const fs::path& folder)
        : database_{state::Database::open(folder / "state" / "state.db").value()},
          log_{database_, std::nullopt, {.clock = clock_}},
          history_{database_, log_, clock_} {}

    Outcome<void> record(const std::string& values) {
        NewVersion version{.kind = Kind::Rollback, .canonical = values};
        version.hash = crypto::sha256_hex(values);
        Outcome<VersionInfo> published = history_.publish(version, 0);
        return published ? Outcome<void>{} : std::unexpected{std::move(published).error()};
    }
    Outcome<std::string> head() {
        const Outcome<std::optional<VersionInfo>> newest = history_.head(Environment::Development);
        if (!newest || !*newest) {
            return newest ? Outcome<std::string>{"none"} : std::unexpected{newest.error()};
        }
        Outcome<std::optional<VersionRecord>> record = history_.find((*newest)->number);
        return record ? Outcome<std::string>{(*record)->canonical} : std::unexpected{record.error()};
    }

private:
    SystemClock clock_;
    state::Database database_;
    audit::Log log_;
    History history_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 3 && count != 4) {
        return 2;
    }
    const fs::path folder = arguments[1];
    const std::string first = arguments[2];
    Bot bot{folder};
    if (count == 4) {
        const std::string to = arguments[3];
        const Outcome<void> done =
            apply(change_of(folder, first, to), folder / "state", [&] { return bot.record(to); });
        return done ? say("done") : fail(done.error());
    }
    if (first == "recover") {
        const auto recovered =
            recover(folder / "state", [&](const Recovered& found) { return bot.record(found.change.note); });
        if (!recovered) {
            return fail(recovered.error());
        }
        return say(!*recovered ? "nothing" : (*recovered)->is_finished ? "finished" : "undone");
    }
    if (first == "show") {
        const Outcome<std::string> head = bot.head();
        return head ? say(*head) : fail(head.error());
    }
    const Outcome<void> recorded = bot.record(first);
    return recorded ? say("done") : fail(recorded.error());
}
