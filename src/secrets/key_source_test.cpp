#include "secrets/key_source.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <type_traits>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "secrets/high_water.hpp"
#include "secrets/key_text.hpp"
#include "secrets/temporary_file.hpp"
#include "support/private_folder.hpp"

namespace quantconf::secrets {
namespace {

/// Counts upwards; the same each time.
class CountingRandom final : public crypto::Random {
public:
    Outcome<void> fill(std::span<char> out) override {
        std::ranges::generate(out, [this] { return next_++; });
        return {};
    }

private:
    char next_ = 0;
};

// What the bytes 0..31 are in base64, as `base64` of coreutils says.
constexpr std::string_view kCounted = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr std::string_view kUuid = "01234567-89ab-cdef-0123-456789abcdef";

std::string counted_bytes() {
    std::string bytes(kKeyBytes, '\0');
    char next = 0;
    std::ranges::generate(bytes, [&] { return next++; });
    return bytes;
}

class KeySourceTest : public FolderTest {
protected:
    void SetUp() override {
        FolderTest::SetUp();
        key_ = folder_ / "master.key";
    }
    /// The reading end of a pipe that holds `text` and is closed at the other side.
    static int pipe_with(std::string_view text) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
        ::close(ends[1]);
        return ends[0];
    }
    fs::path key_;
};

/// A process that has been.
pid_t ended_process() {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    return child;
}

TEST_F(KeySourceTest, what_killed_makers_of_other_keys_left_is_removed_once_it_is_surely_nobodys) {
    const pid_t gone = ended_process();
    const auto put = [&](const std::string& target, pid_t maker, std::chrono::hours age) {
        const fs::path file = folder_ / (".q." + target + "." + std::to_string(maker) + ".0123456789abcdef");
        std::ofstream{file} << "x";
        fs::last_write_time(file, fs::file_time_type::clock::now() - age);
        return file;
    };
    constexpr std::chrono::hours kOld = kAbandonedAfter + std::chrono::hours{1};
    constexpr std::chrono::hours kYoung = kAbandonedAfter - std::chrono::hours{1};
    const std::vector<fs::path> abandoned{put("0a.key", gone, kOld), put("0b.key.new", gone, kOld)};
    const std::vector<fs::path> kept{put("0c.key", gone, kYoung), put("0d.key", ::getpid(), kOld),
                                     put("secrets.qcs", gone, kOld), folder_ / ".q.0e.key.1.0123",
                                     folder_ / "0f.key"};
    for (const fs::path& file : {kept[3], kept[4]}) {
        std::ofstream{file} << "x";
        fs::last_write_time(file, fs::file_time_type::clock::now() - kOld);
    }
    CountingRandom random;

    ASSERT_TRUE(create_key_file(key_, random).has_value());

    for (const fs::path& file : abandoned) {
        EXPECT_FALSE(fs::exists(file)) << file;
    }
    for (const fs::path& file : kept) {
        EXPECT_TRUE(fs::exists(file)) << file;
    }
}

TEST_F(KeySourceTest, a_key_file_is_one_line_of_base64_for_its_owner_alone) {
    CountingRandom random;
    ASSERT_TRUE(create_key_file(key_, random).has_value());
    EXPECT_EQ(text_of(key_), std::string{kCounted} + "\n");
    EXPECT_EQ(mode_of(key_), 0600U);
    EXPECT_EQ(read_key(KeyFile{key_}).value().view(), counted_bytes());
}

TEST_F(KeySourceTest, a_key_is_never_written_over_something) {
    CountingRandom random;
    put(key_, "mine");
    EXPECT_REFUSED(create_key_file(key_, random), Problem::Exists);
    EXPECT_EQ(text_of(key_), "mine");
    fs::remove(key_);
    fs::create_symlink("nowhere", key_);
    EXPECT_REFUSED(create_key_file(key_, random), Problem::Exists);
    EXPECT_EQ(names(), std::set<std::string>{"master.key"});
}

TEST_F(KeySourceTest, every_key_survives_its_spelling) {
    for (int round = 0; round < 256; ++round) {
        std::string key(kKeyBytes, '\0');
        for (std::size_t at = 0; at < key.size(); ++at) {
            key[at] = static_cast<char>(round * 7 + static_cast<int>(at) * round);
        }
        const auto read = key_from_text(key_to_text(key).view());
        ASSERT_TRUE(read.has_value()) << round;
        EXPECT_EQ(read->view(), key);
    }
    EXPECT_EQ(key_to_text(std::string(32, '\xff')).view(), std::string(42, '/') + "8=\n");
}

TEST_F(KeySourceTest, only_one_spelling_of_one_length_is_a_key) {
    const std::string good{kCounted};
    EXPECT_TRUE(key_from_text(good).has_value()) << "without a newline";
    EXPECT_TRUE(key_from_text(good + "\n").has_value());
    std::string other_spelling = good;
    other_spelling[42] = '9';  // Differs in bits that no byte takes.
    for (const std::string& text :
         {std::string{}, good + "\n\n", good + "\r\n", " " + good, good.substr(1), good.substr(0, 43),
          good + "=", other_spelling, std::string(44, 'A'), std::string(43, '-') + "=",
          std::string(43, '_') + "=", "=" + good.substr(1), good.substr(0, 20) + "=" + good.substr(21),
          std::string(43, '\0') + "=", counted_bytes(), std::string(32, 'x')}) {
        EXPECT_FALSE(key_from_text(text).has_value()) << testing::PrintToString(text);
    }
    for (int letter = 0; letter < 256; ++letter) {
        std::string text = good;
        text[5] = static_cast<char>(letter);
        const bool is_base64 = std::isalnum(letter) != 0 || letter == '+' || letter == '/';
        EXPECT_EQ(key_from_text(text).has_value(), is_base64) << letter;
    }
}

TEST_F(KeySourceTest, a_file_that_holds_no_key_is_told_from_none) {
    EXPECT_REFUSED(read_key(KeyFile{key_}), Problem::NoKeySource);
    const auto missing = read_key(KeyFile{folder_ / "no-folder" / "key", "--key-file names it"});
    EXPECT_REFUSED(missing, Problem::NoKeySource);
    EXPECT_TRUE(missing.error().hint.contains("--key-file names it")) << missing.error().hint;
    for (const std::string& text : {std::string{}, std::string{"short\n"}, std::string(100'000, 'A')}) {
        put(key_, text);
        EXPECT_REFUSED(read_key(KeyFile{key_}), Problem::BadKey);
    }
}

// 21: store/key mode 0640, 0644, 0666: refuse, print the fix.
TEST_F(KeySourceTest, t21_to_t24_a_key_file_passes_the_checks_of_the_store) {
    for (const mode_t mode : {0640U, 0644U, 0666U}) {
        put(key_, kCounted, mode);
        EXPECT_REFUSED(read_key(KeyFile{key_}), Problem::Exposed);
    }
    put(key_, kCounted);
    fs::create_hard_link(key_, folder_ / "second");
    EXPECT_REFUSED(read_key(KeyFile{key_}), Problem::Linked);
    fs::remove(folder_ / "second");
    fs::create_symlink(key_, folder_ / "link");
    EXPECT_REFUSED(read_key(KeyFile{folder_ / "link"}), Problem::Linked);
    ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
    EXPECT_REFUSED(read_key(KeyFile{key_}), Problem::Exposed);
}

TEST_F(KeySourceTest, a_descriptor_gives_its_key_once) {
    const int pipe = pipe_with(std::string{kCounted} + "\n");
    EXPECT_EQ(read_key(KeyDescriptor{pipe}).value().view(), counted_bytes());
    EXPECT_NE(::fcntl(pipe, F_GETFD) & FD_CLOEXEC, 0) << "a child would inherit it";
    EXPECT_REFUSED(read_key(KeyDescriptor{pipe}), Problem::NoKeySource);
    ::close(pipe);
    EXPECT_REFUSED(read_key(KeyDescriptor{pipe}), Problem::NoKeySource);
    EXPECT_REFUSED(read_key(KeyDescriptor{-1}), Problem::NoKeySource);
}

TEST_F(KeySourceTest, a_descriptor_may_be_a_file_in_memory_or_a_pipe_that_does_not_wait) {
    const int file = ::memfd_create("key", 0);
    ASSERT_EQ(::write(file, kCounted.data(), kCounted.size()), static_cast<ssize_t>(kCounted.size()));
    ASSERT_EQ(::lseek(file, 0, SEEK_SET), 0);
    EXPECT_EQ(read_key(KeyDescriptor{file}).value().view(), counted_bytes());
    ::close(file);
    const int pipe = pipe_with(kCounted);
    ASSERT_EQ(::fcntl(pipe, F_SETFL, O_NONBLOCK), 0);
    EXPECT_EQ(read_key(KeyDescriptor{pipe}).value().view(), counted_bytes());
    ::close(pipe);
}

TEST_F(KeySourceTest, a_key_on_standard_input_cannot_be_read_again) {
    const int file = ::memfd_create("key", 0);
    ASSERT_EQ(::write(file, kCounted.data(), kCounted.size()), static_cast<ssize_t>(kCounted.size()));
    ASSERT_EQ(::lseek(file, 0, SEEK_SET), 0);
    const int before = ::dup(STDIN_FILENO);
    ASSERT_EQ(::dup2(file, STDIN_FILENO), STDIN_FILENO);

    EXPECT_EQ(read_key(KeyDescriptor{STDIN_FILENO}).value().view(), counted_bytes());
    char again = 0;
    EXPECT_EQ(::pread(STDIN_FILENO, &again, 1, 0), 0);

    ::dup2(before, STDIN_FILENO);
    ::close(before);
    ::close(file);
}

TEST_F(KeySourceTest, a_descriptor_that_never_ends_is_given_up) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], kCounted.data(), kCounted.size()), static_cast<ssize_t>(kCounted.size()));
    EXPECT_REFUSED(read_key(KeyDescriptor{.number = ends[0], .timeout = std::chrono::milliseconds{5}}),
                   Problem::NoKeySource);
    ::close(ends[0]);
    ::close(ends[1]);
    const int endless = ::open("/dev/zero", O_RDONLY);
    EXPECT_REFUSED(read_key(KeyDescriptor{endless}), Problem::BadKey);
    ::close(endless);
}

