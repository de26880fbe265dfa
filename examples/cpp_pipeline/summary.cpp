#include "summary.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iomanip>
#include <string>
#include <string_view>

using quantconf::sources::SourceReport;
using quantconf::sources::WindowReport;

namespace {

/// Sources that were asked, or have a key to be asked with.
bool takes_part(const SourceReport& source, const Tally& tally) {
    return source.has_key || tally.spent.contains(name_of(source.source));
}

Spent spent_on(const SourceReport& source, const Tally& tally) {
    const auto found = tally.spent.find(name_of(source.source));
    return found == tally.spent.end() ? Spent{} : found->second;
}

/// "18 left of 60 per minute": of the window that has the smallest share left. What a second allows is there
/// again before anybody has read it.
std::string what_is_left(const SourceReport& source) {
    const WindowReport* tightest = nullptr;
    const auto share = [](const WindowReport& window) {
        return static_cast<double>(window.remaining) /
               static_cast<double>(std::max<std::int64_t>(1, window.limit));
    };
    for (const WindowReport& window : source.windows) {
        if (window.per > std::chrono::seconds{1} &&
            (tightest == nullptr || share(window) < share(*tightest))) {
            tightest = &window;
        }
    }
    return tightest == nullptr ? "unlimited"
                               : std::to_string(tightest->remaining) + " left of " + tightest->window;
}

std::string quoted(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += {'\\', c};
        } else if (code < 0x20) {
            result += "\\u00";
            result += {kDigits[code / 16], kDigits[code % 16]};
        } else {
            result += c;
        }
    }
    return result + '"';
}

/// Builds {...} or [...] from parts that are JSON already.
class Json {
public:
    explicit Json(char close) : text_{close == '}' ? "{" : "["}, close_{close} {}

    Json& item(const std::string& json) {
        text_ += (text_.size() == 1 ? "" : ",") + json;
        return *this;
    }
    Json& json(std::string_view name, const std::string& json) { return item(quoted(name) + ":" + json); }
    Json& text(std::string_view name, std::string_view text) { return json(name, quoted(text)); }
    Json& number(std::string_view name, std::int64_t number) { return json(name, std::to_string(number)); }
    [[nodiscard]] std::string end() const { return text_ + close_; }

private:
    std::string text_;
    char close_;
};

std::string json_of(const std::map<std::string, int>& counts) {
    Json json{'}'};
    for (const auto& [name, count] : counts) {
        json.number(name, count);
    }
    return json.end();
}

std::string json_of(const Line& line) {
    Json passed_over{']'};
    for (const auto& [who, times] : line.passed_over) {
        passed_over.item(
            Json{'}'}.text("source", who.first).text("because", who.second).number("times", times).end());
    }
    return Json{'}'}
        .number("answers", line.answers)
        .json("by", json_of(line.by))
        .number("from_cache", line.from_cache)
        .number("old", line.old)
        .json("failed", json_of(line.failed))
        .json("passed_over", passed_over.end())
        .end();
}

std::string json_of(const SourceReport& source, const Spent& spent) {
    Json windows{']'};
    for (const WindowReport& window : source.windows) {
        windows.item(Json{'}'}
                         .text("window", window.window)
                         .number("limit", window.limit)
                         .number("used", window.used)
                         .number("left", window.remaining)
                         .end());
    }
    return Json{'}'}
        .number("requests", spent.requests)
        .number("cost", spent.cost)
        .text("why_not", source.why_not)
        .text("key", source.key ? name_of(source.key->last_status) : "")
        .json("windows", windows.end())
        .end();
}

}  // namespace

void print_tables(std::ostream& out, const Summary& summary) {
    out << "\n  capability           answers  cache  old  failed  by\n" << std::left;
    for (const auto& [capability, line] : summary.tally.lines) {
        int failed = 0;
        for (const auto& [reason, times] : line.failed) {
            failed += times;
        }
        out << "  " << std::setw(20) << capability << std::right << std::setw(8) << line.answers
            << std::setw(7) << line.from_cache << std::setw(5) << line.old << std::setw(8) << failed
            << std::left << " ";
        for (const auto& [source, times] : line.by) {
            out << " " << source << " " << times;
        }
        out << '\n';
        for (const auto& [reason, times] : line.failed) {
            out << "      failed " << times << " times: " << reason << '\n';
        }
    }
    out << "\n  source         requests   cost  left\n";
    for (const SourceReport& source : summary.sources) {
        if (!takes_part(source, summary.tally)) {
            continue;
        }
        const Spent spent = spent_on(source, summary.tally);
        out << "  " << std::setw(14) << name_of(source.source) << std::right << std::setw(9) << spent.requests
            << std::setw(7) << spent.cost << std::left << "  " << what_is_left(source);
        if (!source.why_not.empty()) {
            out << "; not asked now: " << source.why_not;
        }
        out << '\n';
    }
    out << std::flush;
}

void print_json(std::ostream& out, const Summary& summary) {
    Json capabilities{'}'};
    for (const auto& [capability, line] : summary.tally.lines) {
        capabilities.json(capability, json_of(line));
    }
    Json sources{'}'};
    for (const SourceReport& source : summary.sources) {
        if (takes_part(source, summary.tally)) {
            sources.json(name_of(source.source), json_of(source, spent_on(source, summary.tally)));
        }
    }
    Json changes{']'};
    for (const quantconf::ConfigChange& change : summary.limit_changes) {
        changes.item(
            Json{'}'}.text("path", change.path).text("from", change.from).text("to", change.to).end());
    }
    out << Json{'}'}
               .number("rounds", summary.tally.rounds)
               .json("seconds", std::to_string(summary.tally.seconds))
               .json("capabilities", capabilities.end())
               .json("sources", sources.end())
               .json("limit_changes", changes.end())
               .end()
        << std::endl;
}
