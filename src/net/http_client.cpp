#include "net/http_client.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/assert.hpp"
#include "net/curl.hpp"
#include "net/job.hpp"
#include "net/transfer.hpp"
#include "net/waiting.hpp"
#include "quantconf/detail/mutex.hpp"
#include "quantconf/hub.hpp"

namespace quantconf::net {
namespace {

using Jobs = std::vector<std::unique_ptr<Job>>;

/// The thread sleeps at most so long; everything that matters wakes it.
constexpr int kPollMilliseconds = 60'000;
/// Where libcurl cannot poll, we look again after this.
constexpr std::chrono::milliseconds kPollFailed{10};

Response not_sent(Transport transport, std::string problem) {
    return {.transport = transport, .was_not_sent = true, .problem = std::move(problem)};
}

std::string variable(const char* name, const char* in_capitals) {
    for (const char* each : {name, in_capitals}) {
        if (const char* value = std::getenv(each); value != nullptr) {  // NOLINT(concurrency-mt-unsafe)
            return value;
        }
    }
    return {};
}

Proxy proxy_of_environment() {
    Proxy proxy{.url = variable("https_proxy", "HTTPS_PROXY"), .except = variable("no_proxy", "NO_PROXY")};
    if (proxy.url.empty()) {
        proxy.url = variable("all_proxy", "ALL_PROXY");
    }
    return proxy;
}

/// What can be refused before anything happens; empty if it is sound.
std::string problem_of(const std::expected<Url, std::string>& url) {
    if (!url) {
        return url.error();
    }
    if (url->scheme == "http" && !is_loopback(url->host)) {
        return "plain http is for this machine only (localhost, 127.0.0.0/8, ::1); others need https";
    }
    return {};
}

/// A thread starts with the signals of its creator. Those of the program are not for ours.
class BlockedSignals {
public:
    BlockedSignals() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

struct HttpClient::Impl {
    Impl(HttpClientOptions wanted, Multi handle)
        : options{std::move(wanted)},
          proxy{options.proxy ? *options.proxy : proxy_of_environment()},
          multi{std::move(handle)},
          waiting{options.max_connections, options.max_connections_per_host} {}

    // Any thread.
    void send(Request request, Completion done, const std::stop_token& stop);
    void wake() const;
    void stop_and_join();

    // The client's own thread.
    void run();
    void take_incoming();
    void finish_cancelled();
    void start_waiting();
    /// Whether there was one.
    bool finish_ended();
    void finish_all();
    void complete(Job& job, Response response);
    void refuse(Jobs jobs, Transport transport, const std::string& problem);

    struct Running {
        std::unique_ptr<Job> job;
        std::unique_ptr<Transfer> transfer;
    };
    void finish(std::map<CURL*, Running>::iterator running, Response response);

    const HttpClientOptions options;
    const Proxy proxy;
    const detail::ProcessMark process;
    const Multi multi;

    Mutex mutex;
    Jobs incoming QC_GUARDED_BY(mutex);
    std::uint64_t next_number QC_GUARDED_BY(mutex) = 0;
    std::size_t unfinished QC_GUARDED_BY(mutex) = 0;
    bool is_stopping QC_GUARDED_BY(mutex) = false;
    std::atomic<bool> has_cancelled = false;

