"""Quitting does not wait for a model that is still being loaded."""

import subprocess
import sys

SLOW = """
import sys, threading, time
from bot.leaving import LEAVES_ALONE, leave
started = threading.Event()
def load():
    started.set()
    time.sleep(60)
threading.Thread(target=load, name={name!r}, daemon={daemon}).start()
started.wait()
print("bye")
leave(3)
"""


def test_a_loading_thread_is_left_behind() -> None:
    from bot.leaving import LEAVES_ALONE

    ran = subprocess.run(
        [sys.executable, "-c", SLOW.format(name=LEAVES_ALONE, daemon=True)],
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "bye\n", "")
