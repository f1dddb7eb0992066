"""The systemd units that a council installs: systemd reads them without a complaint, and they give the site little to reach."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.cli import main
from portal.config import CHECKOUT, from_environment

DEPLOY = CHECKOUT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units with paths and a user of this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not here: nothing was shown about its units")
    changes = {
        "/opt/portal/.venv/bin": str(Path(sys.executable).parent),
        "WorkingDirectory=/opt/portal": f"WorkingDirectory={CHECKOUT}",
        "EnvironmentFile=": "EnvironmentFile=-",
        "User=portal\nGroup=portal": "User=daemon\nGroup=daemon",
    }
    for unit in UNITS:
        text = unit.read_text("utf-8")
        for before, after in changes.items():
            text = text.replace(before, after)
        (tmp_path / unit.name).write_text(text, "utf-8")
    return sorted(tmp_path.iterdir())


def test_systemd_understands_every_unit(units: list[Path]) -> None:
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if any(unit.name in line for unit in units)]
    assert (done.returncode, said) == (0, [])


def test_the_units_reach_little(units: list[Path]) -> None:
    for unit in (unit for unit in units if unit.suffix == ".service"):
        command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{unit.name}: {done.stdout.splitlines()[-1]}"


def test_each_command_and_setting_that_is_deployed_exists() -> None:
    commands = re.findall(r"bin/portal (\w+)", "".join(unit.read_text("utf-8") for unit in UNITS))
    assert {"serve", "prepare", "backup"} <= set(commands) <= set(main.commands)
    example = (DEPLOY / "portal.env.example").read_text("utf-8")
    given = dict(line.split("=", 1) for line in example.replace("# PORTAL_", "PORTAL_").splitlines() if line.startswith("PORTAL_"))
    assert set(given) <= set(re.findall(r'"(PORTAL_\w+)"', (CHECKOUT / "portal" / "config.py").read_text("utf-8")))
    assert given["PORTAL_SECRET_KEY"] == "", "nobody starts with a secret that everybody knows"
    settings = from_environment({**given, "PORTAL_SECRET_KEY": "x" * 40, "PORTAL_METRICS_TOKEN": ""})
    assert settings.production