TEST_F(KeySourceTest, a_passphrase_has_at_least_one_byte_and_at_most_1024) {
    const auto with = [](std::size_t size) {
        return Passphrase{[size] { return Outcome<crypto::SecretBytes>{crypto::SecretBytes{size}}; }};
    };
    EXPECT_REFUSED(read_key(with(0)), Problem::BadKey);
    EXPECT_EQ(read_key(with(1)).value().size(), 1U);
    EXPECT_EQ(read_key(with(kPassphraseBytesMax)).value().size(), kPassphraseBytesMax);
    EXPECT_REFUSED(read_key(with(kPassphraseBytesMax + 1)), Problem::TooLarge);
    EXPECT_REFUSED(read_key(Passphrase{}), Problem::NoKeySource);
}

TEST_F(KeySourceTest, a_systemd_credential_may_be_readable_through_an_access_list) {
    put(folder_ / "qc-master", kCounted, 0440);
    EXPECT_EQ(read_key(SystemdCredential{folder_}).value().view(), counted_bytes());
    for (const mode_t mode : {0444U, 0460U, 0410U}) {
        put(folder_ / "qc-master", kCounted, mode | 0200U);
        EXPECT_REFUSED(read_key(SystemdCredential{folder_}), Problem::Exposed);
    }
    fs::remove(folder_ / "qc-master");
    EXPECT_REFUSED(read_key(SystemdCredential{folder_}), Problem::NoKeySource);
    EXPECT_REFUSED(read_key(SystemdCredential{}), Problem::NoKeySource);
}

