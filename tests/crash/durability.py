"""Was everything on disk when the command said so? A kill -9 keeps the page cache, so the order of the calls is what
tells."""

import os

# Mean nothing after a crash of the machine; the mark beside the key may be behind then.
VOLATILE = (".lock", "-shm", ".generation")
JOURNAL = ".journal"  # One that comes back after it was removed undoes what was done since.


def faults_of(calls, folder):
    """Every reason why a power cut after the last output could lose something beneath `folder`. Empty: none."""
    unsynced_bytes = set()    # Files with writes that no fsync followed.
    unsynced_names = {}       # Folder -> the name in it that no fsync of the folder followed.
    faults = []
    for call in calls:
        if not call.is_done:
            continue
        path = call.descriptor_path()
        if call.name in ("write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate"):
            if call.text.partition("(")[2].startswith("1<"):
                faults += [f"acknowledged before the bytes of {name} were on disk" for name in sorted(unsynced_bytes)]
                faults += [f"acknowledged before the name {name} was on disk"
                           for name in sorted(unsynced_names.values())]
            elif path and path.startswith(folder) and not path.endswith(VOLATILE):
                unsynced_bytes.add(path)
        elif call.name in ("fsync", "fdatasync"):
            unsynced_bytes.discard(path)
            unsynced_names.pop(path, None)
        elif call.name in ("rename", "renameat", "renameat2", "link", "linkat"):
            source, target = call.names()[:2]
            # Two folders reach the disk in any order, and the second name may be of no use without the first.
            faults += [f"{os.path.basename(target)} named before the name {name} was on disk"
                       for where, name in sorted(unsynced_names.items()) if where != os.path.dirname(target)]
            if source in unsynced_bytes:
                faults.append(f"{os.path.basename(target)} named before its bytes were on disk")
                unsynced_bytes.discard(source)
                unsynced_bytes.add(target)
            if target.startswith(folder):
                unsynced_names[os.path.dirname(target)] = target
        elif call.name in ("unlink", "unlinkat"):
            gone = call.names()[0]
            if gone.startswith(folder) and gone.endswith(JOURNAL):
                unsynced_names[os.path.dirname(gone)] = gone
    return faults
