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
#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "state/database.hpp"
#include "state/problem.hpp"

namespace quantconf::app {
namespace {

Outcome<state::Database> open_database(const Session& session) {
    auto database = state::Database::open(session.state_dir() / "state.db", {.access = state::Access::Read});
    if (!database && database.error().cause == state::Problem::Missing && has_store(session)) {
        database.error().hint =
            "the record of who did what with the secrets is gone; `quantconf audit verify` says what is "
            "missing";
    }
    return database;
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

/// Everything that `audit verify` finds out.
struct Findings {
    audit::Verdicts verdicts;
    audit::Anchor anchor;
    bool has_log = true;
    std::uint64_t generation = 0;
    std::uint64_t known_generation = 0;

    [[nodiscard]] bool is_older() const { return generation < known_generation; }
    [[nodiscard]] bool is_good() const { return verdicts.is_good() && !is_older(); }
};

/// No log at all is one that ends before its first record.
audit::Verdicts verdicts_without_log(const Session& session) {
    audit::Verdicts verdicts;
    verdicts.completeness = audit::Completeness::Broken;
    verdicts.first_bad = 1;
    verdicts.reason = fmt::format("there is no {}", (session.state_dir() / "state.db").string());
    return verdicts;
}

Outcome<Findings> look(const Session& session) {
    QC_TRY(const auto vault, Vault::inspect(session));
    const secrets::AuditAnchor stored = vault->store().audit_anchor();
    Findings found{.verdicts = {},
                   .anchor = {.seq = stored.sequence, .mac = stored.mac},
                   .has_log = vault->has_log(),
                   .generation = vault->store().generation()};
    QC_TRY(found.known_generation, vault->known_generation());
    if (!found.has_log) {
        found.verdicts = verdicts_without_log(session);
        return found;
    }
    QC_TRY(found.verdicts, audit::verify(vault->database(), vault->store().audit_key(), found.anchor));
    return found;
}

void print_json(const Session& session, const Findings& found) {
    const audit::Verdicts& verdicts = found.verdicts;
    JsonWriter json;
    json.begin_object()
        .member("ok", found.is_good())
        .member("integrity", word_for(verdicts.integrity))
        .member("completeness", word_for(verdicts.completeness))
        .member("records", verdicts.records)
        .member("anchor", found.anchor.seq);
    verdicts.first_bad ? json.member("first_bad", *verdicts.first_bad) : json.key("first_bad").null();
    json.member("reason", verdicts.reason)
        .member("generation", found.generation)
        .member("known_generation", found.known_generation)
        .end_object();
    session.out().print(json.take());
}

void print_text(const Session& session, const Findings& found) {
    const Terminal& out = session.out();
    const audit::Verdicts* const verdicts = &found.verdicts;
    const audit::Anchor& anchor = found.anchor;
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
    if (!found.has_log) {
        out.print(
            fmt::format("{}; put back the one that belongs to this store\n", escaped(verdicts->reason)));
    }
    if (found.is_older()) {
        out.print(fmt::format("store:        {}: it is generation {}, and generation {} was seen before\n",
                              out.red("older"), found.generation, found.known_generation));
    }
}

int verify(const Session& session) {
    const auto found = look(session);
    if (!found) {
        return session.fail(found.error());
    }
    if (session.arguments().format == "json") {
        print_json(session, *found);
    } else {
        print_text(session, *found);
    }
    if (found->is_older() && !session.arguments().accept_rollback) {
        return session.fail(Error{"trust", session.store_file().string(), secrets::Problem::RollbackDetected,
                                  "restore the later generation; with --accept-rollback this is an answer "
                                  "and no error"});
    }
    return found->is_good() ? kFine : kAnswerIsNo;
}

}  // namespace

int run_audit(const Session& session) {
    const std::string& topic = session.arguments().topic;
    if (session.arguments().accept_rollback && topic != "verify") {
        return session.fail(kWrongUsage, "--accept-rollback belongs to `audit verify`",
                            "`audit log` and `audit export` show whatever log there is");
    }
    if (topic == "verify") {
        return verify(session);
    }
    return topic == "export" ? export_lines(session, {}) : log(session);
}

}  // namespace quantconf::app
