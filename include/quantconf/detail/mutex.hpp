#pragma once

// Locks that clang's thread-safety analysis understands: what is QC_GUARDED_BY a mutex cannot be touched
// without it.

#include <mutex>

#if defined(__clang__)
#define QC_ANNOTATE(x) __attribute__((x))
#else
#define QC_ANNOTATE(x)
#endif
#define QC_GUARDED_BY(x) QC_ANNOTATE(guarded_by(x))
#define QC_REQUIRES(...) QC_ANNOTATE(requires_capability(__VA_ARGS__))
#define QC_EXCLUDES(...) QC_ANNOTATE(locks_excluded(__VA_ARGS__))

namespace quantconf {

/// std::mutex that clang's thread-safety analysis understands.
class QC_ANNOTATE(capability("mutex")) Mutex {
public:
    void lock() QC_ANNOTATE(acquire_capability()) { mutex_.lock(); }
    void unlock() QC_ANNOTATE(release_capability()) { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

class QC_ANNOTATE(scoped_lockable) MutexLock {
public:
    explicit MutexLock(Mutex& mutex) QC_ANNOTATE(acquire_capability(mutex)) : mutex_{mutex} { mutex_.lock(); }
    ~MutexLock() QC_ANNOTATE(release_capability()) { mutex_.unlock(); }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

private:
    Mutex& mutex_;
};

}  // namespace quantconf
