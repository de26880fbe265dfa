#include "tally.hpp"

using quantconf::sources::Answer;
using quantconf::sources::PassedOver;

void Tally::add(const std::string& capability, const Answer& answer) {
    const auto pay = [this](quantconf::sources::Provider source, int requests, std::int64_t cost) {
        if (requests > 0) {
            spent[name_of(source)].requests += requests;
            spent[name_of(source)].cost += cost;
        }
    };
    pay(answer.source, answer.attempts, answer.cost);
    for (const PassedOver& other : answer.passed_over) {
        pay(other.source, other.attempts, other.cost);
    }
    if (answer.verdict.detail == "cancelled") {
        return;  // By us: the program ends.
    }
    Line& line = lines[capability];
    for (const PassedOver& other : answer.passed_over) {
        ++line.passed_over[{name_of(other.source), other.because}];
    }
    if (!answer.has_data()) {
        ++line.failed[answer.verdict.reason];
        return;
    }
    ++line.answers;
    ++line.by[name_of(answer.source)];
    line.from_cache += answer.from_cache && !answer.is_stale ? 1 : 0;
    line.old += answer.is_stale ? 1 : 0;
}

int Tally::answers() const {
    int sum = 0;
    for (const auto& [capability, line] : lines) {
        sum += line.answers;
    }
    return sum;
}
