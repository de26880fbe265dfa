#include <string>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/vault.hpp"
#include "audit/read.hpp"
#include "audit/verify.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"
#include "state/database.hpp"

namespace quantconf::app {
namespace {

Outcome<state::Database> open_database(const Session& session) {
    return state::Database::open(state_dir(session) / "state.db", {.access = state::Access::Read});
}

int export_lines(const Session& session, const audit::Filter& filter) {
    auto database = open_database(session);
    if (!database) {
        return session.fail(database.error());
    }
    const auto done = audit::export_lines(*database, filter, [&](std::string_view line) -> Outcome<void> {
        session.out().print(line);
        session.out().print("\n");
        return {};
    });
    return done ? kFine : session.fail(done.error());
}

int log(const Session& session) {
    const audit::Filter filter{.limit = session.arguments().limit};
    if (session.arguments().format == "json") {
        return export_lines(session, filter);
    }
    auto database = open_database(session);
    if (!database) {
        return session.fail(database.error());
    }
    const auto records = audit::read(*database, filter);
    if (!records) {
        return session.fail(records.error());
    }
    for (const audit::StoredRecord& stored : *records) {
        if (!stored.record) {
            session.out().print(fmt::format("{:>5}  {}\n", stored.seq, session.out().red("is no record")));
            continue;
        }
        const audit::Record& record = *stored.record;
        std::string change;
        if (!record.from.empty() || !record.to.empty()) {
            change = fmt::format("{} -> {}  ", record.from.empty() ? "-" : record.from,
                                 record.to.empty() ? "-" : record.to);
        }
        session.out().print(escaped(fmt::format("{:>5}  {}  {}@{}  {:<14}  {:<24}  {:<10}  {}{}{}",
                                                stored.seq, to_rfc3339(record.at).substr(0, 19) + "Z",
                                                record.actor.user, record.actor.host, record.action,
                                                record.target, audit::to_text(record.result), change,
                                                record.detail, record.is_keyed ? "" : "  (without key)")) +
                            "\n");
    }
    return kFine;
}

std::string_view word_for(audit::Integrity integrity) {
    return integrity == audit::Integrity::Holds ? "holds" : "broken";
}

std::string_view word_for(audit::Completeness completeness) {
    switch (completeness) {
        case audit::Completeness::UpToAnchor:
            return "complete";
        case audit::Completeness::Unknown:
            return "unknown";
        case audit::Completeness::Broken:
            break;
    }
    return "broken";
}

int verify(const Session& session) {
    const auto vault = Vault::open(session);
    if (!vault) {
        return session.fail(vault.error());
    }
    const secrets::AuditAnchor stored = (*vault)->store().audit_anchor();
    const audit::Anchor anchor{.seq = stored.sequence, .mac = stored.mac};
    const auto verdicts = audit::verify((*vault)->database(), (*vault)->store().audit_key(), anchor);
    if (!verdicts) {
        return session.fail(verdicts.error());
    }
    const Terminal& out = session.out();
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object()
            .member("ok", verdicts->is_good())
            .member("integrity", word_for(verdicts->integrity))
            .member("completeness", word_for(verdicts->completeness))
            .member("records", verdicts->records)
            .member("anchor", anchor.seq);
        verdicts->first_bad ? json.member("first_bad", *verdicts->first_bad) : json.key("first_bad").null();
        json.member("reason", verdicts->reason).end_object();
        out.print(json.take());
        return verdicts->is_good() ? kFine : kAnswerIsNo;
    }
    const bool holds = verdicts->integrity == audit::Integrity::Holds;
    out.print(fmt::format("integrity:    {}\n",
                          holds ? fmt::format("{}, {} records are what their writers wrote",
                                              out.green("holds"), verdicts->records)
                                : fmt::format("{} at record {}: {}", out.red("broken"),
                                              verdicts->first_bad.value_or(0), escaped(verdicts->reason))));
    switch (verdicts->completeness) {
        case audit::Completeness::UpToAnchor:
            out.print(fmt::format(
                "completeness: {}, nothing is missing up to record {}, which the store remembers\n",
                out.green("complete"), anchor.seq));
            break;
        case audit::Completeness::Unknown:
            out.print(fmt::format("completeness: {}\n", out.yellow("unknown")));
            break;
        case audit::Completeness::Broken:
            out.print(fmt::format(
                "completeness: {}: record {}, which the store remembers, is missing or another one\n",
                out.red("broken"), anchor.seq));
            break;
    }
    if (!verdicts->unfinished.empty()) {
        out.print(fmt::format("{} records say that something was begun and not how it ended\n",
                              verdicts->unfinished.size()));
    }
    return verdicts->is_good() ? kFine : kAnswerIsNo;
}

}  // namespace

int run_audit(const Session& session) {
    const std::string& topic = session.arguments().topic;
    if (topic == "verify") {
        return verify(session);
    }
    return topic == "export" ? export_lines(session, {}) : log(session);
}

}  // namespace quantconf::app
