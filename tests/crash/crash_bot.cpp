// crash_bot CONFIG_DIR follow|still: a bot for the kill tests. It opens the folder (`still`: without
// following its files), says so, and does what each line of its standard input asks for. The answer is
// written only when the call has returned: what it acknowledges must never be lost.
//
//   update process|shared|file REASON PATH=VALUE...     an empty VALUE takes the value away again
//   rollback VERSION REASON
//   reload
//   look PATH...                                        what the reader of another thread would see
//   health
//
// Answers, one line each: "open V HASH", "done V HASH", "refused WHY", "sees V HASH PATH=VALUE...", "health
// ...".
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "quantconf/manager.hpp"
#include "quantconf/quantbot.hpp"

namespace {

using quantconf::ChangeReport;
using quantconf::Failure;
using Manager = quantconf::ConfigManager<quantconf::quantbot::Config>;

/// At once, past every buffer: a kill behind it finds it in the pipe.
void say(std::string line) {
    line += '\n';
    if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        ::_exit(4);
    }
}

std::string one_line(std::string text) {
    for (char& c : text) {
        c = c == '\n' ? ' ' : c;
    }
    return text;
}

std::string named(const quantconf::VersionLabel& version) {
    return std::to_string(version.number) + " " + version.hash;
}

std::string answer_of(const std::expected<ChangeReport, Failure>& result) {
    return result ? "done " + named(result->version) : "refused " + one_line(to_text(result.error()));
}

std::string update(Manager& manager, std::istringstream& words) {
    std::string scope;
    quantconf::UpdateOptions options;
    words >> scope >> options.reason;
    options.scope = scope == "shared" ? quantconf::Scope::Shared : quantconf::Scope::Process;
    options.persist = scope == "file";
    std::vector<quantconf::Setting> settings;
    for (std::string word; words >> word;) {
        const std::size_t equals = word.find('=');
        const std::string value = word.substr(equals + 1);
        const std::string path = word.substr(0, equals);
        settings.push_back(value.empty() ? quantconf::Setting{path, std::nullopt}
                                         : quantconf::Setting{path, value});
    }
    return answer_of(manager.update(settings, options));
}

std::string look(const Manager& manager, std::istringstream& words) {
    std::string line = "sees " + named(manager.version());
    for (std::string path; words >> path;) {
        line += " " + path + "=" + manager.get(path).value_or("");
    }
    return line;
}

std::string health(const Manager& manager) {
    const quantconf::LiveHealth health = manager.health();
    return "health " + std::string{health.last_reload_ok ? "reload_ok" : "reload_failed"} + " " +
           (health.history_ok ? "history_ok" : "history_failed") + " " +
           one_line(health.history_error + " " + health.last_error);
}

std::string answer(Manager& manager, const std::string& line) {
    std::istringstream words{line};
    std::string verb;
    words >> verb;
    if (verb == "update") {
        return update(manager, words);
    }
    if (verb == "rollback") {
        quantconf::VersionNumber to = 0;
        std::string reason;
        words >> to >> reason;
        return answer_of(manager.rollback(to, {.reason = reason}));
    }
    if (verb == "reload") {
        return answer_of(manager.reload());
    }
    return verb == "look" ? look(manager, words) : verb == "health" ? health(manager) : "unknown " + line;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        return 2;
    }
    auto manager = Manager::open(
        {.config_dir = arguments[1], .auto_reload = std::string_view{arguments[2]} == "follow"});
    if (!manager) {
        say("cannot open: " + one_line(to_text(manager.error())));
        return 3;
    }
    say("open " + named(manager->version()));
    int refusals = 0;
    for (std::string line; std::getline(std::cin, line);) {
        const std::string said = answer(*manager, line);
        refusals += said.starts_with("refused") ? 1 : 0;
        say(said);
    }
    return refusals == 0 ? 0 : 1;
}
