"""The suite once more, on PostgreSQL and Redis, where TEST_DATABASE_URL names a server: python -m tests.second_database"""

import os
import subprocess
import sys


def main(arguments):
    database = os.environ.get("TEST_DATABASE_URL")
    if not database:
        print("SKIPPED the second run on PostgreSQL and Redis: TEST_DATABASE_URL is not set")
        return 1 if os.environ.get("CI") else 0
    environment = {**os.environ, "DATABASE_URL": database}
    if cache := os.environ.get("TEST_CACHE_URL"):
        environment["CACHE_URL"] = cache
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "auto",
        "--dist",
        "loadgroup",
        "-m",
        "not browser",
        *arguments,
    ]
    return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
