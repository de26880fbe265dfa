#include "stress/torture_changes.hpp"

#include <thread>

#include <fcntl.h>
#include <sys/stat.h>

namespace torture {
namespace {

constexpr std::chrono::seconds kDeadline{5};

std::string in_place(Stage& stage) {
    const auto [file, text] = stage.any_file();
    write_in_place(file, text);
    return {};
}

std::string in_chunks(Stage& stage) {
    const auto [file, text] = stage.any_file();
    write_in_chunks(file, text);
    return {};
}

std::string overwriting(Stage& stage) {
    const auto [file, text] = stage.any_file();
    overwrite(file, text);
    return {};
}

std::string renaming(Stage& stage) {
    const auto [file, text] = stage.any_file();
    rename_over(file, text);
    return {};
}

std::string like_vim(Stage& stage) {
    const auto [file, text] = stage.any_file();
    save_like_vim(file, text);
    return {};
}

std::string link_swap(Stage& stage) {
    const auto [file, text] = stage.any_file();
    const fs::path store = stage.root / "store";
    fs::create_directories(store);
    const fs::path target = store / (std::to_string(stage.number % 4) + "-" + file.filename().string());
    // The link may lead there at this moment: then this is the change.
    rename_over(target, text);
    link_over(file, stage.by_chance(2) ? target : "../store" / target.filename());
    return {};
}

/// As Kubernetes mounts a ConfigMap: both files change with one rename.
std::string data_swap(Stage& stage) {
    const fs::path fresh = stage.config / (".." + std::to_string(stage.number));
    fs::create_directory(fresh);
    stage.expected.base = stage.expected.own = stage.expected.set = stage.number;
    write_in_place(fresh / "base.yaml", layer("base", stage.number, stage.number));
    write_in_place(fresh / "development.yaml", layer("own", stage.number, stage.number));
    const fs::path data = stage.config / "..data";
    const fs::path old = fs::exists(data) ? fs::read_symlink(data) : fs::path{};
    link_over(data, fresh.filename());
    for (const fs::path& file : {stage.base(), stage.own()}) {
        const fs::path target = "..data" / file.filename();
        if (!fs::is_symlink(file) || fs::read_symlink(file) != target) {
            link_over(file, target);
        }
    }
    stage.done = Clock::now();
    if (!old.empty()) {
        fs::remove_all(stage.config / old);
    }
    return {};
}

/// Nobody may read it for a while: the old version stays, and health says why.
std::string unreadable(Stage& stage) {
    const auto [file, text] = stage.any_file();
    const fs::path fresh = file.parent_path() / ".unreadable";
    write_in_place(fresh, text);
    fs::permissions(fresh, fs::perms::none);
    fs::rename(fresh, file);
    if (stage.by_chance(2) && !Stage::comes_true([&] { return stage.is_refused(); })) {
        return "a file that cannot be read was not noticed";
    }
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    return {};
}

std::string deleted(Stage& stage) {
    const auto [file, text] = stage.any_file();
    fs::remove(file);
    if (stage.by_chance(2) && !Stage::comes_true([&] { return stage.is_refused(); })) {
        return "a file that is gone was not noticed";
    }
    write_in_place(file, text);
    return {};
}

/// One after the other; the mixture is invalid.
std::string two_files(Stage& stage) {
    stage.expected.base = stage.expected.own = stage.expected.set = stage.number;
    rename_over(stage.base(), layer("base", stage.number, stage.number));
    if (stage.by_chance(3)) {
        pause_ms(static_cast<int>(stage.random() % 20));
    }
    rename_over(stage.own(), layer("own", stage.number, stage.number));
    return {};
}

std::string invalid_first(Stage& stage) {
    const auto [file, text] = stage.any_file();
    const std::vector<std::string> wrong{"base: [",           "base: {first: many}\n", "unknown: 1\n",
                                         "base: {set: -1}\n", std::string(100, '\0'),  "base: 5\n"};
    const std::string& bad = wrong[stage.random() % wrong.size()];
    if (stage.by_chance(2)) {
        rename_over(file, bad);
    } else {
        write_in_place(file, bad);
    }
    if (stage.by_chance(2) && !Stage::comes_true([&] { return stage.is_refused(); })) {
        return "an invalid file was not noticed";
    }
    rename_over(file, text);
    return {};
}

std::string empty_first(Stage& stage) {
    const auto [file, text] = stage.any_file();
    write_in_place(file, "");
    if (stage.by_chance(2) && !Stage::comes_true([&] { return stage.is_refused(); })) {
        return "an empty file was not noticed";
    }
    write_in_place(file, text);
    return {};
}

std::string touch(Stage& stage) {
    const auto before = stage.manager.health();
    ::utimensat(AT_FDCWD, stage.base().c_str(), nullptr, 0);
    if (!Stage::comes_true([&] { return stage.manager.health().unchanged > before.unchanged; })) {
        return "a touch was not noticed";
    }
    return stage.manager.version().hash == before.version.hash ? "" : "a touch changed the version";
}

std::string local_comes_and_goes(Stage& stage) {
    if (!fs::exists(stage.local())) {
        stage.expected.local = stage.number;
        rename_over(stage.local(), layer("local", stage.number, 0));
        return {};
    }
    fs::remove(stage.local());
    if (stage.by_chance(8)) {  // By itself, after five seconds.
        stage.expected.local = 0;
        if (!Stage::comes_true([&] { return stage.is_refused(); })) {
            return "a layer that is gone was not noticed";
        }
        const auto gone = Clock::now();
        pause_ms(4'500);
        if (stage.manager.snapshot()->local.first == 0 && Clock::now() - gone < kDeadline) {
            return "a layer counts as removed too early";
        }
        stage.done = Clock::now();
    } else if (stage.by_chance(2)) {
        stage.expected.local = 0;
        if (const auto done = stage.manager.reload({.accept_missing = true}); !done) {
            return "reload: " + to_text(done.error());
        }
    } else {
        pause_ms(static_cast<int>(stage.random() % 20));
        stage.expected.local = stage.number;
        write_in_place(stage.local(), layer("local", stage.number, 0));
    }
    return {};
}

std::string shared_by_hand(Stage& stage) {
    stage.expected.shared = stage.number;
    rename_over(stage.shared(), layer("shared", stage.number, 0));
    return {};
}

std::string shared_update(Stage& stage) {
    // It does not follow the files, and would only now begin to wait for a layer that is gone.
    if (!fs::exists(stage.local())) {
        if (const auto done = stage.other.reload({.accept_missing = true}); !done) {
            return "reload: " + to_text(done.error());
        }
    }
    stage.expected.shared = stage.number;
    const auto done = stage.other.update({{"shared.first", stage.number}, {"shared.last", stage.number}},
                                         {.scope = quantconf::Scope::Shared});
    return done ? "" : "update: " + to_text(done.error());
}

std::string folder_away(Stage& stage) {
    const auto [file, text] = stage.any_file();
    const fs::path away = stage.root / "away";
    fs::rename(stage.config, away);
    if (stage.by_chance(2)) {
        pause_ms(static_cast<int>(stage.random() % 20));
    }
    rename_over(away / file.filename(), text);
    fs::rename(away, stage.config);
    return {};
}

std::string burst(Stage& stage) {
    for (int i = 0; i < 50; ++i) {
        const auto [file, text] = stage.any_file();
        rename_over(file, text);
        ++stage.number;
    }
    return renaming(stage);
}

}  // namespace

Stage::Choice Stage::any_file() {
    const bool is_base = random() % 2 == 0;
    (is_base ? expected.base : expected.own) = number;
    return {.file = is_base ? base() : own(), .text = layer(is_base ? "base" : "own", number, expected.set)};
}

bool Stage::comes_true(const std::function<bool()>& what) {
    for (const auto until = Clock::now() + kDeadline; Clock::now() < until;) {
        if (what()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::microseconds{100});
    }
    return false;
}

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> kKinds{
        {"truncate and write", in_place},
        {"write in chunks", in_chunks},
        {"overwrite", overwriting},
        {"rename over", renaming},
        {"editor with backup", like_vim},
        {"link swap", link_swap},
        {"..data swap", data_swap},
        {"unreadable, then readable", unreadable},
        {"deleted and created", deleted},
        {"two files", two_files},
        {"invalid, then valid", invalid_first},
        {"empty, then valid", empty_first},
        {"touch", touch},
        {"local.yaml", local_comes_and_goes},
        {"shared file by hand", shared_by_hand},
        {"shared update", shared_update},
        {"folder away and back", folder_away},
        {"burst of 50", burst},
    };
    return kKinds;
}

}  // namespace torture
