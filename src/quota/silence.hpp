#pragma once

#include "quantconf/detail/mutex.hpp"
#include "quantconf/types.hpp"

namespace quantconf::quota {

/// For how long somebody has been asked in vain by callers who could not wait for as long as an answer may
/// take.
///
/// One such wait says nothing: with more patience there might have been an answer. But a source that is dead
/// must not look alive only because nobody waits long enough. So waits add up, and as much silence as one
/// timeout is as good as one timeout. Waits side by side count once, and every answer ends it: who answers
/// slowly does answer.
///
/// Time is passed in (any steady clock). Any thread.
class Silence {
public:
    /// Somebody waited from `began` to `ended` and heard nothing.
    void wait(Duration began, Duration ended);
    /// An answer came, or something that says more than silence.
    void end(Duration now);
    /// Since it last ended, without what was taken.
    [[nodiscard]] Duration length() const;
    /// Takes as much as one timeout away; false if there is less.
    [[nodiscard]] bool take(Duration timeout);

private:
    mutable Mutex mutex_;
    Duration length_ QC_GUARDED_BY(mutex_){};
    Duration until_ QC_GUARDED_BY(mutex_){};  ///< What has been counted already.
};

}  // namespace quantconf::quota
