#include "quantconf/sources/client.hpp"

#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>

#include "live/places.hpp"
#include "net/http_client.hpp"
#include "sources/catalogue_file.hpp"
#include "sources/client_keys.hpp"
#include "sources/client_options.hpp"
#include "sources/client_state.hpp"
#include "sources/fingerprint.hpp"
#include "sources/workers.hpp"

extern char** environ;

namespace quantconf::sources {

namespace {

/// As many as `max_concurrent_requests` may be, and a check of all keys beside them: the gate says how many
/// are under way, and behind it nobody waits for a connection. A request that did would be late, after it had
/// been charged, and longer than its caller's deadline.
constexpr std::size_t kConnections = 1024;

std::vector<std::string> process_variables() {
    std::vector<std::string> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        variables.emplace_back(*entry);
    }
    return variables;
}

double random_number() {
    thread_local std::mt19937_64 generator{std::random_device{}()};
    return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
}

void sleep_until_stopped(Duration time, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, time, [] { return false; });
}

/// One token for two that may ask to stop.
class EitherStop {
public:
    EitherStop(std::stop_token first, std::stop_token second)
        : first_{std::move(first), Request{source_}}, second_{std::move(second), Request{source_}} {}

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

private:
    struct Request {
        std::stop_source source;
        void operator()() { source.request_stop(); }
    };
    std::stop_source source_;
    std::stop_callback<Request> first_;
    std::stop_callback<Request> second_;
};

Answer ended(Provider provider) {
    return {
        .source = provider,
        .verdict = {.status = KeyStatus::Unreachable, .detail = "cancelled", .reason = "the client ended"}};
}

}  // namespace

class SourceClient::Impl {
public:
    Impl(ClientOptions options, Salt salt, std::filesystem::path quota_dir, net::HttpClient http,
         const std::filesystem::path& catalogue_file)
        : options_{std::move(options)},
          salt_{std::move(salt)},
          quota_dir_{std::move(quota_dir)},
          http_{std::move(http)},
          catalogue_{catalogue_file, timeline_},
          state_{surroundings(), options_.reserve_percent} {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        subscription_.reset();
        stop_.request_stop();
        workers_.reset();  // What they still hear of keys has to find somebody who listens.
        keys_.reset();     // Ends a check that is under way.
    }

    void start(ConfigManager<quantbot::Config>& manager) {
        subscription_ = manager.watch("", {.commit = [this](const Transition<quantbot::Config>& change) {
                                          use(std::make_shared<const quantbot::Config>(change.after));
                                      }});
        {
            // Under the lock: a change that comes in between must not be replaced by what was before it.
            const std::scoped_lock lock{configuring_};
            use_now(manager.snapshot());
            keys_.emplace(state_, salt_,
                          ClientKeys::Options{.store = {.database = manager.state_dir() / "state.db",
                                                        .environment = state_.config()->environment},
                                              .is_scheduled = options_.check_keys,
                                              .on_key = options_.on_key});
            keys_->begin();
        }
        workers_ = std::make_unique<Workers>(static_cast<std::size_t>(state_.config()->worker_threads));
    }

    Answer get(Query query) {
        refresh();
        const EitherStop stop{std::move(query.stop), stop_.get_token()};
        query.stop = stop.token();
        return state_.get(query);
    }
    Answer ask(GroupQuery query) {
        refresh();
        const EitherStop stop{std::move(query.stop), stop_.get_token()};
        query.stop = stop.token();
        return state_.ask(query);
    }
    std::future<Answer> later(Provider provider, std::move_only_function<Answer()> work) {
        std::promise<Answer> promise;
        auto future = promise.get_future();
        workers_->add(
            [provider, work = std::move(work), promise = std::move(promise)](bool is_ending) mutable {
                promise.set_value(is_ending ? ended(provider) : work());
            });
        return future;
    }
    std::vector<KeyReport> check_keys(std::span<const Provider> providers) {
        refresh();
        return keys_->check(providers, stop_.get_token());
    }
    std::vector<SourceReport> sources() {
        refresh();
        std::vector<SourceReport> reports;
        for (const auto& [provider, name] : EnumTable<Provider>::names) {
            reports.push_back(state_.report(provider));
            reports.back().key = keys_->report(provider);
        }
        return reports;
    }
    [[nodiscard]] std::string catalogue_problem() const { return catalogue_.problem(); }
    [[nodiscard]] ClientState& state() noexcept { return state_; }
    [[nodiscard]] const ClientState& state() const noexcept { return state_; }

private:
    Surroundings surroundings() {
        return {
            .send =
                [this](net::Request request, net::HttpClient::Completion done, std::stop_token stop) {
                    http_.send(std::move(request), std::move(done), std::move(stop));
                },
            .open_ledger =
                [this](const Source& source, const Credentials& credentials) {
                    const auto scope = scope_fingerprint_of(salt_, source, credentials);
                    return quota::Ledger::open(quota_dir_ / ledger_name(source, scope.value_or("unknown")),
                                               timeline_);
                },
            .fingerprint =
                [this](const Source& source, const Credentials& credentials) {
                    return fingerprint_of(salt_, source, credentials).value_or("");
                },
            .on_verdict = [this](const Source& source, const std::string& fingerprint,
                                 const Verdict& verdict) { keys_->heard(source, fingerprint, verdict); },
            .sleep = sleep_until_stopped,
            .random = random_number,
            .timeline = timeline_,
            .clock = clock_,
            .gate = gate_,
        };
    }