// 39: key/secret on the command line: no such flag exists; stdin, fd or file only.
TEST_F(KeySourceTest, t39_no_source_takes_the_key_itself) {
    static_assert(!std::is_constructible_v<KeySource, std::string>);
    static_assert(!std::is_constructible_v<KeySource, const char*>);
    static_assert(!std::is_constructible_v<KeySource, crypto::SecretBytes>);
    static_assert(std::variant_size_v<KeySource> == 4, "a new source: may it come from a command line?");
}

TEST_F(KeySourceTest, a_key_in_the_folder_of_the_store_or_beneath_it_is_refused) {
    const fs::path state = folder_ / ".quantconf";
    fs::create_directories(state / "deep");
    fs::create_symlink(state, folder_ / "link");
    EXPECT_REFUSED(check_key_place(state / "master.key", state), Problem::KeyBesideStore);
    EXPECT_REFUSED(check_key_place(state / "deep" / "master.key", state), Problem::KeyBesideStore);
    EXPECT_REFUSED(check_key_place(folder_ / "link" / "master.key", state), Problem::KeyBesideStore);
    EXPECT_REFUSED(check_key_place(state / "none" / "master.key", state / ""), Problem::KeyBesideStore);
    EXPECT_TRUE(check_key_place(folder_ / "master.key", state).has_value());
    EXPECT_TRUE(check_key_place(folder_ / ".quantconf2" / "master.key", state).has_value());
}