    Waiting waiting;  ///< Of the thread alone, as is `running`.
    std::map<CURL*, Running> running = {};
    std::thread thread;
};

void HttpClient::Impl::send(Request request, Completion done, const std::stop_token& stop) {
    if (!process.is_here()) {
        done(not_sent(Transport::Cancelled, "after fork() this client belongs to the parent process"));
        return;
    }
    auto job = std::make_unique<Job>();
    job->url = parse_url(request.url);
    if (std::string problem = problem_of(job->url); !problem.empty()) {
        job->url = std::unexpected{std::move(problem)};
    }
    job->request = std::move(request);
    job->done = std::move(done);
    // The pointer stays valid for the callback: it ends with the job.
    job->on_stop.emplace(stop, [this, one = job.get()] {
        one->is_cancelled = true;
        has_cancelled = true;
        wake();
    });
    {
        const MutexLock lock{mutex};
        if (!is_stopping && unfinished < options.max_connections + options.max_waiting) {
            job->number = next_number++;
            ++unfinished;
            incoming.push_back(std::move(job));
        }
    }
    if (!job) {
        wake();
        return;
    }
    job->complete(not_sent(Transport::Cancelled, "too many requests are waiting, or the client is ending"));
}

void HttpClient::Impl::wake() const {
    if (process.is_here()) {
        curl_multi_wakeup(multi.get());
    }
}

void HttpClient::Impl::stop_and_join() {
    QC_ASSERT(thread.get_id() != std::this_thread::get_id());
    {
        const MutexLock lock{mutex};
        is_stopping = true;
    }
    wake();
    thread.join();
}

void HttpClient::Impl::run() {
    for (;;) {
        {
            const MutexLock lock{mutex};
            if (is_stopping) {
                break;
            }
        }
        take_incoming();
        finish_cancelled();
        start_waiting();
        int still_running = 0;
        curl_multi_perform(multi.get(), &still_running);
        if (finish_ended()) {
            continue;  // There is room for others now.
        }
        if (curl_multi_poll(multi.get(), nullptr, 0, kPollMilliseconds, nullptr) != CURLM_OK) {
            std::this_thread::sleep_for(kPollFailed);
        }
    }
    finish_all();
}

void HttpClient::Impl::take_incoming() {
    Jobs taken;
    {
        const MutexLock lock{mutex};
        taken.swap(incoming);
    }
    for (auto& job : taken) {
        const Request& request = job->request;
        if (job->is_cancelled) {
            complete(*job, not_sent(Transport::Cancelled, "cancelled"));
        } else if (!job->url) {
            complete(*job, not_sent(Transport::BadUrl, job->url.error()));
        } else if (request.timeout.count() <= 0 || request.connect_timeout.count() <= 0) {
            complete(*job, not_sent(Transport::Timeout, "there is no time for it"));
        } else {
            waiting.add(std::move(job));
        }
    }
}

void HttpClient::Impl::finish_cancelled() {
    if (!has_cancelled.exchange(false)) {
        return;
    }
    refuse(waiting.take_cancelled(), Transport::Cancelled, "cancelled");
    for (auto each = running.begin(); each != running.end();) {
        const auto next = std::next(each);
        if (each->second.job->is_cancelled) {
            curl_multi_remove_handle(multi.get(), each->first);
            finish(each, each->second.transfer->cancel());
        }
        each = next;
    }
}

void HttpClient::Impl::start_waiting() {
    while (auto job = waiting.next()) {
        const Url& url = *job->url;
        auto transfer = Transfer::prepare(std::move(job->request), url, options, proxy);
        if (!transfer || curl_multi_add_handle(multi.get(), (*transfer)->handle()) != CURLM_OK) {
            waiting.release(url);
            complete(*job,
                     not_sent(Transport::BadUrl, transfer ? "libcurl has no memory left" : transfer.error()));
            continue;
        }
        CURL* const handle = (*transfer)->handle();
        running.emplace(handle, Running{.job = std::move(job), .transfer = std::move(*transfer)});
    }
}

bool HttpClient::Impl::finish_ended() {
    bool has_ended = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        const CURLcode code = message->data.result;  // The message itself ends with the next call.
        const auto ended = running.find(message->easy_handle);
        QC_ASSERT(ended != running.end());
        curl_multi_remove_handle(multi.get(), ended->first);
        finish(ended, ended->second.transfer->finish(code));
        has_ended = true;
    }
    return has_ended;
}

void HttpClient::Impl::finish(std::map<CURL*, Running>::iterator one, Response response) {
    Running ended = std::move(one->second);
    running.erase(one);
    ended.transfer.reset();  // Who is told shall find no copy of a key that the transfer had.
    waiting.release(*ended.job->url);
    complete(*ended.job, std::move(response));
}

void HttpClient::Impl::finish_all() {
    while (!running.empty()) {
        const auto one = running.begin();
        curl_multi_remove_handle(multi.get(), one->first);
        finish(one, one->second.transfer->cancel());
    }
    refuse(waiting.take_all(), Transport::Cancelled, "the client has ended");
    Jobs left;
    {
        const MutexLock lock{mutex};
        left.swap(incoming);
    }
    refuse(std::move(left), Transport::Cancelled, "the client has ended");
}

void HttpClient::Impl::refuse(Jobs jobs, Transport transport, const std::string& problem) {
    for (auto& job : jobs) {
        complete(*job, not_sent(transport, problem));
    }
}

void HttpClient::Impl::complete(Job& job, Response response) {
    {
        const MutexLock lock{mutex};
        --unfinished;
    }
    job.complete(std::move(response));
}

Outcome<HttpClient> HttpClient::create(HttpClientOptions options) {
    if (const auto ready = set_up_curl(); !ready) {
        return std::unexpected{ready.error()};
    }
    if (!options.ca_file.empty() && ::access(options.ca_file.c_str(), R_OK) != 0) {
        return std::unexpected{Error{.operation = "read",
                                     .subject = options.ca_file.string(),
                                     .cause = {errno, std::generic_category()},
                                     .hint = "it has to hold the certificates to trust, in PEM"}};
    }
    Multi multi{curl_multi_init()};
    if (!multi) {
        return std::unexpected{Error{.operation = "start",
                                     .subject = "libcurl",
                                     .cause = std::make_error_code(std::errc::not_enough_memory)}};
    }
    QC_ASSERT(options.max_connections >= 1 && options.max_connections_per_host >= 1);
    const auto connections = static_cast<long>(options.max_connections);
    // Kept connections count too: for a new one an idle one is closed.
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, connections);
    curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    auto impl = std::make_unique<Impl>(std::move(options), std::move(multi));
    const BlockedSignals blocked;
    impl->thread = std::thread{[one = impl.get()] { one->run(); }};
    return HttpClient{std::move(impl)};
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;

HttpClient::~HttpClient() {
    if (!impl_) {
        return;
    }
    if (!impl_->process.is_here()) {
        // A forked child has neither the thread nor a right to the parent's connections: to end a TLS session
        // would end it for the parent. So it leaves everything as it is.
        static_cast<void>(impl_.release());  // NOLINT(bugprone-unused-return-value)
        return;
    }
    impl_->stop_and_join();
}

void HttpClient::send(Request request, Completion done, std::stop_token stop) {
    impl_->send(std::move(request), std::move(done), stop);
}

Response HttpClient::send_and_wait(Request request, std::stop_token stop) {
    QC_ASSERT(impl_->thread.get_id() != std::this_thread::get_id());
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Response> answer;
    send(
        std::move(request),
        [&](Response response) {
            // Told under the lock: once the waiting thread has it, all three are gone.
            const std::lock_guard lock{mutex};
            answer = std::move(response);
            arrived.notify_one();
        },
        std::move(stop));
    std::unique_lock lock{mutex};
    arrived.wait(lock, [&] { return answer.has_value(); });
    return std::move(*answer);
}

}  // namespace quantconf::net
