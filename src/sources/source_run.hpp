#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>

#include "quota/limiter.hpp"
#include "sources/classify.hpp"
#include "sources/governed_source.hpp"

namespace quantconf::sources {

/// One question on its way: attempts until there is an answer, or none can be expected. One thread.
///
/// source_run.cpp decides what is attempted and repeated, source_send.cpp gets the consent of ledger, gate
/// and breaker for one request and sends it, source_learn.cpp says what an answer means for those who ask
/// next.
class GovernedSource::Run {
public:
    Run(GovernedSource& source, const Query& query);

    Answer operator()();

private:
    [[nodiscard]] Duration time_left() const { return ends_ - around_.timeline.since_boot(); }
    void tell(Progress::Step step, Duration wait) const;
    /// An earlier answer stands where a repetition was not sent.
    void say_again(Answer heard);
    /// Everything between the decision to ask and the verdict.
    Verdict attempt();
    std::expected<Token, Verdict> ask_for_token();
    /// An OAuth2 token ends before we expect it where the provider forgets it: one silent renewal.
    [[nodiscard]] bool is_rejected_token() const;
    /// How long to wait for the next attempt; nothing if there is none.
    std::optional<Duration> pause_before_next(int retries);

    /// Answers may repeat the token, which nobody but us can know and take out.
    void keep_quiet_about(const Secret& token);

    /// Consent of ledger, gate and breaker, in the order in which they cost something; then the request
    /// itself. Without a cost it is not charged: only what no caller has asked for goes that way.
    Verdict send(net::Request request, const Asked& asked, std::optional<std::int64_t> cost, Answer* into);
    /// Charges the ledger, waiting for it; nothing if that costs nothing.
    std::expected<std::optional<quota::Receipt>, Verdict> pay(std::optional<std::int64_t> cost);
    Outcome<std::expected<quota::Receipt, quota::Refused>> acquire(std::int64_t cost);
    bool reopen();
    net::Response exchange(net::Request request);
    [[nodiscard]] Verdict refused_by_quota(const quota::Refused& refused) const;
    [[nodiscard]] Verdict out_of_time(std::string_view why) const;

    /// What an answer means for those who ask next, in all processes.
    void learn(const Verdict& verdict, const Asked& asked);
    /// Nothing came before the caller's own time had passed, which says little about the server.
    void learn_of_silence(quota::Breaker::Ticket ticket, Duration sent);
    void learn_of_server(const Verdict& verdict, quota::Breaker::Ticket ticket);
    /// A refusal of one question says nothing about the key, nor does the end of a token.
    void learn_of_key(const Verdict& verdict);

    GovernedSource& source_;
    const Surroundings& around_;
    const Query& query_;
    std::shared_ptr<const Configured> configured_;
    /// Knows everything secret of the attempt that is under way: the key, and the token if there is one.
    std::shared_ptr<const secrets::Redactor> redactor_;
    Duration began_;
    Duration ends_;
    Duration token_received_{};
    Answer answer_;
};

/// Of what was never sent.
[[nodiscard]] Verdict nothing_asked(KeyStatus status, std::string detail, std::string reason,
                                    std::optional<Duration> wait = std::nullopt);

}  // namespace quantconf::sources
