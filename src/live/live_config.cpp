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

}  // namespace

/// The engine with what drives it. In a forked child the threads are gone and locks may be held by nobody:
/// there the engine is left alone, and a new one is made by the first call that wants to change something.
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
        follower_.reset();  // Before the engine that it drives.
    }

    [[nodiscard]] std::optional<Failure> start() {
        auto parts = live::make_parts(schema_, options_);
        if (!parts) {
            return std::move(parts).error();
        }
        parts->following = options_.auto_reload ? Following::Starting : Following::Off;
        state_dir_ = parts->state_dir;
        parts->decode = shown_->typed.decode;
        parts->show = [shown = shown_](const std::shared_ptr<const live::Version>& version) {
            shown->show(version);
        };
        auto engine = live::Engine::open(*std::move(parts), options_.start_from_last_good);
        if (!engine) {
            return std::move(engine).error();
        }
        const std::lock_guard lock{mutex_};
        engine_ = *std::move(engine);
        if (options_.auto_reload) {
            follower_ = std::make_unique<live::Follower>(
                engine_, live::Watcher::of_process(),
                live::FollowerOptions{.debounce = options_.debounce, .poll = options_.poll});
        }
        mark_ = ProcessMark{};
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
        return health;
    }

    /// The engine of this process. In a child it starts anew: from the files as they are now.
    [[nodiscard]] std::expected<std::shared_ptr<live::Engine>, Failure> engine() {
        {
            const std::lock_guard lock{mutex_};
            if (mark_.is_here()) {
                return engine_;
            }
        }
        leave_if_forked();
        if (auto failure = start()) {
            return std::unexpected{*std::move(failure)};
        }
        const std::lock_guard lock{mutex_};
        return engine_;
    }

    /// Where no follower does it, whoever asks for a change does what is due besides. After `ask` this may be
    /// gone: a subscriber may end its manager.
    template <typename Ask>
    [[nodiscard]] live::Engine::Result change(Ask ask) {
        QC_TRY(const auto engine, this->engine());
        const bool is_followed = options_.auto_reload;
        auto result = ask(*engine);
        if (!is_followed) {
            engine->upkeep();
        }
        return result;
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
            }
        }
        static void after(bool is_child) {
            for (Impl* impl : instance().all_) {
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

    /// What belongs to the parent is never touched again, nor destroyed.
    void leave_if_forked() {
        const std::lock_guard lock{mutex_};
        if (!mark_.is_here()) {
            new std::shared_ptr<live::Engine>{std::move(engine_)};
            static_cast<void>(follower_.release());
        }
    }

    std::filesystem::path state_dir_;  ///< Set by start(); the same ever after.
    const Schema schema_;
    OpenOptions options_;
    const std::shared_ptr<Shown> shown_;
    mutable std::mutex mutex_;  ///< Before that of shown_.
    ProcessMark mark_;
    std::shared_ptr<live::Engine> engine_;
    std::unique_ptr<live::Follower> follower_;
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
    const auto engine = impl_->engine();
    return engine ? (*engine)->subscribers().add(std::move(path), std::move(callbacks)) : nullptr;
}

}  // namespace detail
}  // namespace quantconf
