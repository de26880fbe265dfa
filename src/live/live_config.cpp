#include "quantconf/detail/live_config.hpp"

#include <mutex>
#include <utility>
#include <vector>

#include "base/around_fork.hpp"
#include "format/write.hpp"
#include "live/engine.hpp"
#include "live/follower.hpp"
#include "live/parts.hpp"
#include "live/watcher.hpp"
#include "quantconf/detail/try.hpp"
#include "quantconf/hub.hpp"
#include "value/units.hpp"

namespace quantconf {

SettingValue::SettingValue(double value) : text_{value::to_text(value)} {}

namespace detail {

namespace {

/// What is shown, and where readers find it. Shared with the engine: a manager that is destroyed by one of
/// its own subscribers is gone before the change is that the subscriber was told about.
struct Shown {
    explicit Shown(TypedSide side) : typed{std::move(side)} {}

    /// What is published is also kept here, where a child can get at it.
    void show(const std::shared_ptr<const live::Version>& fresh) {
        const std::lock_guard lock{mutex};
        if (version == nullptr || version->config != fresh->config) {
            typed.publish(fresh->config);
        }
        version = fresh;
    }

    const TypedSide typed;
    std::mutex mutex;
    std::shared_ptr<const live::Version> version;
};

/// What follows the files. Shared with whoever asks for a change: the manager may be gone when that is done.
struct Follow {
    /// Does nothing if it is followed already, or the manager is gone.
    void begin(const std::shared_ptr<live::Engine>& engine, const OpenOptions& options) {
        const std::lock_guard lock{mutex};
        if (follower == nullptr && !is_over) {
            follower = std::make_unique<live::Follower>(
                engine, live::Watcher::of_process(),
                live::FollowerOptions{.debounce = options.debounce, .poll = options.poll});
        }
    }
    void end() {
        std::unique_ptr<live::Follower> ended;
        const std::lock_guard lock{mutex};
        is_over = true;
        ended = std::move(follower);
    }

    std::mutex mutex;
    std::unique_ptr<live::Follower> follower;
    bool is_over = false;
};

}  // namespace

/// The engine with what drives it. In a forked child the threads are gone and locks may be held by nobody:
/// there the engine is left alone, and the first call that wants to change something makes a new one, which
/// goes on with what readers see, the overrides of the process and the subscribers.
class LiveConfig::Impl {
public:
    Impl(const Schema& schema, OpenOptions options, TypedSide typed)
        : schema_{schema}, options_{std::move(options)}, shown_{std::make_shared<Shown>(std::move(typed))} {
        Forks::instance().add(this);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        Forks::instance().remove(this);
        leave_if_forked();
        if (engine_ != nullptr && engine_->subscribers().is_inside()) {
            engine_->subscribers().end_all();  // Nobody else hears of a manager that is gone.
        }
        if (follow_ != nullptr) {
            follow_->end();  // Before the engine that it drives.
        }
    }

    [[nodiscard]] std::optional<Failure> start() {
        auto parts = this->parts();
        if (!parts) {
            return std::move(parts).error();
        }
        state_dir_ = parts->state_dir;
        // A child goes on with the choices of its parent, whatever its environment is by then.
        options_.state_dir = parts->state_dir;
        options_.variables = parts->loader.parts().variables;
        auto engine = live::Engine::open(*std::move(parts), options_.start_from_last_good);
        if (!engine) {
            return std::move(engine).error();
        }
        const std::lock_guard lock{mutex_};
        engine_ = *std::move(engine);
        mark_ = ProcessMark{};
        follow_ = std::make_shared<Follow>();
        if (options_.auto_reload) {
            follow_->begin(engine_, options_);
        }
        return std::nullopt;
    }

    [[nodiscard]] const std::filesystem::path& state_dir() const noexcept { return state_dir_; }
    /// What is shown, also in a child.
    [[nodiscard]] std::shared_ptr<const live::Version> current() const {
        const std::lock_guard lock{shown_->mutex};
        return shown_->version;
    }
    [[nodiscard]] LiveHealth health() const {
        const std::lock_guard lock{mutex_};
        if (mark_.is_here()) {
            return engine_->health();
        }
        const auto shown = current();
        LiveHealth health;
        health.version = shown->label;
        health.pending = shown->pending;
        health.overrides = shown->process_overrides.size();
        return health;
    }

    /// The engine of this process, and what follows the files for it.
    struct Driven {
        std::shared_ptr<live::Engine> engine;
        std::shared_ptr<Follow> follow;
    };
    [[nodiscard]] std::expected<Driven, Failure> engine() {
        {
            const std::lock_guard lock{mutex_};
            if (mark_.is_here()) {
                return Driven{engine_, follow_};
            }
        }
        QC_TRY(auto parts, this->parts());
        QC_TRY(std::shared_ptr<live::Engine> fresh, live::Engine::go_on(std::move(parts), current()));
        const std::lock_guard lock{mutex_};
        if (!mark_.is_here()) {  // Else another thread was faster.
            fresh->subscribers().take_over(engine_->subscribers());
            leave();
            engine_ = std::move(fresh);
            follow_ = std::make_shared<Follow>();
            mark_ = ProcessMark{};
        }
        return Driven{engine_, follow_};
    }

    /// Where no follower does it, whoever asks for a change does what is due besides. After `ask` this may be
    /// gone: a subscriber may end its manager.
    template <typename Ask>
    [[nodiscard]] live::Engine::Result change(Ask ask) {
        QC_TRY(const Driven driven, this->engine());
        const OpenOptions options = options_;
        auto result = ask(*driven.engine);
        if (options.auto_reload) {
            // In a child not before: it would be faster than who asks, and have the report.
            driven.follow->begin(driven.engine, options);
        } else {
            driven.engine->upkeep();
        }
        return result;
    }

