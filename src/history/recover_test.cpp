#include <random>

#include "crypto/sha256.hpp"
#include "history/file_change.hpp"
#include "history/journal.hpp"
#include "history/problem.hpp"
#include "state/problem.hpp"
#include "support/test_change.hpp"

namespace quantconf::history {
namespace {

class Recovery : public TestChange {
protected:
    /// As if a process had died with so much done.
    void interrupted(int files_done) {
        ASSERT_TRUE(done(write_journal(change(), state_)));
        if (files_done >= 1) {
            put(config_ / "base.yaml", "a: 2\n", 0644);
            put(config_ / ".base.yaml.quantconf-change", "a: 1\n", 0644);
        }
        if (files_done >= 2) {
            put(config_ / "production.yaml", "b: 2\n", 0644);
        } else {
            put(config_ / ".production.yaml.quantconf-change", "b:", 0600);
        }
    }
    void expect_new() const {
        EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
        EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 2\n");
    }
    std::error_code cause_of_recovery() {
        const auto recovered = recover(state_);
        return recovered ? std::error_code{} : recovered.error().cause;
    }
    [[nodiscard]] fs::path journal() const { return journal_of(state_); }
};

TEST_F(Recovery, without_a_journal_there_is_nothing_to_do) {
    EXPECT_EQ(recover(state_).value(), std::nullopt);
    EXPECT_EQ(recover(folder_ / "no such folder").value(), std::nullopt);
    EXPECT_FALSE(fs::exists(state_ / "change.lock")) << "who only starts leaves no trace";
}

TEST_F(Recovery, what_nobody_had_begun_is_forgotten) {
    interrupted(0);
    int commits = 0;
    const auto recovered = recover(state_, [&](const Recovered&) -> Outcome<void> {
        ++commits;
        return {};
    });
    ASSERT_TRUE(recovered && *recovered);
    EXPECT_FALSE((*recovered)->is_finished);
    EXPECT_EQ((*recovered)->change, change());
    EXPECT_EQ(commits, 0);
    expect_old();
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Recovery, what_was_begun_is_finished_and_recorded_before_the_journal_goes) {
    for (const int files_done : {1, 2}) {
        put(config_ / "base.yaml", "a: 1\n", 0644);
        put(config_ / "production.yaml", "b: 1\n", 0644);
        interrupted(files_done);
        int commits = 0;
        const auto recovered = recover(state_, [&](const Recovered& found) -> Outcome<void> {
            EXPECT_EQ(found.change.note, "because");
            expect_new();
            EXPECT_TRUE(fs::exists(journal()));
            ++commits;
            return {};
        });
        ASSERT_TRUE(recovered && *recovered);
        EXPECT_TRUE((*recovered)->is_finished);
        EXPECT_EQ(commits, 1);
        expect_new();
        EXPECT_TRUE(leftovers().empty());
        EXPECT_EQ(recover(state_).value(), std::nullopt);
    }
}

TEST_F(Recovery, what_cannot_be_recorded_keeps_its_journal_for_the_next_time) {
    interrupted(1);
    EXPECT_FALSE(recover(state_, [](const Recovered&) { return refusal(); }));
    expect_new();
    EXPECT_TRUE(fs::exists(journal()));
    const auto recovered = recover(state_);
    ASSERT_TRUE(recovered && *recovered);
    EXPECT_TRUE((*recovered)->is_finished);
}

TEST_F(Recovery, files_that_are_made_and_removed_are_finished_too) {
    const FileChange change{
        .edits = {{.path = config_ / "base.yaml", .before = "a: 1\n"},
                  {.path = config_ / "new.yaml", .after = "n: 1\n"},
                  {.path = config_ / "production.yaml", .before = "b: 1\n", .after = "b: 2\n"}}};
    ASSERT_TRUE(done(write_journal(change, state_)));
    fs::rename(config_ / "base.yaml", config_ / ".base.yaml.quantconf-change");
    ASSERT_TRUE(recover(state_).value());
    EXPECT_FALSE(fs::exists(config_ / "base.yaml"));
    EXPECT_EQ(text_of(config_ / "new.yaml"), "n: 1\n");
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 2\n");
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Recovery, a_file_that_was_edited_since_is_left_alone_with_all_others_and_nothing_is_lost) {
    for (const char* kept : {"change.journal.conflict", "change.journal.conflict-2"}) {
        put(config_ / "base.yaml", "a: 1\n", 0644);
        put(config_ / "production.yaml", "b: 1\n", 0644);
        interrupted(1);
        put(config_ / "production.yaml", "b: by hand\n");
        const std::string bytes = text_of(journal());

        const auto refused = recover(state_);

        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().cause, Problem::Conflict);
        EXPECT_TRUE(to_text(refused.error()).contains("production.yaml")) << to_text(refused.error());
        EXPECT_TRUE(to_text(refused.error()).contains(kept)) << to_text(refused.error());
        EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
        EXPECT_EQ(text_of(config_ / "production.yaml"), "b: by hand\n");
        EXPECT_EQ(text_of(state_ / kept), bytes);
        EXPECT_FALSE(fs::exists(journal()));
        EXPECT_EQ(recover(state_).value(), std::nullopt) << "the next start goes on";
    }
}

TEST_F(Recovery, a_new_link_in_place_of_a_file_is_followed_and_judged_like_any_other) {
    interrupted(1);
    fs::remove(config_ / "production.yaml");
    put(folder_ / "theirs.yaml", "not ours\n");
    fs::create_symlink(folder_ / "theirs.yaml", config_ / "production.yaml");
    EXPECT_EQ(cause_of_recovery(), Problem::Conflict);
    EXPECT_EQ(text_of(folder_ / "theirs.yaml"), "not ours\n");
}

TEST_F(Recovery, the_bytes_of_a_journal_are_what_the_format_says) {
    const FileChange change{
        .edits = {{.path = "/x", .before = "o", .after = "nn"}, {.path = "/y", .before = "z"}}, .note = "hi"};
    using namespace std::string_literals;
    const std::string body =
        "QCCHANGE\0\1\0\0\0\2hi\0\2"s + "\3\0\2/x\0\0\0\1o\0\0\0\2nn"s + "\1\0\2/y\0\0\0\1z\0\0\0\0"s;
    EXPECT_EQ(encode_journal(change), body + crypto::sha256_hex(body));
    EXPECT_EQ(decode_journal(encode_journal(change), "journal").value(), change);
    EXPECT_EQ(decode_journal(encode_journal({}), "journal").value(), FileChange{});
}

TEST_F(Recovery, a_truncated_journal_is_an_error_and_nothing_is_touched) {
    interrupted(1);
    const std::string whole = text_of(journal());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        put(journal(), whole.substr(0, size));
        EXPECT_EQ(cause_of_recovery(), Problem::JournalDamaged) << size;
    }
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 1\n");
    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
    EXPECT_TRUE(fs::exists(journal()));
}