TEST_F(KeySourceTest, a_key_inside_a_git_work_tree_is_worth_a_warning) {
    const fs::path keys = folder_ / "a" / "b";
    fs::create_directories(keys);
    EXPECT_FALSE(check_key_place(keys / "master.key", folder_ / "state").value().is_in_git_work_tree);
    put(folder_ / "a" / ".git", "gitdir: elsewhere");  // As in a submodule; a folder otherwise.
    EXPECT_TRUE(check_key_place(keys / "master.key", folder_ / "state").value().is_in_git_work_tree);
}

TEST_F(KeySourceTest, a_high_water_mark_only_rises) {
    EXPECT_EQ(read_high_water(folder_, kUuid).value().has_value(), false);
    ASSERT_TRUE(raise_high_water(folder_, kUuid, 5).has_value());
    ASSERT_TRUE(raise_high_water(folder_, kUuid, 3).has_value());
    EXPECT_EQ(read_high_water(folder_, kUuid).value()->generation, 5U);
    ASSERT_TRUE(raise_high_water(folder_, kUuid, UINT64_MAX).has_value());
    EXPECT_EQ(read_high_water(folder_, kUuid).value()->generation, UINT64_MAX);
    EXPECT_EQ(names(), std::set<std::string>{std::string{kUuid} + ".generation"});
}

TEST_F(KeySourceTest, a_damaged_high_water_mark_is_an_error_and_not_none) {
    const fs::path mark = folder_ / (std::string{kUuid} + ".generation");
    ASSERT_TRUE(raise_high_water(folder_, kUuid, 5).has_value());
    const std::string whole = text_of(mark);
    const std::string line = whole.substr(0, whole.size() / 2);
    ASSERT_EQ(whole, line + line);
    std::string other = whole;
    other.replace(19, 1, "6").replace(line.size() + 19, 1, "6");
    for (const std::string& text : {std::string{}, std::string{"5\n"}, line, other,
                                    std::string(whole.size(), '0'), std::string(whole.size(), '\0')}) {
        put(mark, text);
        EXPECT_REFUSED(read_high_water(folder_, kUuid), Problem::Damaged);
        EXPECT_FALSE(raise_high_water(folder_, kUuid, 9).has_value());
    }
    EXPECT_REFUSED(read_high_water(folder_, "../evil"), Problem::BadName);
    EXPECT_REFUSED(raise_high_water(folder_, std::string(36, '/'), 1), Problem::BadName);
}

TEST_F(KeySourceTest, a_high_water_mark_that_was_torn_is_the_one_before) {
    const fs::path mark = folder_ / (std::string{kUuid} + ".generation");
    for (const std::uint64_t generation :
         {5U, 7U, 9U, 10U}) {  // Numbers may be left out; both lines take turns.
        ASSERT_TRUE(raise_high_water(folder_, kUuid, generation).has_value());
    }
    const std::string whole = text_of(mark);
    const std::size_t line = whole.size() / 2;
    for (std::size_t at = 0; at < line; ++at) {
        std::string torn = whole;
        torn[line + at] = '?';
        put(mark, torn);
        EXPECT_EQ(read_high_water(folder_, kUuid).value()->generation, 9U) << at;
    }
    ASSERT_TRUE(raise_high_water(folder_, kUuid, 10).has_value()) << "the torn line is written again";
    EXPECT_EQ(text_of(mark), whole);
}

}  // namespace
}  // namespace quantconf::secrets
