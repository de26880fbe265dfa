#pragma once

namespace quantconf::app {

/// What the process says to the shell. Scripts rely on these.
enum ExitCode : int {
    kFine = 0,
    kAnswerIsNo = 1,  ///< Invalid configuration, differences, not found.
    kWrongUsage = 2,
    kWorldFailed = 3,  ///< I/O, permission, network.
    kRunFailed = 125,  ///< Of `run`, whatever it was: the other codes are those of its command.
};

}  // namespace quantconf::app
