#pragma once

#include <string>
#include <vector>

#include <quantconf/sources.hpp>

/// One thing that the bot wants to know, and what to call it.
struct Question {
    std::string label;  ///< "stock_quote_delayed AAPL".
    quantconf::sources::GroupQuery query;
};

/// Everything that one round asks: quotes, news, macro, weather, sentiment and the social media. Whom to ask
/// is left to the groups of the configuration.
std::vector<Question> questions_of_a_round(const std::vector<std::string>& symbols);
