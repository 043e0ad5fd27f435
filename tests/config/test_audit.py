"""A known hole in what the site needs fails CI with a sentence; a service that is not there does not."""

import json
import os
import subprocess

import pytest

from tests.running import BASE

# What the program that asks writes: https://github.com/pypa/pip-audit
SOUND = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}], "fixes": []}
HOLE = {
    "id": "PYSEC-2026-7",
    "fix_versions": ["12.3.1", "13.0.0"],
    "aliases": ["CVE-2026-7"],
    "description": "…",
}
NOT_MENDED = {"id": "GHSA-xxxx", "fix_versions": [], "aliases": [], "description": "…"}
HOLED = {
    "dependencies": [
        *SOUND["dependencies"],
        {"name": "pillow", "version": "12.3.0", "vulns": [HOLE, NOT_MENDED]},
    ],
    "fixes": [],
}


@pytest.fixture
def audit(tmp_path):
    """audit(report, status) -> what .ci/audit says and its exit status, when the one that asks ends like that."""

    def run(report, status, complaint=""):
        program = tmp_path / "pip-audit"
        answer = "" if report is None else json.dumps(report)
        program.write_text(
            "#!/usr/bin/env python3\nimport sys\n"
            "assert sys.argv[sys.argv.index('--requirement') + 1] == 'requirements/run.txt'\n"
            f"open(sys.argv[sys.argv.index('--output') + 1], 'w').write({answer!r})\n"
            f"print({complaint!r}, file=sys.stderr)\nsys.exit({status})\n"
        )
        program.chmod(0o755)
        done = subprocess.run(
            [BASE / ".ci" / "audit"],
            env=os.environ | {"PIP_AUDIT": str(program)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.splitlines(), done.returncode

    return run


def test_a_known_hole_fails_and_says_what_mends_it(audit):
    said, status = audit(HOLED, 1)
    assert status == 1
    assert said == [
        "pillow 12.3.0: PYSEC-2026-7, mended in 12.3.1, 13.0.0",
        "pillow 12.3.0: GHSA-xxxx, mended in none yet",
        "Known holes; run make lock.",
    ]


def test_where_no_hole_is_known_that_is_said(audit):
    assert audit(SOUND, 0) == (["No known hole in what the site needs."], 0)


@pytest.mark.parametrize("status", [0, 1])
def test_a_service_that_was_not_reached_is_said_and_never_taken_for_soundness(audit, status):
    said, ended = audit(None, status, "ConnectionError: nobody there")
    assert said == ["NOT AUDITED, the advisory service was not reached: ConnectionError: nobody there"]
    assert ended == 0
