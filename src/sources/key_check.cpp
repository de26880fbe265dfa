#include "sources/key_check.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <variant>

#include "base/assert.hpp"
#include "sources/key_judge.hpp"

namespace quantconf::sources {
namespace {

/// Where answers arrive while others are on their way. Completions may outlive who waits for them, so they
/// share it.
class Arrivals {
public:
    struct Arrival {
        std::size_t index;
        net::Response response;
    };
    void put(std::size_t index, net::Response response) {
        const std::lock_guard lock{mutex_};
        arrived_.push_back({index, std::move(response)});
        came_.notify_one();
    }
    [[nodiscard]] Arrival wait() {
        std::unique_lock lock{mutex_};
        came_.wait(lock, [this] { return !arrived_.empty(); });
        Arrival arrival = std::move(arrived_.front());
        arrived_.pop_front();
        return arrival;
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<Arrival> arrived_;
};

/// A request that has been paid for.
struct Paid {
    net::Request request;
    std::optional<quota::Receipt> receipt;  ///< None: it costs nothing.
    std::string path;                       ///< For the classification.
};

Verdict unknown(std::string detail, std::string reason) {
    return {.status = KeyStatus::Unknown, .detail = std::move(detail), .reason = std::move(reason)};
}

std::string path_in(const std::string& url) {
    const std::size_t host = url.find("://");
    const std::size_t path = host == std::string::npos ? host : url.find('/', host + 3);
    return path == std::string::npos ? std::string{} : url.substr(path);
}

/// Either a request that may go out, or the verdict without one.
std::variant<Paid, Verdict> prepare(const KeyToCheck& key, const KeyTools& tools, Environment environment) {
    if (auto offline = judge_offline(*key.source, key.settings.credentials)) {
        return *std::move(offline);
    }
    auto request = probe_request(*key.source, key.settings, environment);
    if (!request) {
        Verdict verdict = unknown("not_asked", request.error().reason);
        verdict.hint = request.error().hint;
        return verdict;
    }
    Paid paid{.request = *std::move(request), .receipt = {}, .path = {}};
    paid.path = path_in(paid.request.url);
    if (const std::int64_t cost = probe_of(*key.source, key.settings.credentials).cost; cost > 0) {
        auto charged = tools.quota.charge(*key.source, cost);
        if (!charged) {
            return std::move(charged).error();
        }
        paid.receipt = *charged;
    }
    return paid;
}

/// What is known of a key now that `verdict` has been heard; nothing: nobody has learnt anything.
struct Result {
    std::optional<Verdict> verdict;
    KeyRecord record;
};

/// Brings the verdicts into the store, all at once, because it is synced each time.
void remember(std::span<const KeyToCheck> keys, std::vector<Result>& results, VerdictStore& store) {
    std::vector<Heard> heard;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const KeyToCheck& key = keys[i];
        KeyRecord& record = results[i].record;
        record.source = key.source->provider;
        if (key.fingerprint.empty()) {
            if (results[i].verdict) {
                record = apply(std::move(record), *results[i].verdict, store.now(), *key.source);
            }
        } else if (results[i].verdict) {
            heard.push_back(
                {.source = key.source, .fingerprint = key.fingerprint, .verdict = *results[i].verdict});
            places.push_back(i);
        } else {
            record = store.find(key.source->provider, key.fingerprint);
        }
    }
    const std::vector<KeyRecord> records = store.record(heard);
    for (std::size_t i = 0; i < records.size(); ++i) {
        results[places[i]].record = records[i];
    }
}

KeyReport report(const KeyToCheck& key, const Result& result, const KeyTools& tools) {
    KeyReport report = report_of(result.record, tools.store.now().wall);
    if (!result.verdict) {
        report.last_status = KeyStatus::Unknown;
        report.last_reason = "the check was taken back";
    }
    if (const auto today = tools.quota.today(*key.source)) {
        report.daily_used = today->used;
        report.daily_limit = today->limit;
    }
    report.expires = key.expires;
    report.hint = result.verdict ? result.verdict->hint : std::string{};
    return report;
}

/// The verdict of an answer; nothing if it was taken back.
std::optional<Verdict> read(const KeyToCheck& key, const Paid& paid, const net::Response& response,
                            const KeyTools& tools) {
    if (response.was_not_sent && paid.receipt) {
        tools.quota.refund(*key.source, *paid.receipt);
    }
    if (response.transport == net::Transport::Cancelled) {
        return std::nullopt;
    }
    Verdict verdict =
        tools.classify(*key.source,
                       {.path = paid.path,
                        .is_token_request = !key.settings.credentials.empty() && uses_tokens(*key.source),
                        .key_age = key.age},
                       response);
    tools.quota.heard(*key.source, verdict);
    return verdict;
}

}  // namespace

bool can_be_checked(const Source& source, const Credentials& credentials) {
    return !credentials.empty() || !source.anonymous_probe.path.empty();
}

std::vector<KeyReport> KeyChecker::check(std::span<const KeyToCheck> keys, const std::stop_token& stop) {
    std::vector<Result> results(keys.size());
    std::vector<std::optional<Paid>> paid(keys.size());
    const auto arrivals = std::make_shared<Arrivals>();
    std::size_t on_their_way = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        QC_ASSERT(keys[i].source != nullptr);
        auto prepared = prepare(keys[i], tools_, environment_);
        if (auto* verdict = std::get_if<Verdict>(&prepared)) {
            results[i].verdict = std::move(*verdict);
            continue;
        }
        paid[i] = std::get<Paid>(std::move(prepared));
        ++on_their_way;
        tools_.send(
            std::move(paid[i]->request),
            [arrivals, i](net::Response response) { arrivals->put(i, std::move(response)); }, stop);
    }
    for (; on_their_way > 0; --on_their_way) {
        const auto [i, response] = arrivals->wait();
        results[i].verdict = read(keys[i], *paid[i], response, tools_);
    }
    remember(keys, results, tools_.store);
    std::vector<KeyReport> reports;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        reports.push_back(report(keys[i], results[i], tools_));
    }
    return reports;
}

}  // namespace quantconf::sources
