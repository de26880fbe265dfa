"""What a bot and the tool do to a living configuration, killed at each call: all files and the history have it, or none has.
How it goes on when a call fails instead: live_disk.py."""

from live_folder import BASE, FIRST, ONE, PATHS, SHARED, TWO, LiveFolder
from stories import NEW, OLD, Story
from verbs import environment

BUDGET = 2  # Seconds of killing for each story.
NEXT = {BASE: 222, ONE: 223, TWO: 0.224, SHARED: 1225}


def what_is_there(place, reason, old, new):
    """Both the files and the history are asked, and have to agree."""
    faults = place.faults_on_disk()
    answers = place.ask_fresh_bot("look " + " ".join(PATHS))
    if len(answers) != 2 or answers[0][0] != "open":
        return f"no fresh start: {answers}"
    faults += place.faults_of_history() + place.faults_of_record()
    seen = {path: float(value) for path, _, value in (word.partition("=") for word in answers[1][3:])}
    is_recorded = any(found == reason for _, found, _ in place.versions().values())
    if seen != {**FIRST, **(new if is_recorded else old)}:
        faults.append(f"{'recorded' if is_recorded else 'not recorded'}, and a fresh start loads {seen}")
    return "; ".join(faults) if faults else NEW if is_recorded else OLD


def stories_of(programs):
    def prepare(folder):
        place = LiveFolder(programs, folder)
        place.make()
        place.ask_fresh_bot()

    def prepare_changed(folder):
        """Three files differ from the first version."""
        prepare(folder)
        place = LiveFolder(programs, folder)
        answers = place.ask_fresh_bot(f"update file r1 {ONE}={NEXT[ONE]} {TWO}={NEXT[TWO]}",
                                      f"update shared r2 {SHARED}={NEXT[SHARED]}")
        place.tool.must(folder, "set", f"{BASE}={NEXT[BASE]}", "--layer", "base", "--reason", "r3")
        if [words[0] for words in answers] != ["open", "done", "done"]:
            raise RuntimeError(answers)

    def story(name, line, new, old=None, prepare=prepare, **more):
        return Story(f"live {name}", prepare, lambda folder: LiveFolder(programs, folder).bot_command(),
                     lambda folder: what_is_there(LiveFolder(programs, folder), "killed", old or {}, new),
                     stdin=line + "\n", environment=environment, budget=BUDGET, fails=False, **more)

    rollback = Story("live rollback of the tool", prepare_changed,
                     lambda folder: LiveFolder(programs, folder).tool.command(folder, "rollback", "v1", "--reason", "killed"),
                     lambda folder: what_is_there(LiveFolder(programs, folder), "killed", NEXT, {}),
                     acknowledged="development is again what it was in v1", environment=environment, budget=BUDGET, fails=False,
                     spare_syncs=1)
    # The shared file lies in the folder of the journal: what brings one name to disk brings the other too.
    return [
        story("update of a file", f"update file killed {ONE}={NEXT[ONE]} {TWO}={NEXT[TWO]}",
              {ONE: NEXT[ONE], TWO: NEXT[TWO]}),
        story("update of the shared file", f"update shared killed {SHARED}={NEXT[SHARED]}", {SHARED: NEXT[SHARED]},
              spare_syncs=2),
        story("rollback", "rollback 1 killed", {}, NEXT, prepare_changed, spare_syncs=1),
        rollback]
