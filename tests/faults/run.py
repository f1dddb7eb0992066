"""`make faults`: each scenario in a process of its own; what it did and what held, in words; a failure when something did not hold.

`make faults ONLY="killed_publishing clocks" SECONDS=300` runs only these, for longer. A scenario that this machine cannot show (no
root, a program that is not here) says so and counts as not shown, never as held. `--in FOLDER` keeps large directories for the next run.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from faults.states import demo_in
from faults.trial import NotShown, Trial

SCENARIOS = Path(__file__).parent / "scenarios"
HELD, FAILED, NOT_SHOWN = 0, 1, 77
WORDS = {HELD: "held", FAILED: "NOT HELD", NOT_SHOWN: "not shown"}
SPARE = 300.0  # seconds beyond its time after which a scenario hangs


def names() -> list[str]:
    """Every scenario, in order."""
    return sorted(file.stem for file in SCENARIOS.glob("*.py"))


def main() -> int:
    """Run what was asked for; 1 when anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(names()))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--in", dest="made", type=Path)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    unknown = set(given.names) - set(names())
    if unknown:
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    if given.one:
        return _run(given.names[0], given.made, given.seconds)
    made = given.made or Path(tempfile.mkdtemp(prefix="portal-faults-"))
    made.mkdir(parents=True, exist_ok=True)
    try:
        return _run_all(given.names or names(), made, given.seconds)
    finally:
        if given.made is None:
            shutil.rmtree(made, ignore_errors=True)


def _run_all(chosen: list[str], made: Path, seconds: float) -> int:
    print("Making the demo borough …", flush=True)
    demo_in(made)
    ends = {name: _apart(name, made, seconds) for name in chosen}
    print("\nAll scenarios")
    for name, end in ends.items():
        print(f"  {WORDS[end]:9} {name}")
    counted = Counter(ends.values())
    print(", ".join(f"{counted[end]} {WORDS[end]}" for end in WORDS))
    return FAILED if counted[FAILED] else HELD


def _apart(name: str, made: Path, seconds: float) -> int:
    """A scenario in a session of its own, which ends with it whatever it has started."""
    print(f"\n{name}", flush=True)
    command = [sys.executable, __file__, "--one", name, "--in", str(made), "--seconds", str(seconds)]
    began = time.monotonic()
    process = subprocess.Popen(command, start_new_session=True)
    try:
        code = process.wait(seconds + SPARE)
    except subprocess.TimeoutExpired:
        print(f"  NOT HELD it should end: after {seconds + SPARE:.0f} s it still ran")
        code = FAILED
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return code if code in WORDS else FAILED


def _run(name: str, made: Path, seconds: float) -> int:
    scenario = importlib.import_module(f"faults.scenarios.{name}")
    print("  " + "\n  ".join(line for line in (scenario.__doc__ or "").strip().splitlines() if line), flush=True)
    with tempfile.TemporaryDirectory(prefix=f"portal-{name}-", ignore_cleanup_errors=True) as folder:
        trial = Trial(Path(folder), made, seconds)
        try:
            scenario.run(trial)
        except NotShown as error:
            print(f"  not shown: {error}", flush=True)
            return FAILED if trial.failed else NOT_SHOWN
        except Exception:
            traceback.print_exc()
            print("  NOT HELD the scenario itself broke off", flush=True)
            return FAILED
    return FAILED if trial.failed else HELD


if __name__ == "__main__":
    sys.exit(main())