TEST_F(Recovery, a_flipped_bit_in_a_journal_is_an_error_and_nothing_is_touched) {
    interrupted(1);
    const std::string whole = text_of(journal());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string bytes = whole;
        bytes[at] ^= static_cast<char>(1U << (at % 8));
        put(journal(), bytes);
        EXPECT_EQ(cause_of_recovery(), at < 10 ? Problem::UnknownFormat : Problem::JournalDamaged) << at;
    }
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 1\n");
}

TEST_F(Recovery, a_journal_whose_sum_is_right_and_whose_contents_are_not_is_refused) {
    using namespace std::string_literals;
    const std::string head = "QCCHANGE\0\1\0\0\0\0"s;
    for (const std::string& body :
         {head + "\0\1"s,                                     // One file, and none follows.
          head + "\0\0x"s,                                    // Something follows.
          head + "\0\1\4\0\2/x\0\0\0\0\0\0\0\0"s,             // An unknown flag.
          head + "\0\1\1\0\2/x\0\0\0\0\0\0\0\1y"s,            // Text of a file that there is not.
          head + "\0\1\3\0\1x\0\0\0\0\0\0\0\0"s,              // A relative path.
          head + "\0\1\3\0\4/x\0y\0\0\0\0\0\0\0\0"s,          // A path with an end in it.
          head + "\0\1\3\0\2/x\xff\xff\xff\xff\0\0\0\0"s,     // A size beyond everything.
          head + "\xff\xff"s + std::string(1'000'000, '\0'),  // Too many files.
          "QCCHANGE\0\1\xff\xff\xff\xff"s}) {
        const auto decoded = decode_journal(body + crypto::sha256_hex(body), "journal");
        ASSERT_FALSE(decoded) << testing::PrintToString(body.substr(0, 60));
        EXPECT_EQ(decoded.error().cause, Problem::JournalDamaged);
    }
    const std::string later = "QCCHANGE\0\2\0\0\0\0\0\0"s;
    EXPECT_EQ(decode_journal(later + crypto::sha256_hex(later), "journal").error().cause,
              Problem::UnknownFormat);
}

TEST_F(Recovery, any_bytes_in_a_journal_are_safe) {
    constexpr unsigned kSeed = 20'260'302;
    std::mt19937 random{kSeed};
    for (int run = 0; run < 2'000; ++run) {
        std::string body = encode_journal(change()).substr(0, 10 + random() % 80);
        for (int i = 0; i < 4; ++i) {
            body[10 + random() % (body.size() > 10 ? body.size() - 10 : 1) % body.size()] =
                static_cast<char>(random());
        }
        const auto decoded = decode_journal(body + crypto::sha256_hex(body), "journal");
        EXPECT_TRUE(decoded || decoded.error().cause == Problem::JournalDamaged) << "seed " << kSeed;
    }
}

TEST_F(Recovery, what_stands_in_the_place_of_the_journal_is_refused_and_nothing_is_touched) {
    interrupted(1);
    fs::rename(journal(), folder_ / "theirs");
    fs::create_symlink(folder_ / "theirs", journal());
    EXPECT_EQ(cause_of_recovery(), state::Problem::NotRegular) << "a hostile link";
    EXPECT_EQ(apply(change(), state_, commits()).error().cause, Problem::Unfinished);
    fs::remove(journal());
    fs::create_hard_link(folder_ / "theirs", journal());
    EXPECT_EQ(cause_of_recovery(), state::Problem::NotRegular) << "a second name";
    fs::remove(journal());
    ASSERT_EQ(::mkfifo(journal().c_str(), 0600), 0);
    EXPECT_EQ(cause_of_recovery(), state::Problem::NotRegular);
    fs::remove(journal());
    fs::create_directory(journal());
    EXPECT_EQ(cause_of_recovery(), state::Problem::NotRegular);
    fs::remove(journal());
    put(journal(), text_of(folder_ / "theirs"), 0644);
    EXPECT_EQ(cause_of_recovery(), state::Problem::Exposed);
    fs::remove(journal());
    put(journal(), "a letter to somebody else\n");
    EXPECT_EQ(cause_of_recovery(), Problem::UnknownFormat);
    put(journal(), "");
    fs::resize_file(journal(), std::uintmax_t{1} << 40U);
    EXPECT_EQ(cause_of_recovery(), Problem::TooLarge);
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 1\n");
    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
}

}  // namespace
}  // namespace quantconf::history
