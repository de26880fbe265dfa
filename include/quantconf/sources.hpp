#pragma once

/// Everything that asks the data providers; link quantconf::sources.

#include "quantconf/sources/client.hpp"
#include "quantconf/sources/key_report.hpp"
#include "quantconf/sources/verdict.hpp"