    [[nodiscard]] std::unique_ptr<Unsubscribe> watch(std::string path, UntypedCallbacks callbacks) {
        const auto driven = this->engine();
        if (!driven) {
            return nullptr;
        }
        auto handle = driven->engine->subscribers().add(std::move(path), std::move(callbacks));
        if (options_.auto_reload) {
            driven->follow->begin(driven->engine, options_);
        }
        return handle;
    }

private:
    /// Every live configuration of the process, for fork().
    class Forks {
    public:
        static Forks& instance() {
            static auto* const kForks = new Forks;  // Never destroyed: fork() may come at any time.
            return *kForks;
        }
        void add(Impl* impl) {
            const std::lock_guard lock{mutex_};
            all_.push_back(impl);
        }
        void remove(Impl* impl) {
            const std::lock_guard lock{mutex_};
            std::erase(all_, impl);
        }

    private:
        Forks() {
            around_fork(ForkLevel::Readers,
                        {.before = &before, .in_parent = &in_parent, .in_child = &in_child});
        }
        static void before() {
            instance().mutex_.lock();
            for (Impl* impl : instance().all_) {
                impl->mutex_.lock();
                impl->shown_->mutex.lock();
                impl->shown_->typed.before_fork();
                if (impl->engine_ != nullptr) {
                    impl->engine_->subscribers().before_fork();
                }
            }
        }
        static void after(bool is_child) {
            for (Impl* impl : instance().all_) {
                if (impl->engine_ != nullptr) {
                    impl->engine_->subscribers().after_fork(is_child);
                }
                impl->shown_->typed.after_fork(is_child);
                impl->shown_->mutex.unlock();
                impl->mutex_.unlock();
            }
            instance().mutex_.unlock();
        }
        static void in_parent() { after(false); }
        static void in_child() { after(true); }

        std::mutex mutex_;
        std::vector<Impl*> all_;
    };

    /// What an engine is made of, in every process of this configuration.
    [[nodiscard]] std::expected<live::EngineParts, Failure> parts() const {
        QC_TRY(auto parts, live::make_parts(schema_, options_));
        parts.following = options_.auto_reload ? Following::Starting : Following::Off;
        parts.decode = shown_->typed.decode;
        parts.show = [shown = shown_](const std::shared_ptr<const live::Version>& version) {
            shown->show(version);
        };
        return parts;
    }

    /// What belongs to the parent is never touched again, nor destroyed.
    void leave() {
        new std::shared_ptr<live::Engine>{std::move(engine_)};
        new std::shared_ptr<Follow>{std::move(follow_)};
    }
    void leave_if_forked() {
        const std::lock_guard lock{mutex_};
        if (!mark_.is_here()) {
            leave();
        }
    }

    std::filesystem::path state_dir_;  ///< Set by start(); the same ever after.
    const Schema schema_;
    OpenOptions options_;
    const std::shared_ptr<Shown> shown_;
    mutable std::mutex mutex_;  ///< Before that of shown_.
    ProcessMark mark_;
    std::shared_ptr<live::Engine> engine_;
    std::shared_ptr<Follow> follow_;
};

std::expected<std::unique_ptr<LiveConfig>, Failure> LiveConfig::open(const Schema& schema,
                                                                     OpenOptions options, TypedSide typed) {
    auto impl = std::make_unique<Impl>(schema, std::move(options), std::move(typed));
    if (auto failure = impl->start()) {
        return std::unexpected{*std::move(failure)};
    }
    return std::unique_ptr<LiveConfig>{new LiveConfig{std::move(impl)}};
}

LiveConfig::LiveConfig(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
LiveConfig::~LiveConfig() = default;

VersionLabel LiveConfig::version() const {
    return impl_->current()->label;
}

std::filesystem::path LiveConfig::state_dir() const {
    return impl_->state_dir();
}

LiveHealth LiveConfig::health() const {
    return impl_->health();
}

Origin LiveConfig::origin_of(std::string_view path) const {
    return detail::origin_of(*impl_->current()->candidate, path);
}

std::optional<std::string> LiveConfig::get(std::string_view path) const {
    const auto version = impl_->current();
    const Value* value = version->root.at(path);
    return value == nullptr || value->is_absent() ? std::nullopt : std::optional{format::to_display(*value)};
}

std::expected<ChangeReport, Failure> LiveConfig::reload(const ReloadOptions& options) {
    return impl_->change(
        [&](live::Engine& engine) { return engine.reload({.accept_missing = options.accept_missing}); });
}

std::expected<ChangeReport, Failure> LiveConfig::update(std::span<const Setting> settings,
                                                        const UpdateOptions& options) {
    return impl_->change([&](live::Engine& engine) { return engine.update(settings, options); });
}

std::expected<ChangeReport, Failure> LiveConfig::rollback(VersionNumber to, const RollbackOptions& options) {
    return impl_->change([&](live::Engine& engine) -> live::Engine::Result {
        auto done = engine.rollback(to, options);
        if (!done) {
            return std::unexpected{std::move(done).error()};
        }
        return std::move(done->report);
    });
}

std::unique_ptr<Unsubscribe> LiveConfig::watch(std::string path, UntypedCallbacks callbacks) {
    return impl_->watch(std::move(path), std::move(callbacks));
}

}  // namespace detail
}  // namespace quantconf