    /// Takes over what has changed in the catalogue. While somebody else configures (which takes long where
    /// the holder of a ledger's file is stopped), what is configured by now is good enough.
    void refresh() {
        const std::unique_lock lock{configuring_, std::try_to_lock};
        if (!lock.owns_lock()) {
            return;
        }
        auto catalogue = catalogue_.current();
        if (catalogue != used_) {
            used_ = std::move(catalogue);
            state_.configure(state_.config(), used_);
        }
    }
    /// Under `configuring_`.
    void use_now(std::shared_ptr<const quantbot::Config> config) {
        used_ = catalogue_.current();
        state_.configure(std::move(config), used_);
    }
    void use(std::shared_ptr<const quantbot::Config> config) {
        const std::scoped_lock lock{configuring_};
        use_now(std::move(config));
        if (keys_) {
            keys_->changed();
        }
    }

    ClientOptions options_;
    Salt salt_;
    std::filesystem::path quota_dir_;
    const quota::Timeline& timeline_ = quota::system_timeline();
    SystemClock clock_;
    Gate gate_{1};
    net::HttpClient http_;
    CatalogueFile catalogue_;
    std::mutex configuring_;
    std::shared_ptr<const Catalogue> used_;
    ClientState state_;
    std::stop_source stop_;
    std::optional<ClientKeys> keys_;
    std::unique_ptr<Workers> workers_;
    Subscription subscription_;
};

std::expected<SourceClient, Failure> SourceClient::open(ConfigManager<quantbot::Config>& manager,
                                                        ClientOptions options) {
    if (auto checked = check_options(options); !checked) {
        return std::unexpected{std::move(checked).error()};
    }
    const auto variables = process_variables();
    const auto quota_dir =
        options.quota_dir.empty() ? default_quota_folder(variables) : std::optional{options.quota_dir};
    if (!quota_dir) {
        return std::unexpected{Error{.operation = "find",
                                     .subject = "the folder of the quota ledgers",
                                     .cause = std::make_error_code(std::errc::no_such_file_or_directory),
                                     .hint = "set HOME or XDG_STATE_HOME, or give ClientOptions::quota_dir"}};
    }
    crypto::SystemRandom random;
    auto salt = Salt::open(*quota_dir, random);
    if (!salt) {
        return std::unexpected{std::move(salt).error()};
    }
    auto http = net::HttpClient::create({.max_connections = kConnections,
                                         .max_connections_per_host = kConnections,
                                         .ca_file = options.ca_file});
    if (!http) {
        return std::unexpected{std::move(http).error()};
    }
    std::filesystem::path catalogue_file = options.catalogue_file;
    if (catalogue_file.empty()) {
        if (const auto folder = live::default_key_folder(variables)) {
            catalogue_file = *folder / "sources.yaml";
        }
    }
    auto impl = std::make_unique<Impl>(std::move(options), *std::move(salt), *quota_dir, *std::move(http),
                                       catalogue_file);
    impl->start(manager);
    return SourceClient{std::move(impl)};
}

SourceClient::SourceClient(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
SourceClient::SourceClient(SourceClient&&) noexcept = default;
SourceClient::~SourceClient() = default;

Answer SourceClient::get(Query query) {
    return impl_->get(std::move(query));
}

Answer SourceClient::ask(GroupQuery query) {
    return impl_->ask(std::move(query));
}

std::future<Answer> SourceClient::get_later(Query query) {
    const Provider provider = query.source;
    return impl_->later(provider, [impl = impl_.get(), query = std::move(query)]() mutable {
        return impl->get(std::move(query));
    });
}

std::future<Answer> SourceClient::ask_later(GroupQuery query) {
    return impl_->later(
        {}, [impl = impl_.get(), query = std::move(query)]() mutable { return impl->ask(std::move(query)); });
}

std::vector<SourceReport> SourceClient::sources() const {
    return impl_->sources();
}

std::string SourceClient::catalogue_problem() const {
    return impl_->catalogue_problem();
}

std::vector<KeyReport> SourceClient::check_keys(std::span<const Provider> providers) {
    return impl_->check_keys(providers);
}

}  // namespace quantconf::sources
